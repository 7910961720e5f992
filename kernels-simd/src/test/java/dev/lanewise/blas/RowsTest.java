package dev.lanewise.blas;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.Backends;
import dev.lanewise.kernel.NormSpec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/**
 * Operations on rows of arrays and segments: their bits are those that the backend gives for its
 * own arrays, and their errors within what is promised.
 */
class RowsTest {
  private static final Backend SIMD = Backends.named("simd");
  private static final int[] ROWS = {0, 1, 2, 3, 17, 900};

  /** Around vectors, and around the parts that long rows are summed in. */
  private static final int[] COLUMNS = {0, 1, 2, 7, 8, 9, 33, 130, 1_000, 4_097, 8_193, 20_000};

  private static final double EPS = 1e-3;

  private enum Op {
    SOFTMAX,
    LOG_SOFTMAX,
    LAYER_NORM,
    RMS_NORM
  }

  /** A call: an operation on a matrix, and for norms a row of factors and one of what is added. */
  private record Call(Op op, Matrix x, Matrix weight, Matrix bias, Matrix y, int threads) {
    static Call of(Op op, boolean inPlace, Random random, int threads) {
      int rows = ROWS[random.nextInt(ROWS.length)];
      int columns = COLUMNS[random.nextInt(COLUMNS.length)];
      if ((long) rows * columns > 100_000) {
        rows = 3;
      }
      Matrix x = Matrix.of(random, rows, columns, Transpose.NO);
      Matrix y = inPlace ? x : Matrix.of(random, rows, columns, Transpose.NO);
      boolean norm = op == Op.LAYER_NORM || op == Op.RMS_NORM;
      boolean hasWeight = norm && random.nextBoolean();
      boolean hasBias = op == Op.LAYER_NORM && random.nextBoolean();
      return new Call(
          op,
          x,
          hasWeight ? Matrix.of(random, 1, columns, Transpose.NO) : null,
          hasBias ? Matrix.of(random, 1, columns, Transpose.NO) : null,
          y,
          threads);
    }

    /** {@return the output's array after the backend's own call} */
    double[] onBackend(DType dtype) {
      NdArray in = array(dtype, x.packed(), x.rows(), x.columns());
      NdArray out = SIMD.uninitialized(dtype, in.shape());
      NdArray w = weight == null ? null : row(dtype, weight);
      NdArray b = bias == null ? null : row(dtype, bias);
      switch (op) {
        case SOFTMAX -> SIMD.softmax(in, 1, out);
        case LOG_SOFTMAX -> SIMD.logSoftmax(in, 1, out);
        case LAYER_NORM -> SIMD.normalize(NormSpec.layer(in.shape(), 1, EPS), in, w, b, out);
        case RMS_NORM -> SIMD.normalize(NormSpec.rms(in.shape(), 1, EPS), in, w, b, out);
      }
      return y.with(out.toDoubleArray());
    }

    private static NdArray array(DType dtype, double[] numbers, int... shape) {
      return dtype == DType.F32
          ? NdArray.of(SIMD, Matrix.floats(numbers), shape)
          : NdArray.of(SIMD, numbers, shape);
    }

    private static NdArray row(DType dtype, Matrix m) {
      return array(dtype, m.packed(), m.columns());
    }

    /** {@return the output's array after the call on arrays} */
    double[] onArrays(DType dtype) {
      return dtype == DType.F32 ? Matrix.doubles(onFloats()) : onDoubles();
    }

