package dev.lanewise.autodiff;

import dev.lanewise.kernel.BinaryOp;
import dev.lanewise.kernel.UnaryOp;

/**
 * Operations on each element. Two tensors stretch to a common shape as in NumPy; the gradient of a
 * stretched one is summed over what was stretched. A number as operand is handed to the kernel with
 * the call, so that no new value needs a new kernel.
 *
 * <p>Integers are computed with exactly, and wrap around as Java's do. Comparisons give masks, of
 * {@link dev.lanewise.array.DType#BOOL}; beside numbers, a mask counts as 0 and 1.
 *
 * <p>All throw {@link dev.lanewise.array.ShapeException} if the shapes do not broadcast, and {@link
 * dev.lanewise.array.DTypeException} unless both tensors are of one type, f32, f64, i32 or i64, in
 * which the operation has a meaning.
 */
public sealed interface ElementwiseOps permits Tensor {

  /**
   * {@return the result of an operation of the list}
   *
   * @param op the operation
   */
  default Tensor apply(UnaryOp op) {
    return Elementwise.map(Pointwise.of(op), Elementwise.NO_PARAMS, (Tensor) this);
  }

  /**
   * {@return the result of an operation of the list, this being the first argument}
   *
   * @param op the operation
   * @param y the second argument
   */
  default Tensor apply(BinaryOp op, Tensor y) {
    return Elementwise.map(Pointwise.of(op), Elementwise.NO_PARAMS, (Tensor) this, y);
  }

  /**
   * {@return the result of an operation of the list, this being the first argument}
   *
   * @param op the operation
   * @param y the second argument
   */
  default Tensor apply(BinaryOp op, double y) {
    return Elementwise.map(Pointwise.withScalar(op), new double[] {y}, (Tensor) this);
  }

  /** {@return {@code -x}} */
  default Tensor neg() {
    return apply(UnaryOp.NEG);
  }

  /** {@return {@code |x|}; its derivative at 0 is 0} */
  default Tensor abs() {
    return apply(UnaryOp.ABS);
  }

  /** {@return −1, 0 or 1; carries no gradient} */
  default Tensor sign() {
    return apply(UnaryOp.SIGN);
  }

  /** {@return {@code x²}} */
  default Tensor square() {
    return apply(UnaryOp.SQUARE);
  }

  /** {@return the square root} */
  default Tensor sqrt() {
    return apply(UnaryOp.SQRT);
  }

  /** {@return {@code 1 / x}} */
  default Tensor reciprocal() {
    return apply(UnaryOp.RECIPROCAL);
  }

  /** {@return {@code eˣ}} */
  default Tensor exp() {
    return apply(UnaryOp.EXP);
  }

  /** {@return the natural logarithm} */
  default Tensor log() {
    return apply(UnaryOp.LOG);
  }

  /** {@return the hyperbolic tangent} */
  default Tensor tanh() {
    return apply(UnaryOp.TANH);
  }

  /** {@return {@code 1 / (1 + e⁻ˣ)}} */
  default Tensor sigmoid() {
    return apply(UnaryOp.SIGMOID);
  }

  /** {@return {@code max(x, 0)}; its derivative at 0 is 0} */
  default Tensor relu() {
    return apply(UnaryOp.RELU);
  }

  /** {@return {@code x · sigmoid(x)}} */
  default Tensor silu() {
    return apply(UnaryOp.SILU);
  }

  /**
   * {@return {@code x + y}}
   *
   * @param y the other summand
   */
  default Tensor add(Tensor y) {
    return apply(BinaryOp.ADD, y);
  }

  /**
   * {@return {@code x + y}}
   *
   * @param y the other summand
   */
  default Tensor add(double y) {
    return apply(BinaryOp.ADD, y);
  }

  /**
   * {@return {@code x - y}}
   *
   * @param y what is taken away
   */
  default Tensor sub(Tensor y) {
    return apply(BinaryOp.SUB, y);
  }

  /**
   * {@return {@code x - y}}
   *
   * @param y what is taken away
   */
  default Tensor sub(double y) {
    return apply(BinaryOp.SUB, y);
  }

  /**
   * {@return {@code y - x}}
   *
   * @param y what this is taken away from
   */
  default Tensor rsub(double y) {
    return Elementwise.map(Pointwise.scalarWith(BinaryOp.SUB), new double[] {y}, (Tensor) this);
  }

