package dev.lanewise.autodiff;

import dev.lanewise.kernel.BinaryOp;
import dev.lanewise.kernel.UnaryOp;

/**
 * Mathematical functions of each element, beside the arithmetic of {@link ElementwiseOps}, whose
 * rules on shapes, types and errors hold here too. How exact each is stands at {@link UnaryOp} and
 * {@link BinaryOp}.
 */
public sealed interface FunctionOps permits Tensor {

  /** {@return {@code 2ˣ}} */
  default Tensor exp2() {
    return ((Tensor) this).apply(UnaryOp.EXP2);
  }

  /** {@return {@code eˣ − 1}, exact near 0 too} */
  default Tensor expm1() {
    return ((Tensor) this).apply(UnaryOp.EXPM1);
  }

  /** {@return the logarithm to base 2} */
  default Tensor log2() {
    return ((Tensor) this).apply(UnaryOp.LOG2);
  }

  /** {@return the logarithm to base 10} */
  default Tensor log10() {
    return ((Tensor) this).apply(UnaryOp.LOG10);
  }

  /** {@return {@code log(1 + x)}, exact near 0 too} */
  default Tensor log1p() {
    return ((Tensor) this).apply(UnaryOp.LOG1P);
  }

  /** {@return the sine of an angle in radians} */
  default Tensor sin() {
    return ((Tensor) this).apply(UnaryOp.SIN);
  }

  /** {@return the cosine of an angle in radians} */
  default Tensor cos() {
    return ((Tensor) this).apply(UnaryOp.COS);
  }

  /** {@return the tangent of an angle in radians} */
  default Tensor tan() {
    return ((Tensor) this).apply(UnaryOp.TAN);
  }

  /** {@return the angle whose sine this is, from −π/2 to π/2} */
  default Tensor asin() {
    return ((Tensor) this).apply(UnaryOp.ASIN);
  }

  /** {@return the angle whose cosine this is, from 0 to π} */
  default Tensor acos() {
    return ((Tensor) this).apply(UnaryOp.ACOS);
  }

  /** {@return the angle whose tangent this is, from −π/2 to π/2} */
  default Tensor atan() {
    return ((Tensor) this).apply(UnaryOp.ATAN);
  }

  /** {@return the hyperbolic sine} */
  default Tensor sinh() {
    return ((Tensor) this).apply(UnaryOp.SINH);
  }

  /** {@return the hyperbolic cosine} */
  default Tensor cosh() {
    return ((Tensor) this).apply(UnaryOp.COSH);
  }

  /** {@return the inverse of the hyperbolic sine} */
  default Tensor asinh() {
    return ((Tensor) this).apply(UnaryOp.ASINH);
  }

  /** {@return the inverse of the hyperbolic cosine; NaN below 1} */
  default Tensor acosh() {
    return ((Tensor) this).apply(UnaryOp.ACOSH);
  }

  /** {@return the inverse of the hyperbolic tangent; NaN beyond ±1} */
  default Tensor atanh() {
    return ((Tensor) this).apply(UnaryOp.ATANH);
  }

  /** {@return the error function} */
  default Tensor erf() {
    return ((Tensor) this).apply(UnaryOp.ERF);
  }

  /** {@return {@code 1 / √x}} */
  default Tensor rsqrt() {
    return ((Tensor) this).apply(UnaryOp.RSQRT);
  }

  /** {@return the cube root, of negative numbers too} */
  default Tensor cbrt() {
    return ((Tensor) this).apply(UnaryOp.CBRT);
  }

  /** {@return the largest integer not above each element; its derivative is 0} */
  default Tensor floor() {
    return ((Tensor) this).apply(UnaryOp.FLOOR);
  }

  /** {@return the smallest integer not below each element; its derivative is 0} */
  default Tensor ceil() {
    return ((Tensor) this).apply(UnaryOp.CEIL);
  }

  /** {@return the nearest integer, of two the even one; its derivative is 0} */
  default Tensor round() {
    return ((Tensor) this).apply(UnaryOp.ROUND);
  }

  /** {@return each element without the digits after the point; its derivative is 0} */
  default Tensor trunc() {
    return ((Tensor) this).apply(UnaryOp.TRUNC);
  }

  /** {@return where an element is not a number, as a mask} */
  default Tensor isNan() {
    return ((Tensor) this).apply(UnaryOp.IS_NAN);
  }

