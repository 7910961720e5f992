package dev.lanewise.cuda;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.kernel.PoolSpec;

/**
 * Maxima and means of windows, and their gradients: a thread for each element that is written,
 * which visits the elements of its window, or the windows of its element, one after the other. Each
 * element is read from memory about once for each window that holds it, mostly from the caches.
 */
final class Pooling {
  private final CudaDevice device;
  private final IndexCheck check;

  Pooling(CudaBackend backend, IndexCheck check) {
    this.device = backend.device();
    this.check = check;
  }

  /** What is computed. */
  enum Kind {
    MAX("max_pool", false, "x", "result", "indices"),
    MAX_BACKWARD("max_pool_backward", false, "grad", "indices", "result"),
    AVERAGE("average_pool", true, "x", "result"),
    AVERAGE_BACKWARD("average_pool_backward", true, "grad", "result");

    private final String kernel;
    private final boolean isAverage;
    private final String[] arrays;

    Kind(String kernel, boolean isAverage, String... arrays) {
      this.kernel = kernel;
      this.isAverage = isAverage;
      this.arrays = arrays;
    }
  }

  /** What the kernel's text depends on. */
  record Text(Kind kind, DType dtype, boolean slides, boolean isNarrow) {
    KernelSource source() {
      KernelText text =
          KernelText.of(kind.kernel).type("T", dtype).type("N", Places.indexType(isNarrow));
      for (String array : kind.arrays) {
        PoolArguments.strides(text, array);
      }
      return PoolArguments.windows(text, slides).source();
    }
  }

  void max(PoolSpec spec, NdArray x, NdArray out, NdArray indices) {
    spec.checkForward(x, out, indices);
    launch("maxPool", Kind.MAX, spec, false, out, x, out, indices);
  }

  /** An element gets the gradients only of windows that hold it, as {@link #max} finds them. */
  void maxBackward(PoolSpec spec, NdArray outGrad, NdArray indices, NdArray xGrad) {
    spec.checkBackward(outGrad, indices, xGrad);
    check.require(indices, spec.plane(), spec::outOfRange);
    launch("maxPoolBackward", Kind.MAX_BACKWARD, spec, false, xGrad, outGrad, indices, xGrad);
  }

  void average(PoolSpec spec, boolean countPadding, NdArray x, NdArray out) {
    spec.checkAverage(x, out);
    launch("avgPool", Kind.AVERAGE, spec, countPadding, out, x, out);
  }

  void averageBackward(PoolSpec spec, boolean countPadding, NdArray outGrad, NdArray xGrad) {
    spec.checkAverageBackward(outGrad, xGrad);
    launch("avgPoolBackward", Kind.AVERAGE_BACKWARD, spec, countPadding, xGrad, outGrad, xGrad);
  }

  private void launch(
      String name,
      Kind kind,
      PoolSpec spec,
      boolean countPadding,
      NdArray written,
      NdArray... arrays) {
    if (written.size() == 0) {
      return;
    }
    try (Operation operation = device.begin(name, arrays)) {
      boolean isNarrow = Places.isNarrow(written.size());
      Text text = new Text(kind, written.dtype(), spec.window().isPresent(), isNarrow);
      Arguments arguments = device.arguments();
      for (NdArray array : arrays) {
        arguments.pointer(operation.address(array));
        PoolArguments.addStrides(arguments, array);
      }
      if (kind.isAverage) {
        arguments.int32(countPadding ? 1 : 0);
      }
      PoolArguments.addGeometry(arguments, spec);
      Places.addIndex(arguments, isNarrow, written.size());
      device
          .kernels()
          .of(text, Text::source)
          .launch(KernelText.blocks(written.size()), KernelText.THREADS, arguments);
    }
  }
}
