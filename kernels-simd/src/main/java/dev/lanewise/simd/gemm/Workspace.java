package dev.lanewise.simd.gemm;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicReferenceArray;

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

  /** More tasks at a time than places here get a workspace that is not used again. */
  private static final int PLACES = 64;

  private static final AtomicReferenceArray<Workspace> IDLE_F32 =
      new AtomicReferenceArray<>(PLACES);
  private static final AtomicReferenceArray<Workspace> IDLE_F64 =
      new AtomicReferenceArray<>(PLACES);

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

  private final AtomicReferenceArray<Workspace> home;
  private final BlockedGemm kernels;
  private final TiledProduct tiled;

  private Workspace(BlockedGemm kernels, AtomicReferenceArray<Workspace> home) {
    Blocking blocking = kernels.blocking();
    long bytesOfA = blocking.packedBytesOfA() + GAP;
    long bytesOfB = blocking.packedBytesOfB() + GAP;
    this.home = home;
    this.kernels = kernels;
    this.owner = Arena.ofAuto().allocate(bytesOfA + bytesOfB + GAP, 64);
    this.a = owner.address();
    this.b = a + bytesOfA;
    this.tile = b + bytesOfB;
    this.tiled = new TiledProduct(kernels, this);
  }

  /** {@return a workspace that no one else uses; to be given back} */
  static Workspace lend(Element element) {
    var home =
        switch (element) {
          case F32 -> IDLE_F32;
          case F64 -> IDLE_F64;
        };
    int start = (int) Thread.currentThread().threadId();
    for (int i = 0; i < PLACES; i++) {
      int place = (start + i) % PLACES;
      Workspace idle = home.getPlain(place) == null ? null : home.getAndSet(place, null);
      if (idle != null) {
        return idle;
      }
    }
    return new Workspace(BlockedGemm.of(element), home);
  }

  /** Lets others use it. */
  void giveBack() {
    int start = (int) Thread.currentThread().threadId();
    for (int i = 0; i < PLACES; i++) {
      int place = (start + i) % PLACES;
      if (home.getPlain(place) == null && home.compareAndSet(place, null, this)) {
        return;
      }
    }
  }

  /** Computes the part. */
  void run() {
    kernels.multiply(part, this, tiled);
  }
}
