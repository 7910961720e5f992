package dev.lanewise.nn;

import dev.lanewise.array.Shape;
import dev.lanewise.autodiff.Generator;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.config.Config;
import dev.lanewise.nn.layer.Constraint;
import dev.lanewise.nn.layer.Dense;
import dev.lanewise.nn.layer.Layer;
import dev.lanewise.nn.layer.LayerTypes;
import dev.lanewise.nn.layer.Regularizer;
import dev.lanewise.nn.layer.Weight;
import dev.lanewise.nn.loss.SparseCategoricalCrossentropy;
import dev.lanewise.nn.optim.Adam;
import dev.lanewise.nn.optim.Schedule;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/** What tests of saving train, and what they start as a process of its own. */
final class SavingProgram {
  static final LayerTypes TYPES =
      LayerTypes.standard().with("Noisy", config -> new Noisy(config.number("size")));

  private SavingProgram() {}

  /** Adds random numbers while the model trains: a layer of one's own. */
  static final class Noisy extends Layer {
    private final double size;
    private Generator generator;

    Noisy(double size) {
      this.size = size;
    }

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
      return training ? x.add(Tensor.randomNormal(generator, x.shape()).mul(size)) : x;
    }

    @Override
    public Config config() {
      return Config.of(type()).with("size", size);
    }
  }

  static Sequential model() {
    Sequential model =
        Sequential.of(
                new Dense(8, "tanh")
                    .kernelRegularizer(Regularizer.l2(1e-3))
                    .kernelConstraint(Constraint.maxNorm(2, 0))
                    .named("hidden"),
                new Noisy(0.1),
                new Dense(3))
            .seed(7);
    model.compile(
        new Adam(Schedule.cosine(0.05, 60, 1e-3).withWarmup(5, 0)).ema(0.9).globalClipNorm(1),
        new SparseCategoricalCrossentropy(true),
        "accuracy");
    return model;
  }

  static Examples examples() {
    float[][] x = new float[23][];
    int[] y = new int[23];
    for (int i = 0; i < x.length; i++) {
      x[i] = new float[] {i * 7 % 5 - 2, i * 3 % 11 / 5f, i % 2};
      y[i] = i % 3;
    }
    return Examples.of(x, y);
  }

  static FitOptions options() {
    return FitOptions.epochs(3).batchSize(5).verbose(0);
  }

  /** {@return scores, then weights bit by bit after more epochs} */
  static String goOn(Model model) {
    StringBuilder text = new StringBuilder(model.evaluate(examples()).asMap().toString());
    text.append(model.fit(examples(), options()).get("loss"));
    for (Weight weight : model.weights()) {
      text.append(' ').append(weight.name()).append(bits(weight));
    }
    return text.toString();
  }

  static String bits(Weight weight) {
    float[] values = weight.value().toFloatArray();
    int[] bits = new int[values.length];
    Arrays.setAll(bits, i -> Float.floatToRawIntBits(values[i]));
    return Arrays.toString(bits);
  }

  /** Goes on with the model of a file, or saves one again and again until it is killed. */
  public static void main(String[] args) throws IOException {
    Path file = Path.of(args[1]);
    if (args[0].equals("goOn")) {
      IO.println(goOn(ModelFile.load(file, TYPES)));
      return;
    }
    Sequential model = Sequential.of(new Dense(200)).build(100);
    float[] values = new float[200 * 100];
    for (int i = 0; i >= 0; i++) {
      Arrays.fill(values, i);
      model.weights().getFirst().assign(values);
      model.save(file);
      if (i == 0) {
        IO.println("saved");
      }
    }
  }
}
