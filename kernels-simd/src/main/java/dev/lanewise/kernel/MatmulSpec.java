package dev.lanewise.kernel;

import dev.lanewise.array.DType;
import dev.lanewise.array.DTypeException;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import java.util.Arrays;

/**
 * A checked call of {@link Backend#matmul}: {@code out = alpha · a · b + beta · out} over the last
 * two axes, {@code [m, k] · [k, n] → [m, n]}; the axes before them broadcast. Both arguments may be
 * f16, or both bf16, where the output is f32.
 *
 * @param m rows of a and out
 * @param n columns of b and out
 * @param k columns of a and rows of b
 * @param a {@code [batch…, m, k]}, stretched to the output's batch axes
 * @param b {@code [batch…, k, n]}, stretched to the output's batch axes
 * @param out {@code [batch…, m, n]}
 */
public record MatmulSpec(int m, int n, int k, NdArray a, NdArray b, NdArray out) {

  /**
   * {@return the checked call}
   *
   * @param a {@code [batch…, m, k]}
   * @param b {@code [batch…, k, n]}
   * @param out {@code [batch…, m, n]}
   * @throws ShapeException if a shape does not fit
   * @throws DTypeException if types differ or are not computed in
   * @throws IllegalArgumentException if the output shares memory with an argument
   */
  public static MatmulSpec of(NdArray a, NdArray b, NdArray out) {
    if (isNarrow(a) && out.dtype() == DType.F32) {
      Checks.alive("matmul", out, a);
      Checks.dtype("matmul", "b", b, a.dtype());
    } else {
      Checks.compute("matmul", out, a, b);
    }
    Shape shape = outputShape(a.shape(), b.shape());
    Checks.shape("matmul", "output", out, shape);
    Checks.output("matmul", out);
    Checks.apart("matmul", out, a, b);
    int m = shape.dim(-2);
    int n = shape.dim(-1);
    int k = a.shape().dim(-1);
    return new MatmulSpec(m, n, k, stretch(a, shape), stretch(b, shape), out);
  }

  /**
   * {@return the shape of a product}
   *
   * @param a {@code [batch…, m, k]}
   * @param b {@code [batch…, k, n]}
   * @throws ShapeException if the inner extents differ, the batch axes do not broadcast, or an
   *     argument has fewer than two axes
   */
  public static Shape outputShape(Shape a, Shape b) {
    if (a.rank() < 2 || b.rank() < 2) {
      throw new ShapeException(
          "matmul: both arguments need at least two axes: a is " + a + ", b is " + b);
    }
    if (a.dim(-1) != b.dim(-2)) {
      throw new ShapeException(
          "matmul: inner dimensions differ: a is "
              + a
              + ", b is "
              + b
              + " ("
              + a.dim(-1)
              + " != "
              + b.dim(-2)
              + ")");
    }
    int[] last = {a.dim(-2), b.dim(-1)};
    return a.rank() == 2 && b.rank() == 2
        ? Shape.of(last)
        : join(Shape.broadcast("matmul: batch axes", batch(a), batch(b)), last);
  }

  private static boolean isNarrow(NdArray x) {
    return x.dtype() == DType.F16 || x.dtype() == DType.BF16;
  }

  private static Shape batch(Shape s) {
    return Shape.of(Arrays.copyOf(s.dims(), s.rank() - 2));
  }

  private static Shape join(Shape batch, int[] last) {
    int[] dims = Arrays.copyOf(batch.dims(), batch.rank() + 2);
    dims[batch.rank()] = last[0];
    dims[batch.rank() + 1] = last[1];
    return Shape.of(dims);
  }

  private static NdArray stretch(NdArray x, Shape out) {
    if (out.rank() == 2) {
      return x;
    }
    return x.broadcastTo(join(batch(out), new int[] {x.shape().dim(-2), x.shape().dim(-1)}));
  }
}
