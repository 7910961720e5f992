package dev.lanewise.simd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.ConvSpec;
import dev.lanewise.kernel.Distribution;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.Window;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** The sums of {@link Winograd}, whatever the shape, also where another way would be chosen. */
class WinogradTest {
  private static final Backend BACKEND = new SimdBackend(4);
  private static final double[] NONE = {};
  private static final Workers ONE = new Workers(1);
  private static final Workers MANY = new Workers(3);

  /** Elements before and after each array that nobody may read or write. */
  private static final int AROUND = 40;

  /** An operation on arrays of 32-bit numbers. */
  private record Call(ConvSpec spec, boolean forward) {
    Shape first() {
      return forward ? spec.input() : spec.output();
    }

    Shape result() {
      return forward ? spec.output() : spec.input();
    }

    float[] run(Workers workers, float[] x, float[] w) {
      WinogradTiles tiles =
          forward ? WinogradTiles.forward(spec) : WinogradTiles.backwardData(spec);
      Winograd way = new Winograd(tiles, workers);
      try (Arena arena = Arena.ofShared()) {
        // What is in memory otherwise must not get into the result.
        MemorySegment scratch = arena.allocate(way.scratchBytes(), 64);
        for (long at = 0; at + Float.BYTES <= scratch.byteSize(); at += Float.BYTES) {
          scratch.set(ValueLayout.JAVA_FLOAT, at, Float.NaN);
        }
        MemorySegment to = place(arena, new float[(int) result().size()]);
        way.run(
            address(place(arena, x)),
            address(place(arena, w)),
            address(to),
            scratch.address(),
            null);
        float[] all = to.toArray(ValueLayout.JAVA_FLOAT);
        for (int i = 0; i < AROUND; i++) {
          assertTrue(
              Float.isNaN(all[i]) && Float.isNaN(all[all.length - 1 - i]), "written outside");
        }
        return Arrays.copyOfRange(all, AROUND, all.length - AROUND);
      }
    }

    private static long address(MemorySegment array) {
      return array.address() + (long) AROUND * Float.BYTES;
    }

    private static MemorySegment place(Arena arena, float[] numbers) {
      float[] all = new float[numbers.length + 2 * AROUND];
      Arrays.fill(all, Float.NaN);
      System.arraycopy(numbers, 0, all, AROUND, numbers.length);
      MemorySegment array = arena.allocate(4L * all.length, 64);
      MemorySegment.copy(all, 0, array, ValueLayout.JAVA_FLOAT, 0, all.length);
      return array;
    }
  }

  /** Each output is to be within the bound that {@link Winograd} states. */
  private static void judge(Call call, float[] x, float[] w, float[] actual) {
    ConvSpec s = call.spec;
    int groups = s.groups();
    int filters = s.filter().dim(0);
    int channels = s.filter().dim(1);
    int sources = call.forward ? channels : filters / groups;
    int targets = call.forward ? filters / groups : channels;
    int[] in = call.first().dims();
    int[] out = call.result().dims();
    int rows = call.forward ? s.window().padLow(0) : 2 - s.window().padLow(0);
    int columns = call.forward ? s.window().padLow(1) : 2 - s.window().padLow(1);
    int at = 0;
    for (int n = 0; n < out[0]; n++) {
      for (int t = 0; t < out[1]; t++) {
        for (int i = 0; i < out[2]; i++) {
          for (int j = 0; j < out[3]; j++) {
            double sum = 0;
            double size = 0;
            for (int c = 0; c < sources; c++) {
              int source = t / targets * sources + c;
              int filter =
                  call.forward
                      ? t * channels + c
                      : (t / targets * sources + c) * channels + t % targets;
              double most = 0;
              double weights = 0;
              for (int tap = 0; tap < 9; tap++) {
                int p = i - rows + tap / 3;
                int q = j - columns + tap % 3;
                double weight = w[9 * filter + (call.forward ? tap : 8 - tap)];
                weights += Math.abs(weight);
                if (p >= 0 && p < in[2] && q >= 0 && q < in[3]) {
                  double value = x[((n * in[1] + source) * in[2] + p) * in[3] + q];
                  sum += value * weight;
                  most = Math.max(most, Math.abs(value));
                }
              }
              size += most * weights;
            }
            double bound = 16 * (sources + 10) * 0x1p-24 * size;
            assertEquals(sum, actual[at++], bound, call.toString());
          }
        }
      }
    }
  }

