package dev.lanewise.bench.cases;

import dev.lanewise.array.NdArray;
import dev.lanewise.array.Scope;
import dev.lanewise.autodiff.Grad;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.bench.RandomFloats;
import dev.lanewise.graph.Graph;
import dev.lanewise.graph.Replay;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.UnaryOp;
import dev.lanewise.nn.Sequential;
import dev.lanewise.nn.layer.Activation;
import dev.lanewise.nn.layer.Dropout;
import dev.lanewise.nn.layer.LayerNormalization;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * What lies around the products of a transformer: layer normalization, GELU, dropout, and the input
 * added. Which elements are dropped is by chance: they must be the input's to the bit, and as many
 * as the rate says; all others are compared with the exact numbers.
 *
 * @param rows the number of rows
 * @param columns how long each is
 * @param traced whether it is run as a graph
 */
public record ResidualBlock(int rows, int columns, boolean traced) implements KernelCase {
  /** The share of elements that are dropped. */
  public static final double RATE = 0.1;

  /** What is added to a row's variance. */
  public static final double EPS = 1e-5;

  @Override
  public String kernel() {
    return traced ? "traced residual block" : "residual block";
  }

  @Override
  public String shape() {
    return rows + "x" + columns;
  }

  /** {@return one reading and one writing, which is what it takes at least} */
  @Override
  public Work work() {
    return Work.memory(2.0 * rows * columns);
  }

  @Override
  public boolean isQuick() {
    return true;
  }

  /** {@return the input} */
  @Override
  public List<float[]> inputs() {
    return List.of(RandomFloats.of(rows * columns, 5, 1));
  }

  @Override
  public Kernel on(Backend backend, List<float[]> inputs) {
    Scope scope = Scope.open(id());
    Tensor x = Tensor.of(NdArray.of(backend, inputs.getFirst(), rows, columns));
    Sequential layers =
        Sequential.of(
                new LayerNormalization().epsilon(EPS), new Activation("gelu"), new Dropout(RATE))
            .on(backend)
            .build(columns);
    UnaryOperator<Tensor> block = v -> layers.apply(v, true).add(v).detach();
    return checked(traced ? traced(scope, block, x) : new Eager(scope, block, x), inputs);
  }

  private static Kernel traced(Scope scope, UnaryOperator<Tensor> block, Tensor x) {
    Replay replay = Graph.trace(block, x).replay(x);
    return Kernel.of(scope, replay.outputs().getFirst().data(), replay::run);
  }

  /** Calls one after the other, the last of which has its result in memory. */
  private static final class Eager implements Kernel {
    private final Scope scope;
    private final UnaryOperator<Tensor> block;
    private final Tensor x;
    private Scope call = Scope.open("call");
    private Tensor result;

    Eager(Scope scope, UnaryOperator<Tensor> block, Tensor x) {
      this.scope = scope;
      this.block = block;
      this.x = x;
    }

    @Override
    public void run() {
      call.close();
      call = Scope.open("call");
      try (Grad _ = Grad.off();
          Scope inner = Scope.open("block")) {
        result = inner.keep(block.apply(x));
      }
    }

    @Override
    public double element(int index) {
      return result.data().dtype().get(result.storage().segment(), index);
    }

    @Override
    public void close() {
      call.close();
      scope.close();
    }
  }

  /**
   * {@return a kernel whose answer can be compared: each element that is kept without the input and
   * the factor of dropout, the exact number where one is dropped, and then the share of those}
   *
   * @param block gives the block's result
   * @param inputs of {@link #inputs}
   */
  public Kernel checked(Kernel block, List<float[]> inputs) {
    float[] x = inputs.getFirst();
    return new Kernel() {
      @Override
      public void run() {
        block.run();
      }

      @Override
      public double element(int index) {
        if (index == x.length) {
          return IntStream.range(0, x.length).filter(this::isDropped).count() / (double) x.length;
        }
        return isDropped(index)
            ? activated(x, index)
            : (block.element(index) - x[index]) * (1 - RATE);
      }

      private boolean isDropped(int index) {
        return block.element(index) == x[index];
      }

      @Override
      public void close() {
        block.close();
      }
    };
  }

  @Override
  public Exact exact(List<float[]> inputs) {
    float[] x = inputs.getFirst();
    return new Exact(
        x.length + 1,
        4L * columns,
        index -> {
          if (index == x.length) {
            // Five standard deviations of the share of dropped elements.
            return new Exact.Element(RATE, 5 * Math.sqrt(RATE * (1 - RATE) / x.length));
          }
          // The input, up to 5, was added and is taken away again.
          double exact = activated(x, index);
          return new Exact.Element(exact, 2e-6 * (5 + Math.abs(exact)));
        });
  }

  /** {@return an element after layer normalization and GELU} */
  private double activated(float[] x, int index) {
    int first = index / columns * columns;
    double mean = 0;
    for (int i = first; i < first + columns; i++) {
      mean += x[i] / (double) columns;
    }
    double variance = 0;
    for (int i = first; i < first + columns; i++) {
      variance += (x[i] - mean) * (x[i] - mean) / columns;
    }
    double normal = (x[index] - mean) / Math.sqrt(variance + EPS);
    return UnaryOp.GELU.apply(normal);
  }
}
