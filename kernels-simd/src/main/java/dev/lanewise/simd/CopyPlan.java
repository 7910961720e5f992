package dev.lanewise.simd;

import dev.lanewise.array.DType;
import dev.lanewise.array.HostMemory;
import dev.lanewise.array.Layout;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Pool;
import java.lang.ref.Reference;
import java.util.Arrays;
import java.util.function.IntConsumer;

/** A copy between layouts and types made ready. */
final class CopyPlan extends Plan implements IntConsumer {
  /** Rows shorter than this are packed first: a loop over them would not pay its start. */
  private static final int SHORT_ROW = 64;

  private static final long TASK = 65_536;

  private final Workers workers;
  private final DType from;
  private final DType to;

  /** Elements of one type are copied by this alone; otherwise null. */
  private final StridedCopy plain;

  /** How the elements lie that are converted: rows, if neighbours lie side by side. */
  private final Nest nest;

  private final long cols;
  private final long rows;
  private final long rowsOfTask;
  private final int tasks;

  /** What brings the elements side by side first; or null. */
  private final StridedCopy pack;

  private final long packedBytes;

  /** What brings converted elements to where they belong; or null. */
  private final StridedCopy unpack;

  private final long convertedBytes;

  // One call's.
  private long source;
  private long target;

  /**
   * Plans a copy, which may be a part of another call.
   *
   * @param call what the plan is kept by
   */
  CopyPlan(
      Signature call, DType from, Layout fromLayout, DType to, Layout toLayout, Workers workers) {
    super(call);
    this.workers = workers;
    this.from = from;
    this.to = to;
    Nest all = Nest.of(from, fromLayout, toLayout);
    StridedCopy first = null;
    StridedCopy last = null;
    long firstBytes = 0;
    long lastBytes = 0;
    if (from == to) {
      this.plain = StridedCopy.of(all);
      this.nest = null;
      this.cols = 0;
      this.rows = 0;
      this.rowsOfTask = 1;
    } else {
      this.plain = null;
      this.nest = all;
      nest.sortBy(1);
      nest.mergeAll();
      boolean shortRows = nest.rank() > 1 && nest.innerExtent() < SHORT_ROW;
      if (nest.innerStride(0) == 1 && nest.innerStride(1) == 1 && !shortRows) {
        this.cols = nest.innerExtent();
        this.rows = nest.size() / cols;
        // A single row falls into parts.
        this.rowsOfTask = Math.max(1, TASK / cols);
      } else {
        long[] packed = nest.packedStrides(nest.strides[0]);
        long size = nest.packedSize(nest.strides[0]); // without what is stretched
        if (!Arrays.equals(nest.strides[0], packed)) {
          long[] dims = nest.dims.clone();
          Arrays.setAll(dims, i -> nest.strides[0][i] == 0 ? 1 : dims[i]);
          first = between(from, dims, nest.strides[0], packed);
          firstBytes = Scratch.aligned(size * from.byteSize());
        }
        if (size != nest.size() || !Arrays.equals(nest.strides[1], packed)) {
          last = between(to, nest.dims, packed, nest.strides[1]);
          lastBytes = Scratch.aligned(size * to.byteSize());
        }
        this.cols = size;
        this.rows = 1;
        this.rowsOfTask = 1;
      }
    }
    this.pack = first;
    this.packedBytes = firstBytes;
    this.unpack = last;
    this.convertedBytes = lastBytes;
    this.tasks =
        Math.toIntExact(Math.ceilDiv(rows == 1 ? cols : rows, rows == 1 ? TASK : rowsOfTask));
  }

  private static StridedCopy between(DType dtype, long[] dims, long[] from, long[] to) {
    long[][] strides = {from.clone(), to.clone()};
    return StridedCopy.of(new Nest(null, dtype, dims.clone(), new long[2], strides));
  }

  void run(NdArray x, NdArray out) {
    run(Addresses.of(x), Addresses.of(out));
    Reference.reachabilityFence(x);
    Reference.reachabilityFence(out);
  }

  /** Copies between arrays that the caller keeps reachable. */
  void run(long x, long out) {
    source = x;
    target = out;
    if (plain != null) {
      plain.run(source, target, workers);
    } else if (packedBytes + convertedBytes == 0) {
      workers.run(tasks, this);
    } else {
      Pool pool = HostMemory.INSTANCE.pool();
      Pool.Block block = pool.take(packedBytes + convertedBytes);
      try {
        convertBetween(block.address(), block.address() + packedBytes);
      } finally {
        pool.give(block);
      }
    }
  }

  private void convertBetween(long packed, long converted) {
    if (pack != null) {
      pack.run(source, packed, workers);
      source = packed;
    }
    long end = target;
    if (unpack != null) {
      target = converted;
    }
    workers.run(tasks, this);
    if (unpack != null) {
      unpack.run(converted, end, workers);
    }
  }

  @Override
  public void accept(int task) {
    if (rows == 1) {
      long first = task * TASK;
      convert(first * from.byteSize(), first * to.byteSize(), Math.min(TASK, cols - first));
      return;
    }
    for (long r = task * rowsOfTask; r < Math.min(rows, (task + 1) * rowsOfTask); r++) {
      convert(nest.rowOffset(0, r) * from.byteSize(), nest.rowOffset(1, r) * to.byteSize(), cols);
    }
  }

  private void convert(long fromOffset, long toOffset, long count) {
    Conversion.run(from, to, source + fromOffset, target + toOffset, count);
  }
}
