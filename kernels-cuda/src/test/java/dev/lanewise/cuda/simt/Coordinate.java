package dev.lanewise.cuda.simt;

import java.util.Arrays;

/** threadIdx, blockIdx, blockDim or gridDim, one of x, y, z. */
final class Coordinate extends Node {
  private final String name;
  private final int axis;
  private long filledFor = -1;

  Coordinate(String name, int axis, int line) {
    super(ScalarType.UINT, line);
    this.name = name;
    this.axis = axis;
  }

  static boolean is(String name) {
    return switch (name) {
      case "threadIdx", "blockIdx", "blockDim", "gridDim" -> true;
      default -> false;
    };
  }

  @Override
  long[] evaluate(BlockState state, Mask mask) {
    long[] z = room(state);
    if (name.equals("blockIdx")) {
      // The same for each thread, another for each block.
      Arrays.fill(z, mask.first(), mask.end(), state.index[axis]);
      return z;
    }
    if (filledFor != state.launch) {
      fill(state, z);
      filledFor = state.launch;
    }
    return z;
  }

  private void fill(BlockState state, long[] z) {
    int[] block = state.block;
    for (int t = 0; t < state.threads; t++) {
      z[t] =
          switch (name) {
            case "blockDim" -> block[axis];
            case "gridDim" -> state.grid[axis];
            default ->
                switch (axis) {
                  case 0 -> t % block[0];
                  case 1 -> t / block[0] % block[1];
                  default -> t / block[0] / block[1];
                };
          };
    }
  }
}
