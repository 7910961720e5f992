package dev.lanewise.simd;

import dev.lanewise.simd.Ssa.Op;

/** Functions that round to integers, in instructions; the sign of zero is kept. */
final class Rounding extends MathCode {
  Rounding(Ssa ssa) {
    super(ssa);
  }

  /** Adding 2^(mantissa bits) to a number of at most that size leaves no digits after the point. */
  int round(int x) {
    int size = abs(x);
    int limit = c(0x1p23, 0x1p52);
    int rounded = sub(add(size, limit), limit);
    return copySign(choose(lt(size, limit), rounded, size), x);
  }

  int trunc(int x) {
    int size = abs(x);
    int rounded = abs(round(x));
    return copySign(choose(gt(rounded, size), sub(rounded, c(1)), rounded), x);
  }

  int floor(int x) {
    int rounded = round(x);
    return copySign(choose(gt(rounded, x), sub(rounded, c(1)), rounded), x);
  }

  int ceil(int x) {
    int rounded = round(x);
    return copySign(choose(lt(rounded, x), add(rounded, c(1)), rounded), x);
  }

  /**
   * The remainder of x / y with the sign of x. As long as the quotient is exact to its last digit
   * but one, one FMA and one correction give it exactly; else, and for infinities, there is a
   * scalar way.
   */
  int remainder(int x, int y) {
    int ratio = div(x, y);
    int near = fma(neg(trunc(ratio)), y, x);
    // A quotient that was rounded up to an integer took y once too often.
    int over = lt(mul(ssa.blend(lt(x, c(0)), c(-1), c(1)), near), c(0));
    near = choose(over, add(near, copySign(y, x)), near);
    near = copySign(near, x);
    int fits = lt(abs(ratio), c(0x1p22, 0x1p51));
    return ssa.emit(Op.REMAINDER_FAR, x, y, choose(fits, near, c(Double.NaN)));
  }
}
