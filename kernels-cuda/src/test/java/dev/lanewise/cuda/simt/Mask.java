package dev.lanewise.cuda.simt;

/**
 * The threads of a block that take part: their numbers, in rising order. Nodes are never run with
 * an empty one.
 */
final class Mask {
  int[] lanes = {};
  int count;

  int first() {
    return lanes[0];
  }

  /**
   * {@return one more than the last lane} Cheap loops run from first to here: what they compute for
   * others is unused.
   */
  int end() {
    return lanes[count - 1] + 1;
  }

  void all(int threads) {
    room(threads);
    for (int lane = 0; lane < threads; lane++) {
      lanes[lane] = lane;
    }
    count = threads;
  }

  void copy(Mask from) {
    room(from.count);
    System.arraycopy(from.lanes, 0, lanes, 0, from.count);
    count = from.count;
  }

  /** Takes those lanes of a mask, which may be this one, whose condition is as wanted. */
  void select(Mask from, long[] condition, boolean wanted) {
    room(from.count);
    int n = 0;
    for (int k = 0; k < from.count; k++) {
      int lane = from.lanes[k];
      if ((condition[lane] != 0) == wanted) {
        lanes[n++] = lane;
      }
    }
    count = n;
  }

  /** Takes those lanes of a mask, which may be this one, that have not jumped. */
  void staying(Mask from, byte[] jumps) {
    room(from.count);
    int n = 0;
    for (int k = 0; k < from.count; k++) {
      int lane = from.lanes[k];
      if (jumps[lane] == 0) {
        lanes[n++] = lane;
      }
    }
    count = n;
  }

  /** Ends one kind of jump for the lanes of this mask. */
  void land(byte[] jumps, byte kind) {
    for (int k = 0; k < count; k++) {
      if (jumps[lanes[k]] == kind) {
        jumps[lanes[k]] = 0;
      }
    }
  }

  /** Copies the values of these lanes. */
  void copyValues(long[] from, long[] to) {
    int first = first();
    if (end() - first == count) {
      System.arraycopy(from, first, to, first, count);
      return;
    }
    for (int k = 0; k < count; k++) {
      to[lanes[k]] = from[lanes[k]];
    }
  }

  private void room(int size) {
    if (lanes.length < size) {
      lanes = new int[size];
    }
  }
}
