package dev.lanewise.kernel;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import java.util.List;

/**
 * What larger operations can be composed of: loops over the elements of arrays, and arrays for what
 * lies between two of them. Who composes may run the loops, as a {@link Backend} does, or note them
 * to run them later.
 */
public interface Loops {

  /**
   * Computes expressions for each element: {@code outs[i] = exprs[i](ins, params)}. Arguments
   * stretch to the outputs' shape. All arguments of an element are read before its outputs are
   * written, so an output may be one of the arguments.
   *
   * <p>Arrays have one type, but any of them may be a mask of {@link DType#BOOL}: as an argument it
   * is 0 or 1, as an output it is true where the expression is not 0. So a comparison can be kept
   * as a mask, and a mask can be the condition of a {@link Expr#select}; of masks alone, the
   * minimum is "and", the maximum "or", and {@code ne} "exclusive or".
   *
   * <p>Arrays of {@link DType#I32} and {@link DType#I64} are computed with as integers, exactly,
   * and wrap around as Java's do. The functions that have a meaning for them say so ({@link
   * UnaryOp#isForIntegers}, {@link BinaryOp#isForIntegers}); others, and constants and scalars that
   * are not integers of the type, are refused with a {@link dev.lanewise.array.DTypeException}. A
   * quotient by 0 is 0.
   *
   * {@snippet :
   * Expr weekday = Expr.binary(BinaryOp.REM, Expr.arg(0), Expr.constant(7));
   * backend.elementwise(weekday, weekdays, new double[0], days);             // both i64
   * Expr isSunday = Expr.arg(0).eq(Expr.constant(3));
   * backend.reduce(ReduceOp.SUM, isSunday, new int[0], count, new double[0], weekdays);
   * }
   *
   * @param exprs what to compute, one for each output
   * @param outs the outputs, of one shape
   * @param params the values of {@link Expr#param}
   * @param ins the values of {@link Expr#arg}
   */
  void elementwise(List<Expr> exprs, NdArray[] outs, double[] params, NdArray... ins);

  /**
   * Computes one expression for each element: {@code out = expr(ins, params)}.
   *
   * @param expr what to compute
   * @param out the output
   * @param params the values of {@link Expr#param}
   * @param ins the values of {@link Expr#arg}
   */
  default void elementwise(Expr expr, NdArray out, double[] params, NdArray... ins) {
    elementwise(List.of(expr), new NdArray[] {out}, params, ins);
  }

  /**
   * Combines the elements of an expression along axes: {@code out = op over axes of expr(ins,
   * params)}. Masks may be arguments and output as in {@link #elementwise}: their sum counts, their
   * maximum is true if any is, their minimum if all are. Integers are combined exactly, and wrap
   * around.
   *
   * @param op how elements are combined
   * @param expr what is combined
   * @param axes the axes that disappear; none given means all
   * @param out the output: the arguments' common shape without the axes
   * @param params the values of {@link Expr#param}
   * @param ins the values of {@link Expr#arg}, at least one
   */
  void reduce(ReduceOp op, Expr expr, int[] axes, NdArray out, double[] params, NdArray... ins);

  /**
   * {@return a new array with whatever was in its memory before}
   *
   * @param dtype the type of its elements
   * @param shape its extents
   */
  NdArray uninitialized(DType dtype, Shape shape);
}
