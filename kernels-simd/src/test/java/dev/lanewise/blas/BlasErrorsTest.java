package dev.lanewise.blas;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Wrong arguments are refused before anything is written, and the errors say what is wrong. */
class BlasErrorsTest {
  private static final Transpose NO = Transpose.NO;

  private final float[] a = new float[12];
  private final float[] b = new float[20];
  private final float[] c = new float[15];

  private void gemm(int m, int n, int k, int aOffset, int lda, int ldc, float[] out, int threads) {
    Blas.sgemm(NO, NO, m, n, k, 1, a, aOffset, lda, b, 0, 5, 0, out, 0, ldc, threads);
  }

  private void refused(Class<? extends Exception> type, String message, Executable call) {
    Arrays.fill(c, 7);
    assertEquals(message, assertThrows(type, call).getMessage());
    for (float x : c) {
      assertEquals(7, x);
    }
  }

  private void refused(String message, Executable call) {
    refused(IllegalArgumentException.class, message, call);
  }

  private void outside(String message, Executable call) {
    refused(IndexOutOfBoundsException.class, message, call);
  }

  @Test
  void gemmRefusesWrongSizes() {
    gemm(3, 5, 4, 0, 4, 5, c, 1);
    refused(
        "sgemm: m, n and k must not be negative, not -1, 5, 4",
        () -> gemm(-1, 5, 4, 0, 4, 5, c, 1));
    refused(
        "sgemm: lda is 3, but the rows of a [3, 4] as stored need at least 4",
        () -> gemm(3, 5, 4, 0, 3, 5, c, 1));
    refused(
        "sgemm: ldc is 4, but the rows of c [3, 5] as stored need at least 5",
        () -> gemm(3, 5, 4, 0, 4, 4, c, 1));
    outside(
        "sgemm: a [3, 4] with offset 1 and lda 4 ends at 13, but its array has length 12",
        () -> gemm(3, 5, 4, 1, 4, 5, c, 1));
    outside(
        "sgemm: the offset of a is -1; it must not be negative",
        () -> gemm(3, 5, 4, -1, 4, 5, c, 1));
    outside(
        "sgemm: c [3, 5] with offset 0 and ldc 6 ends at 17, but its array has length 15",
        () -> gemm(3, 5, 4, 0, 4, 6, c, 1));
    refused(
        "sgemm: threads must be at least 1, or 0 for all, not -1",
        () -> gemm(3, 5, 4, 0, 4, 5, c, -1));
    refused(
        NullPointerException.class,
        "sgemm: transB is null; give Transpose.NO or YES",
        () -> Blas.sgemm(NO, null, 3, 5, 4, 1, a, 0, 4, b, 0, 5, 0, c, 0, 5, 1));
    // A matrix that would not fit into any array, whose end overflows an int.
    outside(
        "sgemm: a [50000, 50000] with offset 0 and lda 50000 ends at 2500000000, but its array has"
            + " length 12",
        () -> gemm(50_000, 5, 50_000, 0, 50_000, 5, c, 1));
  }

  @Test
  void anOutputMustNotOverlapAnInput() {
    float[] square = new float[16];
    refused(
        "sgemm: the output overlaps a; give it memory of its own",
        () -> Blas.sgemm(NO, NO, 2, 2, 2, 1, square, 0, 4, b, 0, 5, 0, square, 5, 4, 1));
    refused(
        "sgemm: the output overlaps b; give it memory of its own",
        () -> Blas.sgemm(NO, NO, 2, 2, 2, 1, a, 0, 4, square, 1, 4, 0, square, 4, 5, 1));
    Blas.sgemm(NO, NO, 2, 2, 2, 1, square, 0, 4, square, 2, 4, 0, square, 8, 4, 1);
    // Behind the last column of a row lies the first of the next.
    refused(
        "sgemm: the output overlaps a; give it memory of its own",
        () -> Blas.sgemm(NO, NO, 2, 2, 2, 1, square, 4, 4, b, 0, 5, 0, square, 3, 4, 1));
    refused(
        "sgemv: the output overlaps x; give it memory of its own",
        () -> Blas.sgemv(NO, 3, 3, 1, a, 0, 4, b, 0, 1, 0, b, 2, 1, 1));
    refused(
        "sgemmStridedBatched: the outputs overlap: strideC is 3, but c [2, 2] with ldc 2 has"
            + " length 4",
        () ->
            Blas.sgemmStridedBatched(
                NO, NO, 2, 2, 2, 1, a, 0, 2, 4, b, 0, 2, 4, 0, c, 0, 2, 3, 2, 1));
    refused(
        "sgemmStridedBatched: c is in the array of an input; give it an array of its own",
        () ->
            Blas.sgemmStridedBatched(
                NO, NO, 2, 2, 2, 1, c, 0, 2, 4, b, 0, 2, 4, 0, c, 4, 2, 4, 1, 1));
    outside(
        "sgemmStridedBatched: 4 matrices a with stride 4 and offset 0 end at 16, but their array"
            + " has length 12",
        () ->
            Blas.sgemmStridedBatched(
                NO, NO, 2, 1, 2, 1, a, 0, 2, 4, b, 0, 2, 4, 0, c, 0, 1, 2, 4, 1));
  }

