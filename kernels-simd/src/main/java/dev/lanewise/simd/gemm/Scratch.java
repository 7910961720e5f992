package dev.lanewise.simd.gemm;

import dev.lanewise.simd.Lanes;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A thread's buffers for packed blocks, reused by all its multiplications: 2 to 4 MB. They are off
 * the heap like the operands, so that one kernel serves packed and unpacked ones, and aligned to a
 * cache line, which a {@code float[]} is not: each 512-bit load from one would touch two lines.
 */
final class Scratch {
  private static final ThreadLocal<Scratch> LOCAL = ThreadLocal.withInitial(Scratch::new);

  /** Room between two buffers, as packing writes whole vectors. */
  private static final long GAP = 4096;

  /** The packed block of A. */
  final long a;

  /** The packed block of B. */
  final long b;

  /** One register tile of C. */
  final long tile;

  /** Frees the memory when the thread has ended. */
  private final MemorySegment owner;

  private Scratch() {
    long bytesOfA = GAP;
    long bytesOfB = GAP;
    for (Element element : Element.values()) {
      Blocking blocking = Blocking.of(Lanes.BITS, element);
      bytesOfA = Math.max(bytesOfA, blocking.packedBytesOfA() + GAP);
      bytesOfB = Math.max(bytesOfB, blocking.packedBytesOfB() + GAP);
    }
    owner = Arena.ofAuto().allocate(bytesOfA + bytesOfB + GAP, 64);
    a = owner.address();
    b = a + bytesOfA;
    tile = b + bytesOfB;
  }

  /** {@return the current thread's buffers} */
  static Scratch local() {
    return LOCAL.get();
  }
}
