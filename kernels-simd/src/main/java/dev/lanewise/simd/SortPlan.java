package dev.lanewise.simd;

import static dev.lanewise.simd.Addresses.ALL;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.lanewise.array.DType;
import dev.lanewise.array.HostMemory;
import dev.lanewise.array.Layout;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Pool;
import dev.lanewise.kernel.SortSpec;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.util.Arrays;
import java.util.function.IntConsumer;
import jdk.incubator.vector.IntVector;

/**
 * Sorts lines of elements by their {@link Keys}, made ready. Of 4-byte elements key and place make
 * one long; sorting these is stable. Of 8-byte ones a second array holds the places. Lines are
 * sorted by {@link Radix}, short ones by the JDK; for the first few elements of a long line, those
 * that can not be among them are left out at once.
 */
final class SortPlan extends Plan implements IntConsumer {
  private static final long TASK = 16_384;

  /** So many keys are looked at between two looks for what can still be among the first. */
  private static final int PIECE = 256;

  /** Up to here the JDK's sort of longs is faster than counting. */
  private static final int SHORT = 256;

  /** Longer lines get memory of their own, so that a thread keeps at most some megabytes. */
  private static final int KEPT = 1 << 16;

  private final Workers workers;
  private final DType dtype;
  private final Keys order;
  private final int extent;
  private final int wanted;
  private final int bytes;
  private final DenseArgument input;
  private final DenseArgument sorted;
  private final DenseArgument found;
  private final long lines;
  private final long linesOfTask;
  private final int tasks;

  // One call's.
  private long from;
  private long values;
  private long indices;

  SortPlan(Signature call, SortSpec spec, Workers workers) {
    super(call);
    Layout x = Lines.axisLast(spec.x(), spec.axis()).layout();
    Layout first = Lines.axisLast(spec.values(), spec.axis()).layout();
    this.workers = workers;
    this.dtype = spec.x().dtype();
    this.order = spec.descending() ? Keys.DESCENDING : Keys.ASCENDING;
    this.extent = x.shape().dim(-1);
    this.wanted = first.shape().dim(-1);
    this.bytes = dtype.byteSize();
    this.input = DenseArgument.input(dtype, x);
    this.sorted = DenseArgument.output(dtype, first);
    Layout places = Lines.axisLast(spec.indices(), spec.axis()).layout();
    this.found = DenseArgument.output(DType.I64, places);
    this.lines = x.shape().size() / extent;
    this.linesOfTask = Math.max(1, TASK / extent);
    this.tasks = Math.toIntExact(Math.ceilDiv(lines, linesOfTask));
  }

  /** A thread's memory. */
  private static final class Memory {
    static final ThreadLocal<Memory> LOCAL = ThreadLocal.withInitial(() -> new Memory(4 * PIECE));

    final int[] piece = new int[PIECE];
    final int[] counts = new int[Radix.COUNTS];
    final long[] keys;
    final long[] otherKeys;
    final int[] places;
    final int[] otherPlaces;

    Memory(int elements) {
      keys = new long[elements];
      otherKeys = new long[elements];
      places = new int[elements];
      otherPlaces = new int[elements];
    }

    static Memory of(int elements) {
      Memory memory = LOCAL.get();
      if (memory.keys.length < elements) {
        memory = new Memory(Math.max(elements, Integer.highestOneBit(elements - 1) << 1));
        if (elements <= KEPT) {
          LOCAL.set(memory);
        }
      }
      return memory;
    }
  }

  void run(NdArray x, NdArray toValues, NdArray toIndices) {
    long source = Addresses.of(x);
    long target = Addresses.of(toValues);
    long targetOfIndices = Addresses.of(toIndices);
    Pool pool = HostMemory.INSTANCE.pool();
    Pool.Block block = pool.take(input.bytes + sorted.bytes + found.bytes);
    try {
      long copy = block.address() + input.bytes;
      long copyOfIndices = copy + sorted.bytes;
      from = input.enter(source, block.address(), workers);
      values = sorted.target(target, copy);
      indices = found.target(targetOfIndices, copyOfIndices);
      workers.run(tasks, this);
      sorted.finish(target, copy, workers);
      found.finish(targetOfIndices, copyOfIndices, workers);
    } finally {
      pool.give(block);
    }
    Reference.reachabilityFence(x);
    Reference.reachabilityFence(toValues);
    Reference.reachabilityFence(toIndices);
  }

