package dev.lanewise.nn.trainer;

import dev.lanewise.array.Shape;
import dev.lanewise.autodiff.Generator;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.Examples;
import dev.lanewise.nn.data.Batch;
import dev.lanewise.nn.layer.Dense;
import dev.lanewise.nn.layer.Layer;
import dev.lanewise.nn.layer.Weight;
import dev.lanewise.nn.loss.MeanSquaredError;
import dev.lanewise.nn.optim.Adam;
import dev.lanewise.nn.optim.Optimizer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** A small net that draws random numbers in training, and in validation if it is told to. */
class ToyModule extends TrainingModule {
  private final Dense hidden = addLayer(new Dense(3, "tanh"));
  private final Jitter jitter = addLayer(new Jitter());
  private final Dense output = addLayer(new Dense(1));
  private final MeanSquaredError loss = new MeanSquaredError();
  private final Supplier<Optimizer> optimizer;

  /** The first sample of each batch that was learned from. */
  final List<Float> seen = new ArrayList<>();

  int validated;
  int tested;
  int predicted;
  boolean jittersInValidation;

  /** Adds random numbers while it trains. */
  static final class Jitter extends Layer {
    private Generator generator;

    @Override
    public Shape outputShape(Shape input) {
      return input;
    }

    @Override
    protected void createWeights(Shape input) {
      generator = addGenerator();
    }

    @Override
    protected Tensor call(Tensor x, boolean training) {
      return training
          ? x.add(Tensor.randomNormal(generator, x.shape()).mul(0.1).to(x.backend()))
          : x;
    }
  }

  ToyModule() {
    this(() -> new Adam(0.05));
  }

  ToyModule(Supplier<Optimizer> optimizer) {
    this.optimizer = optimizer;
    seed(7);
  }

  @Override
  protected Tensor call(Tensor x, boolean training) {
    return output.apply(jitter.apply(hidden.apply(x, training), training), training);
  }

  @Override
  protected Tensor trainingStep(Batch batch, int index) {
    seen.add(batch.x().toFloatArray()[0]);
    Tensor value = loss.apply(forward(batch.x()), batch.y());
    log("train_loss", value, LogWhen.STEP_AND_EPOCH);
    return value;
  }

  @Override
  protected void validationStep(Batch batch, int index) {
    validated++;
    log("val_loss", loss.apply(apply(batch.x(), jittersInValidation), batch.y()));
  }

  @Override
  protected void testStep(Batch batch, int index) {
    tested++;
    log("test_loss", loss.apply(forward(batch.x()), batch.y()));
  }

  @Override
  protected Tensor predictStep(Batch batch, int index) {
    predicted++;
    return super.predictStep(batch, index);
  }

  @Override
  protected Optimizer configureOptimizers() {
    return optimizer.get();
  }

  /** {@return all weights, one after the other} */
  List<Float> bits() {
    List<Float> all = new ArrayList<>();
    for (Weight weight : weights()) {
      for (float value : weight.value().toFloatArray()) {
        all.add(value);
      }
    }
    return all;
  }

  /** {@return so many points, the first feature of which is their number} */
  static Examples points(int count) {
    float[][] x = new float[count][];
    float[] y = new float[count];
    for (int i = 0; i < count; i++) {
      x[i] = new float[] {i, (i * 7 % 5) / 5f};
      y[i] = 0.1f * i - x[i][1];
    }
    return Examples.of(x, y);
  }

  static TrainerOptions quiet(int epochs) {
    return TrainerOptions.maxEpochs(epochs)
        .batchSize(4)
        .enableProgress(false)
        .enableModelSummary(false);
  }
}
