package dev.lanewise.cuda.simt;

import java.util.Arrays;

/**
 * An array of a program: local, shared or constant. Its addresses have the upper bit set, which no
 * global address has; below it stand the array's number and the offset, so that an address beyond
 * its end is still known as its own.
 */
abstract sealed class DeviceArray {
  private static final int OFFSET_BITS = 40;

  /** The offset of the first byte: there are addresses before it. */
  private static final long ORIGIN = 1L << OFFSET_BITS - 1;

  final String name;
  final ScalarType type;
  final int length;
  final boolean readOnly;

  DeviceArray(String name, ScalarType type, int length, boolean readOnly) {
    this.name = name;
    this.type = type;
    this.length = length;
    this.readOnly = readOnly;
  }

  abstract long read(BlockState state, int lane, int index, int line);

  abstract void write(BlockState state, int lane, int index, long value, int line);

  /**
   * {@return the address of its first element, if it has that number among the arrays of the
   * program}
   */
  static long address(int number) {
    return Long.MIN_VALUE | (long) number << OFFSET_BITS | ORIGIN;
  }

  static int number(long address) {
    return (int) ((address & Long.MAX_VALUE) >>> OFFSET_BITS);
  }

  /** {@return which element lies at an address of this array} */
  int index(BlockState state, int lane, long address, ScalarType as, int line) {
    long offset = (address & (1L << OFFSET_BITS) - 1) - ORIGIN;
    if (as != type) {
      throw state.fault(line, lane, "takes elements of " + this + " for " + as);
    }
    if (offset % type.bytes() != 0) {
      throw state.fault(line, lane, "an address in the midst of an element of " + this);
    }
    long index = offset / type.bytes();
    if (index < 0 || index >= length) {
      throw state.fault(line, lane, "element " + index + " of " + this);
    }
    return (int) index;
  }

  @Override
  public String toString() {
    return type + " " + name + "[" + length + "]";
  }

  /** Each thread has its own. An element is read only after it was written. */
  static final class Local extends DeviceArray {
    private long[] data = {};
    private boolean[] set = {};

    Local(String name, ScalarType type, int length, boolean readOnly) {
      super(name, type, length, readOnly);
    }

    /** Begins its life: no element has a value. */
    void declare(BlockState state, Mask mask) {
      if (data.length < state.threads * length) {
        data = new long[state.threads * length];
        set = new boolean[data.length];
      }
      for (int k = 0; k < mask.count; k++) {
        int from = mask.lanes[k] * length;
        Arrays.fill(set, from, from + length, false);
      }
    }

    @Override
    long read(BlockState state, int lane, int index, int line) {
      int at = lane * length + index;
      if (!set[at]) {
        throw state.fault(
            line, lane, "reads element " + index + " of " + this + " before it has a value");
      }
      return data[at];
    }

    @Override
    void write(BlockState state, int lane, int index, long value, int line) {
      int at = lane * length + index;
      data[at] = value;
      set[at] = true;
    }
  }

  /** The same for all threads, and never written. */
  static final class Fixed extends DeviceArray {
    private final long[] data;

    Fixed(String name, ScalarType type, long[] data) {
      super(name, type, data.length, true);
      this.data = data;
    }

    @Override
    long read(BlockState state, int lane, int index, int line) {
      return data[index];
    }

    @Override
    void write(BlockState state, int lane, int index, long value, int line) {
      throw state.fault(line, lane, "writes to constant " + this);
    }
  }

  /**
   * One for the threads of a block. An element that a thread writes must not be read or written by
   * another one before the next barrier, nor written by another one than has read it; only the
   * writing of the same value is let pass.
   */
  static final class Shared extends DeviceArray {
    private static final int MANY = -2;

    private final long[] data;

    /** The last that wrote, and when. */
    private final int[] writers;

    private final int[] writeEpochs;
    private final int[] readers;
    private final int[] readEpochs;

    Shared(String name, ScalarType type, int length) {
      super(name, type, length, false);
      data = new long[length];
      writers = new int[length];
      writeEpochs = new int[length];
      readers = new int[length];
      readEpochs = new int[length];
    }

    @Override
    long read(BlockState state, int lane, int index, int line) {
      int written = writeEpochs[index];
      if (written < state.blockEpoch) {
        throw state.fault(
            line, lane, "reads element " + index + " of " + this + " before it has a value");
      }
      if (written == state.epoch && writers[index] != lane) {
        throw race(state, lane, line, index, "reads", "writes", writers[index]);
      }
      if (readEpochs[index] != state.epoch) {
        readEpochs[index] = state.epoch;
        readers[index] = lane;
      } else if (readers[index] != lane) {
        readers[index] = MANY;
      }
      return data[index];
    }

    @Override
    void write(BlockState state, int lane, int index, long value, int line) {
      if (readEpochs[index] == state.epoch && readers[index] != lane) {
        throw race(state, lane, line, index, "writes", "reads", readers[index]);
      }
      if (writeEpochs[index] == state.epoch && writers[index] != lane) {
        if (data[index] != value) {
          throw race(state, lane, line, index, "writes", "writes", writers[index]);
        }
        writers[index] = MANY;
        return;
      }
      writeEpochs[index] = state.epoch;
      writers[index] = lane;
      data[index] = value;
    }

    private SimtFault race(
        BlockState state, int lane, int line, int index, String does, String did, int other) {
      String who = other == MANY ? "more than one thread" : "thread " + other;
      return state.fault(
          line,
          lane,
          "race: %s element %d of %s, which %s %s with no barrier between"
              .formatted(does, index, this, who, did));
    }
  }
}
