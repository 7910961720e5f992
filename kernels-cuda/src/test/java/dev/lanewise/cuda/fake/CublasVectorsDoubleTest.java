package dev.lanewise.cuda.fake;

import static dev.lanewise.cuda.fake.LibraryTester.number;
import static dev.lanewise.cuda.fake.LibraryTester.ok;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.bindings.cuda.Cublas;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Vectors, and matrices with vectors, of the double's cuBLAS. */
final class CublasVectorsDoubleTest {

  private static final int N = Cublas.CUBLAS_OP_N();
  private static final int T = Cublas.CUBLAS_OP_T();
  private static final int INVALID = 7;
  private static final int FAILED = 13;

  private final LibraryTester t = new LibraryTester();
  private MemorySegment blas;

  @BeforeEach
  void create() {
    blas = t.make(Cublas::cublasCreate_v2);
  }

  @AfterEach
  void destroy() {
    ok(Cublas.cublasDestroy_v2(blas));
    t.close();
  }

  @Test
  void vectorsWithIncrements() {
    MemorySegment x = t.floats(1, 9, 2, 9, -5);
    MemorySegment y = t.floats(10, 20, 30);
    ok(Cublas.cublasSaxpy_v2(blas, 3, t.f(2), x, 2, y, 1));
    t.assertFloats(y, 0, 12, 24, 20);
    ok(Cublas.cublasSaxpy_v2(blas, 3, t.f(1), x, 2, y, -1)); // from y's far end
    t.assertFloats(y, 0, 7, 26, 21);
    MemorySegment result = t.f(0);
    ok(Cublas.cublasSdot_v2(blas, 3, x, 2, y, 1, result));
    assertEquals(7 + 52 - 105, result.get(ValueLayout.JAVA_FLOAT, 0));
    ok(Cublas.cublasSasum_v2(blas, 3, x, 2, result));
    assertEquals(8, result.get(ValueLayout.JAVA_FLOAT, 0));
    ok(Cublas.cublasSnrm2_v2(blas, 3, x, 2, result));
    assertEquals((float) Math.sqrt(30), result.get(ValueLayout.JAVA_FLOAT, 0));
    MemorySegment place = t.number();
    ok(Cublas.cublasIsamax_v2(blas, 3, x, 2, place));
    assertEquals(3, number(place)); // counted from 1
    ok(Cublas.cublasSscal_v2(blas, 2, t.f(-1), x, 2));
    t.assertFloats(x, 0, -1, 9, -2, 9, -5);
    ok(Cublas.cublasSasum_v2(blas, 0, MemorySegment.NULL, 1, result));
    assertEquals(0, result.get(ValueLayout.JAVA_FLOAT, 0));
    t.refused(INVALID, Cublas.cublasSaxpy_v2(blas, 3, t.f(2), x, 0, y, 1), "incx is 0");
    t.refused(FAILED, Cublas.cublasSscal_v2(blas, 4, t.f(2), x, 2), "past the end");
  }

  @Test
  void vectorsOfDoublesAndHalves() {
    MemorySegment x = t.doubles(3, -4);
    MemorySegment result = t.d(0);
    ok(Cublas.cublasDnrm2_v2(blas, 2, x, 1, result));
    assertEquals(5, result.get(ValueLayout.JAVA_DOUBLE, 0));
    int f16 = Cublas.CUDA_R_16F();
    int f32 = Cublas.CUDA_R_32F();
    MemorySegment h = t.values(NumberType.F16, 1, 2);
    MemorySegment g = t.values(NumberType.F16, 10, 10);
    ok(Cublas.cublasAxpyEx(blas, 2, t.f(3), f32, h, f16, 1, g, f16, 1, f32));
    assertEquals(16, t.read(NumberType.F16, g, 2)[1]);
    ok(Cublas.cublasScalEx(blas, 2, t.f(2), f32, h, f16, 1, f32));
    assertEquals(4, t.read(NumberType.F16, h, 2)[1]);
    MemorySegment half = t.arena.allocate(2);
    ok(Cublas.cublasDotEx(blas, 2, h, f16, 1, g, f16, 1, half, f16, f32));
    assertEquals(2 * 13 + 4 * 16, NumberType.F16.get(half, 0));
    ok(Cublas.cublasNrm2Ex(blas, 1, h, f16, 1, half, f16, f32));
    assertEquals(2, NumberType.F16.get(half, 0));
    assertEquals(15, Cublas.cublasScalEx(blas, 2, t.f(2), f32, h, f16, 1, f16));
  }

