package dev.lanewise.bench.cases;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Scope;
import dev.lanewise.array.Shape;
import dev.lanewise.autodiff.Gradients;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.bench.Network;
import dev.lanewise.graph.Graph;
import dev.lanewise.graph.Replay;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.Backends;
import dev.lanewise.nn.Sequential;
import dev.lanewise.nn.layer.Weight;
import dev.lanewise.nn.optim.Adam;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One step of training, as a loop of one's own makes it: forward, backward, Adam. The answer is the
 * loss of the second step, which depends on the gradients of the first. Steps after the first are
 * too small to learn anything: the numbers stay what they are in the middle of a training.
 *
 * @param network which network
 * @param batch the number of samples, a multiple of {@value #DISTINCT}
 * @param traced whether the step is run as a graph
 */
public record TrainingStep(Network network, int batch, boolean traced) implements KernelCase {
  /** The batch repeats this many samples, so that the reference can take its step with few. */
  public static final int DISTINCT = 4;

  /** How far the first step goes. */
  public static final double FIRST_RATE = 1e-3;

  /** How far the others go. */
  public static final double RATE = 1e-9;

  @Override
  public String kernel() {
    return traced ? "traced training step" : "training step";
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
    Sequential model = network.create(1, backend);
    NetworkInputs.assign(model, inputs.subList(1, inputs.size()));
    Tensor x =
        Tensor.of(NdArray.of(backend, inputs.getFirst(), NetworkInputs.dims(network, batch)));
    Tensor labels = Tensor.of(backend, labels());
    Step step = new Step(model, new Adam(FIRST_RATE));
    try (Scope _ = Scope.open("first step")) {
      step.of(x, labels);
    }
    step.adam.learningRate(RATE);
    return traced ? traced(scope, step, x, labels) : eager(scope, step, x, labels);
  }

  private static Kernel eager(Scope scope, Step step, Tensor x, Tensor labels) {
    NdArray loss = x.backend().uninitialized(DType.F32, Shape.of());
    return Kernel.of(
        scope,
        loss,
        () -> {
          try (Scope _ = Scope.open("step")) {
            x.backend().copy(step.of(x, labels).data(), loss);
          }
        });
  }

  private static Kernel traced(Scope scope, Step step, Tensor x, Tensor labels) {
    Replay replay = Graph.trace(step::of, x, labels).replay(x, labels);
    return Kernel.of(scope, replay.outputs().getFirst().data(), replay::run);
  }

  /** A model, and what trains it. */
  private record Step(Sequential model, Adam adam, Tensor[] weights) {
    Step(Sequential model, Adam adam) {
      this(model, adam, model.weights().stream().map(Weight::value).toArray(Tensor[]::new));
      adam.over(model.weights());
    }

    /** {@return the loss before a step} */
    Tensor of(Tensor x, Tensor labels) {
      Tensor loss = model.apply(x, true).crossEntropy(labels).mean();
      adam.apply(Gradients.of(loss, weights));
      return loss.detach();
    }
  }

  @Override
  public Exact exact(List<float[]> inputs) {
    return new Exact(
        1,
        1,
        _ -> {
          try (Kernel kernel =
              new TrainingStep(network, DISTINCT, false)
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
