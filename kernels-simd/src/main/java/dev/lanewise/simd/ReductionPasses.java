package dev.lanewise.simd;

import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.ReduceOp;
import dev.lanewise.simd.LoopPlanner.Operand;
import java.util.Arrays;
import java.util.List;

/**
 * Plans reductions over any axes: one axis at a time, each pass along rows or down columns,
 * whichever lies side by side in memory. Long axes are cut at fixed places and the parts combined
 * in their order, so the bits do not depend on the number of threads.
 */
final class ReductionPasses {
  /** A longer row is cut into parts of this length, for several threads and for exact sums. */
  private static final long PART = 4_096;

  /** The same of a column, whose elements are added one after the other and not lane by lane. */
  private static final long COLUMN_PART = 256;

  private final LoopPlanner planner;
  private final ReduceOp op;

  private ReductionPasses(LoopPlanner planner, ReduceOp op) {
    this.planner = planner;
    this.op = op;
  }

  /** One pass: what is combined, over which loops, and which of their axes disappear. */
  private record Pass(Expr expr, Nest nest, boolean[] reduced) {}

  /** Where the last pass writes: strides have an entry for each axis that stays. */
  private record Target(long address, long[] strides) {}

  /**
   * Plans a reduction whose output and axes are not empty.
   *
   * @param axes the axes that disappear, numbers from 0
   * @param ins what is combined, all of one shape
   */
  static void plan(
      LoopPlanner planner, ReduceOp op, Expr expr, int[] axes, List<Operand> ins, Operand out) {
    Nest nest = planner.nest(ins);
    boolean[] reduced = new boolean[nest.rank()];
    for (int axis : axes) {
      reduced[axis] = true;
    }
    new ReductionPasses(planner, op)
        .pass(new Pass(expr, nest, reduced), new Target(out.address(), Nest.strides(out.layout())));
  }

  private void pass(Pass p, Target target) {
    Nest nest = p.nest;
    // The output joins the loops as their last array, with a stride of 0 where an axis disappears.
    int out = nest.addresses.length;
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
      // Nothing is left to combine: the elements themselves are the result.
      planner.map(List.of(p.expr), all);
      return;
    }
    boolean[] rowConstant = planner.packInputs(all, out);
    if (reduced[reduced.length - 1]) {
      rows(p.expr, all, reduced, rowConstant);
    } else {
      columns(p.expr, all, reduced, rowConstant);
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

  /** The innermost axis disappears: each row becomes one element, a long row one for each part. */
  private void rows(Expr expr, Nest all, boolean[] reduced, boolean[] rowConstant) {
    int inner = all.rank() - 1;
    boolean[] left = without(reduced, inner);
    if (!anyOf(left) && all.dims[inner] <= PART) {
      planner.loop(Form.ROW, List.of(expr), op, rowConstant, all);
      return;
    }
    // Partial results: the axes that are left, and the parts as a new innermost axis.
    Nest partial = parts(Form.ROW, expr, all, inner, PART, rowConstant);
    boolean[] next = Arrays.copyOf(left, inner + 1);
    next[inner] = true;
    again(all, partial, next, reduced);
  }

  /** The innermost axis stays: the nearest axis that disappears is run down, column by column. */
  private void columns(Expr expr, Nest all, boolean[] reduced, boolean[] rowConstant) {
    int inner = all.rank() - 1;
    int down = inner - 1;
    while (!reduced[down]) {
      down--;
    }
    moveBeforeLast(all, reduced, down);
    down = inner - 1;
    int out = all.addresses.length - 1;
    boolean last = !anyOf(without(reduced, down));
    if (last && all.dims[down] <= COLUMN_PART && all.innerStride(out) == 1) {
      planner.loop(Form.COLUMN, List.of(expr), op, rowConstant, all);
      return;
    }
    Nest partial = parts(Form.COLUMN, expr, all, down, COLUMN_PART, rowConstant);
    again(all, partial, reduced, reduced);
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
   * Combines the parts of an axis, the last of which may be shorter.
   *
   * @return the loops over the partial results, in which the axis counts the parts
   */
  private Nest parts(Form form, Expr expr, Nest all, int axis, long part, boolean[] rowConstant) {
    long length = all.dims[axis];
    long[] dims = all.dims.clone();
    dims[axis] = Math.ceilDiv(length, part);
    long[] ones = new long[dims.length];
    Arrays.fill(ones, 1);
    Nest partial = all.with(dims, new long[1], new long[][] {ones});
    partial.addresses[0] = planner.temporary(partial.size());
    partial.strides[0] = partial.packedStrides(ones);
    long[] packed = partial.strides[0];
    long at = partial.addresses[0];
    List<Expr> exprs = List.of(expr);
    long whole = length / part;
    if (whole > 0) {
      planner.loop(form, exprs, op, rowConstant, some(all, axis, 0, whole, part, at, packed));
    }
    long rest = length - whole * part;
    if (rest > 0) {
      at += whole * packed[axis] * all.bytes;
      planner.loop(
          form, exprs, op, rowConstant, some(all, axis, whole * part, 1, rest, at, packed));
    }
    return partial;
  }

  /**
   * {@return the loops over some parts of an axis; the parts are an axis of their own before it}
   */
  private static Nest some(
      Nest all, int axis, long first, long parts, long length, long at, long[] packed) {
    int out = all.addresses.length - 1;
    long[] dims = Nest.insert(all.dims, axis, parts);
    dims[axis + 1] = length;
    long[] addresses = all.addresses.clone();
    long[][] strides = new long[out + 1][];
    for (int a = 0; a < out; a++) {
      strides[a] = Nest.insert(all.strides[a], axis, all.strides[a][axis] * length);
      addresses[a] += first * all.strides[a][axis] * all.bytes;
    }
    addresses[out] = at;
    strides[out] = Nest.insert(packed, axis, packed[axis]);
    strides[out][axis + 1] = 0;
    return all.with(dims, addresses, strides);
  }

  /**
   * Combines partial results further.
   *
   * @param next which of their axes disappear
   * @param reduced which axes of {@code all} disappear, in the same order
   */
  private void again(Nest all, Nest partial, boolean[] next, boolean[] reduced) {
    int out = all.addresses.length - 1;
    long[] kept = new long[reduced.length];
    int count = 0;
    for (int i = 0; i < reduced.length; i++) {
      if (!reduced[i]) {
        kept[count++] = all.strides[out][i];
      }
    }
    pass(
        new Pass(Expr.arg(0), partial, next),
        new Target(all.addresses[out], Arrays.copyOf(kept, count)));
  }
}
