package dev.lanewise.simd;

import static dev.lanewise.simd.Addresses.ALL;
import static dev.lanewise.simd.Addresses.ORDER;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.lanewise.array.DType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * Converts elements that lie side by side from one type to another, as Java's casts do. Pairs of
 * types without a loop of their own go through another type, in pieces that stay in the cache.
 *
 * <p>Each loop is written out: a shared one that is given its conversion would ask for it at each
 * vector, 20 times slower.
 */
final class Conversion {
  /** Loops run over a multiple of this many elements: whole vectors of every type and width. */
  private static final int BLOCK = 16;

  /** So many elements of the type in between stay in the cache. */
  private static final int PIECE = 2048;

  /**
   * Whether the processor converts vectors of 64-bit integers: x86 only with AVX-512. Without, the
   * vector classes do it lane by lane, ten times slower than a scalar loop.
   */
  private static final boolean WIDE_INTEGERS =
      !System.getProperty("os.arch").matches("amd64|x86_64")
          || IntVector.SPECIES_PREFERRED.vectorBitSize() == 512;

  /**
   * After so many calls the JIT has compiled a pair's loop, or soon will have; until then it is
   * some hundred times slower than a scalar one, which does the larger share.
   */
  private static final int WARM_CALLS = 3_000;

  private static final int COLD_SHARE = 63;
  private static final int TYPES = DType.values().length;

  /** For each pair of types how often its loop was called while it was cold. */
  private static final int[] CALLS = new int[TYPES * TYPES];

  private static final VectorSpecies<Float> F32_HALF = species(float.class, Lanes.BITS / 2);
  private static final VectorSpecies<Integer> I32_HALF = species(int.class, Lanes.BITS / 2);

  /** As many bytes as a vector has ints, but at 128 bits twice as many: none is below 64 bits. */
  private static final VectorSpecies<Byte> BYTES =
      species(byte.class, Math.max(64, Lanes.BITS / 4));

  private static final int F32_LANES = Lanes.F32.length();
  private static final int F64_LANES = Lanes.F64.length();
  private static final int BYTE_LANES = BYTES.length();
  private static final boolean TWO_PARTS = BYTE_LANES == 2 * F32_LANES;

  private Conversion() {}

