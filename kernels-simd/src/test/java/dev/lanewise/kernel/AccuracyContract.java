package dev.lanewise.kernel;

import dev.lanewise.array.DType;
import dev.lanewise.array.Layout;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import java.util.Arrays;
import net.jqwik.api.Example;
import net.jqwik.api.Tag;

/**
 * {@link UnaryOp#ulps} and {@link BinaryOp#ulps}: samples of every binade, that is of every power
 * of 2 that a type has. The lowest is of 0 and the subnormal numbers, the highest of infinity and
 * NaN.
 */
public interface AccuracyContract extends BackendUnderTest {

  @Example
  default void everyUnaryOpKeepsItsPromiseInEveryBinade() {
    sweep(DType.F32, 200);
    // F64 has eight times as many binades, most of which are plain under- or overflow.
    sweep(DType.F64, 25);
  }

  @Example
  @Tag("sweep")
  default void everyUnaryOpKeepsItsPromiseInEveryBinadeSampledDensely() {
    sweep(DType.F32, 4000);
    sweep(DType.F64, 4000);
  }

  /** The second argument is of every binade too, in an order of its own. */
  @Example
  default void everyBinaryOpKeepsItsPromiseInEveryBinade() {
    for (DType dtype : new DType[] {DType.F32, DType.F64}) {
      sweepPairs(dtype, dtype == DType.F32 ? 100 : 15);
    }
  }

  @Example
  @Tag("sweep")
  default void everyBinaryOpKeepsItsPromiseInEveryBinadeSampledDensely() {
    for (DType dtype : new DType[] {DType.F32, DType.F64}) {
      sweepPairs(dtype, 2000);
    }
  }

  private static int binades(DType dtype) {
    return dtype == DType.F64 ? 2048 : 256;
  }

  private void sweepPairs(DType dtype, int samples) {
    int binades = binades(dtype);
    for (BinaryOp op : BinaryOp.values()) {
      Dice dice = new Dice(op.ordinal());
      for (int i = 0; i < samples; i++) {
        double[] xs = new double[4 * binades];
        double[] ys = new double[xs.length];
        for (int j = 0; j < xs.length; j++) {
          int exponent = j / 4;
          xs[j] = sample(dice, dtype, j & 1, exponent, i, samples);
          // Half of the exponents are moderate, so that powers are not all 0, 1 or infinite.
          int other =
              dice.oneIn(2)
                  ? dice.between(0, binades - 1)
                  : Math.clamp(binades / 2 + dice.between(-12, 12), 0, binades - 1);
          ys[j] = sample(dice, dtype, j >> 1 & 1, other, dice.between(1, samples), samples);
        }
        sweepPairs(op, dtype, xs, ys, dice);
      }
    }
  }

  private void sweepPairs(BinaryOp op, DType dtype, double[] xs, double[] ys, Dice dice) {
    NdArray x = placed(dice, dtype, xs);
    NdArray y = placed(dice, dtype, ys);
    Placed out = Placed.of(dice, dtype, x.layout()).on(backend());
    Expr expr = Expr.binary(op, Expr.arg(0), Expr.arg(1));
    backend().elementwise(expr, out.array(), new double[0], x, y);
    double[] zs = out.numbers();
    for (int i = 0; i < xs.length; i++) {
      String complaint = UlpJudge.complaint(op, dtype, xs[i], ys[i], zs[i]);
      if (complaint != null) {
        throw new AssertionError("elementwise: " + complaint);
      }
    }
  }

  private NdArray placed(Dice dice, DType dtype, double[] values) {
    return Placed.of(dice, dtype, Layout.contiguous(Shape.of(values.length)))
        .filled(Arrays.stream(values).iterator()::nextDouble)
        .on(backend())
        .array();
  }

  private void sweep(DType dtype, int samples) {
    for (UnaryOp op : UnaryOp.values()) {
      for (int sign = 0; sign < 2; sign++) {
        // One array for some binades, so that neither memory nor kernel calls grow large.
        int binades = binades(dtype);
        int chunk = Math.max(1, 100_000 / samples);
        for (int from = 0; from < binades; from += chunk) {
          sweep(op, dtype, sign, from, Math.min(binades, from + chunk), samples);
        }
      }
    }
  }

  private void sweep(UnaryOp op, DType dtype, int sign, int from, int to, int samples) {
    Dice dice = new Dice(op.ordinal() * 31L + from);
    double[] xs = new double[(to - from) * samples];
    int count = 0;
    for (int exponent = from; exponent < to; exponent++) {
      for (int i = 0; i < samples; i++) {
        xs[count++] = sample(dice, dtype, sign, exponent, i, samples);
      }
    }
    NdArray in = placed(dice, dtype, xs);
    Placed out = Placed.of(dice, dtype, in.layout()).on(backend());
    backend().elementwise(Expr.unary(op, Expr.arg(0)), out.array(), new double[0], in);
    double[] ys = out.numbers();
    for (int i = 0; i < xs.length; i++) {
      String complaint = UlpJudge.complaint(op, dtype, xs[i], ys[i]);
      if (complaint != null) {
        throw new AssertionError("elementwise: " + complaint);
      }
    }
  }

  /** {@return the first, the last, or a number of the i-th part of a binade} */
  private static double sample(Dice dice, DType dtype, int sign, int exponent, int i, int samples) {
    int digits = dtype == DType.F64 ? 52 : 23;
    long size = 1L << digits;
    long mantissa =
        i == 0
            ? 0
            : i == samples - 1 ? size - 1 : (long) ((i + dice.between(0.0, 1.0)) / samples * size);
    long magnitude = (long) exponent << digits | mantissa;
    return dtype == DType.F64
        ? Double.longBitsToDouble((long) sign << 63 | magnitude)
        : Float.intBitsToFloat(sign << 31 | (int) magnitude);
  }
}
