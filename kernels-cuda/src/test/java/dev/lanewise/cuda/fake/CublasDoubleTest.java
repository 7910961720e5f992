package dev.lanewise.cuda.fake;

import static dev.lanewise.bindings.cuda.Cublas.CUBLAS_OP_N;
import static dev.lanewise.bindings.cuda.Cublas.CUBLAS_OP_T;
import static dev.lanewise.cuda.fake.LibraryTester.number;
import static dev.lanewise.cuda.fake.LibraryTester.ok;
import static dev.lanewise.cuda.fake.LibraryTester.some;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.bindings.cuda.Cublas;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The double's cuBLAS, through the bindings. */
final class CublasDoubleTest {

  private static final int N = CUBLAS_OP_N();
  private static final int T = CUBLAS_OP_T();
  private static final int INVALID = 7;
  private static final int FAILED = 13;
  private static final int NOT_SUPPORTED = 15;
  private static final MemorySegment NULL = MemorySegment.NULL;

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

  /** C as BLAS defines it, on column-major arrays with leading dimensions. */
  private static double[] expected(
      boolean ta,
      boolean tb,
      int m,
      int n,
      int k,
      double alpha,
      double[] a,
      int lda,
      double[] b,
      int ldb,
      double beta,
      double[] c,
      int ldc) {
    double[] result = c.clone();
    for (int j = 0; j < n; j++) {
      for (int i = 0; i < m; i++) {
        double sum = 0;
        for (int p = 0; p < k; p++) {
          sum += (ta ? a[p + i * lda] : a[i + p * lda]) * (tb ? b[j + p * ldb] : b[p + j * ldb]);
        }
        result[i + j * ldc] = alpha * sum + beta * c[i + j * ldc];
      }
    }
    return result;
  }

  @Test
  void gemmOfEachTransposeWithWideLeadingDimensions() {
    int m = 3;
    int n = 2;
    int k = 4;
    for (boolean ta : new boolean[] {false, true}) {
      for (boolean tb : new boolean[] {false, true}) {
        double[] a = some(7 * 4, 1);
        double[] b = some(6 * 4, 2);
        double[] c = some(5 * 2, 3);
        MemorySegment result = t.doubles(c);
        ok(
            Cublas.cublasDgemm_v2(
                blas,
                ta ? T : N,
                tb ? T : N,
                m,
                n,
                k,
                t.d(2),
                t.doubles(a),
                7,
                t.doubles(b),
                6,
                t.d(-0.5),
                result,
                5));
        t.assertDoubles(result, 1e-12, expected(ta, tb, m, n, k, 2, a, 7, b, 6, -0.5, c, 5));
      }
    }
  }

  @Test
  void gemmTouchesNoMoreThanItsMatrices() {
    // A 2x2 matrix with a leading dimension of 3 ends 5 elements after its beginning.
    MemorySegment a = t.floats(1, 2, 9, 3, 4);
    MemorySegment c = t.floats(0, 0, 7, 0, 0);
    ok(Cublas.cublasSgemm_v2(blas, N, N, 2, 2, 2, t.f(1), a, 3, a, 3, t.f(0), c, 3));
    t.assertFloats(c, 0, 7, 10, 7, 15, 22);
  }

  @Test
  void factorsOfZeroLeaveOperandsUnread() {
    double nan = Double.NaN;
    MemorySegment c = t.floats(nan, nan);
    ok(
        Cublas.cublasSgemm_v2(
            blas, N, N, 2, 1, 1, t.f(1), t.floats(1, 2), 2, t.floats(3), 1, t.f(0), c, 2));
    t.assertFloats(c, 0, 3, 6);
    ok(Cublas.cublasSgemm_v2(blas, N, N, 2, 1, 1, t.f(0), NULL, 2, NULL, 1, t.f(2), c, 2));
    t.assertFloats(c, 0, 6, 12);
    ok(Cublas.cublasSgemm_v2(blas, N, N, 0, 1, 1, t.f(1), NULL, 1, NULL, 1, t.f(2), NULL, 1));
  }

