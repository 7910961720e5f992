package dev.lanewise.cuda;

/**
 * The index arithmetic of kernels. A kernel counts in the type {@code index}; an element's place in
 * its array is a {@code place}. Both have 32 bits where that is enough, as a device divides such
 * numbers many times faster.
 */
final class IndexCode {
  /** Below this, counting on by a whole grid of threads does not wrap around. */
  private static final long NARROW = 1L << 30;

  private IndexCode() {}

  /**
   * {@return whether 32 bits are not enough}
   *
   * @param count what is counted to
   * @param reach how far elements lie from an array's first
   */
  static boolean wide(long count, long reach) {
    return count > NARROW || reach > Integer.MAX_VALUE;
  }

  /** {@return the definitions of the types} */
  static String types(boolean wide) {
    // Narrow strides may be negative: unsigned sums wrap around to what the place is, read signed.
    return wide
        ? "typedef long long index;\ntypedef long long place;\n\n"
        : "typedef unsigned int index;\ntypedef int place;\n\n";
  }

  /**
   * {@return the parameters of an axis group: the extents of all axes but the outermost}
   *
   * @param name what they are called, with the axis behind it
   * @param rank how many axes there are
   */
  static String extents(String name, int rank) {
    StringBuilder text = new StringBuilder();
    for (int axis = 1; axis < rank; axis++) {
      text.append(", long long ").append(name).append(axis);
    }
    return text.toString();
  }

  /**
   * {@return the parameters of an array's strides}
   *
   * @param name what they are called, with the axis behind it
   * @param rank how many axes there are
   */
  static String strides(String name, int rank) {
    StringBuilder text = new StringBuilder();
    for (int axis = 0; axis < rank; axis++) {
      text.append(", long long ").append(name).append(axis);
    }
    return text.toString();
  }

  /**
   * {@return statements that make an index of each axis from the number of a step}
   *
   * @param indent what the lines begin with
   * @param count the variable with the step's number
   * @param extent what the parameters of the extents are called
   * @param index what the indices are called, with the axis behind it
   * @param rank how many axes there are
   */
  static String split(String indent, String count, String extent, String index, int rank) {
    StringBuilder text = new StringBuilder();
    String rest = count;
    for (int axis = rank - 1; axis > 0; axis--) {
      String dim = "(index) " + extent + axis;
      text.append("%sconst index %s%d = %s %% %s;\n".formatted(indent, index, axis, rest, dim));
      String next = index + "_above" + axis;
      text.append("%sconst index %s = %s / %s;\n".formatted(indent, next, rest, dim));
      rest = next;
    }
    if (rank > 0) {
      text.append("%sconst index %s0 = %s;\n".formatted(indent, index, rest));
    }
    return text.toString();
  }

  /** {@return the place of an element by its index along each axis} */
  static String place(String index, String stride, int rank) {
    StringBuilder text = new StringBuilder("(place) (");
    for (int axis = 0; axis < rank; axis++) {
      text.append(axis == 0 ? "" : " + ")
          .append("%s%d * (index) %s%d".formatted(index, axis, stride, axis));
    }
    return text.append(rank == 0 ? "0)" : ")").toString();
  }

  /** Gives a launch what {@link #extents} declares. */
  static void passExtents(Arguments arguments, Walk walk) {
    for (int axis = 1; axis < walk.rank(); axis++) {
      arguments.int64(walk.dims()[axis]);
    }
  }

  /** Gives a launch what {@link #strides} declares. */
  static void passStrides(Arguments arguments, Walk walk, int array) {
    for (long stride : walk.strides()[array]) {
      arguments.int64(stride);
    }
  }
}
