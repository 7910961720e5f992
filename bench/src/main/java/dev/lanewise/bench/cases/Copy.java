package dev.lanewise.bench.cases;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Scope;
import dev.lanewise.bench.RandomFloats;
import dev.lanewise.kernel.Backend;
import java.util.List;

/**
 * A copy of {@code [rows, columns]} that converts or transposes.
 *
 * @param kind what becomes of it on the way
 * @param rows rows
 * @param columns columns
 */
public record Copy(Kind kind, int rows, int columns) implements KernelCase {
  /** What becomes of it on the way. */
  public enum Kind {
    /** To 16 bits with 11 of precision. */
    TO_F16(DType.F32, DType.F16, false),
    /** And back. */
    FROM_F16(DType.F16, DType.F32, false),
    /** To 16 bits with 8 of precision. */
    TO_BF16(DType.F32, DType.BF16, false),
    /** And back. */
    FROM_BF16(DType.BF16, DType.F32, false),
    /** Rows to columns. */
    TRANSPOSE(DType.F32, DType.F32, true);

    private final DType from;
    private final DType to;
    private final boolean turns;

    Kind(DType from, DType to, boolean turns) {
      this.from = from;
      this.to = to;
      this.turns = turns;
    }

    /** {@return the type of what is copied} */
    public DType from() {
      return from;
    }

    /** {@return the type of the copy} */
    public DType to() {
      return to;
    }

    /** {@return whether rows become columns} */
    public boolean turns() {
      return turns;
    }

    private DType narrow() {
      return from == DType.F32 ? to : from;
    }
  }

  @Override
  public String kernel() {
    return kind.turns ? "transpose" : "convert " + kind.from + " to " + kind.to;
  }

  @Override
  public String shape() {
    return rows + "x" + columns;
  }

  @Override
  public Work work() {
    double bytes = kind.from.byteSize() + kind.to.byteSize();
    return Work.memory(bytes / Float.BYTES * rows * columns);
  }

  @Override
  public boolean isQuick() {
    return rows * columns <= Lengths.IN_CACHE;
  }

  @Override
  public List<float[]> inputs() {
    return List.of(RandomFloats.of(rows * columns, 10, 1));
  }

  @Override
  public Kernel on(Backend backend, List<float[]> inputs) {
    Scope scope = Scope.open(id());
    NdArray stored = Stored.of(backend, kind.from, inputs.getFirst(), rows, columns);
    NdArray x = kind.turns ? stored.permute(1, 0) : stored;
    NdArray out = backend.uninitialized(kind.to, x.shape());
    return Kernel.of(scope, out, () -> backend.copy(x, out));
  }

  @Override
  public Exact exact(List<float[]> inputs) {
    float[] x = inputs.getFirst();
    return new Exact(
        rows * columns,
        1,
        index -> {
          int from = kind.turns ? index % rows * columns + index / rows : index;
          return new Exact.Element(rounded(kind.narrow(), x[from]), 0);
        });
  }

  /** {@return the nearest number of a type, the even one of two} */
  private static double rounded(DType dtype, float x) {
    return switch (dtype) {
      case F16 -> rounded(x, 10, -14);
      case BF16 -> rounded(x, 7, Float.MIN_EXPONENT);
      case F32, F64, I32, I64, BOOL -> x;
    };
  }

  /** Rounds to so many bits behind the first one, fewer below the smallest exponent. */
  private static double rounded(double x, int bits, int smallest) {
    int unit = Math.max(Math.getExponent(x), smallest) - bits;
    return Math.scalb(Math.rint(Math.scalb(x, -unit)), unit);
  }
}