  private static Call random(Random dice, boolean forward) {
    int groups = 1 + dice.nextInt(2);
    int[] low = {dice.nextInt(3), dice.nextInt(3)};
    int[] high = {dice.nextInt(3), dice.nextInt(3)};
    int most = dice.nextInt(4) == 0 ? 40 : 14;
    int[] extents = new int[2];
    Arrays.setAll(extents, i -> 1 + Math.max(0, 2 - low[i] - high[i]) + dice.nextInt(most));
    int channels = 1 + dice.nextInt(20);
    int filters = 1 + dice.nextInt(dice.nextInt(8) == 0 ? 300 : 20);
    Shape input = Shape.of(1 + dice.nextInt(3), channels * groups, extents[0], extents[1]);
    Shape filter = Shape.of(filters * groups, channels, 3, 3);
    return new Call(
        ConvSpec.of(input, filter, Window.of(3, 3).withPadding(low, high), groups), forward);
  }

  private static float[] normal(Random dice, Shape shape) {
    float[] numbers = new float[(int) shape.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (float) dice.nextGaussian();
    }
    return numbers;
  }

  @Property(tries = 120, edgeCases = EdgeCasesMode.NONE)
  void theErrorIsWithinItsBoundForAnyShapeAndThreadsChangeNoBit(
      @ForAll boolean forward, @ForAll long seed) {
    Random dice = new Random(seed);
    Call call = random(dice, forward);
    float[] x = normal(dice, call.first());
    float[] w = normal(dice, call.spec.filter());
    float[] actual = call.run(ONE, x, w);
    judge(call, x, w, actual);
    assertArrayEquals(actual, call.run(MANY, x, w), call.toString());
  }

  @Example
  void moreSourcesThanAreAddedUpAtATime() {
    Random dice = new Random(3);
    ConvSpec spec = ConvSpec.of(Shape.of(1, 530, 5, 6), Shape.of(3, 530, 3, 3), Window.of(3, 3), 1);
    for (boolean forward : new boolean[] {true, false}) {
      Call call = new Call(spec, forward);
      float[] x = normal(dice, call.first());
      float[] w = normal(dice, spec.filter());
      judge(call, x, w, call.run(ONE, x, w));
    }
  }

  @Property(tries = 30, edgeCases = EdgeCasesMode.NONE)
  void anInfinityReachesTheOutputsThatMeetItAndNoOther(@ForAll boolean forward, @ForAll long seed) {
    Random dice = new Random(seed);
    Call call = random(dice, forward);
    float[] x = normal(dice, call.first());
    float[] w = normal(dice, call.spec.filter());
    float[] before = call.run(ONE, x, w);
    int place = dice.nextInt(x.length);
    x[place] = dice.nextBoolean() ? Float.POSITIVE_INFINITY : Float.NaN;
    float[] after = call.run(ONE, x, w);
    // A one among zeros, and weights of one, show which outputs meet it.
    float[] marks = new float[x.length];
    marks[place] = 1;
    float[] ones = new float[w.length];
    Arrays.fill(ones, 1);
    float[] meets = call.run(ONE, marks, ones);
    for (int i = 0; i < after.length; i++) {
      if (meets[i] == 0) {
        assertEquals(before[i], after[i], call.toString());
      } else {
        assertFalse(Float.isFinite(after[i]), call.toString());
      }
    }
  }

