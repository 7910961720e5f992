package dev.lanewise.cuda.fake;

import static dev.lanewise.cuda.fake.LibraryTester.number;
import static dev.lanewise.cuda.fake.LibraryTester.ok;
import static dev.lanewise.cuda.fake.LibraryTester.size;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.bindings.cuda.Cudnn;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Handles and descriptors of the double's cuDNN, through the bindings. Statuses, texts and sizes
 * are those that the library of 9.5.1 was seen to give, but where a comment says otherwise.
 */
final class CudnnTensorsDoubleTest {

  private static final int BAD = 2000;
  private static final int NOT_SUPPORTED = 3000;
  private static final int FLOAT = Cudnn.CUDNN_DATA_FLOAT();
  private static final int NCHW = Cudnn.CUDNN_TENSOR_NCHW();

  private final CudnnTester dnn = new CudnnTester();
  private final LibraryTester t = dnn.t;

  @AfterEach
  void destroy() {
    dnn.close();
  }

  private String lastError() {
    MemorySegment text = t.arena.allocate(256);
    Cudnn.cudnnGetLastErrorString(text, 256);
    return text.getString(0);
  }

  @Test
  void versionsAndErrors() {
    assertEquals(90501, Cudnn.cudnnGetVersion());
    assertEquals(12060, Cudnn.cudnnGetCudartVersion());
    assertEquals("CUDNN_STATUS_BAD_PARAM", Cudnn.cudnnGetErrorString(2000).getString(0));
    ok(Cudnn.cudnnOpsVersionCheck());
    MemorySegment tensor = dnn.tensor(FLOAT, 2, 3, 4, 5);
    t.refused(BAD, Cudnn.cudnnSetTensor4dDescriptor(tensor, NCHW, FLOAT, 0, 1, 1, 1), "<= 0");
    assertEquals("dimA[i] <= 0: [0, 1, 1, 1]", lastError());
    assertEquals("", lastError());
    t.refused(BAD, Cudnn.cudnnSetStream(tensor, MemorySegment.NULL), "it is a TensorDescriptor");
    assertEquals(1, t.cuda.liveCounts().get("CudnnHandle"));
  }

  @Test
  void sizesReachFromTheFirstElementToTheLast() {
    MemorySegment tensor = t.make(Cudnn::cudnnCreateTensorDescriptor);
    MemorySegment bytes = t.size();
    ok(Cudnn.cudnnGetTensorSizeInBytes(tensor, bytes));
    assertEquals(0, size(bytes));
    ok(Cudnn.cudnnSetTensor4dDescriptorEx(tensor, FLOAT, 2, 3, 4, 5, 100, 20, 5, 1));
    ok(Cudnn.cudnnGetTensorSizeInBytes(tensor, bytes));
    assertEquals(640, size(bytes));
    ok(Cudnn.cudnnSetTensor4dDescriptorEx(tensor, FLOAT, 2, 3, 4, 5, 1, 1, 1, 1));
    ok(Cudnn.cudnnGetTensorSizeInBytes(tensor, bytes));
    assertEquals(44, size(bytes));
    t.refused(
        BAD,
        Cudnn.cudnnSetTensor4dDescriptorEx(tensor, FLOAT, 2, 3, 4, 5, 60, 20, 5, 0),
        "(strideA[i] == 0) && (dimA[i] != 1)");
    ok(Cudnn.cudnnSetTensor4dDescriptorEx(tensor, FLOAT, 1, 3, 4, 5, 0, 20, 5, 1));
    // the library takes this one
    t.refused(
        BAD,
        Cudnn.cudnnSetTensor4dDescriptorEx(tensor, FLOAT, 2, 3, 4, 5, 60, 20, 5, -1),
        "a negative stride");
    ok(Cudnn.cudnnDestroyTensorDescriptor(tensor));
  }

