package dev.lanewise.kernel;

import dev.lanewise.array.DType;
import java.util.List;

/** What test arrays are filled with. */
enum Values {
  /** Numbers around 0, a few exact zeros among them: sums neither overflow nor vanish. */
  ORDINARY {
    @Override
    double next(Dice dice, DType dtype) {
      return dice.oneIn(20) ? 0 : dice.normal();
    }

    @Override
    long nextInteger(Dice dice) {
      return dice.between(-100, 100);
    }
  },
  /** Few different numbers, so that many are equal; sometimes NaN, both zeros and infinities. */
  TIES {
    @Override
    double next(Dice dice, DType dtype) {
      return dice.oneIn(12)
          ? dice.pick(List.of(Double.NaN, -0.0, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY))
          : dice.between(-2, 2);
    }

    @Override
    long nextInteger(Dice dice) {
      return dice.between(-2, 2);
    }
  },
  /** Everything a type can hold: NaN, infinities, both zeros, subnormals, tiny and huge numbers. */
  ANYTHING {
    @Override
    double next(Dice dice, DType dtype) {
      return switch (dice.between(0, 5)) {
        case 0 -> dice.pick(special(dtype));
        case 1 -> anyBits(dice, dtype);
        case 2 -> dice.between(-100.0, 100.0);
        case 3 -> dice.between(-5, 5);
        default -> dice.normal();
      };
    }

    @Override
    long nextInteger(Dice dice) {
      return switch (dice.between(0, 3)) {
        case 0 -> dice.pick(SPECIAL_INTEGERS);
        case 1 -> dice.bits() >> dice.between(0, 60);
        default -> dice.between(-9, 9);
      };
    }
  };

  /** Where integers of 32 and 64 bits, and doubles in their place, go wrong. */
  private static final List<Long> SPECIAL_INTEGERS =
      List.of(
          0L,
          1L,
          -1L,
          (long) Integer.MIN_VALUE,
          Integer.MIN_VALUE + 1L,
          (long) Integer.MAX_VALUE,
          1L << 31,
          1L << 32,
          46_341L,
          -65_536L,
          1L << 53,
          (1L << 53) + 1,
          -(1L << 53) - 1,
          Long.MIN_VALUE,
          Long.MIN_VALUE + 1,
          Long.MAX_VALUE,
          Long.MAX_VALUE - 1);

  /** {@return the next number} */
  abstract double next(Dice dice, DType dtype);

  /** {@return the next integer, of which a narrower type keeps the lowest bits} */
  abstract long nextInteger(Dice dice);

  /** {@return the numbers at which functions go wrong} */
  static List<Double> special(DType dtype) {
    boolean wide = dtype == DType.F64;
    double least = wide ? Double.MIN_VALUE : Float.MIN_VALUE;
    double normal = wide ? Double.MIN_NORMAL : Float.MIN_NORMAL;
    double most = wide ? Double.MAX_VALUE : Float.MAX_VALUE;
    double eps = wide ? Math.ulp(1.0) : Math.ulp(1f);
    return List.of(
        Double.NaN,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        0.0,
        -0.0,
        1.0,
        -1.0,
        least,
        -least,
        normal,
        -normal,
        normal - least,
        least - normal,
        most,
        -most,
        1 + eps,
        1 - eps / 2,
        -1 - eps,
        wide ? 709.782712893384 : 88.72283,
        wide ? -745.1332 : -103.97208,
        wide ? -708.4 : -87.34);
  }

  private static double anyBits(Dice dice, DType dtype) {
    long bits = dice.bits();
    return dtype == DType.F64 ? Double.longBitsToDouble(bits) : Float.intBitsToFloat((int) bits);
  }
}
