package dev.lanewise.simd;

import dev.lanewise.array.Device;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Scope;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.ReduceOp;
import dev.lanewise.kernel.ReduceSpec;
import java.lang.ref.Reference;
import java.util.Arrays;
import java.util.List;

/**
 * Runs reductions over any axes: one axis at a time, each pass along rows or down columns,
 * whichever lies side by side in memory. Long axes are cut at fixed places and the parts combined
 * in their order, so the bits do not depend on the number of threads.
 */
final class Reduction {
  /** A longer row is cut into parts of this length, for several threads and for exact sums. */
  private static final long PART = 4_096;

  /** The same of a column, whose elements are added one after the other and not lane by lane. */
  private static final long COLUMN_PART = 256;

  private final Device device;
  private final Workers workers;
  private final KnownCalls known;

  Reduction(Device device, Workers workers, KnownCalls known) {
    this.device = device;
    this.workers = workers;
    this.known = known;
  }

  /** The user's call, as it is remembered if one kernel is all of it. */
  private record Call(int[] axes, NdArray out, NdArray[] ins) {}

  /**
   * One pass: what is combined, over which loops, and which of their axes disappear.
   *
   * @param call what the pass would be all of; null if it is a part of a call
   */
  private record Pass(
      ReduceOp op, Expr expr, double[] params, Nest nest, boolean[] reduced, Call call) {
    int inputs() {
      return nest.addresses.length;
    }
  }

  /** Where the last pass writes: strides have an entry for each axis that stays. */
  private record Target(long address, long[] strides) {}

  /**
   * Runs a reduction whose output and axes are not empty, and remembers it if one kernel over the
   * arrays as they are is all of it.
   *
   * @param spec the checked call
   * @param axes the axes as they were given
   * @param given the arguments, not yet stretched
   */
  void run(ReduceSpec spec, int[] axes, NdArray[] given) {
    run(spec, null, new Call(axes, spec.out(), given));
  }

  /**
   * Runs a reduction whose output and axes are not empty.
   *
   * @param spec the checked call
   * @param evaluated the expression's values as an array, if it is too long for one loop, else null
   */
  void run(ReduceSpec spec, NdArray evaluated) {
    run(spec, evaluated, null);
  }

  private void run(ReduceSpec spec, NdArray evaluated, Call call) {
    NdArray[] ins = evaluated == null ? spec.ins() : new NdArray[] {evaluated};
    Expr expr = evaluated == null ? spec.expr() : Expr.arg(0);
    Nest nest = Nest.of(ins);
    boolean[] reduced = new boolean[nest.rank()];
    for (int axis : spec.axes()) {
      reduced[axis] = true;
    }
    long[] strides = new long[spec.out().shape().rank()];
    Arrays.setAll(strides, spec.out().layout()::stride);
    try (Scope _ = Scope.open("reduction temporaries")) {
      pass(
          new Pass(spec.op(), expr, spec.params(), nest, reduced, call),
          new Target(Addresses.of(spec.out()), strides),
          new Packing(device, spec.dtype(), workers));
    }
    Reference.reachabilityFence(ins);
    Reference.reachabilityFence(spec);
  }

  private void pass(Pass p, Target target, Packing packing) {
    Nest nest = p.nest;
    // The output joins the loops as their last array, with a stride of 0 where an axis disappears.
    int out = p.inputs();
    long[] outStrides = new long[nest.rank()];
    int kept = 0;
    for (int i = 0; i < outStrides.length; i++) {
      outStrides[i] = p.reduced[i] ? 0 : target.strides[kept++];
    }
    long[] addresses = Arrays.copyOf(nest.addresses, out + 1);
    addresses[out] = target.address;
    long[][] strides = Arrays.copyOf(nest.strides, out + 1);
    strides[out] = outStrides;
    Nest all = nest.with(nest.dims, addresses, strides);
    boolean[] reduced = sortAndMerge(all, p.reduced, leader(all, out));

    if (all.rank() == 0 || !anyOf(reduced)) {
      map(p, all, packing);
      return;
    }
    boolean[] rowConstant = new boolean[out];
    for (int i = 0; i < out; i++) {
      rowConstant[i] = all.innerStride(i) == 0;
      if (all.innerStride(i) > 1) {
        packing.packInput(all, i);
      }
    }
    if (reduced[reduced.length - 1]) {
      rows(p, all, reduced, rowConstant, packing);
    } else {
      columns(p, all, reduced, rowConstant, packing);
    }
  }

  /**
   * {@return the input that decides the order of the axes: the one that really has most elements}
   */
  private static int leader(Nest nest, int inputs) {
    int best = 0;
    for (int i = 1; i < inputs; i++) {
      if (nest.packedSize(nest.strides[i]) > nest.packedSize(nest.strides[best])) {
        best = i;
      }
    }
    return best;
  }

