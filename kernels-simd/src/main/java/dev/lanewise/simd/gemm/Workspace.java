package dev.lanewise.simd.gemm;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * What one thread needs to run one task: the part of the product that the task is, and buffers for
 * packed blocks, 1 to 5 MB. They are lent for the time of the task, so that there are about as many
 * as processors, however many threads a program has.
 *
 * <p>The buffers are off the heap like the operands, so that one kernel serves packed and unpacked
 * ones, and aligned to a cache line, which a {@code float[]} is not: each 512-bit load from one
 * would touch two lines.
 */
final class Workspace {
  /** Room between two buffers, as packing writes whole vectors. */
  private static final long GAP = 4096;

  private static final IdlePool<Workspace> F32 = pool(Element.F32);
  private static final IdlePool<Workspace> F64 = pool(Element.F64);

  /** The part of a product that is to be computed. */
  final Product part = new Product();

  /** Packed tiles of A. */
  final long a;

  /** A packed block of B. */
  final long b;

  /** One register tile of C. */
  final long tile;

  /** Frees the memory when this is not reachable any more. */
  private final MemorySegment owner;

  private final BlockedGemm kernels;
  private final TiledProduct tiled;

  private Workspace(BlockedGemm kernels) {
    Blocking blocking = kernels.blocking();
    long bytesOfA = blocking.packedBytesOfA() + GAP;
    long bytesOfB = blocking.packedBytesOfB() + GAP;
    this.kernels = kernels;
    this.owner = Arena.ofAuto().allocate(bytesOfA + bytesOfB + GAP, 64);
    this.a = owner.address();
    this.b = a + bytesOfA;
    this.tile = b + bytesOfB;
    this.tiled = new TiledProduct(kernels, this);
  }

  private static IdlePool<Workspace> pool(Element element) {
    return new IdlePool<>(() -> new Workspace(BlockedGemm.of(element)));
  }

  private static IdlePool<Workspace> pools(Element element) {
    return switch (element) {
      case F32 -> F32;
      case F64 -> F64;
    };
  }

  /** {@return a workspace that no one else uses; to be given back} */
  static Workspace lend(Element element) {
    return pools(element).lend();
  }

  /** Lets others use it. */
  void giveBack() {
    pools(kernels.blocking().element()).giveBack(this);
  }

  /** Computes the part. */
  void run() {
    kernels.multiply(part, this, tiled);
  }
}
