package dev.lanewise.nn.data;

import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** The samples of another data set, each asked for once and kept. */
final class CachedDataset implements Dataset {
  private final Dataset data;
  private final AtomicReferenceArray<FutureTask<Sample>> samples;

  CachedDataset(Dataset data) {
    this.data = data;
    samples = new AtomicReferenceArray<>(data.size());
  }

  @Override
  public int size() {
    return samples.length();
  }

  @Override
  public Sample get(int index) {
    FutureTask<Sample> sample = sample(Rows.check("get", index, size()));
    try {
      return Background.join(sample);
    } catch (RuntimeException | Error e) {
      // Whoever asks again tries again: a disk may have been away.
      samples.compareAndSet(index, sample, null);
      throw e;
    }
  }

  /**
   * {@return what computes a sample, or has} It runs on a thread of its own, so that what is kept
   * belongs to no scope that the caller has open.
   */
  private FutureTask<Sample> sample(int index) {
    FutureTask<Sample> there = samples.get(index);
    if (there != null) {
      return there;
    }
    FutureTask<Sample> mine = Background.task(() -> data.get(index));
    FutureTask<Sample> first = samples.compareAndExchange(index, null, mine);
    if (first != null) {
      return first;
    }
    Background.start(mine);
    return mine;
  }
}
