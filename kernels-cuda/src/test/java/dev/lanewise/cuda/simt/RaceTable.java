package dev.lanewise.cuda.simt;

import java.util.Arrays;

/**
 * Who has read and written what of global memory in one launch. Threads of one block are ordered by
 * its barriers, threads of different blocks never. It is a hash table by address with open
 * addressing; an access is known by its first byte, so accesses of different sizes that overlap are
 * not told.
 */
final class RaceTable {
  /** Stands for more than one thread. */
  private static final int MANY = -2;

  private static final int NOBODY = -1;

  /** From here on a table is not kept for the next launch. */
  private static final int LARGE = 1 << 16;

  private int size;
  private long[] addresses;
  private long[] launches;
  private long[] values;
  private int[] writers;
  private int[] writeEpochs;
  private int[] readers;
  private int[] readEpochs;
  private int used;
  private long launch;

  RaceTable() {
    allocate(1 << 10);
  }

  void start(long newLaunch) {
    if (size > LARGE) {
      allocate(1 << 10);
    }
    launch = newLaunch;
    used = 0;
  }

  void read(BlockState state, int lane, long address, int line) {
    int slot = slot(address);
    int me = state.blockNumber * state.threads + lane;
    int writer = writers[slot];
    if (writer != NOBODY && writer != me && !ordered(state, writeEpochs[slot])) {
      throw state.fault(
          line,
          lane,
          "race: reads address "
              + hex(address)
              + ", which "
              + who(state, writer)
              + " writes in this launch");
    }
    int reader = readers[slot];
    if (reader == NOBODY || ordered(state, readEpochs[slot])) {
      readers[slot] = me;
      readEpochs[slot] = state.epoch;
    } else if (reader != me) {
      // If one of them is of an earlier block, its epoch stays: it is ordered before nothing in
      // this launch.
      readers[slot] = MANY;
    }
  }

  void write(BlockState state, int lane, long address, long value, int line) {
    int slot = slot(address);
    int me = state.blockNumber * state.threads + lane;
    int reader = readers[slot];
    if (reader != NOBODY && reader != me && !ordered(state, readEpochs[slot])) {
      throw state.fault(
          line,
          lane,
          "race: writes address "
              + hex(address)
              + ", which "
              + who(state, reader)
              + " reads in this launch");
    }
    int writer = writers[slot];
    if (writer != NOBODY && writer != me && !ordered(state, writeEpochs[slot])) {
      if (values[slot] != value) {
        throw state.fault(
            line,
            lane,
            "race: writes address "
                + hex(address)
                + ", which "
                + who(state, writer)
                + " writes in this launch");
      }
      writers[slot] = MANY;
      return;
    }
    writers[slot] = me;
    writeEpochs[slot] = state.epoch;
    values[slot] = value;
  }

  /**
   * {@return whether what happened in an epoch is before all that happens now: in this block,
   * before a barrier}
   */
  private static boolean ordered(BlockState state, int epoch) {
    return epoch >= state.blockEpoch && epoch < state.epoch;
  }

  private static String hex(long address) {
    return "0x" + Long.toHexString(address);
  }

  private static String who(BlockState state, int number) {
    return number == MANY
        ? "more than one thread"
        : "thread " + number % state.threads + " of block " + number / state.threads;
  }

  private int slot(long address) {
    int slot = find(address);
    if (launches[slot] != launch) {
      if (2 * used >= size) {
        grow();
        slot = find(address);
      }
      used++;
      launches[slot] = launch;
      addresses[slot] = address;
      writers[slot] = NOBODY;
      readers[slot] = NOBODY;
    }
    return slot;
  }

  private int find(long address) {
    int slot = (int) (address * 0x9e3779b97f4a7c15L >>> 32) & size - 1;
    while (launches[slot] == launch && addresses[slot] != address) {
      slot = slot + 1 & size - 1;
    }
    return slot;
  }

  private void grow() {
    long[] oldAddresses = addresses;
    long[] oldLaunches = launches;
    long[] oldValues = values;
    int[] oldWriters = writers;
    int[] oldWriteEpochs = writeEpochs;
    int[] oldReaders = readers;
    int[] oldReadEpochs = readEpochs;
    allocate(4 * size);
    for (int i = 0; i < oldAddresses.length; i++) {
      if (oldLaunches[i] == launch) {
        int slot = find(oldAddresses[i]);
        addresses[slot] = oldAddresses[i];
        launches[slot] = launch;
        values[slot] = oldValues[i];
        writers[slot] = oldWriters[i];
        writeEpochs[slot] = oldWriteEpochs[i];
        readers[slot] = oldReaders[i];
        readEpochs[slot] = oldReadEpochs[i];
      }
    }
  }

  private void allocate(int newSize) {
    size = newSize;
    addresses = new long[size];
    launches = new long[size];
    Arrays.fill(launches, -1);
    values = new long[size];
    writers = new int[size];
    writeEpochs = new int[size];
    readers = new int[size];
    readEpochs = new int[size];
  }
}