  @Test
  void batchesByStride() {
    double[] a = some(2 * 6, 4);
    double[] b = some(6, 5);
    MemorySegment c = t.doubles(new double[8]);
    ok(
        Cublas.cublasDgemmStridedBatched(
            blas,
            N,
            T,
            2,
            2,
            3,
            t.d(1),
            t.doubles(a),
            2,
            6,
            t.doubles(b),
            2,
            0,
            t.d(0),
            c,
            2,
            4,
            2));
    double[] zero = new double[4];
    double[] first = expected(false, true, 2, 2, 3, 1, a, 2, b, 2, 0, zero, 2);
    double[] rest = Arrays.copyOfRange(a, 6, 12);
    double[] second = expected(false, true, 2, 2, 3, 1, rest, 2, b, 2, 0, zero, 2);
    t.assertDoubles(
        c, 1e-12, first[0], first[1], first[2], first[3], second[0], second[1], second[2],
        second[3]);
  }

  @Test
  void batchesByPointersThatLieOnTheDevice() {
    MemorySegment a0 = t.floats(2);
    MemorySegment a1 = t.floats(3);
    MemorySegment b = t.floats(5);
    MemorySegment c0 = t.floats(1);
    MemorySegment c1 = t.floats(1);
    MemorySegment as = pointers(a0, a1);
    MemorySegment bs = pointers(b, b);
    MemorySegment cs = pointers(c0, c1);
    ok(Cublas.cublasSgemmBatched(blas, N, N, 1, 1, 1, t.f(1), as, 1, bs, 1, t.f(10), cs, 1, 2));
    t.assertFloats(c0, 0, 20);
    t.assertFloats(c1, 0, 25);
    int f32 = Cublas.CUDA_R_32F();
    ok(
        Cublas.cublasGemmBatchedEx(
            blas,
            N,
            N,
            1,
            1,
            1,
            t.f(1),
            as,
            f32,
            1,
            bs,
            f32,
            1,
            t.f(0),
            cs,
            f32,
            1,
            2,
            Cublas.CUBLAS_COMPUTE_32F(),
            Cublas.CUBLAS_GEMM_DEFAULT()));
    t.assertFloats(c1, 0, 15);
    MemorySegment host = t.arena.allocate(16);
    t.refused(
        FAILED,
        Cublas.cublasSgemmBatched(blas, N, N, 1, 1, 1, t.f(1), host, 1, bs, 1, t.f(0), cs, 1, 2),
        "looks like a host pointer");
  }

  private MemorySegment pointers(MemorySegment... pointers) {
    MemorySegment array = t.bytes(8L * pointers.length);
    for (int i = 0; i < pointers.length; i++) {
      t.cuda
          .blocks
          .at(array.address() + 8L * i, 8)
          .set(ValueLayout.JAVA_LONG, 0, pointers[i].address());
    }
    return array;
  }

  @Test
  void sixteenBitNumbersAndTheirResults() {
    int f16 = Cublas.CUDA_R_16F();
    int bf16 = Cublas.CUDA_R_16BF();
    int f32 = Cublas.CUDA_R_32F();
    int compute = Cublas.CUBLAS_COMPUTE_32F();
    int algo = Cublas.CUBLAS_GEMM_DEFAULT();
    MemorySegment a = t.values(NumberType.F16, 2048, 1);
    MemorySegment b = t.values(NumberType.F16, 1, 1);
    MemorySegment half = t.values(NumberType.F16, 0);
    ok(
        Cublas.cublasGemmEx(
            blas, T, N, 1, 1, 2, t.f(1), a, f16, 2, b, f16, 2, t.f(0), half, f16, 1, compute,
            algo));
    // 2049 lies between two halves, and 2048 is the even one
    assertEquals(2048, t.read(NumberType.F16, half, 1)[0]);
    MemorySegment single = t.floats(0);
    ok(
        Cublas.cublasGemmEx(
            blas, T, N, 1, 1, 2, t.f(1), a, f16, 2, b, f16, 2, t.f(0), single, f32, 1, compute,
            algo));
    t.assertFloats(single, 0, 2049);
    MemorySegment brain = t.values(NumberType.BF16, 256, 1);
    MemorySegment ones = t.values(NumberType.BF16, 1, 1);
    MemorySegment sum = t.values(NumberType.BF16, 0);
    ok(
        Cublas.cublasGemmStridedBatchedEx(
            blas, T, N, 1, 1, 2, t.f(1), brain, bf16, 2, 0, ones, bf16, 2, 0, t.f(0), sum, bf16, 1,
            0, 1, compute, algo));
    assertEquals(256, t.read(NumberType.BF16, sum, 1)[0]); // 257 has 9 significant bits
    assertEquals(
        NOT_SUPPORTED,
        Cublas.cublasGemmEx(
            blas, T, N, 1, 1, 2, t.f(1), a, f16, 2, ones, bf16, 2, t.f(0), single, f32, 1, compute,
            algo));
    assertEquals(
        NOT_SUPPORTED,
        Cublas.cublasGemmEx(
            blas,
            T,
            N,
            1,
            1,
            2,
            t.f(1),
            a,
            f16,
            2,
            b,
            f16,
            2,
            t.f(0),
            half,
            f16,
            1,
            Cublas.CUBLAS_COMPUTE_64F(),
            algo));
  }

