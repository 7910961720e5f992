package dev.lanewise.array;

/** Walks over the elements of a layout in row-major order. */
public final class Cursor {
  private final int[] dims;
  private final int[] index;
  private final Layout layout;
  private long element;

  /**
   * Starts at index {@code [0, 0, …]}.
   *
   * @param layout what to walk over
   */
  public Cursor(Layout layout) {
    this.layout = layout;
    this.dims = layout.shape().dims();
    this.index = new int[dims.length];
    this.element = layout.offset();
  }

  /** {@return where in the storage the present element lies, in elements} */
  public long element() {
    return element;
  }

  /** Goes to the next element; after the last, to the first again. */
  public void advance() {
    for (int i = dims.length - 1; i >= 0; i--) {
      element += layout.stride(i);
      if (++index[i] < dims[i]) {
        return;
      }
      element -= dims[i] * layout.stride(i);
      index[i] = 0;
    }
  }
}
