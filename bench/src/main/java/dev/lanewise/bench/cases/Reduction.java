package dev.lanewise.bench.cases;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Scope;
import dev.lanewise.array.Shape;
import dev.lanewise.bench.RandomFloats;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.ReduceOp;
import java.util.List;
import java.util.Locale;

/**
 * A reduction of {@code [rows, columns]}.
 *
 * @param op how elements are combined
 * @param over which are combined
 * @param rows rows
 * @param columns columns
 */
public record Reduction(ReduceOp op, Over over, int rows, int columns) implements KernelCase {
  private static final Expr ELEMENT = Expr.arg(0);
  private static final double[] NO_PARAMS = {};

  /** Which elements are combined. */
  public enum Over {
    /** All, into one number. */
    ALL(0, 1),
    /** Each row, into a column. */
    ROWS(1),
    /** Each column, into a row. */
    COLUMNS(0);

    private final int[] axes;

    Over(int... axes) {
      this.axes = axes;
    }

    /** {@return the axes that disappear} */
    public int[] axes() {
      return axes.clone();
    }
  }

  @Override
  public String kernel() {
    String name = op.name().toLowerCase(Locale.ROOT);
    return over == Over.ALL ? name : name + " of " + over.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public String shape() {
    return over == Over.ALL ? Lengths.text(rows * columns) : rows + "x" + columns;
  }

  @Override
  public Work work() {
    return Work.memory((double) rows * columns + size());
  }

  @Override
  public boolean isQuick() {
    return rows * columns <= Lengths.IN_CACHE;
  }

  @Override
  public List<float[]> inputs() {
    return List.of(RandomFloats.of(rows * columns, 1, 1));
  }

  private int size() {
    return switch (over) {
      case ALL -> 1;
      case ROWS -> rows;
      case COLUMNS -> columns;
    };
  }

  @Override
  public Kernel on(Backend backend, List<float[]> inputs) {
    Scope scope = Scope.open(id());
    NdArray x = NdArray.of(backend, inputs.getFirst(), rows, columns);
    Shape shape = over == Over.ALL ? Shape.SCALAR : Shape.of(size());
    NdArray out = backend.uninitialized(DType.F32, shape);
    int[] axes = over.axes();
    return Kernel.of(scope, out, () -> backend.reduce(op, ELEMENT, axes, out, NO_PARAMS, x));
  }

  @Override
  public Exact exact(List<float[]> inputs) {
    float[] x = inputs.getFirst();
    int terms = rows * columns / size();
    return new Exact(
        size(),
        terms,
        index ->
            switch (over) {
              case ALL -> combined(x, 0, 1, terms);
              case ROWS -> combined(x, index * columns, 1, terms);
              case COLUMNS -> combined(x, index, columns, terms);
            });
  }

  private Exact.Element combined(float[] x, int first, int step, int terms) {
    double result = op.identity();
    double magnitudes = 0;
    for (int i = 0, at = first; i < terms; i++, at += step) {
      result = op.combine(result, x[at]);
      magnitudes += Math.abs(x[at]);
    }
    // Kernels sum in many short chains, so the error does not grow with the number of terms.
    return new Exact.Element(result, op == ReduceOp.SUM ? 1e-6 * magnitudes : 0);
  }
}
