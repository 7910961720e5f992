package dev.lanewise.simd;

import static dev.lanewise.simd.Addresses.ALL;
import static dev.lanewise.simd.Addresses.ORDER;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
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
 * The loops of {@link Conversion}, from an address to another, over whole blocks. Each is written
 * out: a shared one that is given its conversion would ask for it at each vector, 20 times slower.
 */
final class ConversionLoops {
  /** Loops run over a multiple of this many elements: whole vectors of every type and width. */
  static final int BLOCK = 16;

  /**
   * Whether the processor converts vectors of 64-bit integers: x86 only with AVX-512. Without, the
   * vector classes do it lane by lane, ten times slower than a scalar loop.
   */
  private static final boolean WIDE_INTEGERS =
      !System.getProperty("os.arch").matches("amd64|x86_64")
          || IntVector.SPECIES_PREFERRED.vectorBitSize() == 512;

  private static final VectorSpecies<Float> F32_HALF = species(float.class, Lanes.BITS / 2);
  private static final VectorSpecies<Integer> I32_HALF = species(int.class, Lanes.BITS / 2);

  /** As many bytes as a vector has ints, but at 128 bits twice as many: none is below 64 bits. */
  private static final VectorSpecies<Byte> BYTES =
      species(byte.class, Math.max(64, Lanes.BITS / 4));

  private static final int F32_LANES = Lanes.F32.length();
  private static final int F64_LANES = Lanes.F64.length();
  private static final int BYTE_LANES = BYTES.length();
  private static final boolean TWO_PARTS = BYTE_LANES == 2 * F32_LANES;

  private ConversionLoops() {}

  private static <T> VectorSpecies<T> species(Class<T> element, int bits) {
    return VectorSpecies.of(element, VectorShape.forBitSize(bits));
  }

  private static MemorySegment slice(long address, long count, int bytes) {
    return ALL.asSlice(address, count * bytes);
  }

  static void f32ToF64(long s, long t, long n) {
    MemorySegment in = slice(s, n, 4);
    MemorySegment out = slice(t, n, 8);
    for (long i = 0; i < n; i += F64_LANES) {
      ((DoubleVector)
              FloatVector.fromMemorySegment(F32_HALF, in, i * 4, ORDER)
                  .convertShape(VectorOperators.F2D, Lanes.F64, 0))
          .intoMemorySegment(out, i * 8, ORDER);
    }
  }

  static void f64ToF32(long s, long t, long n) {
    MemorySegment in = slice(s, n, 8);
    MemorySegment out = slice(t, n, 4);
    for (long i = 0; i < n; i += F64_LANES) {
      ((FloatVector)
              DoubleVector.fromMemorySegment(Lanes.F64, in, i * 8, ORDER)
                  .convertShape(VectorOperators.D2F, F32_HALF, 0))
          .intoMemorySegment(out, i * 4, ORDER);
    }
  }

  static void f32ToI32(long s, long t, long n) {
    MemorySegment in = slice(s, n, 4);
    MemorySegment out = slice(t, n, 4);
    for (long i = 0; i < n; i += F32_LANES) {
      ((IntVector)
              FloatVector.fromMemorySegment(Lanes.F32, in, i * 4, ORDER)
                  .convertShape(VectorOperators.F2I, Lanes.I32, 0))
          .intoMemorySegment(out, i * 4, ORDER);
    }
  }

  static void i32ToF32(long s, long t, long n) {
    MemorySegment in = slice(s, n, 4);
    MemorySegment out = slice(t, n, 4);
    for (long i = 0; i < n; i += F32_LANES) {
      ((FloatVector)
              IntVector.fromMemorySegment(Lanes.I32, in, i * 4, ORDER)
                  .convertShape(VectorOperators.I2F, Lanes.F32, 0))
          .intoMemorySegment(out, i * 4, ORDER);
    }
  }

