package dev.lanewise.bench.cases;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Scope;
import dev.lanewise.array.Shape;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.bench.Network;
import dev.lanewise.kernel.Backend;
import dev.lanewise.nn.Sequential;
import java.util.List;

/**
 * The output of a network for a batch of samples, through {@code predict}, as a program would.
 *
 * @param network which network
 * @param batch the number of samples
 */
public record Inference(Network network, int batch) implements KernelCase {
  @Override
  public String kernel() {
    return "inference";
  }

  @Override
  public String shape() {
    return NetworkInputs.name(network) + " batch " + batch;
  }

  @Override
  public Work work() {
    double elements = (double) batch * (network.sampleSize() + network.units().getLast());
    for (Shape shape : network.weightShapes()) {
      elements += shape.size();
    }
    return Work.arithmetic(batch * network.flops(), elements, DType.F32);
  }

  @Override
  public boolean isQuick() {
    return network.filters().isEmpty() || batch == 1;
  }

  /** {@return samples, then the weights in the order of {@link Network#weightShapes}} */
  @Override
  public List<float[]> inputs() {
    return NetworkInputs.random(network, batch);
  }

  @Override
  public Kernel on(Backend backend, List<float[]> inputs) {
    Scope scope = Scope.open(id());
    Sequential model = network.create(1, backend);
    NetworkInputs.assign(model, inputs.subList(1, inputs.size()));
    Tensor x =
        Tensor.of(NdArray.of(backend, inputs.getFirst(), NetworkInputs.dims(network, batch)));
    NdArray out = backend.uninitialized(DType.F32, Shape.of(batch, network.units().getLast()));
    return Kernel.of(
        scope,
        out,
        () -> {
          try (Scope _ = Scope.open("inference")) {
            backend.copy(model.predict(x, batch).data(), out);
          }
        });
  }

  @Override
  public Exact exact(List<float[]> inputs) {
    int classes = network.units().getLast();
    List<float[]> weights = inputs.subList(1, inputs.size());
    return new Exact(
        batch * classes,
        (long) network.flops(),
        index -> {
          double value =
              NetworkInputs.forward(network, inputs.getFirst(), index / classes, weights)[
                  index % classes];
          return new Exact.Element(value, 1e-4 * (1 + Math.abs(value)));
        });
  }
}