  @Test
  void vectorsMustLieInTheirArrays() {
    refused(
        "saxpy: the increment of x is 0; it must be at least 1",
        () -> Blas.saxpy(3, 1, a, 0, 0, c, 0, 1));
    outside(
        "saxpy: y of length 8 with offset 1 and increment 2 does not lie in an array of length 15",
        () -> Blas.saxpy(8, 1, a, 0, 1, c, 1, 2));
    refused("sscal: n must not be negative, not -1", () -> Blas.sscal(-1, 1, c, 0, 1));
    outside(
        "sgemv: x of length 4 with offset 18 and increment 1 does not lie in an array of length 20",
        () -> Blas.sgemv(NO, 3, 4, 1, a, 0, 4, b, 18, 1, 0, c, 0, 1, 1));
  }

  @Test
  void segmentsMustBeNativeLargeWritableAndAlive() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment x = arena.allocate(16, 4);
      refused(
          "sscal: x is a segment of the heap; call the method for arrays, or give memory of an"
              + " Arena",
          () -> NativeBlas.sscal(4, 2, MemorySegment.ofArray(c)));
      outside(
          "sdot: y needs 20 bytes, but its segment has 16",
          () -> NativeBlas.sdot(5, arena.allocate(20, 4), x));
      refused(
          "saxpy: y is written, but read-only", () -> NativeBlas.saxpy(4, 1, x, x.asReadOnly()));
      refused(
          "sgemm: the output overlaps b; give it memory of its own",
          () -> NativeBlas.sgemm(NO, NO, 1, 2, 1, 1, arena.allocate(4), 1, x, 2, 0, x, 2, 1));
      MemorySegment dead;
      try (Arena other = Arena.ofConfined()) {
        dead = other.allocate(16);
      }
      refused(
          IllegalStateException.class,
          "sasum: the arena of x is closed",
          () -> NativeBlas.sasum(4, dead));
    }
    MemorySegment[] foreign = new MemorySegment[1];
    Thread owner = new Thread(() -> foreign[0] = Arena.ofConfined().allocate(16));
    owner.start();
    try {
      owner.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    refused(
        WrongThreadException.class,
        "sasum: x belongs to another thread's confined arena",
        () -> NativeBlas.sasum(4, foreign[0]));
  }

  @Test
  void emptyMatricesAndVectorsAreFine() {
    float[] none = {};
    Blas.sgemm(NO, NO, 0, 0, 0, 1, none, 0, 1, none, 0, 1, 0, none, 0, 1, 0);
    Blas.sger(0, 0, 1, none, 0, 1, none, 0, 1, none, 0, 1, 0);
    assertEquals(0, Blas.sdot(0, none, 0, 1, none, 0, 1));
    assertEquals(0, NativeBlas.sdot(0, MemorySegment.NULL, MemorySegment.NULL));
    float[] two = {1, 2};
    Blas.sgemm(NO, NO, 1, 2, 0, 1, none, 0, 1, none, 0, 2, 3, two, 0, 2, 0);
    assertArrayEquals(new float[] {3, 6}, two);
  }
}
