package dev.lanewise.cuda;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.kernel.ArgMaxSpec;

/**
 * The places of the largest and smallest elements. A thread follows each line if there are many
 * lines or they are short; else a block does, whose threads share the line.
 */
final class Searching {
  private final CudaDevice device;

  Searching(CudaBackend backend) {
    this.device = backend.device();
  }

  /** What the kernel's text depends on. */
  record Text(boolean byBlocks, Order order, DType dtype, Places.Form form) {
    KernelSource source() {
      return KernelText.of(byBlocks ? "find_in_blocks" : "find_in_lines")
          .type("T", dtype)
          .type("K", Order.type(dtype))
          .put("key", order.function(dtype))
          .places(form)
          .source();
    }
  }

  void argMax(NdArray x, int axis, NdArray out) {
    find("argMax", Order.RISING, ArgMaxSpec.of("argMax", x, axis, out));
  }

  void argMin(NdArray x, int axis, NdArray out) {
    find("argMin", Order.FALLING_TO_NAN, ArgMaxSpec.of("argMin", x, axis, out));
  }

  /** Finds the first element that comes last in an order. */
  private void find(String name, Order order, ArgMaxSpec spec) {
    NdArray x = spec.x();
    NdArray out = spec.out();
    if (out.size() == 0) {
      return;
    }
    int axis = spec.axis();
    int count = x.shape().dim(axis);
    int[] dims = x.shape().dims();
    dims[axis] = 1;
    try (Operation operation = device.begin(name, x, out)) {
      Places places =
          Places.inOrderOf(x, dims, Places.Path.of("x", x), Places.Path.without(axis, "out", out));
      boolean byBlocks = Grid.isBlockPerLine(places.size(), count);
      Arguments arguments =
          device
              .arguments()
              .pointer(operation.address(x))
              .int32(count)
              .int64(x.layout().stride(axis))
              .pointer(operation.address(out));
      Text text = new Text(byBlocks, order, x.dtype(), places.form());
      device
          .kernels()
          .of(text, Text::source)
          .launch(
              byBlocks ? places.size() : KernelText.blocks(places.size()),
              KernelText.THREADS,
              places.addTo(arguments));
    }
  }
}
