package dev.lanewise.simd;

import dev.lanewise.array.DType;
import dev.lanewise.simd.Ssa.Op;

/** Short names for the instructions that functions are written in. Every value is its number. */
abstract class MathCode {
  final Ssa ssa;

  /** Whether the element type has 32 bits; it has 64 otherwise. */
  final boolean single;

  MathCode(Ssa ssa) {
    this.ssa = ssa;
    this.single = ssa.dtype() == DType.F32;
  }

  final int c(double value) {
    return ssa.constant(value);
  }

  /** {@return a constant that depends on the element type} */
  final int c(double inSingle, double inDouble) {
    return ssa.constant(single ? inSingle : inDouble);
  }

  final int add(int x, int y) {
    return ssa.add(x, y);
  }

  final int sub(int x, int y) {
    return ssa.sub(x, y);
  }

  final int mul(int x, int y) {
    return ssa.mul(x, y);
  }

  final int div(int x, int y) {
    return ssa.div(x, y);
  }

  final int fma(int x, int y, int z) {
    return ssa.fma(x, y, z);
  }

  final int neg(int x) {
    return ssa.emit(Op.NEG, x);
  }

  final int abs(int x) {
    return ssa.emit(Op.ABS, x);
  }

  final int sqrt(int x) {
    return ssa.emit(Op.SQRT, x);
  }

  final int copySign(int size, int sign) {
    return ssa.emit(Op.COPY_SIGN, size, sign);
  }

  final int lt(int x, int y) {
    return ssa.emit(Op.LT, x, y);
  }

  final int gt(int x, int y) {
    return ssa.emit(Op.GT, x, y);
  }

  final int eq(int x, int y) {
    return ssa.emit(Op.EQ, x, y);
  }

  final int isNan(int x) {
    return ssa.emit(Op.NE, x, x);
  }

  /** {@return {@code mask ? x : y}} */
  final int choose(int mask, int x, int y) {
    return ssa.blend(mask, x, y);
  }

  /** {@return a polynomial, by Horner's rule} The coefficient of the highest power comes first. */
  final int polynomial(int x, double... coefficients) {
    int p = c(coefficients[0]);
    for (int i = 1; i < coefficients.length; i++) {
      p = fma(p, x, c(coefficients[i]));
    }
    return p;
  }

  /** {@return the nearest integer, of two the even one, of a number far below 2^(mantissa bits)} */
  final int nearest(int x) {
    return nearest(x, 1);
  }

  /** {@return the nearest integer to x times a factor} */
  final int nearest(int x, double factor) {
    int bias = c(VectorMath.roundingBias(ssa.dtype()));
    return sub(factor == 1 ? add(x, bias) : fma(x, c(factor), bias), bias);
  }
}
