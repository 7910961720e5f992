package dev.lanewise.bench.cases;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Scope;
import dev.lanewise.array.Shape;
import dev.lanewise.bench.RandomFloats;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.ReduceOp;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A kernel in which the order of elements counts, along the rows or the columns of a matrix.
 *
 * @param op what is computed of each line
 * @param axis 1 along rows, 0 along columns
 * @param rows rows
 * @param columns columns
 */
public record Lines(Op op, int axis, int rows, int columns) implements KernelCase {
  /** What is computed of each line. */
  public enum Op {
    /** Its elements from the smallest on, and where they were. */
    SORT,
    /** Where its largest element is. */
    ARGMAX,
    /** Sums of each element and all before it. */
    CUMSUM
  }

  @Override
  public String kernel() {
    return op.name().toLowerCase(Locale.ROOT) + (axis == 1 ? "" : " of columns");
  }

  @Override
  public String shape() {
    return rows + "x" + columns;
  }

  /** {@return the memory of the elements and of results, of which indices have 64 bits} */
  @Override
  public Work work() {
    double elements = (double) rows * columns;
    return Work.memory(
        switch (op) {
          case SORT -> 4 * elements;
          case ARGMAX -> elements + 2.0 * lines();
          case CUMSUM -> 2 * elements;
        });
  }

  @Override
  public boolean isQuick() {
    return rows * columns <= 1 << 16;
  }

  private int lines() {
    return axis == 1 ? rows : columns;
  }

  private int length() {
    return axis == 1 ? columns : rows;
  }

  @Override
  public List<float[]> inputs() {
    return List.of(RandomFloats.of(rows * columns, 1, 1));
  }

  @Override
  public Kernel on(Backend backend, List<float[]> inputs) {
    Scope scope = Scope.open(id());
    NdArray x = NdArray.of(backend, inputs.getFirst(), rows, columns);
    if (op == Op.ARGMAX) {
      NdArray places = backend.uninitialized(DType.I64, Shape.of(lines()));
      return Kernel.of(scope, places, () -> backend.argMax(x, axis, places));
    }
    NdArray out = backend.uninitialized(DType.F32, x.shape());
    if (op == Op.CUMSUM) {
      return Kernel.of(scope, out, () -> backend.scan(ReduceOp.SUM, x, axis, false, false, out));
    }
    NdArray places = backend.uninitialized(DType.I64, x.shape());
    return Kernel.of(scope, List.of(out, places), () -> backend.sort(x, axis, false, out, places));
  }

  @Override
  public Exact exact(List<float[]> inputs) {
    float[] x = inputs.getFirst();
    int size = rows * columns;
    return switch (op) {
      case ARGMAX -> new Exact(lines(), length(), line -> new Exact.Element(largest(x, line), 0));
      case CUMSUM -> new Exact(size, length(), index -> sum(x, line(index), position(index)));
      case SORT -> {
        Sorted sorted = new Sorted(x);
        yield new Exact(
            2 * size,
            20L * length(),
            index -> new Exact.Element(sorted.at(index % size, index >= size), 0));
      }
    };
  }

  private int line(int index) {
    return axis == 1 ? index / columns : index % columns;
  }

  private int position(int index) {
    return axis == 1 ? index % columns : index / columns;
  }

  private float element(float[] x, int line, int position) {
    return axis == 1 ? x[line * columns + position] : x[position * columns + line];
  }

  private int largest(float[] x, int line) {
    int best = 0;
    for (int i = 1; i < length(); i++) {
      if (element(x, line, i) > element(x, line, best)) {
        best = i;
      }
    }
    return best;
  }

  private Exact.Element sum(float[] x, int line, int last) {
    double sum = 0;
    double magnitudes = 0;
    for (int i = 0; i <= last; i++) {
      sum += element(x, line, i);
      magnitudes += Math.abs(element(x, line, i));
    }
    // In 64 bits and rounded once, or in many short chains: the error does not grow with length.
    return new Exact.Element(sum, 1e-6 * magnitudes);
  }

  /** Sorts lines; remembers the latest. */
  private final class Sorted {
    private final float[] x;
    private int latest = -1;
    private int[] order;

    Sorted(float[] x) {
      this.x = x;
    }

    /** {@return an element of the result, or where it was} */
    double at(int index, boolean place) {
      int line = line(index);
      if (line != latest) {
        order = order(line);
        latest = line;
      }
      int from = order[position(index)];
      return place ? from : element(x, line, from);
    }

    private int[] order(int line) {
      long[] keys = new long[length()];
      for (int i = 0; i < keys.length; i++) {
        int bits = Float.floatToIntBits(element(x, line, i) + 0f); // no −0
        int ordered = bits ^ bits >> 31 & Integer.MAX_VALUE;
        keys[i] = (long) ordered << 32 | i; // equal elements stay in their order
      }
      Arrays.sort(keys);
      return Arrays.stream(keys).mapToInt(key -> (int) key).toArray();
    }
  }
}
