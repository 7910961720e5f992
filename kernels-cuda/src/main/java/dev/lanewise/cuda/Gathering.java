package dev.lanewise.cuda;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;

/** Picks elements by index, of any type: a thread for each. */
final class Gathering {
  private final CudaDevice device;

  Gathering(CudaBackend backend) {
    this.device = backend.device();
  }

  /** What the kernel's text depends on. */
  record Text(int elementBytes, DType indices, Places.Form form) {
    KernelSource source() {
      String moved =
          switch (elementBytes) {
            case 1 -> "unsigned char";
            case 2 -> "unsigned short";
            case 4 -> "unsigned int";
            case 8 -> "unsigned long long";
            default -> throw new AssertionError("no element has " + elementBytes + " bytes");
          };
      return KernelText.of("gather").type("T", moved).type("I", indices).places(form).source();
    }
  }

  /**
   * Picks elements.
   *
   * @param name the operation's name
   * @param axis the axis along which is picked
   * @param table what is picked from
   * @param indices what to pick: {@code [n]} for whole slices, or of the shape of {@code picked}
   * @param picked what is written; not empty
   */
  void pick(String name, int axis, NdArray table, NdArray indices, NdArray picked) {
    try (Operation operation = device.begin(name, table, indices, picked)) {
      int[] dims = picked.shape().dims();
      boolean ofSlices = indices.shape().rank() != dims.length;
      Places places =
          Places.inOrderOf(
              picked,
              dims,
              Places.Path.of("table", table).with(axis, 0),
              ofSlices
                  ? Places.Path.along(axis, dims.length, "indices", indices.layout().stride(0))
                  : Places.Path.of("indices", indices),
              Places.Path.of("picked", picked));
      Text text = new Text(table.dtype().byteSize(), indices.dtype(), places.form());
      Arguments arguments =
          device
              .arguments()
              .pointer(operation.address(table))
              .pointer(operation.address(indices))
              .pointer(operation.address(picked))
              .int64(table.shape().dim(axis))
              .int64(table.layout().stride(axis));
      device
          .kernels()
          .of(text, Text::source)
          .launch(KernelText.blocks(places.size()), KernelText.THREADS, places.addTo(arguments));
    }
  }
}
