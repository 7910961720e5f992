package dev.lanewise.kernel;

import dev.lanewise.array.Layout;
import dev.lanewise.array.Shape;

/** The ways in which an array can lie in a larger storage. */
enum Placement {
  /** Row-major, from the storage's first element. */
  DENSE,
  /** Row-major, from an element that is not aligned to a vector. */
  OFFSET,
  /** Gaps between the elements of an axis. */
  STRIDED,
  /** A part of a larger array. */
  SLICED,
  /** The axes in another order. */
  TRANSPOSED,
  /** All of these at once. */
  MIXED,
  /** Some axes stretched by strides of 0; only inputs can lie so. */
  BROADCAST;

  /** {@return this, or what comes closest to it that can be written to} */
  Placement writable() {
    return this == BROADCAST ? MIXED : this;
  }

  /**
   * {@return a layout of a shape, and room before and behind it, under {@code capacity(layout)}}
   */
  Layout layout(Dice dice, Shape shape) {
    int rank = shape.rank();
    boolean mixed = this == MIXED || this == BROADCAST && dice.oneIn(2);
    int[] order = this == TRANSPOSED || mixed ? dice.permutation(rank) : identity(rank);
    int[] before = new int[rank];
    int[] after = new int[rank];
    int[] step = new int[rank];
    boolean[] stretched = new boolean[rank];
    int[] dims = new int[rank];
    for (int i = 0; i < rank; i++) {
      boolean sliced = this == SLICED || mixed && dice.oneIn(2);
      before[i] = sliced ? dice.between(0, 3) : 0;
      after[i] = sliced ? dice.between(0, 3) : 0;
      step[i] = this == STRIDED || mixed && dice.oneIn(3) ? dice.between(1, 3) : 1;
      stretched[i] = this == BROADCAST && dice.oneIn(2);
      dims[order[i]] = stretched[i] ? 1 : before[i] + span(shape.dim(i), step[i]) + after[i];
    }
    int lead = this == DENSE ? 0 : dice.between(0, 9);
    Shape all = Shape.of(dims);
    int size = Math.toIntExact(all.size());
    Layout layout = Layout.contiguous(Shape.of(lead + size)).slice(0, lead, lead + size, 1);
    layout = layout.reshape(all);
    for (int i = 0; i < rank; i++) {
      if (!stretched[i]) {
        int end = before[i] + span(shape.dim(i), step[i]);
        layout = layout.slice(order[i], before[i], end, step[i]);
      }
    }
    return layout.permute(order).broadcastTo(shape);
  }

  private static int span(int extent, int step) {
    return extent == 0 ? 0 : (extent - 1) * step + 1;
  }

  private static int[] identity(int rank) {
    int[] order = new int[rank];
    for (int i = 0; i < rank; i++) {
      order[i] = i;
    }
    return order;
  }
}