  @Test
  void dimensionsFromFourToEight() {
    MemorySegment tensor = t.make(Cudnn::cudnnCreateTensorDescriptor);
    int[] ones = new int[9];
    Arrays.fill(ones, 1);
    MemorySegment nine = t.ints(ones);
    t.refused(BAD, Cudnn.cudnnSetTensorNdDescriptor(tensor, FLOAT, 1, nine, nine), "nbDims < 2");
    // the library takes this one, its documentation does not
    assertEquals(NOT_SUPPORTED, Cudnn.cudnnSetTensorNdDescriptor(tensor, FLOAT, 3, nine, nine));
    assertEquals("a tensor of 3 dimensions is not supported", lastError());
    ok(Cudnn.cudnnSetTensorNdDescriptor(tensor, FLOAT, 8, nine, nine));
    assertEquals(NOT_SUPPORTED, Cudnn.cudnnSetTensorNdDescriptor(tensor, FLOAT, 9, nine, nine));
    assertEquals(
        NOT_SUPPORTED,
        Cudnn.cudnnSetTensor4dDescriptor(tensor, NCHW, FLOAT, 1 << 16, 1 << 16, 1, 1));
    ok(
        Cudnn.cudnnSetTensorNdDescriptorEx(
            tensor, Cudnn.CUDNN_TENSOR_NHWC(), FLOAT, 5, t.ints(2, 3, 4, 5, 6)));
    MemorySegment type = t.number();
    MemorySegment rank = t.number();
    MemorySegment dims = t.arena.allocate(32);
    MemorySegment strides = t.arena.allocate(32);
    ok(Cudnn.cudnnGetTensorNdDescriptor(tensor, 3, type, rank, dims, strides));
    assertEquals(5, number(rank));
    assertArrayEquals(new int[] {2, 3, 4, 0, 0, 0, 0, 0}, dims.toArray(ValueLayout.JAVA_INT));
    assertArrayEquals(new int[] {360, 1, 90, 0, 0, 0, 0, 0}, strides.toArray(ValueLayout.JAVA_INT));
    t.refused(
        BAD, Cudnn.cudnnSetTensor4dDescriptor(tensor, NCHW, 17, 1, 1, 1, 1), "no data type 17");
    t.refused(
        BAD, Cudnn.cudnnSetTensor4dDescriptor(tensor, 2, FLOAT, 1, 1, 1, 1), "no tensor format 2");
    ok(Cudnn.cudnnDestroyTensorDescriptor(tensor));
    ok(Cudnn.cudnnDestroyTensorDescriptor(MemorySegment.NULL));
    t.refused(BAD, Cudnn.cudnnDestroyTensorDescriptor(tensor), "destroyed TensorDescriptor");
  }

  @Test
  void filters() {
    MemorySegment filter = t.make(Cudnn::cudnnCreateFilterDescriptor);
    MemorySegment bytes = t.size();
    t.refused(BAD, Cudnn.cudnnGetFilterSizeInBytes(filter, bytes), "is not set");
    ok(Cudnn.cudnnSetFilter4dDescriptor(filter, Cudnn.CUDNN_DATA_HALF(), NCHW, 8, 3, 3, 3));
    ok(Cudnn.cudnnGetFilterSizeInBytes(filter, bytes));
    assertEquals(8 * 3 * 3 * 3 * 2, size(bytes));
    t.refused(BAD, Cudnn.cudnnSetFilter4dDescriptor(filter, FLOAT, NCHW, 8, 0, 3, 3), "<= 0");
    t.refused(
        BAD, Cudnn.cudnnSetFilterNdDescriptor(filter, FLOAT, NCHW, 2, t.ints(1, 1)), "nbDims <= 2");
    ok(Cudnn.cudnnDestroyFilterDescriptor(filter));
  }

  @Test
  void parametersOfBatchNormalizationAreFloatsForHalves() {
    MemorySegment derived = t.make(Cudnn::cudnnCreateTensorDescriptor);
    MemorySegment x = dnn.tensor(Cudnn.CUDNN_DATA_HALF(), 2, 3, 4, 5);
    ok(Cudnn.cudnnDeriveBNTensorDescriptor(derived, x, Cudnn.CUDNN_BATCHNORM_SPATIAL()));
    assertEquals("F32 [1, 3, 1, 1] strides [3, 1, 1, 1]", shape(derived));
    ok(Cudnn.cudnnDeriveBNTensorDescriptor(derived, x, Cudnn.CUDNN_BATCHNORM_PER_ACTIVATION()));
    assertEquals("F32 [1, 3, 4, 5] strides [60, 20, 5, 1]", shape(derived));
    t.refused(BAD, Cudnn.cudnnDeriveBNTensorDescriptor(derived, x, 3), "no batch norm mode 3");
    ok(Cudnn.cudnnDestroyTensorDescriptor(derived));
  }

  private String shape(MemorySegment descriptor) {
    return t.cuda.handles.get(TensorDescriptor.class, descriptor).shape.toString();
  }
}