  @Override
  public void accept(int task) {
    for (long i = task * linesOfTask; i < Math.min(lines, (task + 1) * linesOfTask); i++) {
      line(i);
    }
  }

  private void line(long line) {
    long address = from + line * extent * bytes;
    if (bytes == 8) {
      Memory memory = Memory.of(extent);
      order.of(dtype, address, extent, memory.keys);
      Radix.sortPairs(
          memory.keys, memory.places, memory.otherKeys, memory.otherPlaces, extent, memory.counts);
      write(memory.places, line);
    } else {
      int room = room();
      Memory memory = Memory.of(room < extent ? room : extent);
      int count = room < extent ? first(memory, address, room) : all(memory, address);
      sort(memory, count);
      for (int i = 0; i < wanted; i++) {
        memory.places[i] = (int) memory.keys[i];
      }
      write(memory.places, line);
    }
  }

  /** How many elements are kept while the first are sought; without gain if it is most of all. */
  private int room() {
    return (int) Math.min(Integer.MAX_VALUE, 2L * wanted + PIECE);
  }

  private int all(Memory memory, long address) {
    for (int i = 0; i < extent; i += PIECE) {
      int count = Math.min(PIECE, extent - i);
      order.of(dtype, address + i * 4L, count, memory.piece);
      for (int j = 0; j < count; j++) {
        memory.keys[i + j] = (long) memory.piece[j] << 32 | i + j;
      }
    }
    return extent;
  }

  /** {@return how many elements, at the front of the keys, can be among the first} */
  private int first(Memory memory, long address, int room) {
    int count = 0;
    int bound = Integer.MAX_VALUE;
    boolean bounded = false;
    for (int i = 0; i < extent; i += PIECE) {
      int some = Math.min(PIECE, extent - i);
      if (count + some > room) {
        sort(memory, count);
        count = wanted;
        bound = (int) (memory.keys[wanted - 1] >> 32);
        bounded = true;
      }
      order.of(dtype, address + i * 4L, some, memory.piece);
      count = bounded ? below(memory, bound, i, some, count) : append(memory, i, 0, some, count);
    }
    return count;
  }

  private static int append(Memory memory, int first, int from, int to, int count) {
    for (int j = from; j < to; j++) {
      memory.keys[count++] = (long) memory.piece[j] << 32 | first + j;
    }
    return count;
  }

  /** A key that equals the bound's comes later in the line, so it is not among the first. */
  private static int below(Memory memory, int bound, int first, int some, int count) {
    int lanes = Lanes.I32.length();
    int i = 0;
    for (; i <= some - lanes; i += lanes) {
      if (IntVector.fromArray(Lanes.I32, memory.piece, i).lt(bound).anyTrue()) {
        for (int j = i; j < i + lanes; j++) {
          if (memory.piece[j] < bound) {
            memory.keys[count++] = (long) memory.piece[j] << 32 | first + j;
          }
        }
      }
    }
    for (; i < some; i++) {
      if (memory.piece[i] < bound) {
        memory.keys[count++] = (long) memory.piece[i] << 32 | first + i;
      }
    }
    return count;
  }

  private static void sort(Memory memory, int count) {
    if (count <= SHORT) {
      Arrays.sort(memory.keys, 0, count);
    } else {
      Radix.sort(memory.keys, memory.otherKeys, count, memory.counts);
    }
  }

  private void write(int[] places, long line) {
    MemorySegment x = ALL.asSlice(from + line * extent * bytes, (long) extent * bytes);
    MemorySegment v = ALL.asSlice(values + line * wanted * bytes, (long) wanted * bytes);
    MemorySegment at = ALL.asSlice(indices + line * wanted * 8, wanted * 8L);
    if (bytes == 4) {
      for (int i = 0; i < wanted; i++) {
        v.setAtIndex(JAVA_INT, i, x.getAtIndex(JAVA_INT, places[i]));
        at.setAtIndex(JAVA_LONG, i, places[i]);
      }
    } else {
      for (int i = 0; i < wanted; i++) {
        v.setAtIndex(JAVA_LONG, i, x.getAtIndex(JAVA_LONG, places[i]));
        at.setAtIndex(JAVA_LONG, i, places[i]);
      }
    }
  }
}