  static void f64ToI32(long s, long t, long n) {
    MemorySegment in = slice(s, n, 8);
    MemorySegment out = slice(t, n, 4);
    for (long i = 0; i < n; i += F64_LANES) {
      ((IntVector)
              DoubleVector.fromMemorySegment(Lanes.F64, in, i * 8, ORDER)
                  .convertShape(VectorOperators.D2I, I32_HALF, 0))
          .intoMemorySegment(out, i * 4, ORDER);
    }
  }

  static void i32ToF64(long s, long t, long n) {
    MemorySegment in = slice(s, n, 4);
    MemorySegment out = slice(t, n, 8);
    for (long i = 0; i < n; i += F64_LANES) {
      ((DoubleVector)
              IntVector.fromMemorySegment(I32_HALF, in, i * 4, ORDER)
                  .convertShape(VectorOperators.I2D, Lanes.F64, 0))
          .intoMemorySegment(out, i * 8, ORDER);
    }
  }

  static void i32ToI64(long s, long t, long n) {
    MemorySegment in = slice(s, n, 4);
    MemorySegment out = slice(t, n, 8);
    for (long i = 0; i < n; i += F64_LANES) {
      ((LongVector)
              IntVector.fromMemorySegment(I32_HALF, in, i * 4, ORDER)
                  .convertShape(VectorOperators.I2L, Lanes.I64, 0))
          .intoMemorySegment(out, i * 8, ORDER);
    }
  }

  static void i64ToI32(long s, long t, long n) {
    MemorySegment in = slice(s, n, 8);
    MemorySegment out = slice(t, n, 4);
    for (long i = 0; i < n; i += F64_LANES) {
      ((IntVector)
              LongVector.fromMemorySegment(Lanes.I64, in, i * 8, ORDER)
                  .convertShape(VectorOperators.L2I, I32_HALF, 0))
          .intoMemorySegment(out, i * 4, ORDER);
    }
  }

  static void f32ToI64(long s, long t, long n) {
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

  static void i64ToF32(long s, long t, long n) {
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

  static void f64ToI64(long s, long t, long n) {
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

  static void i64ToF64(long s, long t, long n) {
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

  static void f16ToF32(long s, long t, long n) {
    MemorySegment in = slice(s, n, 2);
    MemorySegment out = slice(t, n, 4);
    for (long i = 0; i < n; i += F32_LANES) {
      HalfFloats.fromF16(HalfFloats.load(in, i * 2)).intoMemorySegment(out, i * 4, ORDER);
    }
  }

  static void f32ToF16(long s, long t, long n) {
    MemorySegment in = slice(s, n, 4);
    MemorySegment out = slice(t, n, 2);
    for (long i = 0; i < n; i += F32_LANES) {
      IntVector bits = IntVector.fromMemorySegment(Lanes.I32, in, i * 4, ORDER);
      HalfFloats.store(HalfFloats.toF16(bits), out, i * 2);
    }
  }

  static void bf16ToF32(long s, long t, long n) {
    MemorySegment in = slice(s, n, 2);
    MemorySegment out = slice(t, n, 4);
    for (long i = 0; i < n; i += F32_LANES) {
      HalfFloats.load(in, i * 2)
          .lanewise(VectorOperators.LSHL, 16)
          .intoMemorySegment(out, i * 4, ORDER);
    }
  }

  static void f32ToBf16(long s, long t, long n) {
    MemorySegment in = slice(s, n, 4);
    MemorySegment out = slice(t, n, 2);
    for (long i = 0; i < n; i += F32_LANES) {
      IntVector bits = IntVector.fromMemorySegment(Lanes.I32, in, i * 4, ORDER);
      HalfFloats.store(HalfFloats.toBf16(bits), out, i * 2);
    }
  }

  static void boolToI32(long s, long t, long n) {
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
  static void i32ToBool(int signBits, long s, long t, long n) {
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
  static void truth(int signBits, long s, long t, long n) {
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