  @Test
  void matrixTimesVector() {
    MemorySegment a = t.floats(1, 2, 0, 3, 4, 0, 5, 6); // [[1, 3, 5], [2, 4, 6]], lda 3
    MemorySegment y = t.floats(Double.NaN, 9, Double.NaN);
    ok(Cublas.cublasSgemv_v2(blas, N, 2, 3, t.f(1), a, 3, t.floats(1, 1, 2), 1, t.f(0), y, 2));
    t.assertFloats(y, 0, 14, 9, 18);
    MemorySegment z = t.floats(1, 1, 1);
    ok(Cublas.cublasSgemv_v2(blas, T, 2, 3, t.f(2), a, 3, t.floats(1, 10), 1, t.f(-1), z, 1));
    t.assertFloats(z, 0, 41, 85, 129);
    t.refused(
        INVALID,
        Cublas.cublasSgemv_v2(blas, N, 2, 3, t.f(1), a, 1, y, 1, t.f(0), z, 1),
        "lda is 1 for 2 rows");
    MemorySegment outer = t.floats(1, 0, 0, 1);
    ok(Cublas.cublasSger_v2(blas, 2, 2, t.f(1), t.floats(2, 3), 1, t.floats(5, 7), 1, outer, 2));
    t.assertFloats(outer, 0, 11, 15, 14, 22);
  }

  @Test
  void sumsAndDiagonals() {
    MemorySegment a = t.floats(1, 2, 3, 4);
    MemorySegment b = t.floats(10, 20, 30, 40);
    MemorySegment c = t.floats(0, 0, 0, 0);
    ok(Cublas.cublasSgeam(blas, T, N, 2, 2, t.f(1), a, 2, t.f(1), b, 2, c, 2));
    t.assertFloats(c, 0, 11, 23, 32, 44);
    ok(Cublas.cublasSgeam(blas, N, N, 2, 2, t.f(2), c, 2, t.f(0), MemorySegment.NULL, 2, c, 2));
    t.assertFloats(c, 0, 22, 46, 64, 88);
    t.refused(
        INVALID,
        Cublas.cublasSgeam(blas, T, N, 2, 2, t.f(1), c, 2, t.f(1), b, 2, c, 2),
        "C is A, but A is transposed");
    MemorySegment x = t.floats(2, 3);
    ok(Cublas.cublasSdgmm(blas, Cublas.CUBLAS_SIDE_LEFT(), 2, 2, a, 2, x, 1, c, 2));
    t.assertFloats(c, 0, 2, 6, 6, 12);
    ok(Cublas.cublasSdgmm(blas, Cublas.CUBLAS_SIDE_RIGHT(), 2, 2, a, 2, x, 1, a, 2));
    t.assertFloats(a, 0, 2, 4, 9, 12);
  }

  @Test
  void handlesAndModes() {
    MemorySegment number = t.number();
    ok(Cublas.cublasGetVersion_v2(blas, number));
    assertEquals(120603, number(number));
    assertEquals("CUBLAS_STATUS_INVALID_VALUE", Cublas.cublasGetStatusName(7).getString(0));
    assertEquals(1, t.cuda.liveCounts().get("CublasHandle"));
    MemorySegment workspace = t.bytes(1024);
    ok(Cublas.cublasSetWorkspace_v2(blas, workspace, 1024));
    t.refused(INVALID, Cublas.cublasSetWorkspace_v2(blas, workspace, 1025), "past the end");
    t.refused(INVALID, Cublas.cublasSetPointerMode_v2(blas, 2), "no pointer mode 2");
    ok(Cublas.cublasSetAtomicsMode(blas, Cublas.CUBLAS_ATOMICS_ALLOWED()));
    MemorySegment other = t.make(Cublas::cublasCreate_v2);
    ok(Cublas.cublasDestroy_v2(other));
    t.refused(1, Cublas.cublasDestroy_v2(other), "destroyed CublasHandle");
  }
}
