package dev.lanewise.cuda;

import dev.lanewise.array.DType;
import dev.lanewise.array.DeviceException;
import dev.lanewise.array.NdArray;
import dev.lanewise.bindings.cuda.Cublas;
import dev.lanewise.bindings.cuda.Cudnn;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.Window;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * The bare calls of NVIDIA's libraries over arrays of the CUDA backend, on its stream: what the
 * backend's own operations are measured against. For benchmarks alone; of arguments no more is
 * checked than that the device's memory holds them. All calls return before the device is done.
 *
 * {@snippet :
 * RawCalls raw = RawCalls.of(Backends.named("cuda"));
 * raw.matmul(a, b, out);
 * raw.synchronize();
 * }
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
    try (Operation operation = device.begin("raw matmul", a, b, out)) {
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
              Dnn.one(DType.F32),
              pointer(operation, b),
              n,
              pointer(operation, a),
              k,
              Dnn.zero(DType.F32),
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
    return Dnn.at(operation.address(array));
  }

  /** A convolution whose descriptors are made. */
  public final class Convolution implements AutoCloseable {
    private final NdArray x;
    private final NdArray filter;
    private final NdArray out;

    /** Of x, the filter, the output, and the convolution; none when this is closed. */
    private final List<DnnDescriptor> descriptors = new ArrayList<>(4);

    private final long workspaceBytes;

    private Convolution(NdArray x, NdArray filter, int padding, NdArray out) {
      this.x = x;
      this.filter = filter;
      this.out = out;
      int[] dims = filter.shape().dims();
      Window window = Window.of(dims[2], dims[3]).withPadding(padding, padding);
      try (Operation _ = device.begin("raw conv", x, filter, out);
          Arena arena = Arena.ofConfined()) {
        descriptors.add(DnnDescriptor.tensor(DType.F32, x.shape().dims()));
        descriptors.add(DnnDescriptor.filter(DType.F32, dims));
        descriptors.add(DnnDescriptor.tensor(DType.F32, out.shape().dims()));
        // True f32, as the backend computes by default.
        descriptors.add(
            DnnDescriptor.convolution(DType.F32, DnnWindow.of(window), 1, Cudnn.CUDNN_FMA_MATH()));
        MemorySegment bytes = arena.allocate(Cudnn.size_t);
        Status.dnn(
            "cudnnGetConvolutionForwardWorkspaceSize",
            Cudnn.cudnnGetConvolutionForwardWorkspaceSize(
                device.handles().dnn(),
                descriptor(0),
                descriptor(1),
                descriptor(3),
                descriptor(2),
                algorithm(),
                bytes));
        workspaceBytes = bytes.get(Cudnn.size_t, 0);
      } catch (DeviceException failed) {
        Closing.after(failed, () -> Closing.all(descriptors));
        throw failed;
      }
    }

    private MemorySegment descriptor(int i) {
      return descriptors.get(i).handle();
    }

    private static int algorithm() {
      return Cudnn.CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_PRECOMP_GEMM();
    }

    /**
     * Convolves once more.
     *
     * @throws IllegalStateException if this was closed
     */
    public void run() {
      try (Operation operation = device.begin("raw conv", x, filter, out)) {
        if (descriptors.isEmpty()) {
          throw new IllegalStateException("raw conv: it was closed; make another");
        }
        Status.dnn(
            "cudnnConvolutionForward",
            Cudnn.cudnnConvolutionForward(
                device.handles().dnn(),
                Dnn.one(DType.F32),
                descriptor(0),
                pointer(operation, x),
                descriptor(1),
                pointer(operation, filter),
                descriptor(3),
                algorithm(),
                Dnn.at(operation.workspace(workspaceBytes)),
                workspaceBytes,
                Dnn.zero(DType.F32),
                descriptor(2),
                pointer(operation, out)));
      }
    }

    /** Gives the descriptors back. Closing twice does nothing. */
    @Override
    public void close() {
      try (Operation _ = device.begin("close raw conv")) {
        List<DnnDescriptor> all = List.copyOf(descriptors);
        descriptors.clear();
        Closing.all(all);
      }
    }
  }
}
