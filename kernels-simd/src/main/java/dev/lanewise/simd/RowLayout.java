package dev.lanewise.simd;

import dev.lanewise.array.DType;
import dev.lanewise.array.Layout;
import dev.lanewise.simd.RowProgram.Kind;

/**
 * The loops of a {@link RowProgram} over arrays of any layout. Axes are ordered by the first
 * array's steps and merged where all arrays allow it; an array that does not fit is copied in each
 * call, an output back again.
 */
final class RowLayout {
  /** Of so many elements at most arrays are turned. */
  private static final long MOST_TURNED = 1L << 24;

  private final RowProgram program;
  private Nest nest;
  private boolean[] reduced;
  private boolean along;

  /** For each array what copies it, or null, and where in the call's memory the copy lies. */
  private final StridedCopy[] copies;

  private final long[] places;
  private long scratchBytes;

  RowLayout(RowProgram program, DType dtype, boolean[] axes, Layout... arrays) {
    this.program = program;
    this.nest = Nest.of(dtype, arrays);
    this.reduced = ReductionPasses.sortAndMerge(nest, axes, 0);
    this.copies = new StridedCopy[arrays.length];
    this.places = new long[arrays.length];
    chooseDirection();
    packWhatDoesNotFit();
  }

  /** {@return the loops; of the last two axes one is that of the rows' elements} */
  Nest nest() {
    return nest;
  }

  /** {@return whether the last axis is that of the rows' elements, not the one before} */
  boolean along() {
    return along;
  }

  /** {@return how many bytes of memory the copies take} */
  long scratchBytes() {
    return scratchBytes;
  }

  /** Leaves one axis for the elements of a row, the last or the one before. */
  private void chooseDirection() {
    int count = 0;
    int last = -1;
    for (int i = 0; i < reduced.length; i++) {
      if (reduced[i]) {
        count++;
        last = i;
      }
    }
    if (count > 1) {
      makeOneAxis();
      along = true;
      return;
    }
    along = count == 1 && last == reduced.length - 1;
    if (count == 0) {
      insert(Math.max(0, nest.rank() - 1), true); // a row of one element
    } else if (!along) {
      for (int i = last; i < nest.rank() - 2; i++) {
        swapWithNext(i);
      }
    }
    if (along && program.turnsShortRows() && hasManyShortRows()) {
      swapWithNext(nest.rank() - 2);
      along = false;
    }
    while (nest.rank() < 2) {
      // Not along a row, the one axis is that of the elements, and rows come after it.
      insert(along ? 0 : nest.rank(), false);
    }
  }

  /**
   * {@return whether loops over many rows at once are faster even though the arrays have to be
   * turned for them} A loop along a row costs about as much for 3 elements as for 32 (measured: 2
   * to 3 times as fast for 4 to 20 elements, slower for 64). Copies are as large as the arrays, so
   * those have a limit.
   */
  private boolean hasManyShortRows() {
    int rank = nest.rank();
    long length = nest.innerExtent();
    return rank >= 2
        && length <= 2L * Lanes.BITS / Byte.SIZE / nest.bytes
        && nest.dims[rank - 2] >= 2 * length
        && nest.size() <= MOST_TURNED;
  }

  /** Axes that are not neighbours in memory: copies have them innermost. */
  private void makeOneAxis() {
    int rank = nest.rank();
    int[] order = new int[rank];
    int at = 0;
    for (int pass = 0; pass < 2; pass++) {
      for (int i = 0; i < rank; i++) {
        if (reduced[i] == (pass == 1)) {
          order[at++] = i;
        }
      }
    }
    long[] dims = Nest.pick(nest.dims, order);
    long[][] strides = new long[nest.strides.length][];
    boolean[] flags = new boolean[rank];
    for (int a = 0; a < strides.length; a++) {
      strides[a] = Nest.pick(nest.strides[a], order);
    }
    for (int i = 0; i < rank; i++) {
      flags[i] = reduced[order[i]];
    }
    nest = nest.with(dims, nest.addresses, strides);
    reduced = flags;
    for (int a = 0; a < strides.length; a++) {
      if (program.kind(a) != Kind.PER_ROW) {
        pack(a);
      }
    }
    for (int axis = rank - 2; axis >= 0 && reduced[axis]; axis--) {
      nest.merge(axis);
    }
    int left = nest.rank();
    reduced = new boolean[left];
    reduced[left - 1] = true;
    if (left == 1) {
      insert(0, false);
    }
  }

