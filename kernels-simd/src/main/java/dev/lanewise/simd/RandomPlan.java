package dev.lanewise.simd;

import static dev.lanewise.simd.Addresses.ALL;
import static dev.lanewise.simd.Addresses.ORDER;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.kernel.Distribution;
import dev.lanewise.kernel.Philox;
import java.lang.ref.Reference;
import java.nio.ByteOrder;
import java.util.function.IntConsumer;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * A call for random numbers made ready. They are those of {@link Philox}, bit for bit: as many
 * blocks at once as a vector has longs, each of which holds one 32-bit word. A block makes two
 * numbers; they share what both need. Memory is read and written by address, since C2 does not
 * always leave out the object that a slice is.
 */
final class RandomPlan extends DensePlan implements IntConsumer {
  /** The blocks of a task, two numbers each. */
  private static final int BLOCKS = 2_048;

  private static final int LANES = Lanes.I64.length();
  private static final VectorSpecies<Float> HALF_F32 =
      VectorSpecies.of(float.class, VectorShape.forBitSize(Lanes.BITS / 2));
  private static final long LOW = 0xFFFFFFFFL;
  private static final LoopKernel NORMALS = Normals.loop();
  private static final double[] NO_SCALARS = {};

  private final Distribution distribution;
  private final boolean single;
  private final int bytes;
  private final long size;
  private final DenseArgument output;

  // One call's.
  private long seed;
  private long stream;

  RandomPlan(Signature call, Distribution distribution, NdArray out, Workers workers) {
    super(call, workers);
    this.distribution = distribution;
    this.single = out.dtype() == DType.F32;
    this.bytes = out.dtype().byteSize();
    this.size = out.size();
    this.output = output(out);
  }

  /** A thread's memory for the blocks of a task. */
  private static final class Memory {
    static final ThreadLocal<Memory> LOCAL = ThreadLocal.withInitial(Memory::new);

    /** The upper 64 of the blocks' 128 bits; below, the lower 64. */
    final long[] first = new long[BLOCKS];

    final long[] second = new long[BLOCKS];

    /** Not local: it frees its memory with itself. */
    private final ReusedMemory numbers = new ReusedMemory();

    /** Where the uniform numbers of both are, and then what becomes of them. */
    final long firstNumbers = numbers.place(2L * BLOCKS * Double.BYTES);

    final long secondNumbers = firstNumbers + (long) BLOCKS * Double.BYTES;

    final long[] pointers = {firstNumbers, 0, secondNumbers, 0, firstNumbers, 0, secondNumbers, 0};
  }

  void run(long seed, long stream, NdArray out) {
    this.seed = seed;
    this.stream = stream;
    output.at(out);
    run();
    Reference.reachabilityFence(out);
  }

  @Override
  void compute(long memory) {
    workers.run(Math.toIntExact(Math.ceilDiv(size, 2L * BLOCKS)), this);
  }

  @Override
  public void accept(int task) {
    long start = task * 2L * BLOCKS;
    int count = (int) Math.min(2 * BLOCKS, size - start);
    int blocks = (count + 1) / 2;
    long target = output.address() + start * bytes;
    Memory memory = Memory.LOCAL.get();
    words(seed, start / 2, stream, memory.first, memory.second, blocks);
    if (distribution == Distribution.UNIFORM && single) {
      uniformFloats(memory.first, memory.second, target, count);
      return;
    }
    uniforms(memory.first, memory.firstNumbers, blocks);
    uniforms(memory.second, memory.secondNumbers, blocks);
    if (distribution == Distribution.NORMAL) {
      NORMALS.run(memory.pointers, NO_SCALARS, 1, blocks);
    }
    if (single) {
      pairFloats(memory.firstNumbers, memory.secondNumbers, target, count);
    } else {
      pairDoubles(memory.firstNumbers, memory.secondNumbers, target, count);
    }
  }

  /** The blocks of counters from {@code counter} on; writes whole vectors. */
  private static void words(
      long seed, long counter, long stream, long[] first, long[] second, int blocks) {
    for (int i = 0; i < blocks; i += LANES) {
      LongVector at = LongVector.broadcast(Lanes.I64, counter + i).addIndex(1);
      LongVector c0 = at.and(LOW);
      LongVector c1 = at.lanewise(VectorOperators.LSHR, 32);
      LongVector c2 = LongVector.broadcast(Lanes.I64, stream & LOW);
      LongVector c3 = LongVector.broadcast(Lanes.I64, stream >>> 32);
      int key0 = (int) seed;
      int key1 = (int) (seed >>> 32);
      for (int round = 0; round < Philox.ROUNDS; round++) {
        LongVector p0 = LongVector.broadcast(Lanes.I64, Philox.M0).mul(c0);
        LongVector p1 = LongVector.broadcast(Lanes.I64, Philox.M1).mul(c2);
        c0 =
            p1.lanewise(VectorOperators.LSHR, 32)
                .lanewise(VectorOperators.XOR, key0 & LOW)
                .lanewise(VectorOperators.XOR, c1);
        c2 =
            p0.lanewise(VectorOperators.LSHR, 32)
                .lanewise(VectorOperators.XOR, key1 & LOW)
                .lanewise(VectorOperators.XOR, c3);
        c1 = p1.and(LOW);
        c3 = p0.and(LOW);
        key0 += Philox.W0;
        key1 += Philox.W1;
      }
      LongVector.broadcast(Lanes.I64, 0)
          .or(c0)
          .lanewise(VectorOperators.LSHL, 32)
          .or(c1)
          .intoArray(first, i);
      LongVector.broadcast(Lanes.I64, 0)
          .or(c2)
          .lanewise(VectorOperators.LSHL, 32)
          .or(c3)
          .intoArray(second, i);
    }
  }