  private static NdArray array(DType dtype, int stream, Shape shape) {
    NdArray x = BACKEND.uninitialized(dtype, shape);
    BACKEND.random(Distribution.NORMAL, 11, stream, x);
    return x;
  }

  /** {@return the numbers, or their sizes, in 64 bits} */
  private static NdArray wide(NdArray x, boolean sizes) {
    NdArray y = BACKEND.uninitialized(DType.F64, x.shape());
    BACKEND.copy(x, y);
    if (sizes) {
      BACKEND.elementwise(Expr.arg(0).max(Expr.arg(0).neg()), y, NONE, y);
    }
    return y;
  }

  @Test
  void whereItIsChosenTheErrorOfRandomNumbersIsThatOfADirectSum() {
    Shape input = Shape.of(2, 96, 29, 30);
    Shape filter = Shape.of(80, 48, 3, 3);
    ConvSpec spec = ConvSpec.of(input, filter, Window.of(3, 3).withSamePadding(), 2);
    assertTrue(WinogradTiles.fit(spec, DType.F32));
    assertTrue(WinogradTiles.forward(spec).isFaster());
    assertTrue(WinogradTiles.backwardData(spec).isFaster());
    for (boolean forward : new boolean[] {true, false}) {
      NdArray x = array(DType.F32, 1, forward ? input : spec.output());
      NdArray w = array(DType.F32, 2, filter);
      Shape shape = forward ? spec.output() : input;
      NdArray actual = BACKEND.uninitialized(DType.F32, shape);
      NdArray expected = BACKEND.uninitialized(DType.F64, shape);
      NdArray sizes = BACKEND.uninitialized(DType.F64, shape);
      if (forward) {
        BACKEND.conv(spec, x, w, actual);
        BACKEND.conv(spec, wide(x, false), wide(w, false), expected);
        BACKEND.conv(spec, wide(x, true), wide(w, true), sizes);
      } else {
        BACKEND.convBackwardData(spec, x, w, actual);
        BACKEND.convBackwardData(spec, wide(x, false), wide(w, false), expected);
        BACKEND.convBackwardData(spec, wide(x, true), wide(w, true), sizes);
      }
      double[] e = expected.toDoubleArray();
      double[] a = actual.toDoubleArray();
      double[] s = sizes.toDoubleArray();
      int terms = 9 * (forward ? 48 : 40);
      for (int i = 0; i < e.length; i++) {
        assertEquals(e[i], a[i], (terms + 4) * 0x1p-24 * s[i]);
      }
    }
  }

  @Test
  void whatFollowsGivesTheSameBits() {
    Shape filter = Shape.of(80, 48, 3, 3);
    Window window = Window.of(3, 3).withPadding(new int[] {1, 0}, new int[] {0, 1});
    ConvSpec spec = ConvSpec.of(Shape.of(3, 96, 29, 30), filter, window, 2);
    assertTrue(WinogradTiles.forward(spec).isFaster());
    NdArray x = array(DType.F32, 1, spec.input());
    NdArray w = array(DType.F32, 2, filter);
    NdArray bias = array(DType.F32, 3, Shape.of(80, 1, 1));
    NdArray more = array(DType.F32, 4, spec.output());
    Expr expr = Expr.arg(0).add(Expr.arg(1)).relu().add(Expr.arg(2));
    NdArray expected = BACKEND.uninitialized(DType.F32, spec.output());
    NdArray actual = BACKEND.uninitialized(DType.F32, spec.output());
    NdArray fewer = BACKEND.uninitialized(DType.F32, spec.output());
    BACKEND.conv(spec, x, w, expected);
    BACKEND.elementwise(expr, expected, NONE, expected, bias, more);
    BACKEND.conv(spec, x, w, actual, expr, NONE, bias, more);
    new SimdBackend(1).conv(spec, x, w, fewer, expr, NONE, bias, more);
    assertArrayEquals(expected.toDoubleArray(), actual.toDoubleArray());
    assertArrayEquals(expected.toDoubleArray(), fewer.toDoubleArray());
  }
}
