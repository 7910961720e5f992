package dev.lanewise.cuda;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.kernel.SortSpec;

/**
 * Sorting along an axis, stable. A line of up to 1024 elements is sorted by one block in its own
 * memory. Of a longer one, pieces of 1024 are sorted so and then merged two by two: log₂(n / 1024)
 * passes over all elements, in each of which every element does a binary search; O(n · log² n) in
 * all, and 16 to 24 bytes of workspace for an element. What travels are keys and positions, not the
 * elements. The whole line is sorted even if only its first few are wanted.
 */
final class Sorting {
  /** What a block sorts in its own memory: 12 kB of keys and positions. */
  private static final int CHUNK = 1024;

  private final CudaDevice device;

  Sorting(CudaBackend backend) {
    this.device = backend.device();
  }

  /** What a kernel's text depends on. */
  sealed interface Text {
    KernelSource source();
  }

  /** Lines that a block sorts. */
  record Lines(DType dtype, Order order, Places.Form form) implements Text {
    @Override
    public KernelSource source() {
      return keyed("sort_lines", dtype, order).places(form).source();
    }
  }

  /** Pieces of lines. */
  record Chunks(DType dtype, Order order, Places.Form form) implements Text {
    @Override
    public KernelSource source() {
      return keyed("sort_chunks", dtype, order).places(form).source();
    }
  }

  /** Two runs made one. */
  record Merge(int keyBytes) implements Text {
    @Override
    public KernelSource source() {
      DType dtype = keyBytes == Long.BYTES ? DType.I64 : DType.I32;
      return KernelText.of("sort_merge").type("K", Order.type(dtype)).source();
    }
  }

  /** The elements by their positions. */
  record Write(int elementBytes, Places.Form form) implements Text {
    @Override
    public KernelSource source() {
      return KernelText.of("sort_write")
          .type("T", elementBytes == Long.BYTES ? DType.I64 : DType.I32)
          .places(form)
          .source();
    }
  }

  private static KernelText keyed(String name, DType dtype, Order order) {
    return KernelText.of(name)
        .type("T", dtype)
        .type("K", Order.type(dtype))
        .put("key", order.function(dtype))
        .put("bitonic", KernelText.piece("bitonic"));
  }

  private Kernel kernel(Text text) {
    return device.kernels().of(text, Text::source);
  }

  /** Checks a call and sorts. */
  void run(NdArray x, int axis, boolean descending, NdArray values, NdArray indices) {
    SortSpec spec = SortSpec.of(x, axis, descending, values, indices);
    if (values.size() == 0) {
      return;
    }
    Order order = descending ? Order.FALLING : Order.RISING;
    try (Operation operation = device.begin("sort", x, values, indices)) {
      if (x.shape().dim(spec.axis()) <= CHUNK) {
        lines(operation, spec, order);
      } else {
        write(operation, spec, sorted(operation, x, spec.axis(), order));
      }
    }
  }

  private void lines(Operation operation, SortSpec spec, Order order) {
    NdArray x = spec.x();
    int axis = spec.axis();
    int count = x.shape().dim(axis);
    int[] dims = x.shape().dims();
    dims[axis] = 1;
    Places places =
        Places.over(
            dims,
            Places.Path.of("x", x),
            Places.Path.of("values", spec.values()),
            Places.Path.of("indices", spec.indices()));
    int padded = powerOf2(count);
    Arguments arguments =
        device
            .arguments()
            .pointer(operation.address(x))
            .int32(count)
            .int64(x.layout().stride(axis))
            .int32(padded)
            .pointer(operation.address(spec.values()))
            .int64(spec.values().layout().stride(axis))
            .pointer(operation.address(spec.indices()))
            .int64(spec.indices().layout().stride(axis))
            .int32(spec.values().shape().dim(axis));
    kernel(new Lines(x.dtype(), order, places.form()))
        .launch(places.size(), threads(padded), places.addTo(arguments));
  }

  /** {@return a thread for each pair that is compared, in whole warps} */
  private static int threads(int padded) {
    return Math.clamp(padded / 2, 32, KernelText.THREADS);
  }

  private static int powerOf2(int count) {
    return count <= 1 ? 1 : Integer.highestOneBit(count - 1) << 1;
  }

  /**
   * Lines in order.
   *
   * @param keys the device address of their keys, the lines one behind the other in row-major order
   * @param positions where along the line they were, 32-bit
   */
  record Sorted(long keys, long positions) {}

  /**
   * {@return the keys of an array's lines in order, and where they were}
   *
   * @param operation whose workspace holds them
   * @param x not empty
   * @param axis along which the lines lie
   * @param order the order
   */
  Sorted sorted(Operation operation, NdArray x, int axis, Order order) {
    int count = x.shape().dim(axis);
    int[] dims = x.shape().dims();
    dims[axis] = 1;
    Places places = Places.over(dims, Places.Path.of("x", x));
    int chunks = Math.ceilDiv(count, CHUNK);
    int padded = powerOf2(Math.min(count, CHUNK));
    int keyBytes = Order.bytes(x.dtype());
    Sorted from = room(operation, x.size(), keyBytes);
    Arguments arguments =
        device
            .arguments()
            .pointer(operation.address(x))
            .int32(count)
            .int64(x.layout().stride(axis))
            .int32(padded)
            .int32(chunks)
            .pointer(from.keys)
            .pointer(from.positions);
    kernel(new Chunks(x.dtype(), order, places.form()))
        .launch(
            Math.multiplyExact(places.size(), chunks), threads(padded), places.addTo(arguments));
    if (chunks == 1) {
      return from;
    }
    Sorted to = room(operation, x.size(), keyBytes);
    for (long run = CHUNK; run < count; run *= 2) {
      kernel(new Merge(keyBytes))
          .launch(
              KernelText.blocks(x.size()),
              KernelText.THREADS,
              device
                  .arguments()
                  .pointer(from.keys)
                  .pointer(from.positions)
                  .pointer(to.keys)
                  .pointer(to.positions)
                  .int64(x.size())
                  .int64(count)
                  .int64(run));
      Sorted other = from;
      from = to;
      to = other;
    }
    return from;
  }

  private static Sorted room(Operation operation, long elements, int keyBytes) {
    return new Sorted(
        operation.workspace(elements * keyBytes), operation.workspace(elements * Integer.BYTES));
  }

  private void write(Operation operation, SortSpec spec, Sorted sorted) {
    NdArray x = spec.x();
    int axis = spec.axis();
    int[] dims = spec.values().shape().dims();
    Places places =
        Places.inOrderOf(
            spec.values(),
            dims,
            Places.Path.of("x", x).with(axis, 0),
            Places.Path.ofRows(dims, axis, "positions", x.shape().dim(axis)).with(axis, 1),
            Places.Path.of("values", spec.values()),
            Places.Path.of("indices", spec.indices()));
    Arguments arguments =
        device
            .arguments()
            .pointer(operation.address(x))
            .int64(x.layout().stride(axis))
            .pointer(sorted.positions)
            .pointer(operation.address(spec.values()))
            .pointer(operation.address(spec.indices()));
    kernel(new Write(x.dtype().byteSize(), places.form()))
        .launch(KernelText.blocks(places.size()), KernelText.THREADS, places.addTo(arguments));
  }
}
