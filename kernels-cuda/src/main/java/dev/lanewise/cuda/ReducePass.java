package dev.lanewise.cuda;

import dev.lanewise.array.DType;
import dev.lanewise.array.Layout;
import dev.lanewise.array.NdArray;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.ReduceOp;
import dev.lanewise.kernel.ReduceSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One launch of a reduction. The elements behind an output are numbered, and fall into parts, whose
 * bounds depend on the arrays' shapes alone; where there are several, a second pass combines what
 * the first has made of each.
 *
 * @param key which kernel
 * @param kept the loops over the axes that stay: over the output and, behind it, the arguments
 * @param gone the loops over the axes that disappear, over the same arrays
 * @param parts how many parts there are
 * @param part how many elements a part has, but for the last
 * @param threads how many threads a block has
 */
record ReducePass(Key key, Walk kept, Walk gone, long parts, long part, int threads) {
  /** Rows up to this length are a thread's work: a whole block would mostly wait. */
  private static final long SHORT = 32;

  /** What a thread combines one after the other at most: longer sums would lose digits. */
  private static final long CHAIN = 256;

  /** So many threads keep a large device busy. */
  private static final long ENOUGH_THREADS = 1 << 16;

  /** So many blocks do. */
  private static final long ENOUGH_BLOCKS = 1 << 10;

  /** Splitting a row further would not pay the second pass. */
  private static final long LEAST_PART_OF_BLOCK = 1 << 12;

  private static final long LEAST_PART_OF_THREAD = 1 << 6;

  private static final int LEAST_THREADS = 32;

  /** Who computes an output, or a part of it. */
  enum Worker {
    /** A thread: neighbours read elements of neighbouring outputs. */
    THREAD,
    /** A block: neighbours read neighbouring elements of one output. */
    BLOCK
  }

  /**
   * What one kernel serves.
   *
   * @param op how elements are combined
   * @param expr what is combined
   * @param computed the type that is computed in
   * @param out the type of the output
   * @param ins the types of the arguments
   * @param keptRank how many loops there are over axes that stay
   * @param goneRank how many there are over axes that disappear
   * @param worker who computes an output
   * @param wide whether indices need more than 32 bits
   */
  record Key(
      ReduceOp op,
      Expr expr,
      DType computed,
      DType out,
      List<DType> ins,
      int keptRank,
      int goneRank,
      Worker worker,
      boolean wide) {}

  /** {@return the launches of a checked call over some elements} */
  static List<ReducePass> of(ReduceSpec spec) {
    int[] gone = spec.axes();
    NdArray out = spec.out();
    NdArray[] arrays = new NdArray[spec.ins().length + 1];
    // Along the axes that disappear the output stays where it is.
    Layout beside = out.layout().reshape(spec.shape().reduced(gone, true));
    arrays[0] = out.view(beside.broadcastTo(spec.shape()));
    System.arraycopy(spec.ins(), 0, arrays, 1, spec.ins().length);
    int[] kept =
        IntStream.range(0, spec.shape().rank())
            .filter(axis -> Arrays.binarySearch(gone, axis) < 0)
            .toArray();
    int leader = leader(arrays);
    Walk outer = Walk.of(kept, leader, arrays);
    Walk inner = Walk.of(gone, leader, arrays);
    boolean rows =
        inner.innerStride(leader) == 1
            || outer.innerStride(leader) != 1
            || outer.size() < 2 * LEAST_THREADS;
    List<DType> types = Arrays.stream(spec.ins()).map(NdArray::dtype).toList();
    Key like =
        new Key(
            spec.op(), spec.expr(), spec.dtype(), out.dtype(), types, 0, 0, Worker.BLOCK, false);
    return passes(like, outer, inner, rows);
  }

  /** {@return the argument with the most elements: its memory decides about the order of loops} */
  private static int leader(NdArray[] arrays) {
    int leader = 1;
    long most = 0;
    for (int i = 1; i < arrays.length; i++) {
      Layout layout = arrays[i].layout();
      long count = 1;
      for (int axis = 0; axis < layout.shape().rank(); axis++) {
        count *= layout.stride(axis) == 0 ? 1 : layout.shape().dim(axis);
      }
      if (count > most) {
        leader = i;
        most = count;
      }
    }
    return leader;
  }

