package dev.lanewise.blas;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lanewise.array.DType;
import dev.lanewise.array.DTypeException;
import dev.lanewise.kernel.UnaryOp;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/**
 * Wrong arguments of functions, operations on rows and comparisons are refused before anything is
 * written, and the errors say what is wrong.
 */
class RowErrorsTest {
  private final float[] x = new float[12];
  private final float[] y = new float[15];

  private void refused(Class<? extends Exception> type, String message, Executable call) {
    Arrays.fill(y, 7);
    assertEquals(message, assertThrows(type, call).getMessage());
    for (float one : y) {
      assertEquals(7, one);
    }
  }

  private void refused(String message, Executable call) {
    refused(IllegalArgumentException.class, message, call);
  }

  private void outside(String message, Executable call) {
    refused(IndexOutOfBoundsException.class, message, call);
  }

  private void missing(String message, Executable call) {
    refused(NullPointerException.class, message, call);
  }

  @Test
  void functionsRefuseWrongVectors() {
    UnaryOp exp = UnaryOp.EXP;
    missing("apply: op is null", () -> Functions.apply(null, 3, x, 0, y, 0, 1));
    missing("apply: x is null", () -> Functions.apply(exp, 3, null, 0, y, 0, 1));
    refused("apply: n must not be negative, not -1", () -> Functions.apply(exp, -1, x, 0, y, 0, 1));
    outside(
        "apply: x of length 12 with offset 1 and increment 1 does not lie in an array of length 12",
        () -> Functions.apply(exp, 12, x, 1, y, 0, 1));
    refused(
        "apply: the output overlaps x; give it memory of its own",
        () -> Functions.apply(exp, 4, y, 0, y, 3, 1));
    refused(
        "apply: threads must be at least 1, or 0 for all, not -1",
        () -> Functions.apply(exp, 4, x, 0, y, 3, -1));
    Functions.apply(exp, 4, y, 0, y, 4, 1);
    Functions.apply(exp, 0, new float[0], 0, new float[0], 0, 1);
  }

  @Test
  void rowsRefuseWrongMatrices() {
    refused(
        "softmax: rows must not be negative, not -1",
        () -> Rows.softmax(-1, 3, x, 0, 3, y, 0, 3, 1));
    refused(
        "logSoftmax: cols must not be negative, not -2",
        () -> Rows.logSoftmax(3, -2, x, 0, 3, y, 0, 3, 1));
    refused(
        "softmax: ldy is 3, but the rows of y [3, 4] as stored need at least 4",
        () -> Rows.softmax(3, 4, x, 0, 4, y, 0, 3, 1));
    outside(
        "softmax: x [3, 4] with offset 1 and ldx 4 ends at 13, but its array has length 12",
        () -> Rows.softmax(3, 4, x, 1, 4, y, 0, 4, 1));
    refused(
        "softmax: the output overlaps x; give it memory of its own",
        () -> Rows.softmax(3, 3, y, 0, 3, y, 1, 3, 1));
    refused(
        "softmax: the output overlaps x; give it memory of its own",
        () -> Rows.softmax(2, 3, y, 0, 3, y, 0, 4, 1));
    Rows.softmax(1, 3, y, 0, 3, y, 0, 4, 1);
    missing("softmax: y is null", () -> Rows.softmax(3, 3, x, 0, 3, null, 0, 3, 1));
  }

  @Test
  void normsRefuseWrongWeights() {
    refused(
        "layerNorm: eps must be at least 0, not -1.0",
        () -> Rows.layerNorm(3, 4, x, 0, 4, null, 0, null, 0, -1, y, 0, 4, 1));
    refused(
        "rmsNorm: eps must be at least 0, not NaN",
        () -> Rows.rmsNorm(3, 4, x, 0, 4, null, 0, Double.NaN, y, 0, 4, 1));
    outside(
        "rmsNorm: weight of length 4 with offset 9 and increment 1 does not lie in an array of"
            + " length 12",
        () -> Rows.rmsNorm(3, 4, x, 0, 4, x, 9, 1, y, 0, 4, 1));
    refused(
        "layerNorm: the output overlaps bias; give it memory of its own",
        () -> Rows.layerNorm(3, 4, x, 0, 4, null, 0, y, 11, 1, y, 0, 4, 1));
  }