  /** {@return where an element is infinite, as a mask} */
  default Tensor isInf() {
    return ((Tensor) this).apply(UnaryOp.IS_INF);
  }

  /** {@return where an element is a number and not infinite, as a mask} */
  default Tensor isFinite() {
    return ((Tensor) this).apply(UnaryOp.IS_FINITE);
  }

  /** {@return where an element is 0 or false, as a mask} */
  default Tensor not() {
    return ((Tensor) this).apply(UnaryOp.NOT);
  }

  /**
   * {@return this to the power of {@code y}, in special cases as {@link Math#pow}}
   *
   * @param y the exponent
   */
  default Tensor pow(Tensor y) {
    return ((Tensor) this).apply(BinaryOp.POW, y);
  }

  /**
   * {@return this to the power of {@code y}, in special cases as {@link Math#pow}}
   *
   * @param y the exponent
   */
  default Tensor pow(double y) {
    return ((Tensor) this).apply(BinaryOp.POW, y);
  }

  /**
   * {@return the angle of the point {@code (x, this)} as {@link Math#atan2} gives it: this is the
   * height}
   *
   * @param y the other coordinate
   */
  default Tensor atan2(Tensor y) {
    return ((Tensor) this).apply(BinaryOp.ATAN2, y);
  }

  /**
   * {@return the angle of the point {@code (x, this)} as {@link Math#atan2} gives it: this is the
   * height}
   *
   * @param y the other coordinate
   */
  default Tensor atan2(double y) {
    return ((Tensor) this).apply(BinaryOp.ATAN2, y);
  }

  /**
   * {@return the remainder of {@code this / y} with the sign of this, as by {@code %}}
   *
   * @param y the divisor
   */
  default Tensor rem(Tensor y) {
    return ((Tensor) this).apply(BinaryOp.REM, y);
  }

  /**
   * {@return the remainder of {@code this / y} with the sign of this, as by {@code %}}
   *
   * @param y the divisor
   */
  default Tensor rem(double y) {
    return ((Tensor) this).apply(BinaryOp.REM, y);
  }

  /**
   * {@return where neither is 0 or false, as a mask}
   *
   * @param y the other
   */
  default Tensor and(Tensor y) {
    return ((Tensor) this).apply(BinaryOp.AND, y);
  }

  /**
   * {@return where one of them is not 0, or true, as a mask}
   *
   * @param y the other
   */
  default Tensor or(Tensor y) {
    return ((Tensor) this).apply(BinaryOp.OR, y);
  }

  /**
   * {@return where exactly one of them is not 0, or true, as a mask}
   *
   * @param y the other
   */
  default Tensor xor(Tensor y) {
    return ((Tensor) this).apply(BinaryOp.XOR, y);
  }

  /**
   * {@return the remainder of {@code this / y} with the sign of y}
   *
   * @param y the divisor
   */
  default Tensor floorMod(Tensor y) {
    return Elementwise.map(Composites.FLOOR_MOD, Elementwise.NO_PARAMS, (Tensor) this, y);
  }

  /**
   * {@return {@code √(x² + y²)}, whose squares neither over- nor underflow}
   *
   * @param y the other side
   */
  default Tensor hypot(Tensor y) {
    return Elementwise.map(Composites.HYPOT, Elementwise.NO_PARAMS, (Tensor) this, y);
  }

  /**
   * {@return {@code log(eˣ + eʸ)}, which neither over- nor underflows}
   *
   * @param y the other exponent
   */
  default Tensor logAddExp(Tensor y) {
    return Elementwise.map(Composites.LOG_ADD_EXP, Elementwise.NO_PARAMS, (Tensor) this, y);
  }

  /**
   * {@return {@code x · log y}, and 0 where x is 0}
   *
   * @param y what the logarithm is of
   */
  default Tensor xLogY(Tensor y) {
    return Elementwise.map(Composites.X_LOG_Y, Elementwise.NO_PARAMS, (Tensor) this, y);
  }

  /**
   * {@return each element, or the bound that it is beyond; NaN stays NaN} The derivative is 1 from
   * bound to bound, and 0 beyond.
   *
   * @param low the least value
   * @param high the largest value
   * @throws IllegalArgumentException if {@code low} is above {@code high}
   */
  default Tensor clamp(double low, double high) {
    Checks.bounds("clamp", low, high);
    return Elementwise.map(Composites.CLAMP, new double[] {low, high}, (Tensor) this);
  }
}
