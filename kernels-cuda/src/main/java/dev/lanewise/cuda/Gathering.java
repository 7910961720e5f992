package dev.lanewise.cuda;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import java.util.HashMap;
import java.util.Map;

/** Picks elements by index, of any type: a thread for each. */
final class Gathering {
  private final CudaDevice device;
  private final Map<Text, KernelSource> sources = new HashMap<>();

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
            default -> "unsigned long long";
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
          .of(sources.computeIfAbsent(text, Text::source))
          .launch(KernelText.blocks(places.size()), KernelText.THREADS, places.addTo(arguments));
    }
  }
}