  private static List<ReducePass> passes(Key like, Walk kept, Walk gone, boolean rows) {
    long outputs = kept.size();
    long length = gone.size();
    Worker worker = rows && length > SHORT ? Worker.BLOCK : Worker.THREAD;
    long wanted =
        switch (worker) {
          case THREAD -> Math.min(length / LEAST_PART_OF_THREAD, ENOUGH_THREADS / outputs);
          case BLOCK -> Math.min(length / LEAST_PART_OF_BLOCK, ENOUGH_BLOCKS / outputs);
        };
    long longest = CHAIN * (worker == Worker.BLOCK ? Grid.THREADS : 1);
    long part = Math.ceilDiv(length, Math.max(1, Math.max(wanted, Math.ceilDiv(length, longest))));
    long parts = Math.ceilDiv(length, part);
    List<ReducePass> passes = new ArrayList<>();
    if (parts == 1) {
      passes.add(pass(like, like.out, like.expr, like.ins, worker, kept, gone, parts, part));
      return passes;
    }
    // The results of parts lie side by side, those of one output together.
    long[] packed = Arrays.stream(kept.packed()).map(stride -> stride * parts).toArray();
    long[][] strides = kept.strides().clone();
    strides[0] = packed;
    Walk first = new Walk(kept.dims(), strides);
    passes.add(pass(like, like.computed, like.expr, like.ins, worker, first, gone, parts, part));
    Walk outputsOfParts = Walk.merged(kept.dims(), new long[][] {kept.strides()[0], packed});
    Walk partsOfOutput = new Walk(new long[] {parts}, new long[][] {{0}, {1}});
    passes.addAll(
        passes(
            new Key(
                like.op,
                Expr.arg(0),
                like.computed,
                like.out,
                List.of(like.computed),
                0,
                0,
                Worker.BLOCK,
                false),
            outputsOfParts,
            partsOfOutput,
            true));
    return passes;
  }

  private static ReducePass pass(
      Key like,
      DType out,
      Expr expr,
      List<DType> ins,
      Worker worker,
      Walk kept,
      Walk gone,
      long parts,
      long part) {
    long count = Math.max(kept.size() * parts, gone.size()) + Grid.THREADS;
    long reach = Math.max(kept.reach() + gone.reach(), kept.size() * parts);
    Key key =
        new Key(
            like.op,
            expr,
            like.computed,
            out,
            ins,
            kept.rank(),
            gone.rank(),
            worker,
            IndexCode.wide(count, reach));
    int threads =
        worker == Worker.THREAD
            ? Grid.THREADS
            : Math.clamp(Long.highestOneBit(part / 2), LEAST_THREADS, Grid.THREADS);
    return new ReducePass(key, kept, gone, parts, part, threads);
  }

  /** {@return how many blocks a launch has} */
  long blocks() {
    long results = kept.size() * parts;
    return key.worker == Worker.BLOCK ? results : Math.ceilDiv(results, threads);
  }

  /** {@return how many numbers the pass writes} */
  long results() {
    return kept.size() * parts;
  }

  /** {@return how many arguments a launch has} */
  int arguments() {
    int arrays = key.ins.size() + 1;
    int extents = Math.max(0, kept.rank() - 1) + Math.max(0, gone.rank() - 1);
    return arrays * (1 + kept.rank())
        + (arrays - 1) * gone.rank()
        + extents
        + key.expr.params()
        + 4;
  }

  /**
   * Gives a launch its arguments.
   *
   * @param arguments receives them
   * @param params the scalars
   * @param out the output's address
   * @param ins the arguments' addresses
   */
  void pass(Arguments arguments, double[] params, long out, long... ins) {
    arguments.pointer(out);
    for (long in : ins) {
      arguments.pointer(in);
    }
    Scalars.pass(arguments, key.computed, key.expr.params(), params);
    arguments.int64(kept.size()).int64(gone.size()).int64(parts).int64(part);
    IndexCode.passExtents(arguments, kept);
    IndexCode.passExtents(arguments, gone);
    for (int i = 0; i <= ins.length; i++) {
      IndexCode.passStrides(arguments, kept, i);
      if (i > 0) {
        IndexCode.passStrides(arguments, gone, i);
      }
    }
  }
}
