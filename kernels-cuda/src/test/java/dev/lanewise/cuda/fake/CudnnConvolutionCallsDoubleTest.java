package dev.lanewise.cuda.fake;

import static dev.lanewise.cuda.fake.LibraryTester.number;
import static dev.lanewise.cuda.fake.LibraryTester.ok;
import static dev.lanewise.cuda.fake.LibraryTester.size;
import static dev.lanewise.cuda.fake.LibraryTester.some;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.bindings.cuda.Cudnn;
import dev.lanewise.bindings.cuda.cudnnConvolutionBwdFilterAlgoPerfStruct;
import dev.lanewise.bindings.cuda.cudnnConvolutionFwdAlgoPerfStruct;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Algorithms, workspaces, the fused bias and refusals of convolutions in the double's cuDNN. */
final class CudnnConvolutionCallsDoubleTest {

  private static final int BAD = 2000;
  private static final int NOT_SUPPORTED = 3000;
  private static final int FLOAT = Cudnn.CUDNN_DATA_FLOAT();
  private static final MemorySegment NULL = MemorySegment.NULL;

  private final CudnnTester dnn = new CudnnTester();
  private final LibraryTester t = dnn.t;
  private final MemorySegment h = dnn.handle;

  @AfterEach
  void destroy() {
    dnn.close();
  }

  private MemorySegment unit() {
    return dnn.convolution(FLOAT, 1, new int[] {0, 0}, new int[] {1, 1}, new int[] {1, 1});
  }

  @Test
  void algorithmsAreListedWithWhatTheyWant() {
    MemorySegment convolution = unit();
    MemorySegment xDesc = dnn.floats(1, 1, 5, 5);
    MemorySegment wDesc = dnn.filter(FLOAT, 1, 1, 3, 3);
    MemorySegment yDesc = dnn.floats(1, 1, 3, 3);
    MemorySegment count = t.number();
    ok(Cudnn.cudnnGetConvolutionForwardAlgorithmMaxCount(h, count));
    int most = number(count);
    MemorySegment perfs = cudnnConvolutionFwdAlgoPerfStruct.allocateArray(most, t.arena);
    ok(
        Cudnn.cudnnGetConvolutionForwardAlgorithm_v7(
            h, xDesc, wDesc, convolution, yDesc, most, count, perfs));
    assertEquals(most, number(count));
    boolean refusedOnes = false;
    MemorySegment bytes = t.size();
    for (int i = 0; i < most; i++) {
      MemorySegment perf = cudnnConvolutionFwdAlgoPerfStruct.asSlice(perfs, i);
      int algo = cudnnConvolutionFwdAlgoPerfStruct.algo(perf);
      int status = cudnnConvolutionFwdAlgoPerfStruct.status(perf);
      refusedOnes |= status != 0;
      assertEquals(refusedOnes, status != 0, "those that can not do it come last");
      assertEquals(
          status,
          Cudnn.cudnnGetConvolutionForwardWorkspaceSize(
              h, xDesc, wDesc, convolution, yDesc, algo, bytes));
      if (status == 0) {
        assertEquals(size(bytes), cudnnConvolutionFwdAlgoPerfStruct.memory(perf));
        assertEquals(Cudnn.CUDNN_FMA_MATH(), cudnnConvolutionFwdAlgoPerfStruct.mathType(perf));
      }
    }
    assertTrue(refusedOnes);
    ok(
        Cudnn.cudnnGetConvolutionForwardAlgorithm_v7(
            h, xDesc, wDesc, convolution, yDesc, 1, count, perfs));
    assertEquals(1, number(count));

    // The workspace of the fastest is demanded.
    int fastest = cudnnConvolutionFwdAlgoPerfStruct.algo(perfs);
    long wanted = cudnnConvolutionFwdAlgoPerfStruct.memory(perfs);
    assertTrue(wanted > 0);
    MemorySegment x = t.floats(some(25, 1));
    MemorySegment w = t.floats(some(9, 2));
    MemorySegment y = t.floats(new double[9]);
    MemorySegment workspace = t.bytes(wanted);
    ok(
        Cudnn.cudnnConvolutionForward(
            h,
            t.f(1),
            xDesc,
            x,
            wDesc,
            w,
            convolution,
            fastest,
            workspace,
            wanted,
            t.f(0),
            yDesc,
            y));
    t.refused(
        BAD,
        Cudnn.cudnnConvolutionForward(
            h,
            t.f(1),
            xDesc,
            x,
            wDesc,
            w,
            convolution,
            fastest,
            workspace,
            wanted - 1,
            t.f(0),
            yDesc,
            y),
        "wants " + wanted);
    t.refused(
        BAD,
        Cudnn.cudnnConvolutionForward(
            h, t.f(1), xDesc, x, wDesc, w, convolution, fastest, NULL, wanted, t.f(0), yDesc, y),
        "wants " + wanted);
    t.refused(
        5000,
        Cudnn.cudnnConvolutionForward(
            h,
            t.f(1),
            xDesc,
            x,
            wDesc,
            w,
            convolution,
            fastest,
            t.bytes(8),
            wanted,
            t.f(0),
            yDesc,
            y),
        "past the end");
  }

