package dev.lanewise.cuda;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.kernel.ReduceOp;
import dev.lanewise.kernel.ScanSpec;

/**
 * Cumulative sums, products, maxima and minima; floating-point numbers in 64 bits. A thread follows
 * each line if there are many lines or they are short; else a block does, in pieces of 2048
 * elements, which combines the elements before one in pairs rather than one by one: in the k-th
 * result no element takes part in more than k − 1 additions, as the contract wants.
 */
final class Scans {
  private final CudaDevice device;

  Scans(CudaBackend backend) {
    this.device = backend.device();
  }

  /** What the kernel's text depends on. */
  record Text(boolean byBlocks, ReduceOp op, DType dtype, Places.Form form) {
    KernelSource source() {
      return KernelText.of(byBlocks ? "scan_blocks" : "scan_lines")
          .type("T", dtype)
          .type("A", accumulator(dtype))
          .put("combine", combine(op, dtype))
          .put("first", CudaTypes.identity(op, accumulator(dtype)))
          .places(form)
          .source();
    }
  }

  private static DType accumulator(DType dtype) {
    return dtype.isFloating() ? DType.F64 : dtype;
  }

  /** {@return the text of the function that combines two} */
  private static String combine(ReduceOp op, DType dtype) {
    String unsigned = dtype == DType.I64 ? "unsigned long long" : "unsigned int";
    String body =
        switch (op) {
          case SUM -> dtype.isFloating() ? "return a + b;" : wrapped(unsigned, "+");
          case PROD -> dtype.isFloating() ? "return a * b;" : wrapped(unsigned, "*");
          case MAX ->
              dtype.isFloating() ? extreme(">", "signbit(a) ? b : a") : "return a > b ? a : b;";
          case MIN ->
              dtype.isFloating() ? extreme("<", "signbit(a) ? a : b") : "return a < b ? a : b;";
        };
    return "__device__ inline A combine(A a, A b) {\n" + body + "\n}";
  }

  /** Overflow of signed integers is undefined in C; that of unsigned ones wraps around. */
  private static String wrapped(String unsigned, String operator) {
    return "return (A) ((%s) a %s (%s) b);".formatted(unsigned, operator, unsigned);
  }

  private static String extreme(String operator, String ofZeros) {
    return """
    if (a %s b) {
      return a;
    }
    if (b %s a) {
      return b;
    }
    // Zeros of either sign are equal; a sum with NaN is NaN.
    return a == b ? (%s) : a + b;\
    """
        .formatted(operator, operator, ofZeros);
  }

  /** Checks a call and combines. */
  void run(ReduceOp op, NdArray x, int axis, boolean exclusive, boolean reverse, NdArray out) {
    ScanSpec spec = ScanSpec.of(op, x, axis, exclusive, reverse, out);
    if (x.size() == 0) {
      return;
    }
    int along = spec.axis();
    long count = x.shape().dim(along);
    int[] dims = x.shape().dims();
    dims[along] = 1;
    try (Operation operation = device.begin("scan", x, out)) {
      Places places = Places.inOrderOf(x, dims, Places.Path.of("x", x), Places.Path.of("out", out));
      boolean byBlocks = Grid.isBlockPerLine(places.size(), count);
      Arguments arguments = device.arguments();
      arguments.pointer(begin(operation, x, along, reverse)).int64(count);
      arguments.int64(step(x, along, reverse));
      arguments.pointer(begin(operation, out, along, reverse)).int64(step(out, along, reverse));
      arguments.int32(exclusive ? 1 : 0);
      Text text = new Text(byBlocks, op, x.dtype(), places.form());
      device
          .kernels()
          .of(text, Text::source)
          .launch(
              byBlocks ? places.size() : KernelText.blocks(places.size()),
              KernelText.THREADS,
              places.addTo(arguments));
    }
  }

  private static long begin(Operation operation, NdArray array, int axis, boolean reverse) {
    long last = (array.shape().dim(axis) - 1) * array.layout().stride(axis);
    return operation.address(array) + (reverse ? last * array.dtype().byteSize() : 0);
  }

  private static long step(NdArray array, int axis, boolean reverse) {
    return reverse ? -array.layout().stride(axis) : array.layout().stride(axis);
  }
}
