package dev.lanewise.bench.measure;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The three loops that show what memory can do, as in J. McCalpin's STREAM: triad {@code a = b + s
 * · c}, copy {@code a = b}, and a sum that only reads. Bytes are counted as STREAM does: what the
 * program reads and writes, not what the cache fetches before it is overwritten.
 */
enum Bandwidth {
  /** Two arrays are read, one is written. */
  TRIAD(3),
  /** One array is read. */
  READ(1),
  /** One array is read, one is written. */
  COPY(2);

  private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();

  /**
   * All memory, sliced in the loops: so C2 knows class and bounds, and other loops over segments
   * cannot slow these down. The loops take addresses of {@link Arrays} alone.
   */
  @SuppressWarnings("restricted")
  private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  private final int arrays;

  Bandwidth(int arrays) {
    this.arrays = arrays;
  }

  /** The arrays of one thread, each of so many elements, filled. */
  record Arrays(MemorySegment a, MemorySegment b, MemorySegment c, int length) {
    static Arrays in(Arena arena, int length) {
      return new Arrays(
          filled(arena, length), filled(arena, length), filled(arena, length), length);
    }

    private static MemorySegment filled(Arena arena, int length) {
      return arena.allocate((long) length * Float.BYTES, 64).fill((byte) 1);
    }
  }

  /** {@return what one run moves} */
  double bytes(int length) {
    return (double) arrays * length * Float.BYTES;
  }

  /** {@return something that depends on what was read} */
  float run(Arrays arrays) {
    return switch (this) {
      case TRIAD ->
          triad(arrays.a.address(), arrays.b.address(), arrays.c.address(), arrays.length);
      case READ -> read(arrays.a.address(), arrays.length);
      case COPY -> copy(arrays.a.address(), arrays.b.address(), arrays.length);
    };
  }

  private static float triad(long toAddress, long xAddress, long yAddress, int length) {
    long bytes = (long) length * Float.BYTES;
    MemorySegment to = ALL.asSlice(toAddress, bytes);
    MemorySegment x = ALL.asSlice(xAddress, bytes);
    MemorySegment y = ALL.asSlice(yAddress, bytes);
    FloatVector factor = FloatVector.broadcast(S, 1.5f);
    for (int i = 0; i < S.loopBound(length); i += S.length()) {
      long at = (long) i * Float.BYTES;
      FloatVector.fromMemorySegment(S, y, at, ORDER)
          .fma(factor, FloatVector.fromMemorySegment(S, x, at, ORDER))
          .intoMemorySegment(to, at, ORDER);
    }
    return 0;
  }

  private static float copy(long toAddress, long fromAddress, int length) {
    long bytes = (long) length * Float.BYTES;
    MemorySegment to = ALL.asSlice(toAddress, bytes);
    MemorySegment from = ALL.asSlice(fromAddress, bytes);
    for (int i = 0; i < S.loopBound(length); i += S.length()) {
      long at = (long) i * Float.BYTES;
      FloatVector.fromMemorySegment(S, from, at, ORDER).intoMemorySegment(to, at, ORDER);
    }
    return 0;
  }

  private static float read(long address, int length) {
    MemorySegment x = ALL.asSlice(address, (long) length * Float.BYTES);
    // 4 chains: an addition takes 4 cycles, and memory gives at most a vector or two in each.
    FloatVector a = FloatVector.zero(S);
    FloatVector b = FloatVector.zero(S);
    FloatVector c = FloatVector.zero(S);
    FloatVector d = FloatVector.zero(S);
    int step = 4 * S.length();
    long next = (long) S.length() * Float.BYTES;
    for (int i = 0; i <= length - step; i += step) {
      long at = (long) i * Float.BYTES;
      // The fresh value is the receiver: the other way round, C2 boxes the chain.
      a = FloatVector.fromMemorySegment(S, x, at, ORDER).add(a);
      b = FloatVector.fromMemorySegment(S, x, at + next, ORDER).add(b);
      c = FloatVector.fromMemorySegment(S, x, at + 2 * next, ORDER).add(c);
      d = FloatVector.fromMemorySegment(S, x, at + 3 * next, ORDER).add(d);
    }
    return a.add(b).add(c.add(d)).reduceLanes(VectorOperators.ADD);
  }
}
