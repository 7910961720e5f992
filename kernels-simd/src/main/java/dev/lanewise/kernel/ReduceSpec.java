package dev.lanewise.kernel;

import dev.lanewise.array.DType;
import dev.lanewise.array.DTypeException;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;

/**
 * A checked call of {@link Backend#reduce}: an expression over arguments of one broadcast shape,
 * and how to combine its elements along some axes.
 *
 * @param op how elements are combined
 * @param expr what is combined
 * @param axes the sorted axes that disappear
 * @param shape the shape that the arguments stretch to
 * @param out the output: {@code shape} without {@code axes}
 * @param params the scalars of the call
 * @param ins the arguments, stretched to {@code shape}
 */
public record ReduceSpec(
    ReduceOp op, Expr expr, int[] axes, Shape shape, NdArray out, double[] params, NdArray[] ins) {

  /**
   * {@return the checked call}
   *
   * @param op how elements are combined
   * @param expr what is combined
   * @param axes the axes that disappear; none given means all
   * @param out the output, without the axes
   * @param params the scalars
   * @param ins the arguments, at least one
   * @throws ShapeException if a shape or an axis does not fit
   * @throws DTypeException if types differ or are not computed in, or the expression has no meaning
   *     in them
   * @throws IllegalArgumentException if the expression names an array or a scalar that is not
   *     given, or the output shares memory with an argument
   */
  public static ReduceSpec of(
      ReduceOp op, Expr expr, int[] axes, NdArray out, double[] params, NdArray... ins) {
    if (ins.length == 0) {
      throw new IllegalArgumentException("reduce: at least one array is needed");
    }
    Checks.arrayCount("reduce", ins.length + 1);
    Exprs.checkInputs("reduce", expr, ins.length, params.length);
    DType dtype = Checks.masked("reduce", new NdArray[] {out}, ins);
    Exprs.checkType("reduce", expr, dtype, params);
    Shape shape = ins[0].shape();
    for (NdArray in : ins) {
      shape = Shape.broadcast("reduce", shape, in.shape());
    }
    int[] sorted = shape.axes("reduce", axes);
    Checks.shape("reduce", "output", out, shape.reduced(sorted, false));
    Checks.output("reduce", out);
    Checks.apart("reduce", out, ins);
    NdArray[] stretched = new NdArray[ins.length];
    for (int i = 0; i < ins.length; i++) {
      stretched[i] = ins[i].broadcastTo(shape);
    }
    return new ReduceSpec(op, expr, sorted, shape, out, params, stretched);
  }

  /** {@return the type that is computed in: that of all arrays but masks; f32 if all are masks} */
  public DType dtype() {
    return Checks.masked("reduce", new NdArray[] {out}, ins);
  }

  /**
   * {@return the result over no elements, as an expression in the output's type} As {@link
   * ReduceOp#identity}; of a mask, no element is true, and all are.
   */
  public Expr identity() {
    return switch (out.dtype()) {
      case I32, I64 -> Expr.integer(op.identity(out.dtype()));
      case F32, F64, F16, BF16 -> Expr.constant(op.identity());
      case BOOL ->
          switch (op) {
            case SUM, MAX -> Expr.constant(0);
            case PROD, MIN -> Expr.constant(1);
          };
    };
  }
}
