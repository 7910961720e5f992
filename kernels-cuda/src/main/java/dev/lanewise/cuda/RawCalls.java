package dev.lanewise.cuda;

import dev.lanewise.array.NdArray;
import dev.lanewise.bindings.cuda.Cublas;
import dev.lanewise.bindings.cuda.Cudnn;
import dev.lanewise.kernel.Backend;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The bare calls of NVIDIA's libraries over arrays of the CUDA backend, on its stream: what the
 * backend's own operations are measured against. For benchmarks alone; of arguments no more is
 * checked than that the device's memory holds them. All calls return before the device is done.
 */
public final class RawCalls {
  private final CudaDevice device;

  private RawCalls(CudaDevice device) {
    this.device = device;
  }

  /**
   * {@return the bare calls on a backend's device}
   *
   * @param backend the CUDA backend
   * @throws IllegalArgumentException if it is another
   */
  public static RawCalls of(Backend backend) {
    if (backend instanceof CudaBackend cuda) {
      return new RawCalls(cuda.device());
    }
    throw new IllegalArgumentException(
        "raw calls: the backend is '" + backend.name() + "', not '" + CudaBackend.NAME + "'");
  }

  /** Waits until the device has done all that it was given. */
  public void synchronize() {
    try (Operation _ = device.begin("synchronize")) {
      device.synchronize();
    }
  }

  /** {@return the bytes of the device's memory that nobody has taken} */
  public long freeBytes() {
    return device.memory().freeBytes();
  }

  /**
   * Multiplies matrices by one call of {@code cublasSgemm}.
   *
   * @param a f32 {@code [m, k]}, without gaps
   * @param b f32 {@code [k, n]}, without gaps
   * @param out f32 {@code [m, n]}, without gaps
   */
  public void matmul(NdArray a, NdArray b, NdArray out) {
    int m = a.shape().dim(0);
    int k = a.shape().dim(1);
    int n = b.shape().dim(1);
    try (Operation operation = device.begin("raw matmul", a, b, out);
        Arena arena = Arena.ofConfined()) {
      MemorySegment one = arena.allocateFrom(ValueLayout.JAVA_FLOAT, 1);
      MemorySegment zero = arena.allocateFrom(ValueLayout.JAVA_FLOAT, 0);
      // Columns first for cuBLAS: the transposed product is that of the transposed factors.
      Status.blas(
          "cublasSgemm_v2",
          Cublas.cublasSgemm_v2(
              device.handles().blas(),
              Cublas.CUBLAS_OP_N(),
              Cublas.CUBLAS_OP_N(),
              n,
              m,
              k,
              one,
              pointer(operation, b),
              n,
              pointer(operation, a),
              k,
              zero,
              pointer(operation, out),
              n));
    }
  }

  /**
   * Copies one array over another of as many bytes, by {@code cudaMemcpyAsync}.
   *
   * @param from without gaps
   * @param to without gaps
   */
  public void copy(NdArray from, NdArray to) {
    try (Operation operation = device.begin("raw copy", from, to)) {
      device.memory().copyWithin(operation.bytes(from), operation.bytes(to));
    }
  }

  /**
   * {@return a convolution with stride 1 by one call of {@code cudnnConvolutionForward}, as often
   * as it is run; close it afterwards}
   *
   * @param x f32 {@code [n, c, h, w]}, without gaps
   * @param filter f32 {@code [k, c, r, s]}, without gaps
   * @param padding how far x is extended on each side
   * @param out f32 {@code [n, k, …]}, without gaps
   */
  public Convolution conv(NdArray x, NdArray filter, int padding, NdArray out) {
    return new Convolution(x, filter, padding, out);
  }

  private static MemorySegment pointer(Operation operation, NdArray array) {
    return MemorySegment.ofAddress(operation.address(array));
  }

  /** A convolution whose descriptors are made. */
  public final class Convolution implements AutoCloseable {
    private final Arena arena = Arena.ofShared();
    private final MemorySegment one = arena.allocateFrom(ValueLayout.JAVA_FLOAT, 1);
    private final MemorySegment zero = arena.allocateFrom(ValueLayout.JAVA_FLOAT, 0);
    private final NdArray x;
    private final NdArray filter;
    private final NdArray out;
    private final MemorySegment ofX;
    private final MemorySegment ofFilter;
    private final MemorySegment ofOut;
    private final MemorySegment geometry;
    private final long workspace;