  @Test
  void aNonDeterministicAlgorithmIsRecorded() {
    MemorySegment convolution = unit();
    MemorySegment xDesc = dnn.floats(1, 1, 2, 2);
    MemorySegment wDesc = dnn.filter(FLOAT, 1, 1, 2, 2);
    MemorySegment yDesc = dnn.floats(1, 1, 1, 1);
    MemorySegment count = t.number();
    MemorySegment perfs = cudnnConvolutionBwdFilterAlgoPerfStruct.allocateArray(7, t.arena);
    ok(
        Cudnn.cudnnGetConvolutionBackwardFilterAlgorithm_v7(
            h, xDesc, yDesc, convolution, wDesc, 7, count, perfs));
    List<Integer> deterministic = new ArrayList<>();
    for (int i = 0; i < number(count); i++) {
      MemorySegment perf = cudnnConvolutionBwdFilterAlgoPerfStruct.asSlice(perfs, i);
      if (cudnnConvolutionBwdFilterAlgoPerfStruct.determinism(perf) == Cudnn.CUDNN_DETERMINISTIC()
          && cudnnConvolutionBwdFilterAlgoPerfStruct.status(perf) == 0) {
        deterministic.add(cudnnConvolutionBwdFilterAlgoPerfStruct.algo(perf));
      }
    }
    assertFalse(deterministic.contains(cudnnConvolutionBwdFilterAlgoPerfStruct.algo(perfs)));
    MemorySegment x = t.floats(1, 2, 3, 4);
    MemorySegment dw = t.floats(0, 0, 0, 0);
    MemorySegment dy = t.floats(2);
    ok(
        Cudnn.cudnnConvolutionBackwardFilter(
            h,
            t.f(1),
            xDesc,
            x,
            yDesc,
            dy,
            convolution,
            deterministic.getFirst(),
            t.bytes(64),
            64,
            t.f(0),
            wDesc,
            dw));
    assertEquals(List.of(), t.cuda.math().nonDeterministicCalls());
    ok(
        Cudnn.cudnnConvolutionBackwardFilter(
            h, t.f(1), xDesc, x, yDesc, dy, convolution, 0, NULL, 0, t.f(0), wDesc, dw));
    assertEquals(
        List.of("BACKWARD_FILTER convolution by algorithm 0"),
        t.cuda.math().nonDeterministicCalls());
    t.assertFloats(dw, 0, 2, 4, 6, 8);
  }