  @Test
  void roundingToTf32ShowsInNumbersAndInTheRecord() {
    double fine = 1 + Math.scalb(1.0, -12);
    MemorySegment a = t.floats(fine);
    MemorySegment one = t.floats(1);
    MemorySegment c = t.floats(0);
    ok(Cublas.cublasSgemm_v2(blas, N, N, 1, 1, 1, t.f(1), a, 1, one, 1, t.f(0), c, 1));
    t.assertFloats(c, 0, fine);
    assertEquals(Set.of(Precision.F32), t.cuda.math().precisions());
    ok(Cublas.cublasSetMathMode(blas, Cublas.CUBLAS_TF32_TENSOR_OP_MATH()));
    ok(Cublas.cublasSgemm_v2(blas, N, N, 1, 1, 1, t.f(1), a, 1, one, 1, t.f(0), c, 1));
    t.assertFloats(c, 0, 1);
    assertTrue(t.cuda.math().precisions().contains(Precision.TF32));
    ok(Cublas.cublasSetMathMode(blas, Cublas.CUBLAS_PEDANTIC_MATH()));
    ok(Cublas.cublasSgemm_v2(blas, N, N, 1, 1, 1, t.f(1), a, 1, one, 1, t.f(0), c, 1));
    t.assertFloats(c, 0, fine);
    MemorySegment mode = t.number();
    ok(Cublas.cublasGetMathMode(blas, mode));
    assertEquals(Cublas.CUBLAS_PEDANTIC_MATH(), number(mode));
    t.refused(INVALID, Cublas.cublasSetMathMode(blas, 1), "no math mode 1");
  }

  @Test
  void factorsOnTheDeviceAreReadWhenTheWorkIsDone() {
    ok(Cublas.cublasSetPointerMode_v2(blas, Cublas.CUBLAS_POINTER_MODE_DEVICE()));
    MemorySegment c = t.floats(1);
    MemorySegment two = t.floats(2);
    ok(Cublas.cublasSgemm_v2(blas, N, N, 1, 1, 1, two, two, 1, two, 1, two, c, 1));
    t.assertFloats(c, 0, 10);
    MemorySegment dot = t.floats(0);
    ok(Cublas.cublasSdot_v2(blas, 1, two, 1, two, 1, dot));
    t.assertFloats(dot, 0, 4);
    t.refused(
        FAILED,
        Cublas.cublasSgemm_v2(blas, N, N, 1, 1, 1, t.f(1), two, 1, two, 1, two, c, 1),
        "looks like a host pointer");
    ok(Cublas.cublasSetPointerMode_v2(blas, Cublas.CUBLAS_POINTER_MODE_HOST()));
    t.refused(
        INVALID,
        Cublas.cublasSgemm_v2(blas, N, N, 1, 1, 1, two, two, 1, two, 1, t.f(0), c, 1),
        "looks like a device address");
  }