  /**
   * Orders the axes by an array's strides and merges neighbours that disappear, or stay, together.
   *
   * @return which axes of the new order disappear
   */
  static boolean[] sortAndMerge(Nest nest, boolean[] reduced, int leader) {
    int[] order = nest.sortBy(leader);
    boolean[] sorted = new boolean[order.length];
    for (int i = 0; i < order.length; i++) {
      sorted[i] = reduced[order[i]];
    }
    for (int axis = sorted.length - 2; axis >= 0; axis--) {
      if (sorted[axis] == sorted[axis + 1] && nest.mergeable(axis)) {
        nest.merge(axis);
        sorted = without(sorted, axis);
      }
    }
    return sorted;
  }

  private static boolean[] without(boolean[] flags, int axis) {
    boolean[] rest = new boolean[flags.length - 1];
    for (int i = 0; i < rest.length; i++) {
      rest[i] = flags[i < axis ? i : i + 1];
    }
    return rest;
  }

  private static boolean anyOf(boolean[] flags) {
    for (boolean flag : flags) {
      if (flag) {
        return true;
      }
    }
    return false;
  }

  /** Nothing is left to combine: the elements themselves are the result. */
  private void map(Pass p, Nest all, Packing packing) {
    int out = all.addresses.length - 1;
    all.sortBy(out);
    all.mergeAll();
    boolean[] rowConstant = new boolean[out];
    for (int i = 0; i < out; i++) {
      rowConstant[i] = all.innerStride(i) == 0;
      if (all.innerStride(i) > 1) {
        packing.packInput(all, i);
      }
    }
    long address = all.addresses[out];
    long[] strides = all.strides[out];
    boolean direct = all.innerStride(out) == 1;
    if (!direct) {
      all.addresses[out] = Addresses.of(packing.temporary(all.size()));
      all.strides[out] = all.packedStrides(strides);
    }
    LoopKernel kernel = Kernels.get(Form.MAP, all.dtype, List.of(p.expr), null, rowConstant);
    Tiles.run(Form.MAP, kernel, all, p.params, workers);
    if (!direct) {
      packing.copy(all.dims, all.addresses[out], all.strides[out], address, strides);
    }
  }

  /** The innermost axis disappears: each row becomes one element, a long row one for each part. */
  private void rows(Pass p, Nest all, boolean[] reduced, boolean[] rowConstant, Packing packing) {
    int inner = all.rank() - 1;
    long length = all.dims[inner];
    long parts = (length + PART - 1) / PART;
    boolean[] left = without(reduced, inner);
    boolean last = !anyOf(left) && parts == 1;
    LoopKernel kernel = Kernels.get(Form.ROW, all.dtype, List.of(p.expr), p.op, rowConstant);
    if (last) {
      all(Form.ROW, kernel, p, all, packing);
      return;
    }
    // Partial results: the axes that are left, and the parts as a new innermost axis.
    long[] dims = Arrays.copyOf(all.dims, inner + 1);
    dims[inner] = parts;
    Nest partial = withoutOutput(all, dims);
    long[] ones = new long[dims.length];
    Arrays.fill(ones, 1);
    NdArray temporary = packing.temporary(partial.size());
    long[] packed = partial.packedStrides(ones);
    long whole = length / PART;
    if (whole > 0) {
      run(kernel, p, split(all, 0, whole, PART, Addresses.of(temporary), packed));
    }
    if (whole < parts) {
      long at = Addresses.of(temporary) + whole * all.bytes;
      run(kernel, p, split(all, whole * PART, 1, length - whole * PART, at, packed));
    }
    boolean[] next = Arrays.copyOf(left, inner + 1);
    next[inner] = true;
    again(p, all, dims, temporary, packed, next, reduced, packing);
  }

  /** Runs the kernel after which nothing is left to combine. */
  private void all(Form form, LoopKernel kernel, Pass p, Nest nest, Packing packing) {
    Tiles tiles = new Tiles(form, nest);
    if (p.call != null && !packing.isUsed()) {
      NdArray[] outs = {p.call.out};
      known.remember(p.op, List.of(p.expr), p.call.axes, outs, p.call.ins, kernel, tiles);
    }
    tiles.run(kernel, nest.addresses, p.params, workers);
    nest.keepReachable();
  }

  private void run(LoopKernel kernel, Pass p, Nest nest) {
    Tiles.run(Form.ROW, kernel, nest, p.params, workers);
  }

