package dev.lanewise.kernel;

import dev.lanewise.array.DType;
import dev.lanewise.array.DTypeException;
import dev.lanewise.array.Layout;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import java.util.List;

/**
 * A checked call of {@link Backend#elementwise}: expressions, their outputs and arguments.
 * Arguments are stretched to the outputs' shape.
 *
 * @param exprs what to compute, one for each output
 * @param outs the outputs, all of one shape
 * @param params the scalars of the call
 * @param ins the arguments, stretched to the outputs' shape
 * @param aliased for each argument, whether it lies over an output in another layout, so that it
 *     must be copied before the first output is written
 */
public record ElementwiseSpec(
    List<Expr> exprs, NdArray[] outs, double[] params, NdArray[] ins, boolean[] aliased) {

  /**
   * {@return the checked call}
   *
   * @param exprs what to compute, one for each output
   * @param outs the outputs
   * @param params the scalars
   * @param ins the arguments
   * @throws ShapeException if a shape does not fit
   * @throws DTypeException if types differ or are not computed in, or an expression has no meaning
   *     in them
   * @throws IllegalArgumentException if an expression names an array or a scalar that is not given,
   *     or two outputs share memory
   */
  public static ElementwiseSpec of(
      List<Expr> exprs, NdArray[] outs, double[] params, NdArray... ins) {
    if (outs.length == 0 || exprs.size() != outs.length) {
      throw new IllegalArgumentException(
          "elementwise: "
              + exprs.size()
              + " expressions need as many outputs, at least one, not "
              + outs.length);
    }
    Checks.arrayCount("elementwise", ins.length + outs.length);
    for (Expr e : exprs) {
      Exprs.checkInputs("elementwise", e, ins.length, params.length);
    }
    Shape shape = outs[0].shape();
    DType dtype = Checks.masked("elementwise", outs, ins);
    for (Expr e : exprs) {
      Exprs.checkType("elementwise", e, dtype, params);
    }
    for (int i = 0; i < outs.length; i++) {
      Checks.shape("elementwise", "output " + i, outs[i], shape);
      Checks.output("elementwise", outs[i]);
      for (int j = 0; j < i; j++) {
        Checks.apart("elementwise", outs[i], outs[j]);
      }
    }
    NdArray[] stretched = new NdArray[ins.length];
    boolean[] aliased = new boolean[ins.length];
    for (int i = 0; i < ins.length; i++) {
      stretched[i] = Checks.stretch("elementwise", "argument " + i, ins[i], shape);
      for (NdArray out : outs) {
        Layout same = out.layout();
        aliased[i] |= !stretched[i].layout().equals(same) && Checks.overlap(out, ins[i]);
      }
    }
    return new ElementwiseSpec(exprs, outs, params, stretched, aliased);
  }

  /** {@return the type that is computed in: that of all arrays but masks; f32 if all are masks} */
  public DType dtype() {
    return Checks.masked("elementwise", outs, ins);
  }

  /** {@return the shape of the outputs} */
  public Shape shape() {
    return outs[0].shape();
  }
}