  /**
   * {@return {@code x · y}}
   *
   * @param y the other factor
   */
  default Tensor mul(Tensor y) {
    return apply(BinaryOp.MUL, y);
  }

  /**
   * {@return {@code x · y}}
   *
   * @param y the other factor
   */
  default Tensor mul(double y) {
    return apply(BinaryOp.MUL, y);
  }

  /**
   * {@return {@code x / y}}
   *
   * @param y the divisor
   */
  default Tensor div(Tensor y) {
    return apply(BinaryOp.DIV, y);
  }

  /**
   * {@return {@code x / y}}
   *
   * @param y the divisor
   */
  default Tensor div(double y) {
    return apply(BinaryOp.DIV, y);
  }

  /**
   * {@return {@code y / x}}
   *
   * @param y what is divided by this
   */
  default Tensor rdiv(double y) {
    return Elementwise.map(Pointwise.scalarWith(BinaryOp.DIV), new double[] {y}, (Tensor) this);
  }

  /**
   * {@return the larger; equal ones share the gradient}
   *
   * @param y the other
   */
  default Tensor maximum(Tensor y) {
    return apply(BinaryOp.MAX, y);
  }

  /**
   * {@return the larger}
   *
   * @param y the other
   */
  default Tensor maximum(double y) {
    return apply(BinaryOp.MAX, y);
  }

  /**
   * {@return the smaller; equal ones share the gradient}
   *
   * @param y the other
   */
  default Tensor minimum(Tensor y) {
    return apply(BinaryOp.MIN, y);
  }

  /**
   * {@return the smaller}
   *
   * @param y the other
   */
  default Tensor minimum(double y) {
    return apply(BinaryOp.MIN, y);
  }

  /**
   * {@return 1 where {@code x = y}, else 0; as all comparisons, without a gradient}
   *
   * @param y what to compare with
   */
  default Tensor eq(Tensor y) {
    return apply(BinaryOp.EQ, y);
  }

  /**
   * {@return where {@code x = y}, as a mask}
   *
   * @param y what to compare with
   */
  default Tensor eq(double y) {
    return apply(BinaryOp.EQ, y);
  }

  /**
   * {@return where {@code x ≠ y} or either is NaN, as a mask}
   *
   * @param y what to compare with
   */
  default Tensor ne(Tensor y) {
    return apply(BinaryOp.NE, y);
  }

  /**
   * {@return where {@code x ≠ y} or either is NaN, as a mask}
   *
   * @param y what to compare with
   */
  default Tensor ne(double y) {
    return apply(BinaryOp.NE, y);
  }

  /**
   * {@return where {@code x < y}, as a mask}
   *
   * @param y what to compare with
   */
  default Tensor lt(Tensor y) {
    return apply(BinaryOp.LT, y);
  }

  /**
   * {@return where {@code x < y}, as a mask}
   *
   * @param y what to compare with
   */
  default Tensor lt(double y) {
    return apply(BinaryOp.LT, y);
  }

  /**
   * {@return where {@code x ≤ y}, as a mask}
   *
   * @param y what to compare with
   */
  default Tensor le(Tensor y) {
    return apply(BinaryOp.LE, y);
  }

  /**
   * {@return where {@code x ≤ y}, as a mask}
   *
   * @param y what to compare with
   */
  default Tensor le(double y) {
    return apply(BinaryOp.LE, y);
  }

  /**
   * {@return where {@code x > y}, as a mask}
   *
   * @param y what to compare with
   */
  default Tensor gt(Tensor y) {
    return apply(BinaryOp.GT, y);
  }

  /**
   * {@return where {@code x > y}, as a mask}
   *
   * @param y what to compare with
   */
  default Tensor gt(double y) {
    return apply(BinaryOp.GT, y);
  }

  /**
   * {@return where {@code x ≥ y}, as a mask}
   *
   * @param y what to compare with
   */
  default Tensor ge(Tensor y) {
    return apply(BinaryOp.GE, y);
  }

  /**
   * {@return where {@code x ≥ y}, as a mask}
   *
   * @param y what to compare with
   */
  default Tensor ge(double y) {
    return apply(BinaryOp.GE, y);
  }
}
