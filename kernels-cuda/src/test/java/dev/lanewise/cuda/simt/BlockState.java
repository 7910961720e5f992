package dev.lanewise.cuda.simt;

import java.util.Arrays;
import java.util.List;

/** Where a launch is: the block that runs, its threads, and what they have done so far. */
final class BlockState {
  static final byte BREAK = 1;
  static final byte CONTINUE = 2;
  static final byte RETURN = 3;

  final String kernel;
  final DeviceAccess memory;
  final List<DeviceArray> arrays;

  /** Null if races in global memory are not looked for. */
  final RaceTable races;

  final int[] grid;
  final int[] block;
  final int threads;

  /** A number that no other launch of the program has. */
  final long launch;

  /** How a lane is on its way out: 0, or one of the constants above. */
  final byte[] jumps;

  /**
   * Grows with each block and each barrier: what happens in one epoch has no order among threads.
   */
  int epoch;

  /** The first epoch of the block that runs. */
  int blockEpoch;

  /** How many threads have not returned from the kernel. */
  int live;

  final int[] index = new int[3];
  int blockNumber;

  BlockState(
      String kernel,
      DeviceAccess memory,
      List<DeviceArray> arrays,
      RaceTable races,
      int[] grid,
      int[] block,
      long launch,
      int epoch) {
    this.kernel = kernel;
    this.memory = memory;
    this.arrays = arrays;
    this.races = races;
    this.grid = grid;
    this.block = block;
    this.threads = block[0] * block[1] * block[2];
    this.launch = launch;
    this.epoch = epoch;
    this.jumps = new byte[threads];
  }

  void start(int x, int y, int z) {
    index[0] = x;
    index[1] = y;
    index[2] = z;
    blockNumber = (z * grid[1] + y) * grid[0] + x;
    blockEpoch = ++epoch;
    live = threads;
    Arrays.fill(jumps, (byte) 0);
  }

  SimtFault fault(int line, int lane, String reason) {
    return fault(line, lane, reason, null);
  }

  SimtFault fault(int line, int lane, String reason, Throwable cause) {
    return new SimtFault(kernel, line, where(index, lane), reason, cause);
  }

  private String where(int[] at, int lane) {
    return "block (%d, %d, %d), thread (%d, %d, %d)"
        .formatted(
            at[0],
            at[1],
            at[2],
            lane % block[0],
            lane / block[0] % block[1],
            lane / block[0] / block[1]);
  }
}
