package dev.lanewise.simd;

import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The plans of calls that were made before, lent to one call at a time: a call that finds one is
 * not planned again and allocates nothing. Threads that make equal calls at the same time get plans
 * of their own. A bounded number is kept; of those that share a place, the newest.
 *
 * @param <P> the plans of one family of calls
 */
final class Plans<P extends Plan> {
  /** A power of 2. */
  private static final int PLACES = 512;

  /** Where a plan may lie from its own place on: as many threads may make equal calls. */
  private static final int NEAR = 4;

  private final AtomicReferenceArray<P> places = new AtomicReferenceArray<>(PLACES);

  /** {@return a plan for a call, to be given back after a run that has not failed; or null} */
  P lend(Signature call) {
    for (int i = 0; i < NEAR; i++) {
      int place = (call.hash() + i) & (PLACES - 1);
      P plan = places.getAcquire(place);
      if (plan != null
          && plan.signature().matches(call)
          && places.compareAndSet(place, plan, null)) {
        return plan;
      }
    }
    return null;
  }

  /** Keeps a plan, which the caller must not use any more, for the next call. */
  void giveBack(P plan) {
    int hash = plan.signature().hash();
    for (int i = 0; i < NEAR; i++) {
      if (places.compareAndSet((hash + i) & (PLACES - 1), null, plan)) {
        return;
      }
    }
    places.set(hash & (PLACES - 1), plan);
  }
}