  @Test
  void comparisonsRefuseWrongMatrices() {
    SimilarityFunction dot = SimilarityFunction.DOT;
    missing(
        "compare: metric is null",
        () -> Similarity.compare(null, 1, 3, 4, x, 0, 4, x, 0, 4, y, 0, 3, 1));
    refused(
        "compare: d must not be negative, not -4",
        () -> Similarity.compare(dot, 1, 3, -4, x, 0, 4, x, 0, 4, y, 0, 3, 1));
    refused(
        "compare: ldq is 3, but the rows of q [1, 4] as stored need at least 4",
        () -> Similarity.compare(dot, 1, 3, 4, x, 0, 3, x, 0, 4, y, 0, 3, 1));
    outside(
        "compare: y [5, 3] with offset 1 and ldy 3 ends at 16, but its array has length 15",
        () -> Similarity.compare(dot, 5, 3, 2, x, 0, 2, x, 0, 2, y, 1, 3, 1));
    refused(
        "compare: the output overlaps x; give it memory of its own",
        () -> Similarity.compare(dot, 1, 3, 4, x, 0, 4, y, 0, 4, y, 11, 3, 1));
    float[] zeros = {7, 7};
    Similarity.compare(SimilarityFunction.COSINE, 1, 2, 0, x, 0, 1, x, 0, 1, zeros, 0, 2, 1);
    assertArrayEquals(new float[2], zeros);
    Similarity.compare(dot, 0, 0, 0, x, 0, 1, x, 0, 1, y, 0, 1, 0);
  }

  @Test
  void segmentsMustBeOfTheTypeNativeLargeAndWritable() {
    DType f32 = DType.F32;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment a = arena.allocate(48, 4);
      MemorySegment b = arena.allocate(48, 4);
      refused(
          DTypeException.class,
          "softmax: kernels compute in f32 and f64, not i32",
          () -> NativeRows.softmax(DType.I32, 3, 4, a, 4, b, 4, 1));
      refused(
          "apply: x is a segment of the heap; call the method for arrays, or give memory of an"
              + " Arena",
          () -> NativeFunctions.apply(UnaryOp.EXP, f32, 3, MemorySegment.ofArray(x), b, 1));
      outside(
          "compare: x needs 64 bytes, but its segment has 48",
          () ->
              NativeSimilarity.compare(SimilarityFunction.DOT, f32, 1, 4, 4, a, 4, a, 4, b, 4, 1));
      refused(
          "layerNorm: y is written, but read-only",
          () -> NativeRows.layerNorm(f32, 3, 4, a, 4, null, null, 1, b.asReadOnly(), 4, 1));
      refused(
          "layerNorm: the output overlaps weight; give it memory of its own",
          () -> NativeRows.layerNorm(f32, 3, 4, a, 4, b.asSlice(32), null, 1, b, 4, 1));
      refused(
          "apply: the output overlaps x; give it memory of its own",
          () -> NativeFunctions.apply(UnaryOp.EXP, f32, 3, a, a.asSlice(4), 1));
      refused(
          "compare: the output overlaps q; give it memory of its own",
          () ->
              NativeSimilarity.compare(SimilarityFunction.DOT, f32, 1, 3, 4, b, 4, a, 4, b, 3, 1));
    }
  }

  @Test
  void blocksOfMemoryMayLieOutOfStepButNotShareBytes() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment all = arena.allocate(64, 8);
      MemorySegment low = all.asSlice(3);
      String text = "the output overlaps x; give it memory of its own";
      refused(
          "apply: " + text,
          () -> NativeFunctions.apply(UnaryOp.EXP, DType.F32, 1, low, all.asSlice(6), 1));
      NativeFunctions.apply(UnaryOp.EXP, DType.F32, 1, low, all.asSlice(7), 1);
      NativeFunctions.apply(UnaryOp.EXP, DType.F32, 1, low, all.asSlice(9), 1);
      refused(
          "softmax: " + text,
          () -> NativeRows.softmax(DType.F32, 2, 3, low, 3, all.asSlice(26), 3, 1));
      NativeRows.softmax(DType.F32, 2, 3, low, 3, all.asSlice(29), 3, 1);
    }
  }
}
