package dev.lanewise.graph;

import dev.lanewise.array.DType;
import dev.lanewise.array.Layout;
import dev.lanewise.array.Shape;
import java.util.Locale;
import java.util.Map;

/**
 * An operand: which elements of a buffer, in which order.
 *
 * @param buffer the memory
 * @param layout shape, strides and offset, in elements of the buffer
 */
public record View(Buffer buffer, Layout layout) {

  /** {@return all of a buffer, in one row} */
  static View all(Buffer buffer) {
    return new View(buffer, Layout.contiguous(buffer.row()));
  }

  /** {@return its extents} */
  public Shape shape() {
    return layout.shape();
  }

  /** {@return the type of its elements} */
  public DType dtype() {
    return buffer.dtype();
  }

  /** {@return whether it is the whole buffer in the order of its memory} */
  public boolean isWhole() {
    return layout.isContiguous() && layout.offset() == 0 && shape().size() == buffer.size();
  }

  /** {@return whether the two may share an element} */
  boolean meets(View other) {
    return buffer == other.buffer && layout.meets(other.layout);
  }

  /** {@return the same place in another buffer, if there is one} */
  View renamed(Map<Buffer, Buffer> others) {
    Buffer other = others.get(buffer);
    return other == null ? this : new View(other, layout);
  }

  /** {@return for example {@code t3:f32[8, 32]}; with strides and offset if it is not all of it} */
  @Override
  public String toString() {
    String name = buffer + ":" + dtype().toString().toLowerCase(Locale.ROOT) + shape();
    return isWhole() ? name : name + strides();
  }

  private String strides() {
    StringBuilder text = new StringBuilder("@").append(layout.offset()).append("/");
    for (int i = 0; i < shape().rank(); i++) {
      text.append(i == 0 ? "" : ",").append(layout.stride(i));
    }
    return text.toString();
  }
}
