package dev.lanewise.simd;

import static dev.lanewise.simd.Addresses.ALL;

import dev.lanewise.array.DType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;

/**
 * Converts elements that lie side by side from one type to another, as Java's casts do. Pairs of
 * types without a loop of their own go through another type, in pieces that stay in the cache.
 */
final class Conversion {
  private static final int BLOCK = ConversionLoops.BLOCK;

  /** So many elements of the type in between stay in the cache. */
  private static final int PIECE = 2048;

  /**
   * After so many calls the JIT has compiled a pair's loop, or soon will have; until then it is
   * some hundred times slower than a scalar one, which does the larger share.
   */
  private static final int WARM_CALLS = 3_000;

  private static final int COLD_SHARE = 63;
  private static final int TYPES = DType.values().length;

  /** For each pair of types how often its loop was called while it was cold. */
  private static final int[] CALLS = new int[TYPES * TYPES];

  private Conversion() {}

  /** A thread's memory for the types in between. */
  private static final class Between {
    static final ThreadLocal<Between> LOCAL = ThreadLocal.withInitial(Between::new);

    final MemorySegment owner = Arena.ofAuto().allocate(2 * PIECE * 4L, 64);
    final long first = owner.address();
    final long second = first + PIECE * 4L;
  }

  /**
   * Converts.
   *
   * @param from the type of the elements at {@code source}
   * @param to another type
   * @param source their address
   * @param target an address that does not overlap
   * @param count how many, from 0
   */
  static void run(DType from, DType to, long source, long target, long count) {
    int pair = from.ordinal() * TYPES + to.ordinal();
    long done = 0;
    while (CALLS[pair] < WARM_CALLS && count - done >= BLOCK) {
      CALLS[pair]++; // several threads may lose some
      whole(from, to, at(source, done, from), at(target, done, to), BLOCK);
      done += BLOCK;
      long some = Math.min(COLD_SHARE * BLOCK, count - done);
      scalar(from, to, at(source, done, from), at(target, done, to), some);
      done += some;
    }
    long whole = count - done & -BLOCK;
    whole(from, to, at(source, done, from), at(target, done, to), whole);
    done += whole;
    long rest = count - done;
    if (rest > 0 && count >= BLOCK) {
      // A block that ends with the last element: what overlaps is converted twice.
      done = count - BLOCK;
      whole(from, to, at(source, done, from), at(target, done, to), BLOCK);
    } else {
      scalar(from, to, at(source, done, from), at(target, done, to), rest);
    }
  }

  private static long at(long address, long element, DType dtype) {
    return address + element * dtype.byteSize();
  }

  private static void scalar(DType from, DType to, long source, long target, long count) {
    // Elements of all memory: a slice would be allocated, as not all that it is handed to is
    // inlined.
    long in = source / from.byteSize();
    long out = target / to.byteSize();
    for (long i = 0; i < count; i++) {
      if (from == DType.I64) {
        to.setLong(ALL, out + i, from.getLong(ALL, in + i)); // a double has too few bits
      } else {
        to.set(ALL, out + i, from.get(ALL, in + i));
      }
    }
  }

  private static void whole(DType from, DType to, long source, long target, long count) {
    DType between = between(from, to);
    if (between == null) {
      direct(from, to, source, target, count);
      return;
    }
    Between memory = Between.LOCAL.get();
    for (long i = 0; i < count; i += PIECE) {
      long n = Math.min(PIECE, count - i);
      long s = source + i * from.byteSize();
      long t = target + i * to.byteSize();
      if (to == DType.BOOL && from.byteSize() == 8) {
        ConversionLoops.truth(from == DType.F64 ? 1 : 0, s, memory.first, n);
      } else {
        direct(from, between, s, memory.first, n);
      }
      if (from == DType.BOOL && to.byteSize() == 2) {
        direct(between, DType.F32, memory.first, memory.second, n);
        direct(DType.F32, to, memory.second, t, n);
      } else {
        direct(between, to, memory.first, t, n);
      }
    }
    Reference.reachabilityFence(memory);
  }

  /** {@return the type to go through, of 32 bits; null if there is a loop for the pair} */
  private static DType between(DType from, DType to) {
    boolean narrow = from.byteSize() == 2 || to.byteSize() == 2;
    if (from == DType.BOOL) {
      return to == DType.I32 ? null : DType.I32;
    }
    if (narrow) {
      return from == DType.F32 || to == DType.F32 ? null : DType.F32;
    }
    return to == DType.BOOL && from.byteSize() == 8 ? DType.I32 : null;
  }

  private static void direct(DType from, DType to, long s, long t, long n) {
    switch (from) {
      case F32 -> {
        switch (to) {
          case F64 -> ConversionLoops.f32ToF64(s, t, n);
          case I32 -> ConversionLoops.f32ToI32(s, t, n);
          case I64 -> ConversionLoops.f32ToI64(s, t, n);
          case BOOL -> ConversionLoops.i32ToBool(1, s, t, n);
          case F16 -> ConversionLoops.f32ToF16(s, t, n);
          case BF16 -> ConversionLoops.f32ToBf16(s, t, n);
          case F32 -> throw none(from, to);
        }
      }
      case F64 -> {
        switch (to) {
          case F32 -> ConversionLoops.f64ToF32(s, t, n);
          case I32 -> ConversionLoops.f64ToI32(s, t, n);
          case I64 -> ConversionLoops.f64ToI64(s, t, n);
          case F64, BOOL, F16, BF16 -> throw none(from, to);
        }
      }
      case I32 -> {
        switch (to) {
          case F32 -> ConversionLoops.i32ToF32(s, t, n);
          case F64 -> ConversionLoops.i32ToF64(s, t, n);
          case I64 -> ConversionLoops.i32ToI64(s, t, n);
          case BOOL -> ConversionLoops.i32ToBool(0, s, t, n);
          case I32, F16, BF16 -> throw none(from, to);
        }
      }
      case I64 -> {
        switch (to) {
          case F32 -> ConversionLoops.i64ToF32(s, t, n);
          case F64 -> ConversionLoops.i64ToF64(s, t, n);
          case I32 -> ConversionLoops.i64ToI32(s, t, n);
          case I64, BOOL, F16, BF16 -> throw none(from, to);
        }
      }
      case BOOL -> ConversionLoops.boolToI32(s, t, n);
      case F16 -> ConversionLoops.f16ToF32(s, t, n);
      case BF16 -> ConversionLoops.bf16ToF32(s, t, n);
    }
  }

  private static AssertionError none(DType from, DType to) {
    return new AssertionError(from + " to " + to + " has no loop of its own");
  }
}
