package dev.lanewise.cuda;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;

/**
 * Additions at indices, in the order of the indices, without atomics: the same bits each time. Few
 * indices, or those of very many lines, are followed by a thread for each line, which takes as many
 * steps as a line has indices. Others are sorted first, stably (see {@link Sorting} for what that
 * costs); then a thread adds all elements of one index and one column, and takes as many steps as
 * that index comes.
 */
final class Adding {
  /** So few steps one after the other take no longer than sorting. */
  private static final int FEW = 32;

  private final CudaDevice device;
  private final Sorting sorting;

  Adding(CudaBackend backend, Sorting sorting) {
    this.device = backend.device();
    this.sorting = sorting;
  }

  /** What a kernel's text depends on. */
  record Text(boolean sorts, DType dtype, DType indices, Places.Form form) {
    KernelSource source() {
      return KernelText.of(sorts ? "add_sorted" : "add_lines")
          .type("T", dtype)
          .type(sorts ? "K" : "I", sorts ? Order.type(indices) : CudaTypes.stored(indices))
          .places(form)
          .source();
    }
  }

  /**
   * Adds elements to a table.
   *
   * @param name the operation's name
   * @param axis the axis along which is picked
   * @param table what is added to
   * @param indices where to add: {@code [n]} for whole slices, or of the shape of {@code added}
   * @param added what is added; not empty
   */
  void add(String name, int axis, NdArray table, NdArray indices, NdArray added) {
    int count = added.shape().dim(axis);
    try (Operation operation = device.begin(name, added, indices, table)) {
      boolean ofSlices = indices.shape().rank() != added.shape().rank();
      long lines = added.size() / count;
      boolean sorts = count > FEW && (ofSlices || lines < Grid.MANY_LINES);
      if (sorts) {
        sorted(operation, axis, table, indices, added);
      } else {
        lines(operation, axis, table, indices, added);
      }
    }
  }

  private void lines(Operation operation, int axis, NdArray table, NdArray indices, NdArray added) {
    int[] dims = added.shape().dims();
    boolean ofSlices = indices.shape().rank() != dims.length;
    dims[axis] = 1;
    Places places =
        Places.inOrderOf(
            added,
            dims,
            Places.Path.of("table", table),
            ofSlices
                ? Places.Path.along(axis, dims.length, "indices", 0)
                : Places.Path.of("indices", indices),
            Places.Path.of("added", added));
    Arguments arguments =
        device
            .arguments()
            .pointer(operation.address(table))
            .pointer(operation.address(indices))
            .pointer(operation.address(added))
            .int64(table.shape().dim(axis))
            .int64(table.layout().stride(axis))
            .int64(added.shape().dim(axis))
            .int64(indices.layout().stride(ofSlices ? 0 : axis))
            .int64(added.layout().stride(axis));
    launch(new Text(false, table.dtype(), indices.dtype(), places.form()), places, arguments);
  }

  private void sorted(
      Operation operation, int axis, NdArray table, NdArray indices, NdArray added) {
    int[] dims = added.shape().dims();
    boolean ofSlices = indices.shape().rank() != dims.length;
    Sorting.Sorted sorted = sorting.sorted(operation, indices, ofSlices ? 0 : axis, Order.INDEX);
    Places places =
        Places.inOrderOf(
            added,
            dims,
            Places.Path.of("table", table).with(axis, 0),
            Places.Path.of("added", added).with(axis, 0),
            ofSlices
                ? Places.Path.along(axis, dims.length, "keys", 1)
                : Places.Path.ofRows(dims, axis, "keys", dims[axis]).with(axis, 1),
            Places.Path.along(axis, dims.length, "place", 1));
    Arguments arguments =
        device
            .arguments()
            .pointer(operation.address(table))
            .pointer(operation.address(added))
            .pointer(sorted.keys())
            .pointer(sorted.positions())
            .int64(table.shape().dim(axis))
            .int64(table.layout().stride(axis))
            .int64(dims[axis])
            .int64(added.layout().stride(axis));
    launch(new Text(true, table.dtype(), indices.dtype(), places.form()), places, arguments);
  }

  private void launch(Text text, Places places, Arguments arguments) {
    device
        .kernels()
        .of(text, Text::source)
        .launch(KernelText.blocks(places.size()), KernelText.THREADS, places.addTo(arguments));
  }
}
