package dev.lanewise.graph;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;

/** Memory that a graph works with: so many elements of one type. Views of it are its operands. */
public final class Buffer {
  /** Where a buffer's numbers come from. */
  public enum Role {
    /** From whoever runs the graph. */
    INPUT,
    /** From an array of the program, which may change between runs and which a run may change. */
    CAPTURED,
    /** From the time of tracing; nothing changes them. */
    CONSTANT,
    /** From an instruction; nobody outside of the run sees them. */
    TEMPORARY
  }

  private final int number;
  private final Role role;
  private final DType dtype;
  private final long size;
  private final NdArray array;

  Buffer(int number, Role role, DType dtype, long size, NdArray array) {
    this.number = number;
    this.role = role;
    this.dtype = dtype;
    this.size = size;
    this.array = array;
  }

  /** {@return which of the graph's buffers it is} */
  public int number() {
    return number;
  }

  /** {@return where its numbers come from} */
  public Role role() {
    return role;
  }

  /** {@return the type of its elements} */
  public DType dtype() {
    return dtype;
  }

  /** {@return how many elements it has} */
  public long size() {
    return size;
  }

  /** {@return its size in bytes} */
  public long byteSize() {
    return size * dtype.byteSize();
  }

  /** {@return all of its elements in one row} */
  Shape row() {
    return Shape.of(Math.toIntExact(size));
  }

  /** {@return a constant in its place, which has its number} */
  Buffer constant(NdArray values) {
    return new Buffer(number, Role.CONSTANT, dtype, size, values);
  }

  /** {@return an array over its memory; {@code null} if it has none before the graph is run} */
  NdArray array() {
    return array;
  }

  boolean is(Role other) {
    return role == other;
  }

  /**
   * {@return how listings name it, for example {@code t7}, and {@code w2} for an array captured}
   */
  @Override
  public String toString() {
    String letter =
        switch (role) {
          case INPUT -> "i";
          case CAPTURED -> "w";
          case CONSTANT -> "c";
          case TEMPORARY -> "t";
        };
    return letter + number;
  }
}
