package dev.lanewise.simd;

import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Numbers of a call's pieces of memory, each lent to one task at a time. There are as many as tasks
 * can run at a time, so one is always free.
 */
final class Slots {
  private final AtomicIntegerArray taken;

  Slots(int tasks, Workers workers) {
    this.taken = new AtomicIntegerArray(Math.max(1, Math.min(tasks, workers.threads())));
  }

  /** {@return how many there are} */
  int count() {
    return taken.length();
  }

  /** {@return the number of a slot that no other task uses; to be given back} */
  int take() {
    for (int i = 0; ; i = (i + 1) % taken.length()) {
      if (taken.getPlain(i) == 0 && taken.compareAndSet(i, 0, 1)) {
        return i;
      }
    }
  }

  /** Lets others use a slot. */
  void give(int slot) {
    taken.setRelease(slot, 0);
  }
}
