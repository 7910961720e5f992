package dev.lanewise.bench.cases;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Scope;
import dev.lanewise.bench.RandomFloats;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.CrossEntropySpec;
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
    LAYER_NORM,
    /** The gradient of the mean cross-entropy of logits, and each row's loss. */
    CROSS_ENTROPY
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
    return (long) rows * columns <= (op == Op.CROSS_ENTROPY ? 1 << 14 : 1 << 23);
  }

  /** {@return the elements, and a label for each row} */
  @Override
  public List<float[]> inputs() {
    return List.of(RandomFloats.of(rows * columns, 5, 1), RandomFloats.indices(rows, columns, 2));
  }

  @Override
  public Kernel on(Backend backend, List<float[]> inputs) {
    Scope scope = Scope.open(id());
    NdArray x = NdArray.of(backend, inputs.get(0), rows, columns);
    NdArray out = backend.uninitialized(DType.F32, x.shape());
    NdArray labels = Stored.of(backend, DType.I64, inputs.get(1), rows);
    NdArray loss = backend.uninitialized(DType.F32, labels.shape());
    NdArray weight = NdArray.of(backend, new float[] {weight()});
    NormSpec norm = NormSpec.layer(x.shape(), 1, EPS);
    CrossEntropySpec entropy = CrossEntropySpec.of(x.shape(), 1);
    return Kernel.of(
        scope,
        op == Op.CROSS_ENTROPY ? List.of(out, loss) : List.of(out),
        switch (op) {
          case SOFTMAX -> () -> backend.softmax(x, 1, out);
          case LOG_SOFTMAX -> () -> backend.logSoftmax(x, 1, out);
          case LAYER_NORM -> () -> backend.normalize(norm, x, null, null, out);
          case CROSS_ENTROPY ->
              () -> backend.crossEntropyWithGradient(entropy, x, labels, weight, loss, out);
        });
  }

  /** {@return the gradient of the mean by each row's loss} */
  public float weight() {
    return 1f / rows;
  }

  @Override
  public Exact exact(List<float[]> inputs) {
    float[] x = inputs.get(0);
    float[] labels = inputs.get(1);
    int size = rows * columns;
    return new Exact(
        op == Op.CROSS_ENTROPY ? size + rows : size,
        2L * columns,
        index -> {
          int first = index / columns * columns;
          return switch (op) {
            case SOFTMAX -> share(x, first, index);
            case LOG_SOFTMAX -> logarithm(x, first, index, 1);
            case LAYER_NORM -> normal(x, first, index);
            case CROSS_ENTROPY -> {
              int row = index < size ? index / columns : index - size;
              int label = row * columns + (int) labels[row];
              yield index < size
                  ? gradient(x, first, index, label)
                  : logarithm(x, row * columns, label, -1);
            }
          };
        });
  }

  private Exact.Element logarithm(float[] x, int first, int index, int sign) {
    double logarithm = sign * Math.log(share(x, first, index).value());
    return new Exact.Element(logarithm, 1e-5 * (1 + Math.abs(logarithm)));
  }

  private Exact.Element gradient(float[] x, int first, int index, int label) {
    double difference = share(x, first, index).value() - (index == label ? 1 : 0);
    return new Exact.Element(weight() * difference, weight() * 1e-5);
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
