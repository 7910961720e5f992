package dev.lanewise.simd;

import java.util.function.IntConsumer;

/**
 * Adds up a {@link FilterGradient}. The images fall into a few parts, each of which is summed up by
 * one task for some groups; then the parts are added in their order.
 */
final class FilterGradientRun implements ConvolutionWay, IntConsumer {
  /** Into how many partial sums the images fall, at most. */
  private static final int PARTS = 8;

  /** Tasks of less are not worth another thread; in products. */
  private static final long TASK = 2_000_000;

  private final Workers workers;
  private final FilterGradient way;
  private final FilterGradient.Finish finish;
  private final PartialSums ofParts;
  private final Slots slots;
  private final long sumsOfGroup;
  private final long all;
  private final int parts;
  private final int groupsOfTask;
  private final int chunks;
  private final int tasks;
  private final long partialBytes;
  private final long sumBytes;
  private final long taskBytes;

  // One call's.
  private long x;
  private long grad;
  private long sums;
  private long memory;

  FilterGradientRun(FilterGradient way, Workers workers) {
    this.workers = workers;
    this.way = way;
    way.prepare();
    this.finish = way.finish();
    this.sumsOfGroup = way.sumsOfGroup();
    this.all = sumsOfGroup * way.groups;
    long given = way.spec.input().size() + way.spec.output().size();
    // How many parts depends on the problem alone, so that threads change no bit. Sums should be
    // less than what is summed.
    long sensible = Math.max(Math.min(4, way.images), given / Math.max(1, 2 * all));
    this.parts = (int) Long.highestOneBit(Math.clamp(Math.min(sensible, way.images), 1, PARTS));
    this.ofParts = PartialSums.ofParts(way.dtype, parts, all);
    long products =
        (long) way.filters
            * way.channels
            * way.taps
            * way.outSize
            * Math.max(1, way.images / parts);
    this.groupsOfTask = Math.clamp(TASK / Math.max(1, products), 1, way.groups);
    this.chunks = Math.ceilDiv(way.groups, groupsOfTask);
    this.tasks = parts * chunks;
    this.slots = new Slots(tasks, workers);
    this.partialBytes = Scratch.aligned(parts * all * way.bytes);
    this.sumBytes = parts == 1 ? 0 : Scratch.aligned(all * way.bytes);
    this.taskBytes = Scratch.aligned(way.memory() * way.bytes);
  }

  @Override
  public long scratchBytes() {
    return partialBytes + sumBytes + slots.count() * taskBytes;
  }

  @Override
  public void run(long first, long second, long target, long scratch, Epilogue epilogue) {
    this.x = first;
    this.grad = second;
    this.sums = scratch;
    this.memory = scratch + partialBytes + sumBytes;
    workers.run(tasks, this);
    long sum = scratch;
    if (parts > 1) {
      sum = scratch + partialBytes;
      ofParts.run(scratch, sum, workers);
    }
    finish.run(sum, target, workers);
  }

  @Override
  public void accept(int task) {
    int slot = slots.take();
    int part = task / chunks;
    int first = task % chunks * groupsOfTask;
    int from = (int) ((long) part * way.images / parts);
    int to = (int) ((part + 1L) * way.images / parts);
    for (int group = first; group < Math.min(way.groups, first + groupsOfTask); group++) {
      long target = sums + (part * all + group * sumsOfGroup) * way.bytes;
      RowCopies.zero(target, sumsOfGroup * way.bytes);
      for (int image = from; image < to; image++) {
        long place = (long) image * way.groups + group;
        way.add(
            memory + slot * taskBytes,
            x + place * way.channels * way.inSize * way.bytes,
            grad + place * way.filters * way.outSize * way.bytes,
            target);
      }
    }
    slots.give(slot);
  }
}
