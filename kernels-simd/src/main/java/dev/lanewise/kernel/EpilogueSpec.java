package dev.lanewise.kernel;

import dev.lanewise.array.DTypeException;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.ShapeException;

/**
 * A checked call of {@link Backend#matmul(NdArray, NdArray, double, double, NdArray, Expr,
 * double[], NdArray...)}: a matrix product and what is then computed from each of its elements.
 *
 * @param product the matrix product
 * @param expr what becomes of an element: argument 0 is the product, the others are {@code ins}
 * @param params the scalars of the call
 * @param ins the arguments from 1 on, stretched to the output's shape
 */
public record EpilogueSpec(MatmulSpec product, Expr expr, double[] params, NdArray[] ins) {

  /**
   * {@return the checked call}
   *
   * @param a {@code [batch…, m, k]}
   * @param b {@code [batch…, k, n]}
   * @param out {@code [batch…, m, n]}
   * @param expr what becomes of an element
   * @param params the scalars
   * @param ins the arguments from 1 on
   * @throws ShapeException if a shape does not fit
   * @throws DTypeException if types differ or are not computed in
   * @throws IllegalArgumentException if the expression names an array or a scalar that is not
   *     given, or the output shares memory with an argument
   */
  public static EpilogueSpec of(
      NdArray a, NdArray b, NdArray out, Expr expr, double[] params, NdArray... ins) {
    MatmulSpec product = MatmulSpec.of(a, b, out);
    Checks.arrayCount("matmul", ins.length + 2);
    Exprs.checkInputs("matmul", expr, ins.length + 1, params.length);
    NdArray[] stretched = new NdArray[ins.length];
    for (int i = 0; i < ins.length; i++) {
      Checks.compute("matmul", out, ins[i]);
      stretched[i] = Checks.stretch("matmul", "argument " + (i + 1), ins[i], out.shape());
      // The product is written before the argument is read.
      Checks.apart("matmul", out, ins[i]);
    }
    return new EpilogueSpec(product, expr, params, stretched);
  }

  /** {@return all arguments of the expression: the output, which holds the product, and the ins} */
  public NdArray[] arguments() {
    NdArray[] arguments = new NdArray[ins.length + 1];
    arguments[0] = product.out();
    System.arraycopy(ins, 0, arguments, 1, ins.length);
    return arguments;
  }
}
