package dev.lanewise.simd;

import static dev.lanewise.simd.Addresses.ALL;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.lanewise.kernel.ArgMaxSpec;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * Finds the largest or smallest element of each line, made ready: as the largest of their {@link
 * Keys}, which are computed piece by piece into the cache.
 */
final class ArgMaxPlan extends LinesPlan {
  /** So many keys at a time. */
  private static final int PIECE = 2_048;

  private static final long TASK = 65_536;
  private static final int INTS = Lanes.I32.length();
  private static final int LONGS = Lanes.I64.length();

  private final Keys keys;

  ArgMaxPlan(Signature call, ArgMaxSpec spec, Keys keys, Workers workers) {
    super(call, spec.x(), spec.axis(), spec.out(), PIECE, TASK, workers);
    this.keys = keys;
  }

  /** A thread's keys, and for lines side by side the largest so far and where they are. */
  private static final class Found {
    static final ThreadLocal<Found> LOCAL = ThreadLocal.withInitial(Found::new);

    final int[] ints = new int[PIECE];
    final int[] intBest = new int[PIECE];
    final int[] intPlace = new int[PIECE];
    final long[] longs = new long[PIECE];
    final long[] longBest = new long[PIECE];
    final long[] longPlace = new long[PIECE];
  }

  @Override
  void rows(long first, long end) {
    Found found = Found.LOCAL.get();
    int extent = lines.extent();
    MemorySegment out = ALL.asSlice(to + first * 8, (end - first) * 8);
    if (extent > PIECE) {
      for (long row = first; row < end; row++) {
        out.setAtIndex(JAVA_LONG, row - first, longRow(found, from + row * extent * size()));
      }
      return;
    }
    int together = PIECE / extent;
    for (long row = first; row < end; row += together) {
      int count = (int) Math.min(together, end - row);
      load(found, from + row * extent * size(), count * extent);
      for (int r = 0; r < count; r++) {
        int start = r * extent;
        int at =
            size() == 4
                ? largest(found.ints, start, start + extent)
                : largest(found.longs, start, start + extent);
        out.setAtIndex(JAVA_LONG, row - first + r, at - start);
      }
    }
  }

  private int size() {
    return dtype.byteSize();
  }

  private void load(Found found, long address, int count) {
    if (size() == 4) {
      keys.of(dtype, address, count, found.ints);
    } else {
      keys.of(dtype, address, count, found.longs);
    }
  }

  /** Only a piece with a larger key than all before it is searched for where that is. */
  private int longRow(Found found, long address) {
    long best = 0;
    int place = -1;
    for (int i = 0; i < lines.extent(); i += PIECE) {
      int count = Math.min(PIECE, lines.extent() - i);
      load(found, address + (long) i * size(), count);
      long max = size() == 4 ? max(found.ints, 0, count) : max(found.longs, 0, count);
      if (place < 0 || max > best) {
        best = max;
        int at = size() == 4 ? first(found.ints, 0, (int) max) : first(found.longs, 0, max);
        place = i + at;
      }
    }
    return place;
  }

  private static int largest(int[] keys, int start, int end) {
    return first(keys, start, max(keys, start, end));
  }

  private static int largest(long[] keys, int start, int end) {
    return first(keys, start, max(keys, start, end));
  }

  private static int max(int[] keys, int start, int end) {
    int max = keys[start];
    int i = start + 1;
    if (end - i >= 2 * INTS) {
      // The JIT leaves the plain loop scalar.
      IntVector one = IntVector.fromArray(Lanes.I32, keys, i);
      IntVector two = one;
      for (; i <= end - 2 * INTS; i += 2 * INTS) {
        one = IntVector.fromArray(Lanes.I32, keys, i).max(one);
        two = IntVector.fromArray(Lanes.I32, keys, i + INTS).max(two);
      }
      max = Math.max(max, one.max(two).reduceLanes(VectorOperators.MAX));
    }
    for (; i < end; i++) {
      max = Math.max(max, keys[i]);
    }
    return max;
  }

  private static long max(long[] keys, int start, int end) {
    long max = keys[start];
    int i = start + 1;
    if (end - i >= 2 * LONGS) {
      LongVector one = LongVector.fromArray(Lanes.I64, keys, i);
      LongVector two = one;
      for (; i <= end - 2 * LONGS; i += 2 * LONGS) {
        one = LongVector.fromArray(Lanes.I64, keys, i).max(one);
        two = LongVector.fromArray(Lanes.I64, keys, i + LONGS).max(two);
      }
      max = Math.max(max, one.max(two).reduceLanes(VectorOperators.MAX));
    }
    for (; i < end; i++) {
      max = Math.max(max, keys[i]);
    }
    return max;
  }

  private static int first(int[] keys, int start, int key) {
    int i = start;
    while (keys[i] != key) {
      i++;
    }
    return i;
  }

  private static int first(long[] keys, int start, long key) {
    int i = start;
    while (keys[i] != key) {
      i++;
    }
    return i;
  }

  /** Lines side by side: all of them see their next element at once. */
  @Override
  void columns(long block, long column, int count) {
    Found found = Found.LOCAL.get();
    long extent = lines.extent();
    long inner = lines.inner();
    for (int j = 0; j < extent; j++) {
      load(found, from + ((block * extent + j) * inner + column) * size(), count);
      if (j == 0) {
        start(found, count);
      } else if (size() == 4) {
        takeInts(found, count, j);
      } else {
        takeLongs(found, count, j);
      }
    }
    MemorySegment out = ALL.asSlice(to + (block * inner + column) * 8, count * 8L);
    for (int i = 0; i < count; i++) {
      long place = size() == 4 ? found.intPlace[i] : found.longPlace[i];
      out.setAtIndex(JAVA_LONG, i, place);
    }
  }

  private void start(Found found, int count) {
    if (size() == 4) {
      System.arraycopy(found.ints, 0, found.intBest, 0, count);
      Arrays.fill(found.intPlace, 0, count, 0);
    } else {
      System.arraycopy(found.longs, 0, found.longBest, 0, count);
      Arrays.fill(found.longPlace, 0, count, 0);
    }
  }

  private static void takeInts(Found found, int count, int place) {
    int whole = count & -INTS;
    for (int i = 0; i < whole; i += INTS) {
      IntVector key = IntVector.fromArray(Lanes.I32, found.ints, i);
      IntVector best = IntVector.fromArray(Lanes.I32, found.intBest, i);
      VectorMask<Integer> wins = best.lt(key);
      best.blend(key, wins).intoArray(found.intBest, i);
      IntVector.fromArray(Lanes.I32, found.intPlace, i)
          .blend(place, wins)
          .intoArray(found.intPlace, i);
    }
    for (int i = whole; i < count; i++) {
      if (found.ints[i] > found.intBest[i]) {
        found.intBest[i] = found.ints[i];
        found.intPlace[i] = place;
      }
    }
  }

  private static void takeLongs(Found found, int count, int place) {
    int whole = count & -LONGS;
    for (int i = 0; i < whole; i += LONGS) {
      LongVector key = LongVector.fromArray(Lanes.I64, found.longs, i);
      LongVector best = LongVector.fromArray(Lanes.I64, found.longBest, i);
      VectorMask<Long> wins = best.lt(key);
      best.blend(key, wins).intoArray(found.longBest, i);
      LongVector.fromArray(Lanes.I64, found.longPlace, i)
          .blend(place, wins)
          .intoArray(found.longPlace, i);
    }
    for (int i = whole; i < count; i++) {
      if (found.longs[i] > found.longBest[i]) {
        found.longBest[i] = found.longs[i];
        found.longPlace[i] = place;
      }
    }
  }
}