    private float[] onFloats() {
      int m = x.rows();
      int n = x.columns();
      float[] in = x.floats();
      float[] out = y == x ? in : y.floats();
      float[] w = weight == null ? null : weight.floats();
      float[] b = bias == null ? null : bias.floats();
      int wAt = weight == null ? 0 : weight.offset();
      int bAt = bias == null ? 0 : bias.offset();
      switch (op) {
        case SOFTMAX ->
            Rows.softmax(m, n, in, x.offset(), x.ld(), out, y.offset(), y.ld(), threads);
        case LOG_SOFTMAX ->
            Rows.logSoftmax(m, n, in, x.offset(), x.ld(), out, y.offset(), y.ld(), threads);
        case LAYER_NORM ->
            Rows.layerNorm(
                m,
                n,
                in,
                x.offset(),
                x.ld(),
                w,
                wAt,
                b,
                bAt,
                EPS,
                out,
                y.offset(),
                y.ld(),
                threads);
        case RMS_NORM ->
            Rows.rmsNorm(
                m, n, in, x.offset(), x.ld(), w, wAt, EPS, out, y.offset(), y.ld(), threads);
      }
      return out;
    }

    private double[] onDoubles() {
      int m = x.rows();
      int n = x.columns();
      double[] in = x.numbers().clone();
      double[] out = y == x ? in : y.numbers().clone();
      double[] w = weight == null ? null : weight.numbers();
      double[] b = bias == null ? null : bias.numbers();
      int wAt = weight == null ? 0 : weight.offset();
      int bAt = bias == null ? 0 : bias.offset();
      switch (op) {
        case SOFTMAX ->
            Rows.softmax(m, n, in, x.offset(), x.ld(), out, y.offset(), y.ld(), threads);
        case LOG_SOFTMAX ->
            Rows.logSoftmax(m, n, in, x.offset(), x.ld(), out, y.offset(), y.ld(), threads);
        case LAYER_NORM ->
            Rows.layerNorm(
                m,
                n,
                in,
                x.offset(),
                x.ld(),
                w,
                wAt,
                b,
                bAt,
                EPS,
                out,
                y.offset(),
                y.ld(),
                threads);
        case RMS_NORM ->
            Rows.rmsNorm(
                m, n, in, x.offset(), x.ld(), w, wAt, EPS, out, y.offset(), y.ld(), threads);
      }
      return out;
    }

    /** {@return the output's array after the call on segments, which begin at some byte} */
    double[] onSegments(DType dtype, int firstByte) {
      int m = x.rows();
      int n = x.columns();
      try (Arena arena = Arena.ofShared()) {
        MemorySegment in = x.segment(arena, dtype, firstByte);
        MemorySegment out = y == x ? in : y.segment(arena, dtype, firstByte);
        MemorySegment from = in.asSlice((long) x.offset() * dtype.byteSize());
        MemorySegment to = out.asSlice((long) y.offset() * dtype.byteSize());
        MemorySegment w = row(arena, dtype, weight, firstByte);
        MemorySegment b = row(arena, dtype, bias, firstByte);
        switch (op) {
          case SOFTMAX -> NativeRows.softmax(dtype, m, n, from, x.ld(), to, y.ld(), threads);
          case LOG_SOFTMAX -> NativeRows.logSoftmax(dtype, m, n, from, x.ld(), to, y.ld(), threads);
          case LAYER_NORM ->
              NativeRows.layerNorm(dtype, m, n, from, x.ld(), w, b, EPS, to, y.ld(), threads);
          case RMS_NORM ->
              NativeRows.rmsNorm(dtype, m, n, from, x.ld(), w, EPS, to, y.ld(), threads);
        }
        return Matrix.numbers(out, dtype);
      }
    }

    private static MemorySegment row(Arena arena, DType dtype, Matrix row, int firstByte) {
      return row == null
          ? null
          : row.segment(arena, dtype, firstByte).asSlice((long) row.offset() * dtype.byteSize());
    }

