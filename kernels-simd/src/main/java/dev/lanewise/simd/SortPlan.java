package dev.lanewise.simd;

import static dev.lanewise.simd.Addresses.ALL;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.kernel.SortSpec;
import java.lang.ref.Reference;
import java.lang.ref.SoftReference;
import java.util.Arrays;
import java.util.function.IntConsumer;
import jdk.incubator.vector.IntVector;

/**
 * Sorts lines of elements by their {@link Keys}, made ready. Of 4-byte elements key and place make
 * one long; sorting these is stable. Of 8-byte ones a second array holds the places. Lines are
 * sorted by {@link Radix}, short ones by the JDK; for the first few elements of a long line, those
 * that can not be among them are left out at once.
 */
final class SortPlan extends DensePlan implements IntConsumer {
  private static final long TASK = 16_384;

  /** So many keys are looked at between two looks for what can still be among the first. */
  private static final int PIECE = 256;

  /**
   * Up to here the JDK's sort of longs is faster than counting. Not much farther: from 66 elements
   * on it makes an object for each partition.
   */
  private static final int SHORT = 128;

  /** What longer lines need is kept only as long as the Java heap has room for it. */
  private static final int KEPT = 1 << 16;

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
    super(call, workers);
    NdArray x = Lines.axisLast(spec.x(), spec.axis());
    NdArray first = Lines.axisLast(spec.values(), spec.axis());
    this.dtype = spec.x().dtype();
    this.order = spec.descending() ? Keys.DESCENDING : Keys.ASCENDING;
    this.extent = x.shape().dim(-1);
    this.wanted = first.shape().dim(-1);
    this.bytes = dtype.byteSize();
    this.input = input(x);
    this.sorted = output(first);
    this.found = output(Lines.axisLast(spec.indices(), spec.axis()));
    this.lines = x.shape().size() / extent;
    this.linesOfTask = Math.max(1, TASK / extent);
    this.tasks = Math.toIntExact(Math.ceilDiv(lines, linesOfTask));
  }

  /** A thread's memory. */
  private static final class Memory {
    static final ThreadLocal<Memory> LOCAL = ThreadLocal.withInitial(() -> new Memory(4 * PIECE));

    static final ThreadLocal<SoftReference<Memory>> LARGE =
        ThreadLocal.withInitial(() -> new SoftReference<>(null));

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
      boolean large = elements > KEPT;
      Memory known = large ? LARGE.get().get() : LOCAL.get();
      if (known != null && known.keys.length >= elements) {
        return known;
      }
      Memory memory = new Memory(Math.max(elements, Integer.highestOneBit(elements - 1) << 1));
      if (large) {
        LARGE.set(new SoftReference<>(memory));
      } else {
        LOCAL.set(memory);
      }
      return memory;
    }
  }

  void run(NdArray x, NdArray toValues, NdArray toIndices) {
    input.at(x);
    sorted.at(toValues);
    found.at(toIndices);
    run();
    Reference.reachabilityFence(x);
    Reference.reachabilityFence(toValues);
    Reference.reachabilityFence(toIndices);
  }

  @Override
  void compute(long memory) {
    from = input.address();
    values = sorted.address();
    indices = found.address();
    workers.run(tasks, this);
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
    long x = from + line * extent * bytes;
    long v = values + line * wanted * bytes;
    long at = indices + line * wanted * 8;
    for (int i = 0; i < wanted; i++) {
      if (bytes == 4) {
        ALL.set(JAVA_INT, v + i * 4L, ALL.get(JAVA_INT, x + places[i] * 4L));
      } else {
        ALL.set(JAVA_LONG, v + i * 8L, ALL.get(JAVA_LONG, x + places[i] * 8L));
      }
      ALL.set(JAVA_LONG, at + i * 8L, places[i]);
    }
  }
}
