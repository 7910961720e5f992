package dev.lanewise.simd.gemm;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;

/**
 * Objects that are expensive to make, lent for a short time: about as many come to exist as are in
 * use at a time, however many threads a program has. Lending one that is idle allocates nothing.
 *
 * @param <T> the kind of objects
 */
public final class IdlePool<T> {
  /** If more are in use at a time, the rest are used once. */
  private static final int PLACES = 64;

  private final AtomicReferenceArray<T> idle = new AtomicReferenceArray<>(PLACES);
  private final Supplier<T> maker;

  /**
   * Makes an empty pool.
   *
   * @param maker makes an object when none is idle
   */
  public IdlePool(Supplier<T> maker) {
    this.maker = maker;
  }

  /** {@return an object that no one else uses; to be given back} */
  public T lend() {
    int start = (int) Thread.currentThread().threadId();
    for (int i = 0; i < PLACES; i++) {
      int place = (start + i) & (PLACES - 1);
      if (idle.getPlain(place) != null) {
        T one = idle.getAndSet(place, null);
        if (one != null) {
          return one;
        }
      }
    }
    return maker.get();
  }

  /**
   * Takes an object back, which the caller must not use any more.
   *
   * @param one what was lent
   */
  public void giveBack(T one) {
    int start = (int) Thread.currentThread().threadId();
    for (int i = 0; i < PLACES; i++) {
      int place = (start + i) & (PLACES - 1);
      if (idle.getPlain(place) == null && idle.compareAndSet(place, null, one)) {
        return;
      }
    }
  }
}