    /** The definition in double, and the promised bound. */
    void judge(double[] actual, DType dtype) {
      double unit = dtype == DType.F32 ? 0x1p-23 : 0x1p-52;
      int n = x.columns();
      double sum = Math.min(n, 4 * Math.sqrt(n)) / 2;
      for (int i = 0; i < x.rows(); i++) {
        int row = i;
        double[] numbers = new double[n];
        Arrays.setAll(numbers, j -> x.get(row, j));
        double largest = Arrays.stream(numbers).max().orElse(0);
        double total = Arrays.stream(numbers).map(v -> Math.exp(v - largest)).sum();
        boolean centered = op == Op.LAYER_NORM;
        double mean = centered ? Arrays.stream(numbers).average().orElse(0) : 0;
        double size = Arrays.stream(numbers).map(Math::abs).average().orElse(0);
        double variance =
            Arrays.stream(numbers).map(v -> (v - mean) * (v - mean)).average().orElse(0);
        double deviation = Math.sqrt(variance + EPS);
        for (int j = 0; j < n; j++) {
          double distance = largest - numbers[j];
          double share = Math.exp(-distance) / total;
          double log = -distance - Math.log(total);
          double normal = (numbers[j] - mean) / deviation;
          double w = weight == null ? 1 : weight.get(0, j);
          double b = bias == null ? 0 : bias.get(0, j);
          double c = sum + (op == Op.SOFTMAX || op == Op.LOG_SOFTMAX ? Math.log(n) / 2 + 6 : 4);
          double exact =
              switch (op) {
                case SOFTMAX -> share;
                case LOG_SOFTMAX -> log;
                case LAYER_NORM, RMS_NORM -> normal * w + b;
              };
          double bound =
              switch (op) {
                case SOFTMAX -> unit * (c + distance / 2) * share;
                case LOG_SOFTMAX -> unit * (c + distance + Math.abs(log));
                case LAYER_NORM, RMS_NORM ->
                    unit * c * (4 * Math.abs(normal) + 2 * size / deviation) * Math.abs(w)
                        + unit * (Math.abs(b) + Math.abs(exact));
              };
          double y = actual[this.y.at(i, j)];
          assertTrue(
              Math.abs(y - exact) <= 1.5 * bound,
              () -> "%s: %s is not %s ± %s".formatted(this, y, exact, bound));
        }
      }
    }
  }

  @Property(tries = 120, edgeCases = EdgeCasesMode.NONE)
  void bitsAreTheBackendsAndErrorsWithinBounds(
      @ForAll Op op,
      @ForAll boolean wide,
      @ForAll boolean inPlace,
      @ForAll @IntRange(max = 2) int threads,
      @ForAll long seed) {
    Random random = new Random(seed);
    DType dtype = wide ? DType.F64 : DType.F32;
    Call call = Call.of(op, inPlace, random, threads);
    double[] expected = call.onBackend(dtype);
    assertArrayEquals(expected, call.onArrays(dtype), call::toString);
    assertArrayEquals(expected, call.onSegments(dtype, 0), call::toString);
    assertArrayEquals(expected, call.onSegments(dtype, 2), call::toString);
    call.judge(expected, dtype);
  }

  @Test
  void whatIsNoNumberStaysInItsRow() {
    double inf = Double.POSITIVE_INFINITY;
    double[] x = {1, Double.NaN, 1, inf, -inf, -inf, 2, 2, -inf, 0};
    double[] y = new double[10];
    double nan = Double.NaN;
    Rows.softmax(5, 2, x, 0, 2, y, 0, 2, 1);
    assertArrayEquals(new double[] {nan, nan, nan, nan, nan, nan, 0.5, 0.5, 0, 1}, y);
    Rows.rmsNorm(4, 2, x, 0, 2, null, 0, 0, y, 0, 2, 1);
    assertArrayEquals(new double[] {nan, nan, 0, nan, nan, nan, 1, 1}, Arrays.copyOf(y, 8));
  }

  @Test
  void aRowThatIsLongerThanATaskIsOneRow() {
    int n = 1_000_000;
    double[] x = new double[n];
    Arrays.setAll(x, i -> i % 2 == 0 ? 3 : -3);
    Rows.layerNorm(1, n, x, 0, n, null, 0, null, 0, 0, x, 0, n, 0);
    assertEquals(1, x[0]);
    assertEquals(-1, x[n - 1]);
    float[] ones = new float[n];
    Rows.softmax(1, n, ones, 0, n, ones, 0, n, 0);
    assertEquals(1e-6f, ones[n / 2], 1e-12f);
  }
}
