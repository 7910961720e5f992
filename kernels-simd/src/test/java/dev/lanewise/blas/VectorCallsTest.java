package dev.lanewise.blas;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Calls on vectors against naive loops, at lengths around those of vectors and their blocks. */
class VectorCallsTest {
  private final float[] x32 = new float[3 * 310];
  private final float[] y32 = new float[3 * 310];
  private final double[] x64 = new double[3 * 310];
  private final double[] y64 = new double[3 * 310];

  private void fill(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < x32.length; i++) {
      x64[i] = x32[i] = (float) random.nextGaussian();
      y64[i] = y32[i] = (float) random.nextGaussian();
    }
  }

  @Property(tries = 150, edgeCases = EdgeCasesMode.NONE)
  void sumsAgreeWithNaiveOnes(
      @ForAll @IntRange(max = 300) int n,
      @ForAll @IntRange(min = 1, max = 3) int incX,
      @ForAll @IntRange(min = 1, max = 3) int incY,
      @ForAll @IntRange(max = 9) int offset,
      @ForAll long seed) {
    fill(seed);
    double dot = 0;
    double size = 0;
    double sum = 0;
    double squares = 0;
    int largest = n == 0 ? -1 : 0;
    for (int i = 0; i < n; i++) {
      double x = x64[offset + i * incX];
      double y = y64[i * incY];
      dot += x * y;
      size += Math.abs(x * y);
      sum += Math.abs(x);
      squares += x * x;
      largest = Math.abs(x) > Math.abs(x64[offset + largest * incX]) ? i : largest;
    }
    double eps32 = (n + 2) * 0x1p-24;
    double eps64 = 2 * (n + 2) * 0x1p-53;
    double norm = Math.sqrt(squares);
    assertEquals(dot, Blas.sdot(n, x32, offset, incX, y32, 0, incY), eps32 * size);
    assertEquals(dot, Blas.ddot(n, x64, offset, incX, y64, 0, incY), eps64 * size);
    assertEquals(sum, Blas.sasum(n, x32, offset, incX), eps32 * sum);
    assertEquals(sum, Blas.dasum(n, x64, offset, incX), eps64 * sum);
    assertEquals(norm, Blas.snrm2(n, x32, offset, incX), eps32 * norm);
    assertEquals(norm, Blas.dnrm2(n, x64, offset, incX), eps64 * norm);
    assertEquals(largest, Blas.isamax(n, x32, offset, incX));
    assertEquals(largest, Blas.idamax(n, x64, offset, incX));
    if (incX == 1 && incY == 1) {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment x = arena.allocateFrom(ValueLayout.JAVA_FLOAT, x32).asSlice(4L * offset);
        MemorySegment y = arena.allocateFrom(ValueLayout.JAVA_FLOAT, y32);
        assertEquals(dot, NativeBlas.sdot(n, x, y), eps32 * size);
        assertEquals(sum, NativeBlas.sasum(n, x), eps32 * sum);
        MemorySegment wideX = arena.allocateFrom(ValueLayout.JAVA_DOUBLE, x64).asSlice(8L * offset);
        MemorySegment wideY = arena.allocateFrom(ValueLayout.JAVA_DOUBLE, y64);
        assertEquals(dot, NativeBlas.ddot(n, wideX, wideY), eps64 * size);
        assertEquals(sum, NativeBlas.dasum(n, wideX), eps64 * sum);
      }
    }
  }

  @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
  void axpyAndScalChangeTheirNumbersAndNoOthers(
      @ForAll @IntRange(max = 300) int n,
      @ForAll @IntRange(min = 1, max = 3) int incX,
      @ForAll @IntRange(min = 1, max = 3) int incY,
      @ForAll @IntRange(max = 9) int offset,
      @ForAll long seed) {
    fill(seed);
    float[] sum32 = y32.clone();
    double[] sum64 = y64.clone();
    float[] scaled32 = y32.clone();
    double[] scaled64 = y64.clone();
    for (int i = 0; i < n; i++) {
      int at = offset + i * incY;
      sum32[at] = Math.fma(1.5f, x32[i * incX], y32[at]);
      sum64[at] = Math.fma(1.5, x64[i * incX], y64[at]);
      scaled32[at] *= -2.5f;
      scaled64[at] *= -2.5;
    }
    float[] a32 = y32.clone();
    Blas.saxpy(n, 1.5f, x32, 0, incX, a32, offset, incY);
    assertArrayEquals(sum32, a32);
    double[] a64 = y64.clone();
    Blas.daxpy(n, 1.5, x64, 0, incX, a64, offset, incY);
    assertArrayEquals(sum64, a64);
    float[] s32 = y32.clone();
    Blas.sscal(n, -2.5f, s32, offset, incY);
    assertArrayEquals(scaled32, s32);
    double[] s64 = y64.clone();
    Blas.dscal(n, -2.5, s64, offset, incY);
    assertArrayEquals(scaled64, s64);
    if (incX == 1 && incY == 1) {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment x = arena.allocateFrom(ValueLayout.JAVA_FLOAT, x32);
        MemorySegment y = arena.allocateFrom(ValueLayout.JAVA_FLOAT, y32);
        NativeBlas.saxpy(n, 1.5f, x, y.asSlice(4L * offset));
        assertArrayEquals(sum32, y.toArray(ValueLayout.JAVA_FLOAT));
        MemorySegment z = arena.allocateFrom(ValueLayout.JAVA_FLOAT, y32);
        NativeBlas.sscal(n, -2.5f, z.asSlice(4L * offset));
        assertArrayEquals(scaled32, z.toArray(ValueLayout.JAVA_FLOAT));
        MemorySegment wideX = arena.allocateFrom(ValueLayout.JAVA_DOUBLE, x64);
        MemorySegment wideY = arena.allocateFrom(ValueLayout.JAVA_DOUBLE, y64);
        NativeBlas.daxpy(n, 1.5, wideX, wideY.asSlice(8L * offset));
        assertArrayEquals(sum64, wideY.toArray(ValueLayout.JAVA_DOUBLE));
        MemorySegment wideZ = arena.allocateFrom(ValueLayout.JAVA_DOUBLE, y64);
        NativeBlas.dscal(n, -2.5, wideZ.asSlice(8L * offset));
        assertArrayEquals(scaled64, wideZ.toArray(ValueLayout.JAVA_DOUBLE));
      }
    }
  }

  @Test
  void normsNeitherOverflowNorUnderflow() {
    assertEquals(5e30f, Blas.snrm2(2, new float[] {3e30f, 4e30f}, 0, 1), 1e24f);
    assertEquals(5e-40f, Blas.snrm2(2, new float[] {3e-40f, 4e-40f}, 0, 1), 1e-44f);
    assertEquals(5e200, Blas.dnrm2(2, new double[] {3e200, 4e200}, 0, 1), 1e186);
    assertEquals(5e-310, Blas.dnrm2(2, new double[] {3e-310, 4e-310}, 0, 1), 1e-320);
    assertEquals(0, Blas.dnrm2(2, new double[2], 0, 1));
    double inf = Double.POSITIVE_INFINITY;
    assertEquals(inf, Blas.dnrm2(2, new double[] {1, -inf}, 0, 1));
    assertTrue(Double.isNaN(Blas.dnrm2(2, new double[] {1, Double.NaN}, 0, 1)));
    assertTrue(Float.isNaN(Blas.snrm2(2, new float[] {1, Float.NaN}, 0, 1)));
  }

  @Test
  void theFirstNanIsTheLargest() {
    float nan = Float.NaN;
    assertEquals(2, Blas.isamax(4, new float[] {1, 9, nan, nan}, 0, 1));
    assertEquals(0, Blas.idamax(2, new double[] {-0.0, 0.0}, 0, 1));
    assertEquals(-1, Blas.isamax(0, new float[0], 0, 1));
  }
}