  /** The upper 24 bits of each block's first and third word. */
  private static void uniformFloats(long[] first, long[] second, long to, int count) {
    int pairs = count / 2;
    int whole = ORDER == ByteOrder.LITTLE_ENDIAN ? pairs & -LANES : 0;
    for (int i = 0; i < whole; i += LANES) {
      LongVector upper = LongVector.fromArray(Lanes.I64, second, i);
      LongVector.fromArray(Lanes.I64, first, i)
          .lanewise(VectorOperators.LSHR, 40)
          .or(upper.lanewise(VectorOperators.LSHR, 40).lanewise(VectorOperators.LSHL, 32))
          .reinterpretAsInts()
          .convertShape(VectorOperators.I2F, Lanes.F32, 0)
          .reinterpretAsFloats()
          .mul(0x1p-24f)
          .intoMemorySegment(ALL, to + i * 8L, ORDER);
    }
    for (int i = 2 * whole; i < count; i++) {
      long word = (i & 1) == 0 ? first[i / 2] : second[i / 2];
      ALL.set(JAVA_FLOAT_UNALIGNED, to + 4L * i, (word >>> 40) * 0x1p-24f);
    }
  }

  /** Makes the numbers of {@link Philox#uniform}, whole vectors of them. */
  private static void uniforms(long[] bits, long to, int count) {
    for (int i = 0; i < count; i += LANES) {
      LongVector integer =
          LongVector.fromArray(Lanes.I64, bits, i).lanewise(VectorOperators.LSHR, 11);
      // AVX2 converts no longs: upper and lower bits go into mantissas instead, whose last bits
      // count 2³² and 1.
      DoubleVector upper =
          integer
              .lanewise(VectorOperators.LSHR, 32)
              .or(Double.doubleToRawLongBits(0x1p84))
              .reinterpretAsDoubles();
      DoubleVector lower =
          integer.and(LOW).or(Double.doubleToRawLongBits(0x1p52)).reinterpretAsDoubles();
      upper.sub(0x1p84 + 0x1p52).add(lower).mul(0x1p-53).intoMemorySegment(ALL, to + i * 8L, ORDER);
    }
  }

  /** Writes two lists of doubles as floats, one of the first and one of the second in turn. */
  private static void pairFloats(long first, long second, long to, int count) {
    int pairs = count / 2;
    int whole = ORDER == ByteOrder.LITTLE_ENDIAN ? pairs & -LANES : 0;
    for (int i = 0; i < whole; i += LANES) {
      floatBits(first + i * 8L)
          .or(floatBits(second + i * 8L).lanewise(VectorOperators.LSHL, 32))
          .reinterpretAsFloats()
          .intoMemorySegment(ALL, to + i * 8L, ORDER);
    }
    for (int i = 2 * whole; i < count; i++) {
      long from = ((i & 1) == 0 ? first : second) + i / 2 * 8L;
      ALL.set(JAVA_FLOAT_UNALIGNED, to + 4L * i, (float) ALL.get(JAVA_DOUBLE_UNALIGNED, from));
    }
  }

  private static LongVector floatBits(long doubles) {
    return DoubleVector.fromMemorySegment(Lanes.F64, ALL, doubles, ORDER)
        .convertShape(VectorOperators.D2F, HALF_F32, 0)
        .reinterpretAsInts()
        .convertShape(VectorOperators.ZERO_EXTEND_I2L, Lanes.I64, 0)
        .reinterpretAsLongs();
  }

  /** Writes two lists of doubles, one of the first and one of the second in turn. */
  private static void pairDoubles(long first, long second, long to, int count) {
    for (int i = 0; i < count / 2; i++) {
      double one = ALL.get(JAVA_DOUBLE_UNALIGNED, first + i * 8L);
      double other = ALL.get(JAVA_DOUBLE_UNALIGNED, second + i * 8L);
      ALL.set(JAVA_DOUBLE_UNALIGNED, to + i * 16L, one);
      ALL.set(JAVA_DOUBLE_UNALIGNED, to + i * 16L + 8, other);
    }
    if (count % 2 == 1) {
      double last = ALL.get(JAVA_DOUBLE_UNALIGNED, first + count / 2 * 8L);
      ALL.set(JAVA_DOUBLE_UNALIGNED, to + (count - 1) * 8L, last);
    }
  }
}
