package dev.lanewise.simd;

import dev.lanewise.array.DType;
import dev.lanewise.array.HostMemory;
import dev.lanewise.array.Layout;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Pool;

/** A row program over the arrays of a call made ready; the caller keeps them reachable. */
final class RowPlan extends Plan {
  private final RowTiles tiles;

  /**
   * Plans a call that computes something.
   *
   * @param reduced which axes a row runs along
   * @param params the scalars
   * @param arrays the layouts of the arrays, stretched to one shape
   */
  RowPlan(
      Signature call,
      RowProgram program,
      DType dtype,
      boolean[] reduced,
      double[] params,
      Workers workers,
      Layout... arrays) {
    super(call);
    this.tiles = new RowTiles(program, dtype, reduced, params, workers, arrays);
  }

  /** {@return this, with an array of the next call} */
  RowPlan at(int array, NdArray x) {
    return at(array, Addresses.of(x));
  }

  /** {@return this, with the address of an array of the next call} */
  RowPlan at(int array, long address) {
    tiles.at(array, address);
    return this;
  }

  /** Runs the program over the arrays. */
  void run() {
    Pool pool = HostMemory.INSTANCE.pool();
    Pool.Block block = pool.take(tiles.scratchBytes());
    try {
      tiles.run(block.address());
    } finally {
      pool.give(block);
    }
  }
}
