package dev.lanewise.blas;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.Backends;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.UnaryOp;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/**
 * Functions of arrays and segments have the bits that the backend gives for its own arrays, whose
 * errors the contract's tests bound; and a few known values.
 */
class FunctionsTest {
  private static final Backend SIMD = Backends.named("simd");

  /** Around vectors, blocks and tasks. */
  private static final int[] LENGTHS = {
    0, 1, 3, 7, 8, 9, 17, 100, 255, 257, 1_000, 8_191, 8_192, 8_193, 20_000, 140_000
  };

  private static final double[] SPECIAL = {
    Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 0, -0.0, 1, -1, 1e-40, 1e30
  };

  private static double[] numbers(Random random, int count) {
    double[] x = new double[count];
    for (int i = 0; i < count; i++) {
      x[i] =
          random.nextInt(8) == 0
              ? (float) SPECIAL[random.nextInt(SPECIAL.length)]
              : (float) (3 * random.nextGaussian());
    }
    return x;
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void floatsHaveTheBackendsBits(
      @ForAll UnaryOp op,
      @ForAll boolean inPlace,
      @ForAll @IntRange(max = 9) int offset,
      @ForAll @IntRange(max = 2) int threads,
      @ForAll long seed) {
    Random random = new Random(seed);
    int n = LENGTHS[random.nextInt(LENGTHS.length)];
    float[] x = Matrix.floats(numbers(random, offset + n + 5));
    float[] y = inPlace ? x : Matrix.floats(numbers(random, 2 + n + 1));
    int to = inPlace ? offset : 2;
    float[] expected = y.clone();
    NdArray array = NdArray.of(SIMD, Arrays.copyOfRange(x, offset, offset + n), n);
    NdArray out = SIMD.uninitialized(DType.F32, array.shape());
    SIMD.elementwise(Expr.unary(op, Expr.arg(0)), out, new double[0], array);
    System.arraycopy(out.toFloatArray(), 0, expected, to, n);
    try (Arena arena = Arena.ofConfined()) {
      // One byte further than any number may lie: what is not aligned has the same bits.
      int odd = random.nextInt(3) == 0 ? 1 : 0;
      MemorySegment from = arena.allocate(4L * x.length + 1, 64).asSlice(odd);
      MemorySegment into = inPlace ? from : arena.allocate(4L * y.length, 64);
      MemorySegment.copy(x, 0, from, ValueLayout.JAVA_FLOAT_UNALIGNED, 0, x.length);
      MemorySegment.copy(y, 0, into, ValueLayout.JAVA_FLOAT_UNALIGNED, 0, y.length);
      NativeFunctions.apply(
          op, DType.F32, n, from.asSlice(4L * offset), into.asSlice(4L * to), threads);
      Functions.apply(op, n, x, offset, y, to, threads);
      assertArrayEquals(expected, y);
      float[] actual = new float[y.length];
      MemorySegment.copy(into, ValueLayout.JAVA_FLOAT_UNALIGNED, 0, actual, 0, y.length);
      assertArrayEquals(expected, actual);
    }
  }

  @Property(tries = 150, edgeCases = EdgeCasesMode.NONE)
  void doublesHaveTheBackendsBits(
      @ForAll UnaryOp op,
      @ForAll boolean inPlace,
      @ForAll @IntRange(max = 9) int offset,
      @ForAll @IntRange(max = 2) int threads,
      @ForAll long seed) {
    Random random = new Random(seed);
    int n = LENGTHS[random.nextInt(LENGTHS.length)];
    double[] x = numbers(random, offset + n + 5);
    double[] y = inPlace ? x : numbers(random, 2 + n + 1);
    int to = inPlace ? offset : 2;
    double[] expected = y.clone();
    NdArray array = NdArray.of(SIMD, Arrays.copyOfRange(x, offset, offset + n), n);
    NdArray out = SIMD.uninitialized(DType.F64, array.shape());
    SIMD.elementwise(Expr.unary(op, Expr.arg(0)), out, new double[0], array);
    System.arraycopy(out.toDoubleArray(), 0, expected, to, n);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment from = arena.allocateFrom(ValueLayout.JAVA_DOUBLE, x);
      MemorySegment into = inPlace ? from : arena.allocateFrom(ValueLayout.JAVA_DOUBLE, y);
      NativeFunctions.apply(
          op, DType.F64, n, from.asSlice(8L * offset), into.asSlice(8L * to), threads);
      Functions.apply(op, n, x, offset, y, to, threads);
      assertArrayEquals(expected, y);
      assertArrayEquals(expected, into.toArray(ValueLayout.JAVA_DOUBLE));
    }
  }

  @Test
  void eachFunctionIsAsExactAsItPromises() {
    double[] arguments = {0.25, 0.5, 0.75, 1, 1.5, 3, -0.5, -2};
    for (UnaryOp op : UnaryOp.values()) {
      double[] y = new double[arguments.length];
      Functions.apply(op, y.length, arguments, 0, y, 0, 1);
      for (int i = 0; i < y.length; i++) {
        double exact = op.apply(arguments[i]);
        if (!op.domain().contains(arguments[i])) {
          assertTrue(Double.isNaN(y[i]), op + " of " + arguments[i]);
          continue;
        }
        // One more, as the exact value is rounded too.
        assertEquals(exact, y[i], (op.ulps() + 1) * Math.ulp(exact), op + " of " + arguments[i]);
      }
    }
  }
}