  @Test
  void biasAndActivationInOne() {
    MemorySegment convolution = unit();
    MemorySegment shape = dnn.floats(1, 2, 1, 2);
    MemorySegment filter = dnn.filter(FLOAT, 2, 2, 1, 1);
    MemorySegment channels = dnn.floats(1, 2, 1, 1);
    MemorySegment x = t.floats(1, 2, 3, 4);
    MemorySegment w = t.floats(1, 0, 0, -1);
    MemorySegment bias = t.floats(10, 1);
    MemorySegment y = t.floats(1, 1, 1, 5);
    MemorySegment relu = dnn.activation(Cudnn.CUDNN_ACTIVATION_RELU(), 0);
    MemorySegment identity = dnn.activation(Cudnn.CUDNN_ACTIVATION_IDENTITY(), 0);
    ok(
        Cudnn.cudnnConvolutionBiasActivationForward(
            h,
            t.f(1),
            shape,
            x,
            filter,
            w,
            convolution,
            0,
            NULL,
            0,
            t.f(1),
            shape,
            y,
            channels,
            bias,
            relu,
            shape,
            y));
    t.assertFloats(y, 0, 12, 13, 0, 2);
    assertEquals(
        NOT_SUPPORTED,
        Cudnn.cudnnConvolutionBiasActivationForward(
            h,
            t.f(1),
            shape,
            x,
            filter,
            w,
            convolution,
            0,
            NULL,
            0,
            t.f(0),
            shape,
            y,
            channels,
            bias,
            identity,
            shape,
            y));
    ok(
        Cudnn.cudnnConvolutionBiasActivationForward(
            h,
            t.f(1),
            shape,
            x,
            filter,
            w,
            convolution,
            1,
            t.bytes(64),
            64,
            t.f(0),
            shape,
            y,
            channels,
            bias,
            identity,
            shape,
            y));
    t.assertFloats(y, 0, 11, 12, -2, -3);
    MemorySegment db = t.floats(1, 1);
    ok(Cudnn.cudnnConvolutionBackwardBias(h, t.f(1), shape, y, t.f(10), channels, db));
    t.assertFloats(db, 0, 33, 5);
    t.refused(
        BAD, Cudnn.cudnnConvolutionBackwardBias(h, t.f(1), shape, y, t.f(0), shape, x), "db is");
  }

  @Test
  void whatDoesNotFitIsRefused() {
    MemorySegment convolution = unit();
    MemorySegment x = t.floats(new double[8]);
    MemorySegment xDesc = dnn.floats(1, 2, 2, 2);
    MemorySegment wDesc = dnn.filter(FLOAT, 1, 3, 2, 2);
    MemorySegment yDesc = dnn.floats(1, 1, 1, 1);
    t.refused(
        BAD,
        Cudnn.cudnnConvolutionForward(
            h, t.f(1), xDesc, x, wDesc, x, convolution, 0, NULL, 0, t.f(0), yDesc, x),
        "inputTensorDesc->dimA[1] != convDesc->groupCount * filterDesc->dimA[1]: 2, 1 * 3");
    MemorySegment right = dnn.filter(FLOAT, 1, 2, 2, 2);
    t.refused(
        BAD,
        Cudnn.cudnnConvolutionForward(
            h,
            t.f(1),
            xDesc,
            x,
            right,
            x,
            convolution,
            0,
            NULL,
            0,
            t.f(0),
            dnn.floats(1, 1, 1, 2),
            x),
        "not [1, 1, 1, 1]");
    t.refused(
        BAD,
        Cudnn.cudnnConvolutionForward(
            h, t.f(1), xDesc, x, right, x, convolution, 9, NULL, 0, t.f(0), yDesc, x),
        "no algorithm 9");
    t.refused(
        BAD,
        Cudnn.cudnnConvolutionForward(
            h, NULL, xDesc, x, right, x, convolution, 0, NULL, 0, t.f(0), yDesc, x),
        "alpha is null");
    t.refused(
        5000,
        Cudnn.cudnnConvolutionForward(
            h,
            t.f(1),
            xDesc,
            x,
            right,
            t.f(1),
            convolution,
            0,
            NULL,
            0,
            t.f(0),
            yDesc,
            t.floats(1)),
        "looks like a host pointer");
    assertEquals(
        NOT_SUPPORTED,
        Cudnn.cudnnConvolutionForward(
            h, t.f(1), xDesc, x, right, x, convolution, 6, NULL, 0, t.f(0), yDesc, x));
    int[] zero = {0, 0};
    t.refused(
        BAD,
        Cudnn.cudnnSetConvolutionNdDescriptor(
            convolution, 2, t.ints(zero), t.ints(1, 0), t.ints(1, 1), 1, FLOAT),
        "strideA[i] <= 0");
    t.refused(BAD, Cudnn.cudnnSetConvolutionGroupCount(convolution, 0), "groupCount < 1");
    MemorySegment wide = dnn.filter(FLOAT, 1, 2, 3, 3);
    t.refused(
        BAD,
        Cudnn.cudnnGetConvolutionNdForwardOutputDim(
            convolution, xDesc, wide, 4, t.arena.allocate(16)),
        "dim 2 of the output is 0");
  }
}
