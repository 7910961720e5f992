package dev.lanewise.blas;

import static dev.lanewise.simd.Allocations.allocatesNothing;

import dev.lanewise.array.DType;
import dev.lanewise.kernel.UnaryOp;
import dev.lanewise.simd.Allocations;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Compiled calls allocate nothing on the calling thread. */
class AllocationTest {
  private static final Transpose NO = Transpose.NO;
  private static final Transpose YES = Transpose.YES;

  /**
   * Loops made from expressions: in some launches the JIT leaves them an object or two for each
   * operand, however many numbers there are.
   */
  private static void allocatesNoArrays(String what, Runnable call) {
    Allocations.allocatesAtMost(512, what, call);
  }

  @Test
  void callsOnArraysAllocateNothing() {
    int n = 70;
    float[] a = new float[n * n];
    float[] b = new float[n * n];
    float[] c = new float[n * n];
    double[] x = new double[n * n];
    double[] y = new double[n * n];
    double[] z = new double[n * n];
    allocatesNothing(
        "sgemm", () -> Blas.sgemm(NO, NO, n, n, n, 1, a, 0, n, b, 0, n, 0, c, 0, n, 1));
    allocatesNothing(
        "dgemm", () -> Blas.dgemm(YES, YES, n, n, n, 1, x, 0, n, y, 0, n, 0, z, 0, n, 1));
    allocatesNothing("sgemv", () -> Blas.sgemv(NO, n, n, 1, a, 0, n, b, 0, 1, 0, c, 0, 1, 1));
    allocatesNothing("dger", () -> Blas.dger(n, n, 1, x, 0, 1, y, 0, 1, z, 0, n, 1));
    allocatesNothing("saxpy", () -> Blas.saxpy(n, 2, a, 0, 1, c, 0, 1));
    allocatesNothing("ddot", () -> Blas.ddot(n * n, x, 0, 1, y, 0, 1));
    allocatesNothing("snrm2", () -> Blas.snrm2(n, a, 0, 1));
    allocatesNothing("dasum", () -> Blas.dasum(n, x, 0, 1));
    allocatesNothing("isamax", () -> Blas.isamax(n, a, 0, 1));
  }

  @Test
  void callsOnSegmentsAllocateNothing() {
    int n = 70;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment a = arena.allocate(4L * n * n, 64);
      MemorySegment b = arena.allocate(4L * n * n, 64);
      MemorySegment c = arena.allocate(4L * n * n, 64);
      allocatesNothing(
          "sgemm", () -> NativeBlas.sgemm(NO, YES, n, n, n, 1, a, n, b, n, 0, c, n, 1));
      allocatesNothing("sgemv", () -> NativeBlas.sgemv(NO, n, n, 1, a, n, b, 0, c, 1));
      allocatesNothing("saxpy", () -> NativeBlas.saxpy(4_900, 2, a, c));
      allocatesNothing("sdot", () -> NativeBlas.sdot(4_900, a, b));
    }
  }

  @Test
  @Tag("sweep")
  void functionsRowsAndSimilaritiesOfArraysAllocateNothing() {
    int n = 70;
    float[] x = new float[n * n];
    float[] y = new float[n * n];
    double[] x64 = new double[n * n];
    double[] y64 = new double[n * n];
    for (UnaryOp op : new UnaryOp[] {UnaryOp.RELU, UnaryOp.EXP, UnaryOp.GELU}) {
      allocatesNoArrays("float " + op, () -> Functions.apply(op, n * n, x, 0, y, 0, 1));
      allocatesNoArrays("double " + op, () -> Functions.apply(op, n * n, x64, 0, y64, 0, 1));
    }
    allocatesNoArrays("softmax", () -> Rows.softmax(n, n, x, 0, n, y, 0, n, 1));
    allocatesNoArrays("logSoftmax", () -> Rows.logSoftmax(n, n, x64, 0, n, y64, 0, n, 1));
    allocatesNoArrays(
        "layerNorm", () -> Rows.layerNorm(n, n, x, 0, n, x, 0, null, 0, 1e-5, y, 0, n, 1));
    allocatesNoArrays("rmsNorm", () -> Rows.rmsNorm(n, n, x64, 0, n, null, 0, 1, y64, 0, n, 1));
    for (SimilarityFunction metric : SimilarityFunction.values()) {
      allocatesNothing(
          "float " + metric,
          () -> Similarity.compare(metric, 30, 70, n, x, 0, n, x, 0, n, y, 0, n, 1));
      allocatesNothing(
          "double " + metric,
          () -> Similarity.compare(metric, 1, 70, n, x64, 0, n, x64, 0, n, y64, 0, n, 1));
    }
  }

  @Test
  @Tag("sweep")
  void functionsRowsAndSimilaritiesOfSegmentsAllocateNothing() {
    int n = 70;
    DType f32 = DType.F32;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment x = arena.allocate(4L * n * n, 64);
      MemorySegment y = arena.allocate(4L * n * n, 64);
      allocatesNoArrays("tanh", () -> NativeFunctions.apply(UnaryOp.TANH, f32, 4_900, x, y, 1));
      allocatesNoArrays("softmax", () -> NativeRows.softmax(f32, n, n, x, n, y, n, 1));
      allocatesNoArrays(
          "layerNorm", () -> NativeRows.layerNorm(f32, n, n, x, n, x, null, 1e-5, y, n, 1));
      for (SimilarityFunction metric : SimilarityFunction.values()) {
        allocatesNothing(
            "" + metric, () -> NativeSimilarity.compare(metric, f32, 3, n, n, x, n, x, n, y, n, 1));
      }
    }
  }

  @Test
  void callsOnSeveralThreadsAllocateNothing() {
    int n = 200;
    float[] a = new float[n * n];
    float[] b = new float[n * n];
    float[] c = new float[n * n];
    allocatesNothing(
        "sgemm", () -> Blas.sgemm(NO, NO, n, n, n, 1, a, 0, n, b, 0, n, 0, c, 0, n, 2));
  }

  @Test
  @Tag("sweep")
  void functionsAndSimilaritiesOnSeveralThreadsAllocateNothing() {
    int n = 200;
    float[] a = new float[n * n];
    float[] b = new float[n * n];
    float[] c = new float[n * n];
    allocatesNoArrays("silu", () -> Functions.apply(UnaryOp.SILU, n * n, a, 0, b, 0, 2));
    allocatesNothing(
        "cosine",
        () -> Similarity.compare(SimilarityFunction.COSINE, 9, n, n, a, 0, n, b, 0, n, c, 0, n, 2));
  }
}