  /** {@return the loops over some parts of each row; the parts are an axis before the last} */
  private static Nest split(
      Nest all, long first, long parts, long length, long outAddress, long[] outStrides) {
    int inner = all.rank() - 1;
    int out = all.addresses.length - 1;
    long[] dims = Arrays.copyOf(all.dims, inner + 2);
    dims[inner] = parts;
    dims[inner + 1] = length;
    long[] addresses = all.addresses.clone();
    long[][] strides = new long[out + 1][];
    for (int a = 0; a < out; a++) {
      strides[a] = Arrays.copyOf(all.strides[a], inner + 2);
      strides[a][inner + 1] = all.strides[a][inner];
      strides[a][inner] = all.strides[a][inner] * length;
      addresses[a] += first * all.strides[a][inner] * all.bytes;
    }
    addresses[out] = outAddress;
    strides[out] = Arrays.copyOf(outStrides, inner + 2); // 0 along the row
    return all.with(dims, addresses, strides);
  }

  private static Nest withoutOutput(Nest all, long[] dims) {
    int out = all.addresses.length - 1;
    return all.with(dims, Arrays.copyOf(all.addresses, out), Arrays.copyOf(all.strides, out));
  }

  /** The innermost axis stays: the nearest axis that disappears is run down, column by column. */
  private void columns(
      Pass p, Nest all, boolean[] reduced, boolean[] rowConstant, Packing packing) {
    int inner = all.rank() - 1;
    int down = inner - 1;
    while (!reduced[down]) {
      down--;
    }
    moveBeforeLast(all, reduced, down);
    down = inner - 1;
    int out = all.addresses.length - 1;
    long rows = all.dims[down];
    long part = COLUMN_PART;
    boolean[] left = without(reduced, down);
    LoopKernel kernel = Kernels.get(Form.COLUMN, all.dtype, List.of(p.expr), p.op, rowConstant);
    if (!anyOf(left) && rows <= part && all.innerStride(out) == 1) {
      all(Form.COLUMN, kernel, p, all, packing);
      return;
    }
    long parts = (rows + part - 1) / part;
    long[] dims = all.dims.clone();
    dims[down] = parts;
    Nest partial = withoutOutput(all, dims);
    long[] ones = new long[dims.length];
    Arrays.fill(ones, 1);
    NdArray temporary = packing.temporary(partial.size());
    long[] packed = partial.packedStrides(ones);
    long whole = rows / part;
    if (whole > 0) {
      runColumns(kernel, p, all, 0, whole, part, Addresses.of(temporary), packed);
    }
    if (whole < parts) {
      long at = Addresses.of(temporary) + whole * packed[down] * all.bytes;
      runColumns(kernel, p, all, whole * part, 1, rows - whole * part, at, packed);
    }
    again(p, all, dims, temporary, packed, reduced, reduced, packing);
  }

  private void runColumns(
      LoopKernel kernel,
      Pass p,
      Nest all,
      long first,
      long parts,
      long length,
      long outAddress,
      long[] outStrides) {
    int inner = all.rank() - 1;
    int down = inner - 1;
    int out = all.addresses.length - 1;
    // Axes: …, parts, rows of a part, columns.
    long[] dims = Nest.insert(all.dims, down, parts);
    dims[down + 1] = length;
    long[] addresses = all.addresses.clone();
    long[][] strides = new long[out + 1][];
    for (int a = 0; a < out; a++) {
      strides[a] = Nest.insert(all.strides[a], down, all.strides[a][down] * length);
      addresses[a] += first * all.strides[a][down] * all.bytes;
    }
    addresses[out] = outAddress;
    strides[out] = Nest.insert(outStrides, down, outStrides[down]);
    strides[out][down + 1] = 0;
    Tiles.run(Form.COLUMN, kernel, all.with(dims, addresses, strides), p.params, workers);
  }

  private static void moveBeforeLast(Nest nest, boolean[] reduced, int axis) {
    for (int i = axis; i < nest.rank() - 2; i++) {
      nest.swapWithNext(i);
      boolean flag = reduced[i];
      reduced[i] = reduced[i + 1];
      reduced[i + 1] = flag;
    }
  }

  /**
   * Combines partial results further.
   *
   * @param dims the partial results' extents
   * @param next which of their axes disappear
   * @param reduced which axes of {@code all} disappear, in the same order
   */
  private void again(
      Pass p,
      Nest all,
      long[] dims,
      NdArray partial,
      long[] strides,
      boolean[] next,
      boolean[] reduced,
      Packing packing) {
    int out = all.addresses.length - 1;
    long[] kept = new long[dims.length];
    int count = 0;
    for (int i = 0; i < reduced.length; i++) {
      if (!reduced[i]) {
        kept[count++] = all.strides[out][i];
      }
    }
    Nest nest =
        new Nest(
            partial, all.dtype, dims, new long[] {Addresses.of(partial)}, new long[][] {strides});
    pass(
        new Pass(p.op, Expr.arg(0), p.params, nest, next, null),
        new Target(all.addresses[out], Arrays.copyOf(kept, count)),
        packing);
    Reference.reachabilityFence(partial);
  }
}