  private void insert(int at, boolean flag) {
    long[] dims = Nest.insert(nest.dims, at, 1);
    long[][] strides = new long[nest.strides.length][];
    for (int a = 0; a < strides.length; a++) {
      Kind kind = program.kind(a);
      boolean stays = kind == Kind.FULL || (kind == Kind.PER_PLACE) == flag;
      strides[a] = Nest.insert(nest.strides[a], at, stays ? 1 : 0);
    }
    nest = nest.with(dims, nest.addresses, strides);
    boolean[] flags = new boolean[dims.length];
    for (int i = 0; i < flags.length; i++) {
      flags[i] = i == at ? flag : reduced[i < at ? i : i - 1];
    }
    reduced = flags;
  }

  private void swapWithNext(int axis) {
    nest.swapWithNext(axis);
    boolean next = reduced[axis + 1];
    reduced[axis + 1] = reduced[axis];
    reduced[axis] = next;
  }

  private void packWhatDoesNotFit() {
    int rank = nest.rank();
    int rowAxis = along ? rank - 2 : rank - 1;
    for (int a = 0; a < nest.addresses.length; a++) {
      // What a loop runs through must lie side by side.
      int axis =
          switch (program.kind(a)) {
            case FULL -> rank - 1;
            case PER_ROW -> rowAxis;
            case PER_PLACE -> along ? rank - 1 : -1;
          };
      if (axis >= 0 && nest.dims[axis] > 1 && nest.strides[a][axis] != 1) {
        pack(a);
      }
    }
  }

  /** Lets an array be a copy without gaps that has all the numbers of its kind. */
  private void pack(int array) {
    int rank = nest.rank();
    long[] copied = nest.dims.clone();
    for (int i = 0; i < rank; i++) {
      boolean stays =
          switch (program.kind(array)) {
            case FULL -> true;
            case PER_ROW -> !reduced[i];
            case PER_PLACE -> reduced[i];
          };
      copied[i] = stays ? copied[i] : 1;
    }
    long[] packed = new long[rank];
    long stride = 1;
    for (int i = rank - 1; i >= 0; i--) {
      packed[i] = copied[i] == 1 && nest.dims[i] > 1 ? 0 : stride;
      stride *= copied[i];
    }
    long[] strides = nest.strides[array].clone();
    long[] own = packed.clone();
    long[][] both =
        array < program.inputs() ? new long[][] {strides, own} : new long[][] {own, strides};
    copies[array] = StridedCopy.of(new Nest(null, nest.dtype, copied, new long[2], both));
    places[array] = scratchBytes;
    scratchBytes += Scratch.aligned(stride * nest.bytes);
    nest.strides[array] = packed;
  }

  /**
   * Copies inputs that do not fit.
   *
   * @param given where the arrays lie
   * @param used receives where the loops find them
   * @param scratch the address of memory for copies
   */
  void enter(long[] given, long[] used, long scratch, Workers workers) {
    for (int a = 0; a < copies.length; a++) {
      used[a] = copies[a] == null ? given[a] : scratch + places[a];
      if (copies[a] != null && a < program.inputs()) {
        copies[a].run(given[a], used[a], workers);
      }
    }
  }

  /** Copies outputs to where they belong. */
  void finish(long[] given, long scratch, Workers workers) {
    for (int a = program.inputs(); a < copies.length; a++) {
      if (copies[a] != null) {
        copies[a].run(scratch + places[a], given[a], workers);
      }
    }
  }
}
