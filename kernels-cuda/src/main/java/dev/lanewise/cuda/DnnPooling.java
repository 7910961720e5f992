package dev.lanewise.cuda;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Scope;
import dev.lanewise.bindings.cuda.Cudnn;
import dev.lanewise.kernel.PoolSpec;
import dev.lanewise.kernel.Window;

/**
 * Means of windows, and their gradients, by cuDNN. Largest elements are not computed by it: the
 * contract wants to know where they were, which cuDNN does not tell.
 */
final class DnnPooling implements AutoCloseable {
  private static final int MOST_PLANS = 64;

  /** A window, and whether padding counts. */
  private record Key(Window window, boolean countPadding) {
    int mode() {
      return countPadding
          ? Cudnn.CUDNN_POOLING_AVERAGE_COUNT_INCLUDE_PADDING()
          : Cudnn.CUDNN_POOLING_AVERAGE_COUNT_EXCLUDE_PADDING();
    }
  }

  private final CudaBackend backend;
  private final Dnn dnn;
  private final PlanCache<Key, DnnDescriptor> windows = new PlanCache<>(MOST_PLANS);

  DnnPooling(CudaBackend backend, Dnn dnn) {
    this.backend = backend;
    this.dnn = dnn;
  }

  /**
   * {@return whether cuDNN can do a pooling} It knows one window that slides, without gaps, with
   * the same padding on both sides, and none that is cut off.
   *
   * @param spec the geometry
   */
  static boolean canDo(PoolSpec spec) {
    Window window = spec.window().orElse(null);
    if (window == null
        || !DnnWindow.isEven(window)
        || (long) spec.input().dim(0) * spec.input().dim(1) > Dnn.MOST_IMAGES
        || spec.input().size() > Dnn.MOST_ELEMENTS
        || spec.output().size() > Dnn.MOST_ELEMENTS) {
      return false;
    }
    for (int i = 0; i < window.rank(); i++) {
      int padded = spec.input().dim(i + 2) + 2 * window.padLow(i);
      int whole = (padded - window.kernel(i)) / window.stride(i) + 1;
      if (window.dilation(i) != 1
          || spec.output().dim(i + 2) != whole
          || window.padLow(i) >= window.kernel(i)) {
        return false;
      }
    }
    return true;
  }

  void average(PoolSpec spec, boolean countPadding, NdArray x, NdArray out) {
    spec.checkAverage(x, out);
    if (out.size() == 0) {
      return;
    }
    DType dtype = x.dtype();
    try (Operation operation = backend.device().begin("avgPool", x, out);
        Scope _ = Scope.open("avgPool temporaries")) {
      NdArray from = dnn.plain(x);
      NdArray to = dnn.target(out);
      Status.dnn(
          "cudnnPoolingForward",
          Cudnn.cudnnPoolingForward(
              dnn.handle(),
              window(spec, countPadding).handle(),
              Dnn.one(dtype),
              dnn.tensor(dtype, DnnWindow.dims(spec.input())),
              Dnn.at(operation.address(from)),
              Dnn.zero(dtype),
              dnn.tensor(dtype, DnnWindow.dims(spec.output())),
              Dnn.at(operation.address(to))));
      dnn.deliver(to, out);
    }
  }

  void averageBackward(PoolSpec spec, boolean countPadding, NdArray outGrad, NdArray xGrad) {
    spec.checkAverageBackward(outGrad, xGrad);
    if (xGrad.size() == 0) {
      return;
    }
    DType dtype = xGrad.dtype();
    try (Operation operation = backend.device().begin("avgPoolBackward", outGrad, xGrad);
        Scope _ = Scope.open("avgPoolBackward temporaries")) {
      NdArray to = dnn.target(xGrad);
      long up = operation.address(dnn.plain(outGrad));
      long target = operation.address(to);
      // The numbers of the forward call do not matter to a mean's gradient, but cuDNN wants some.
      long anything = operation.workspace(to.size() * dtype.byteSize());
      var outputs = dnn.tensor(dtype, DnnWindow.dims(spec.output()));
      var inputs = dnn.tensor(dtype, DnnWindow.dims(spec.input()));
      Status.dnn(
          "cudnnPoolingBackward",
          Cudnn.cudnnPoolingBackward(
              dnn.handle(),
              window(spec, countPadding).handle(),
              Dnn.one(dtype),
              outputs,
              Dnn.at(up),
              outputs,
              Dnn.at(up),
              inputs,
              Dnn.at(anything),
              Dnn.zero(dtype),
              inputs,
              Dnn.at(target)));
      dnn.deliver(to, xGrad);
    }
  }

  private DnnDescriptor window(PoolSpec spec, boolean countPadding) {
    Key key = new Key(spec.window().orElseThrow(), countPadding);
    return windows.get(key, k -> DnnDescriptor.pooling(k.mode(), DnnWindow.of(k.window)));
  }

  @Override
  public void close() {
    windows.close();
  }
}