  private static <T> VectorSpecies<T> species(Class<T> element, int bits) {
    return VectorSpecies.of(element, VectorShape.forBitSize(bits));
  }

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
        truth(from == DType.F64 ? 1 : 0, s, memory.first, n);
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
          case F64 -> f32ToF64(s, t, n);
          case I32 -> f32ToI32(s, t, n);
          case I64 -> f32ToI64(s, t, n);
          case BOOL -> i32ToBool(1, s, t, n);
          case F16 -> f32ToF16(s, t, n);
          case BF16 -> f32ToBf16(s, t, n);
          case F32 -> throw none(from, to);
        }
      }
      case F64 -> {
        switch (to) {
          case F32 -> f64ToF32(s, t, n);
          case I32 -> f64ToI32(s, t, n);
          case I64 -> f64ToI64(s, t, n);
          case F64, BOOL, F16, BF16 -> throw none(from, to);
        }
      }
      case I32 -> {
        switch (to) {
          case F32 -> i32ToF32(s, t, n);
          case F64 -> i32ToF64(s, t, n);
          case I64 -> i32ToI64(s, t, n);
          case BOOL -> i32ToBool(0, s, t, n);
          case I32, F16, BF16 -> throw none(from, to);
        }
      }
      case I64 -> {
        switch (to) {
          case F32 -> i64ToF32(s, t, n);
          case F64 -> i64ToF64(s, t, n);
          case I32 -> i64ToI32(s, t, n);
          case I64, BOOL, F16, BF16 -> throw none(from, to);
        }
      }
      case BOOL -> boolToI32(s, t, n);
      case F16 -> f16ToF32(s, t, n);
      case BF16 -> bf16ToF32(s, t, n);
    }
  }

  private static AssertionError none(DType from, DType to) {
    return new AssertionError(from + " to " + to + " has no loop of its own");
  }

  private static MemorySegment slice(long address, long count, int bytes) {
    return ALL.asSlice(address, count * bytes);
  }

  private static void f32ToF64(long s, long t, long n) {
    MemorySegment in = slice(s, n, 4);
    MemorySegment out = slice(t, n, 8);
    for (long i = 0; i < n; i += F64_LANES) {
      ((DoubleVector)
              FloatVector.fromMemorySegment(F32_HALF, in, i * 4, ORDER)
                  .convertShape(VectorOperators.F2D, Lanes.F64, 0))
          .intoMemorySegment(out, i * 8, ORDER);
    }
  }

  private static void f64ToF32(long s, long t, long n) {
    MemorySegment in = slice(s, n, 8);
    MemorySegment out = slice(t, n, 4);
    for (long i = 0; i < n; i += F64_LANES) {
      ((FloatVector)
              DoubleVector.fromMemorySegment(Lanes.F64, in, i * 8, ORDER)
                  .convertShape(VectorOperators.D2F, F32_HALF, 0))
          .intoMemorySegment(out, i * 4, ORDER);
    }
  }

  private static void f32ToI32(long s, long t, long n) {
    MemorySegment in = slice(s, n, 4);
    MemorySegment out = slice(t, n, 4);
    for (long i = 0; i < n; i += F32_LANES) {
      ((IntVector)
              FloatVector.fromMemorySegment(Lanes.F32, in, i * 4, ORDER)
                  .convertShape(VectorOperators.F2I, Lanes.I32, 0))
          .intoMemorySegment(out, i * 4, ORDER);
    }
  }

  private static void i32ToF32(long s, long t, long n) {
    MemorySegment in = slice(s, n, 4);
    MemorySegment out = slice(t, n, 4);
    for (long i = 0; i < n; i += F32_LANES) {
      ((FloatVector)
              IntVector.fromMemorySegment(Lanes.I32, in, i * 4, ORDER)
                  .convertShape(VectorOperators.I2F, Lanes.F32, 0))
          .intoMemorySegment(out, i * 4, ORDER);
    }
  }

  private static void f64ToI32(long s, long t, long n) {
    MemorySegment in = slice(s, n, 8);
    MemorySegment out = slice(t, n, 4);
    for (long i = 0; i < n; i += F64_LANES) {
      ((IntVector)
              DoubleVector.fromMemorySegment(Lanes.F64, in, i * 8, ORDER)
                  .convertShape(VectorOperators.D2I, I32_HALF, 0))
          .intoMemorySegment(out, i * 4, ORDER);
    }
  }

  private static void i32ToF64(long s, long t, long n) {
    MemorySegment in = slice(s, n, 4);
    MemorySegment out = slice(t, n, 8);
    for (long i = 0; i < n; i += F64_LANES) {
      ((DoubleVector)
              IntVector.fromMemorySegment(I32_HALF, in, i * 4, ORDER)
                  .convertShape(VectorOperators.I2D, Lanes.F64, 0))
          .intoMemorySegment(out, i * 8, ORDER);
    }
  }

  private static void i32ToI64(long s, long t, long n) {
    MemorySegment in = slice(s, n, 4);
    MemorySegment out = slice(t, n, 8);
    for (long i = 0; i < n; i += F64_LANES) {
      ((LongVector)
              IntVector.fromMemorySegment(I32_HALF, in, i * 4, ORDER)
                  .convertShape(VectorOperators.I2L, Lanes.I64, 0))
          .intoMemorySegment(out, i * 8, ORDER);
    }
  }

  private static void i64ToI32(long s, long t, long n) {
    MemorySegment in = slice(s, n, 8);
    MemorySegment out = slice(t, n, 4);
    for (long i = 0; i < n; i += F64_LANES) {
      ((IntVector)
              LongVector.fromMemorySegment(Lanes.I64, in, i * 8, ORDER)
                  .convertShape(VectorOperators.L2I, I32_HALF, 0))
          .intoMemorySegment(out, i * 4, ORDER);
    }
  }

  private static void f32ToI64(long s, long t, long n) {
    MemorySegment in = slice(s, n, 4);
    MemorySegment out = slice(t, n, 8);
    if (WIDE_INTEGERS) {
      for (long i = 0; i < n; i += F64_LANES) {
        ((LongVector)
                FloatVector.fromMemorySegment(F32_HALF, in, i * 4, ORDER)
                    .convertShape(VectorOperators.F2L, Lanes.I64, 0))
            .intoMemorySegment(out, i * 8, ORDER);
      }
    } else {
      for (long i = 0; i < n; i++) {
        out.setAtIndex(JAVA_LONG, i, (long) in.getAtIndex(JAVA_FLOAT, i));
      }
    }
  }

  private static void i64ToF32(long s, long t, long n) {
    MemorySegment in = slice(s, n, 8);
    MemorySegment out = slice(t, n, 4);
    if (WIDE_INTEGERS) {
      for (long i = 0; i < n; i += F64_LANES) {
        ((FloatVector)
                LongVector.fromMemorySegment(Lanes.I64, in, i * 8, ORDER)
                    .convertShape(VectorOperators.L2F, F32_HALF, 0))
            .intoMemorySegment(out, i * 4, ORDER);
      }
    } else {
      for (long i = 0; i < n; i++) {
        out.setAtIndex(JAVA_FLOAT, i, in.getAtIndex(JAVA_LONG, i));
      }
    }
  }

  private static void f64ToI64(long s, long t, long n) {
    MemorySegment in = slice(s, n, 8);
    MemorySegment out = slice(t, n, 8);
    if (WIDE_INTEGERS) {
      for (long i = 0; i < n; i += F64_LANES) {
        ((LongVector)
                DoubleVector.fromMemorySegment(Lanes.F64, in, i * 8, ORDER)
                    .convertShape(VectorOperators.D2L, Lanes.I64, 0))
            .intoMemorySegment(out, i * 8, ORDER);
      }
    } else {
      for (long i = 0; i < n; i++) {
        out.setAtIndex(JAVA_LONG, i, (long) in.getAtIndex(JAVA_DOUBLE, i));
      }
    }
  }

  private static void i64ToF64(long s, long t, long n) {
    MemorySegment in = slice(s, n, 8);
    MemorySegment out = slice(t, n, 8);
    if (WIDE_INTEGERS) {
      for (long i = 0; i < n; i += F64_LANES) {
        ((DoubleVector)
                LongVector.fromMemorySegment(Lanes.I64, in, i * 8, ORDER)
                    .convertShape(VectorOperators.L2D, Lanes.F64, 0))
            .intoMemorySegment(out, i * 8, ORDER);
      }
    } else {
      for (long i = 0; i < n; i++) {
        out.setAtIndex(JAVA_DOUBLE, i, in.getAtIndex(JAVA_LONG, i));
      }
    }
  }

  private static void f16ToF32(long s, long t, long n) {
    MemorySegment in = slice(s, n, 2);
    MemorySegment out = slice(t, n, 4);
    for (long i = 0; i < n; i += F32_LANES) {
      HalfFloats.fromF16(HalfFloats.load(in, i * 2)).intoMemorySegment(out, i * 4, ORDER);
    }
  }

  private static void f32ToF16(long s, long t, long n) {
    MemorySegment in = slice(s, n, 4);
    MemorySegment out = slice(t, n, 2);
    for (long i = 0; i < n; i += F32_LANES) {
      IntVector bits = IntVector.fromMemorySegment(Lanes.I32, in, i * 4, ORDER);
      HalfFloats.store(HalfFloats.toF16(bits), out, i * 2);
    }
  }

  private static void bf16ToF32(long s, long t, long n) {
    MemorySegment in = slice(s, n, 2);
    MemorySegment out = slice(t, n, 4);
    for (long i = 0; i < n; i += F32_LANES) {
      HalfFloats.load(in, i * 2)
          .lanewise(VectorOperators.LSHL, 16)
          .intoMemorySegment(out, i * 4, ORDER);
    }
  }

  private static void f32ToBf16(long s, long t, long n) {
    MemorySegment in = slice(s, n, 4);
    MemorySegment out = slice(t, n, 2);
    for (long i = 0; i < n; i += F32_LANES) {
      IntVector bits = IntVector.fromMemorySegment(Lanes.I32, in, i * 4, ORDER);
      HalfFloats.store(HalfFloats.toBf16(bits), out, i * 2);
    }
  }

  private static void boolToI32(long s, long t, long n) {
    MemorySegment in = slice(s, n, 1);
    MemorySegment out = slice(t, n, 4);
    for (long i = 0; i < n; i += BYTE_LANES) {
      ByteVector bytes = ByteVector.fromMemorySegment(BYTES, in, i, ORDER);
      bytes = ByteVector.broadcast(BYTES, 1).blend(bytes, bytes.eq((byte) 0));
      ((IntVector) bytes.convertShape(VectorOperators.B2I, Lanes.I32, 0))
          .intoMemorySegment(out, i * 4, ORDER);
      if (TWO_PARTS) {
        ((IntVector) bytes.convertShape(VectorOperators.B2I, Lanes.I32, 1))
            .intoMemorySegment(out, (i + F32_LANES) * 4, ORDER);
      }
    }
  }

  /**
   * Asks whether numbers are not 0.
   *
   * @param signBits 1 for floating-point numbers, whose −0 is 0 too, else 0
   */
  private static void i32ToBool(int signBits, long s, long t, long n) {
    MemorySegment in = slice(s, n, 4);
    MemorySegment out = slice(t, n, 1);
    for (long i = 0; i < n; i += BYTE_LANES) {
      ByteVector bytes =
          (ByteVector) truth(signBits, in, i * 4).convertShape(VectorOperators.I2B, BYTES, 0);
      if (TWO_PARTS) {
        bytes =
            bytes.or(
                truth(signBits, in, (i + F32_LANES) * 4)
                    .convertShape(VectorOperators.I2B, BYTES, -1));
      }
      bytes.intoMemorySegment(out, i, ORDER);
    }
  }

  private static IntVector truth(int signBits, MemorySegment in, long at) {
    IntVector bits = IntVector.fromMemorySegment(Lanes.I32, in, at, ORDER);
    VectorMask<Integer> zero = bits.lanewise(VectorOperators.LSHL, signBits).eq(0);
    return IntVector.broadcast(Lanes.I32, 1).blend(0, zero);
  }

  /** 1 where a 64-bit number is not 0, as 32-bit integers. */
  private static void truth(int signBits, long s, long t, long n) {
    MemorySegment in = slice(s, n, 8);
    MemorySegment out = slice(t, n, 4);
    for (long i = 0; i < n; i += F64_LANES) {
      LongVector bits = LongVector.fromMemorySegment(Lanes.I64, in, i * 8, ORDER);
      VectorMask<Long> zero = bits.lanewise(VectorOperators.LSHL, signBits).eq(0);
      ((IntVector)
              LongVector.broadcast(Lanes.I64, 1)
                  .blend(0, zero)
                  .convertShape(VectorOperators.L2I, I32_HALF, 0))
          .intoMemorySegment(out, i * 4, ORDER);
    }
  }
}
