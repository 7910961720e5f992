package dev.lanewise.bench.cases;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Scope;
import dev.lanewise.bench.RandomFloats;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.NormSpec;
import java.util.List;
import java.util.Locale;

/**
 * A kernel that works on each row of {@code [rows, columns]} by itself.
 *
 * @param op what is computed for each row
 * @param rows rows
 * @param columns columns
 */
public record Rows(Op op, int rows, int columns) implements KernelCase {
  /** What is added to variances. */
  public static final double EPS = 1e-5;

  /** What is computed for each row. */
  public enum Op {
    /** Powers of e, divided by their sum. */
    SOFTMAX,
    /** Their logarithms. */
    LOG_SOFTMAX,
    /** Elements moved and scaled to mean 0 and variance 1. */
    LAYER_NORM
  }

  @Override
  public String kernel() {
    return op.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  @Override
  public String shape() {
    return rows + "x" + columns;
  }

  @Override
  public Work work() {
    return Work.memory(2.0 * rows * columns);
  }

  @Override
  public boolean isQuick() {
    return (long) rows * columns <= 1 << 23;
  }

  @Override
  public List<float[]> inputs() {
    return List.of(RandomFloats.of(rows * columns, 5, 1));
  }

  @Override
  public Kernel on(Backend backend, List<float[]> inputs) {
    Scope scope = Scope.open(id());
    NdArray x = NdArray.of(backend, inputs.getFirst(), rows, columns);
    NdArray out = backend.uninitialized(DType.F32, x.shape());
    NormSpec norm = NormSpec.layer(x.shape(), 1, EPS);
    return Kernel.of(
        scope,
        out,
        switch (op) {
          case SOFTMAX -> () -> backend.softmax(x, 1, out);
          case LOG_SOFTMAX -> () -> backend.logSoftmax(x, 1, out);
          case LAYER_NORM -> () -> backend.normalize(norm, x, null, null, out);
        });
  }

  @Override
  public Exact exact(List<float[]> inputs) {
    float[] x = inputs.getFirst();
    return new Exact(
        rows * columns,
        2L * columns,
        index -> {
          int first = index / columns * columns;
          return switch (op) {
            case SOFTMAX -> share(x, first, index);
            case LOG_SOFTMAX -> {
              double share = Math.log(share(x, first, index).value());
              yield new Exact.Element(share, 1e-5 * (1 + Math.abs(share)));
            }
            case LAYER_NORM -> normal(x, first, index);
          };
        });
  }

  private Exact.Element share(float[] x, int first, int index) {
    double sum = 0;
    for (int i = first; i < first + columns; i++) {
      sum += Math.exp((double) x[i] - x[index]);
    }
    return new Exact.Element(1 / sum, 1e-5 / sum);
  }

  private Exact.Element normal(float[] x, int first, int index) {
    double mean = 0;
    for (int i = first; i < first + columns; i++) {
      mean += x[i];
    }
    mean /= columns;
    double variance = 0;
    for (int i = first; i < first + columns; i++) {
      variance += (x[i] - mean) * (x[i] - mean);
    }
    double value = (x[index] - mean) / Math.sqrt(variance / columns + EPS);
    return new Exact.Element(value, 1e-5 * (1 + Math.abs(value)));
  }
}
