package dev.lanewise.bench.cases;

import dev.lanewise.array.DType;
import dev.lanewise.array.Scope;
import dev.lanewise.bench.Network;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.Backends;
import dev.lanewise.nn.Examples;
import dev.lanewise.nn.Sequential;
import dev.lanewise.nn.loss.SparseCategoricalCrossentropy;
import dev.lanewise.nn.optim.Adam;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One step of training: forward, backward, Adam. The answer is the loss of the second step, which
 * depends on the gradients of the first. Steps after the first are too small to learn anything: the
 * numbers stay what they are in the middle of a training.
 *
 * @param network which network
 * @param batch the number of samples, a multiple of {@value #DISTINCT}
 */
public record TrainingStep(Network network, int batch) implements KernelCase {
  /** The batch repeats this many samples, so that the reference can take its step with few. */
  public static final int DISTINCT = 4;

  /** How far the first step goes. */
  public static final double FIRST_RATE = 1e-3;

  /** How far the others go. */
  public static final double RATE = 1e-9;

  @Override
  public String kernel() {
    return "training step";
  }

  @Override
  public String shape() {
    return NetworkInputs.name(network) + " batch " + batch;
  }

  /** {@return work that counts each layer three times: forward, and a gradient by each operand} */
  @Override
  public Work work() {
    Work forward = new Inference(network, batch).work();
    return new Work(3 * forward.flops(), 3 * forward.bytes(), DType.F32);
  }

  @Override
  public boolean isQuick() {
    return network == Network.FASHION_MLP;
  }

  /** {@return samples, then the weights in the order of {@link Network#weightShapes}} */
  @Override
  public List<float[]> inputs() {
    List<float[]> inputs = NetworkInputs.random(network, batch);
    float[] samples = inputs.getFirst();
    int distinct = DISTINCT * network.sampleSize();
    for (int i = distinct; i < samples.length; i++) {
      samples[i] = samples[i - distinct];
    }
    return inputs;
  }

  /** {@return the class of each sample} */
  public int[] labels() {
    int[] labels = new int[batch];
    for (int i = 0; i < batch; i++) {
      labels[i] = i % DISTINCT;
    }
    return labels;
  }

  @Override
  public Kernel on(Backend backend, List<float[]> inputs) {
    Scope scope = Scope.open(id());
    Adam adam = new Adam(FIRST_RATE);
    Sequential model = network.create(1, backend);
    model.compile(adam, new SparseCategoricalCrossentropy(true));
    NetworkInputs.assign(model, inputs.subList(1, inputs.size()));
    Examples examples = Examples.of(inputs.getFirst(), network.sampleShape(), labels());
    model.trainOnBatch(examples);
    adam.learningRate(RATE);
    return new Step(scope, model, examples);
  }

  private static final class Step implements Kernel {
    private final Scope scope;
    private final Sequential model;
    private final Examples examples;
    private double loss;

    Step(Scope scope, Sequential model, Examples examples) {
      this.scope = scope;
      this.model = model;
      this.examples = examples;
    }

    @Override
    public void run() {
      loss = model.trainOnBatch(examples).loss();
    }

    @Override
    public double element(int index) {
      return loss;
    }

    @Override
    public void close() {
      scope.close();
    }
  }

  @Override
  public Exact exact(List<float[]> inputs) {
    return new Exact(
        1,
        1,
        _ -> {
          try (Kernel kernel =
              new TrainingStep(network, DISTINCT)
                  .on(Backends.named("reference"), firstFew(inputs))) {
            kernel.run();
            double loss = kernel.element(0);
            return new Exact.Element(loss, 2e-3 * loss);
          }
        });
  }

  private List<float[]> firstFew(List<float[]> inputs) {
    List<float[]> few = new ArrayList<>(inputs);
    few.set(0, Arrays.copyOf(inputs.getFirst(), DISTINCT * network.sampleSize()));
    return few;
  }
}