    private Convolution(NdArray x, NdArray filter, int padding, NdArray out) {
      this.x = x;
      this.filter = filter;
      this.out = out;
      try (Operation _ = device.begin("raw conv", x, filter, out)) {
        MemorySegment made = arena.allocate(Cudnn.C_POINTER);
        ofX = tensor(made, x);
        ofOut = tensor(made, out);
        dnn("cudnnCreateFilterDescriptor", Cudnn.cudnnCreateFilterDescriptor(made));
        ofFilter = made.get(Cudnn.C_POINTER, 0);
        int[] k = filter.shape().dims();
        dnn(
            "cudnnSetFilter4dDescriptor",
            Cudnn.cudnnSetFilter4dDescriptor(
                ofFilter,
                Cudnn.CUDNN_DATA_FLOAT(),
                Cudnn.CUDNN_TENSOR_NCHW(),
                k[0],
                k[1],
                k[2],
                k[3]));
        dnn("cudnnCreateConvolutionDescriptor", Cudnn.cudnnCreateConvolutionDescriptor(made));
        geometry = made.get(Cudnn.C_POINTER, 0);
        dnn(
            "cudnnSetConvolution2dDescriptor",
            Cudnn.cudnnSetConvolution2dDescriptor(
                geometry,
                padding,
                padding,
                1,
                1,
                1,
                1,
                Cudnn.CUDNN_CROSS_CORRELATION(),
                Cudnn.CUDNN_DATA_FLOAT()));
        // True f32, as the backend computes by default.
        dnn(
            "cudnnSetConvolutionMathType",
            Cudnn.cudnnSetConvolutionMathType(geometry, Cudnn.CUDNN_FMA_MATH()));
        MemorySegment bytes = arena.allocate(Cudnn.size_t);
        dnn(
            "cudnnGetConvolutionForwardWorkspaceSize",
            Cudnn.cudnnGetConvolutionForwardWorkspaceSize(
                device.handles().dnn(), ofX, ofFilter, geometry, ofOut, algorithm(), bytes));
        workspace = bytes.get(Cudnn.size_t, 0);
      }
    }

    private MemorySegment tensor(MemorySegment made, NdArray array) {
      dnn("cudnnCreateTensorDescriptor", Cudnn.cudnnCreateTensorDescriptor(made));
      MemorySegment descriptor = made.get(Cudnn.C_POINTER, 0);
      int[] dims = array.shape().dims();
      dnn(
          "cudnnSetTensor4dDescriptor",
          Cudnn.cudnnSetTensor4dDescriptor(
              descriptor,
              Cudnn.CUDNN_TENSOR_NCHW(),
              Cudnn.CUDNN_DATA_FLOAT(),
              dims[0],
              dims[1],
              dims[2],
              dims[3]));
      return descriptor;
    }

    private static int algorithm() {
      return Cudnn.CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_PRECOMP_GEMM();
    }

    private static void dnn(String function, int status) {
      Status.dnn(function, status);
    }

    /** Convolves once more. */
    public void run() {
      try (Operation operation = device.begin("raw conv", x, filter, out)) {
        dnn(
            "cudnnConvolutionForward",
            Cudnn.cudnnConvolutionForward(
                device.handles().dnn(),
                one,
                ofX,
                pointer(operation, x),
                ofFilter,
                pointer(operation, filter),
                geometry,
                algorithm(),
                MemorySegment.ofAddress(operation.workspace(workspace)),
                workspace,
                zero,
                ofOut,
                pointer(operation, out)));
      }
    }

    @Override
    public void close() {
      try (Operation _ = device.begin("close raw conv")) {
        device.synchronize();
        dnn("cudnnDestroyTensorDescriptor", Cudnn.cudnnDestroyTensorDescriptor(ofX));
        dnn("cudnnDestroyTensorDescriptor", Cudnn.cudnnDestroyTensorDescriptor(ofOut));
        dnn("cudnnDestroyFilterDescriptor", Cudnn.cudnnDestroyFilterDescriptor(ofFilter));
        dnn("cudnnDestroyConvolutionDescriptor", Cudnn.cudnnDestroyConvolutionDescriptor(geometry));
      }
      arena.close();
    }
  }
}
