package dev.lanewise.simd;

/**
 * A step of a {@link LoopPlan}, which runs in one call at a time. While it is planned, its arrays
 * have stand-in addresses: a region of its own for each base, which is an array of the call or the
 * call's temporaries. Offsets in bytes may be added to them as to real ones.
 */
abstract sealed class Stage {
  /** Further than any offset goes: an address has fewer bits. */
  private static final int REGION_BITS = 48;

  private final int[] bases;
  private final long[] offsets;

  /** One call's. */
  final long[] addresses;

  private Stage(long... standIns) {
    this.bases = new int[standIns.length];
    this.offsets = new long[standIns.length];
    this.addresses = new long[standIns.length];
    for (int i = 0; i < standIns.length; i++) {
      // An offset may be negative: half a region lies before its base.
      long base = (standIns[i] + (1L << REGION_BITS - 1)) >> REGION_BITS;
      bases[i] = Math.toIntExact(base);
      offsets[i] = standIns[i] - (base << REGION_BITS);
    }
  }

  /** {@return the stand-in address of a base} */
  static long standIn(int base) {
    return (long) base << REGION_BITS;
  }

  /**
   * Runs the step.
   *
   * @param places where the bases really are
   */
  final void run(long[] places, double[] params, Workers workers) {
    for (int i = 0; i < addresses.length; i++) {
      addresses[i] = places[bases[i]] + offsets[i];
    }
    run(params, workers);
  }

  abstract void run(double[] params, Workers workers);

  /** A kernel over some loops. */
  static final class Loop extends Stage {
    private final LoopKernel kernel;
    private final Tiles tiles;
    private final double[] scalars;

    /**
     * Of a nest with stand-in addresses.
     *
     * @param scalars what the kernel reads; null if it reads the call's
     */
    Loop(Form form, LoopKernel kernel, Nest nest, double[] scalars) {
      super(nest.addresses);
      this.kernel = kernel;
      this.tiles = new Tiles(form, nest);
      this.scalars = scalars;
    }

    @Override
    void run(double[] params, Workers workers) {
      tiles.run(kernel, addresses, scalars == null ? params : scalars, workers);
    }
  }

  /** A row program. */
  static final class Rows extends Stage {
    private final RowTiles tiles;

    /** Of the stand-in addresses of its arrays, and behind them that of its memory. */
    Rows(RowTiles tiles, long... standIns) {
      super(standIns);
      this.tiles = tiles;
    }

    @Override
    void run(double[] params, Workers workers) {
      int arrays = addresses.length - 1;
      for (int a = 0; a < arrays; a++) {
        tiles.at(a, addresses[a]);
      }
      tiles.run(addresses[arrays]);
    }
  }

  /** Elements brought to another layout. */
  static final class Copy extends Stage {
    private final StridedCopy copy;

    /** Of array 0 of a nest with stand-in addresses to array 1. */
    Copy(Nest nest) {
      super(nest.addresses);
      this.copy = StridedCopy.of(nest);
    }

    @Override
    void run(double[] params, Workers workers) {
      copy.run(addresses[0], addresses[1], workers);
    }
  }
}
