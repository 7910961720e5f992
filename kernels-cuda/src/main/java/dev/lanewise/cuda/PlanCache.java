package dev.lanewise.cuda;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Function;

/**
 * Plans with native parts, made when they are first asked for: the most recently used of them. One
 * that falls out is closed, and so are all in the end.
 *
 * @param <K> what a plan is for
 * @param <P> the plans
 */
final class PlanCache<K, P extends PlanCache.Plan> implements AutoCloseable {
  /** What has to be closed. */
  interface Plan extends Closing.Step, AutoCloseable {
    @Override
    void close();
  }

  private final int most;
  private final SequencedMap<K, P> plans = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * Makes a cache.
   *
   * @param most how many plans are kept
   */
  PlanCache(int most) {
    this.most = most;
  }

  /**
   * {@return the plan for a key} Whoever asks has begun an operation and uses it before they ask
   * for as many others as are kept: what a plan holds lies in main memory, and work that was given
   * to the device does without.
   *
   * @param key what it is for
   * @param make makes it
   */
  P get(K key, Function<K, P> make) {
    P plan = plans.get(key);
    if (plan == null) {
      plan = make.apply(key);
      plans.put(key, plan);
      if (plans.size() > most) {
        plans.pollFirstEntry().getValue().close();
      }
    }
    return plan;
  }

  @Override
  public void close() {
    List<P> all = new ArrayList<>(plans.values());
    plans.clear();
    Closing.all(all);
  }
}
