package dev.lanewise.kernel;

import dev.lanewise.array.DTypeException;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.ShapeException;
import java.util.List;

/**
 * A checked call of {@link PreparedCalls#prepareMappedMatmul}: functions of each element of a
 * product of two matrices, which itself is written nowhere.
 *
 * @param product the product, as if it were written into the first output
 * @param exprs what is computed, one for each output: argument 0 is the product, the others are
 *     {@code ins}
 * @param outs the outputs
 * @param ins the arguments from 1 on, stretched to the outputs' shape
 */
public record MappedMatmulSpec(
    MatmulSpec product, List<Expr> exprs, NdArray[] outs, NdArray[] ins) {

  /**
   * {@return the checked call}
   *
   * @param exprs what is computed, one for each output
   * @param outs the outputs, {@code [m, n]} each; an output may be an argument of the expressions,
   *     but neither matrix
   * @param params the scalars
   * @param ins the matrices, {@code [m, k]} and {@code [k, n]}, and then the arguments from 1 on
   * @throws ShapeException if a shape does not fit
   * @throws DTypeException if types differ or are not computed in
   * @throws IllegalArgumentException if an expression names an array or a scalar that is not given,
   *     an output shares memory with a matrix, or lies over an argument in another layout
   */
  public static MappedMatmulSpec of(
      List<Expr> exprs, NdArray[] outs, double[] params, NdArray... ins) {
    MatmulSpec product = MatmulSpec.of(ins[0], ins[1], outs[0]);
    if (outs[0].shape().rank() != 2) {
      throw new ShapeException(
          "mapped matmul: needs two matrices, not arrays of shape "
              + ins[0].shape()
              + " and "
              + ins[1].shape());
    }
    NdArray[] arguments = new NdArray[ins.length - 1];
    arguments[0] = outs[0];
    System.arraycopy(ins, 2, arguments, 1, ins.length - 2);
    ElementwiseSpec map = ElementwiseSpec.of(exprs, outs, params, arguments);
    NdArray[] more = new NdArray[ins.length - 2];
    for (int i = 0; i < more.length; i++) {
      Checks.compute("mapped matmul", outs[0], ins[i + 2]);
      more[i] = map.ins()[i + 1];
      if (map.aliased()[i + 1]) {
        throw new IllegalArgumentException(
            "mapped matmul: an output lies over argument "
                + (i + 1)
                + " in another layout; give it memory of its own");
      }
    }
    for (NdArray out : outs) {
      Checks.apart("mapped matmul", out, ins[0], ins[1]);
      Checks.compute("mapped matmul", outs[0], out);
    }
    return new MappedMatmulSpec(product, exprs, outs, more);
  }
}