  @Test
  void wrongArgumentsAreRefused() {
    MemorySegment x = t.floats(1, 2, 3, 4, 5, 6);
    MemorySegment c = t.floats(0, 0, 0, 0);
    MemorySegment one = t.f(1);
    t.refused(
        INVALID,
        Cublas.cublasSgemm_v2(blas, N, N, 2, 2, 3, one, x, 1, x, 3, one, c, 2),
        "lda is 1 for 2 rows");
    t.refused(
        INVALID,
        Cublas.cublasSgemm_v2(blas, N, T, 2, 2, 3, one, x, 2, x, 1, one, c, 2),
        "ldb is 1 for 2 rows");
    t.refused(
        INVALID,
        Cublas.cublasSgemm_v2(blas, N, N, 2, 2, 3, one, x, 2, x, 3, one, c, 1),
        "ldc is 1 for 2 rows");
    t.refused(
        INVALID,
        Cublas.cublasSgemm_v2(blas, 3, N, 2, 2, 3, one, x, 2, x, 3, one, c, 2),
        "transa is 3");
    t.refused(
        INVALID, Cublas.cublasSgemm_v2(blas, N, N, 2, -1, 3, one, x, 2, x, 3, one, c, 2), "n -1");
    t.refused(
        INVALID,
        Cublas.cublasSgemm_v2(blas, N, N, 2, 2, 3, NULL, x, 2, x, 3, one, c, 2),
        "alpha is null");
    t.refused(
        FAILED,
        Cublas.cublasSgemm_v2(blas, N, N, 2, 2, 3, one, x, 2, t.f(1), 3, one, c, 2),
        "looks like a host pointer");
    t.refused(
        FAILED,
        Cublas.cublasSgemm_v2(blas, N, N, 2, 2, 3, one, x, 3, x, 3, one, c, 2),
        "past the end");
    t.refused(
        FAILED, Cublas.cublasSgemm_v2(blas, N, N, 2, 2, 2, one, x, 2, x, 2, one, x, 2), "overlaps");
    t.refused(
        FAILED,
        Cublas.cublasSgemm_v2(
            blas, N, N, 1, 1, 1, one, MemorySegment.ofAddress(x.address() + 2), 1, x, 1, one, c, 1),
        "not aligned");
    t.refused(
        FAILED,
        Cublas.cublasSgemmStridedBatched(
            blas, N, N, 2, 1, 1, one, x, 2, 2, x, 1, 1, t.f(0), c, 2, 1, 2),
        "overlap");
    t.refused(
        1, Cublas.cublasSgemm_v2(x, N, N, 1, 1, 1, one, x, 1, x, 1, one, c, 1), "device address");
    t.assertFloats(c, 0, 0, 0, 0, 0);
  }

  @Test
  void columnsOfOneBufferMayBeOperandAndResult() {
    // Row-major [2, 4]: the left half times 3 goes to the right half; the ranges interleave.
    MemorySegment buffer = t.floats(1, 2, 0, 0, 3, 4, 0, 0);
    MemorySegment right = MemorySegment.ofAddress(buffer.address() + 8);
    MemorySegment scale = t.floats(3, 0, 0, 3);
    ok(Cublas.cublasSgemm_v2(blas, N, N, 2, 2, 2, t.f(1), scale, 2, buffer, 4, t.f(0), right, 4));
    t.assertFloats(buffer, 0, 1, 2, 3, 6, 3, 4, 9, 12);
  }

  @Test
  void workWaitsForItsStream() {
    t.cuda.lazy(true);
    MemorySegment stream = t.cuda.streams.add(false);
    ok(Cublas.cublasSetStream_v2(blas, stream));
    MemorySegment got = t.make(place -> Cublas.cublasGetStream_v2(blas, place));
    assertEquals(stream.address(), got.address());
    MemorySegment c = t.floats(0);
    MemorySegment alpha = t.f(2);
    MemorySegment x = t.floats(3);
    ok(Cublas.cublasSgemm_v2(blas, N, N, 1, 1, 1, alpha, x, 1, x, 1, t.f(0), c, 1));
    alpha.set(ValueLayout.JAVA_FLOAT, 0, 99); // was read already
    t.assertFloats(c, 0, 0);
    MemorySegment result = t.f(0);
    ok(Cublas.cublasSnrm2_v2(blas, 1, x, 1, result)); // waits, for it answers to the host
    t.assertFloats(c, 0, 18);
    t.cuda.streams.destroy(stream);
  }
}
