package dev.lanewise.simd;

import static dev.lanewise.simd.Addresses.ALL;
import static dev.lanewise.simd.Addresses.ORDER;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.kernel.Distribution;
import dev.lanewise.kernel.Philox;
import java.lang.ref.Reference;
import java.nio.ByteOrder;
import java.util.function.IntConsumer;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;

/**
 * An array filled with the numbers of {@link Philox}, bit for bit, made ready: as many blocks at
 * once as a vector has longs, each of which holds one 32-bit word. A block makes two numbers; they
 * share what both need.
 */
final class RandomPlan extends DensePlan implements IntConsumer {
  /** The blocks of a task, two numbers each. */
  private static final int BLOCKS = 2_048;

  private static final int LANES = Lanes.I64.length();
  private static final long LOW = 0xFFFFFFFFL;

  private final Distribution distribution;
  private final boolean single;
  private final long size;
  private final DenseArgument output;
  private final int tasks;

  // One call's.
  private long seed;
  private long stream;

  RandomPlan(Signature call, Distribution distribution, NdArray out, Workers workers) {
    super(call, workers);
    this.distribution = distribution;
    this.single = out.dtype() == DType.F32;
    this.size = out.size();
    this.output = output(out);
    this.tasks = Math.toIntExact(Math.ceilDiv(size, 2 * BLOCKS));
  }

  /** A thread's blocks: the upper and the lower 64 of their 128 bits. */
  private static final class Words {
    static final ThreadLocal<Words> LOCAL = ThreadLocal.withInitial(Words::new);

    final long[] first = new long[BLOCKS];
    final long[] second = new long[BLOCKS];
  }

  void run(long seedOfCall, long streamOfCall, NdArray out) {
    seed = seedOfCall;
    stream = streamOfCall;
    output.at(out);
    run();
    Reference.reachabilityFence(out);
  }

  @Override
  void compute(long memory) {
    workers.run(tasks, this);
  }

  @Override
  public void accept(int task) {
    long start = task * 2L * BLOCKS;
    int count = (int) Math.min(2 * BLOCKS, size - start);
    Words words = Words.LOCAL.get();
    words(seed, start / 2, stream, words.first, words.second, (count + 1) / 2);
    long to = output.address() + start * (single ? Float.BYTES : Double.BYTES);
    switch (distribution) {
      case UNIFORM -> {
        if (single) {
          uniformFloats(words, to, count);
        } else {
          uniformDoubles(words, to, count);
        }
      }
      case NORMAL -> normals(words, to, count, single);
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
  private static void uniformFloats(Words words, long to, int count) {
    int pairs = count / 2;
    int whole = ORDER == ByteOrder.LITTLE_ENDIAN ? pairs & -LANES : 0;
    for (int i = 0; i < whole; i += LANES) {
      LongVector first = LongVector.fromArray(Lanes.I64, words.first, i);
      LongVector second = LongVector.fromArray(Lanes.I64, words.second, i);
      first
          .lanewise(VectorOperators.LSHR, 40)
          .or(second.lanewise(VectorOperators.LSHR, 40).lanewise(VectorOperators.LSHL, 32))
          .reinterpretAsInts()
          .convertShape(VectorOperators.I2F, Lanes.F32, 0)
          .reinterpretAsFloats()
          .mul(0x1p-24f)
          .intoMemorySegment(ALL, to + i * 8L, ORDER);
    }
    for (int i = 2 * whole; i < count; i++) {
      long word = (i & 1) == 0 ? words.first[i / 2] : words.second[i / 2];
      ALL.set(JAVA_FLOAT, to + i * 4L, (word >>> 40) * 0x1p-24f);
    }
  }

  private static void uniformDoubles(Words words, long to, int count) {
    for (int i = 0; i < count; i++) {
      long word = (i & 1) == 0 ? words.first[i / 2] : words.second[i / 2];
      ALL.set(JAVA_DOUBLE, to + i * 8L, Philox.uniform(word));
    }
  }

  private static void normals(Words words, long to, int count, boolean single) {
    for (int i = 0; i < count; i += 2) {
      double radius = Philox.radius(words.first[i / 2]);
      set(to, i, radius * Philox.cosine(words.second[i / 2]), single);
      if (i + 1 < count) {
        set(to, i + 1, radius * Philox.sine(words.second[i / 2]), single);
      }
    }
  }

  private static void set(long to, int i, double value, boolean single) {
    if (single) {
      ALL.set(JAVA_FLOAT, to + i * 4L, (float) value);
    } else {
      ALL.set(JAVA_DOUBLE, to + i * 8L, value);
    }
  }
}
