package dev.lanewise.nn.data;

import java.util.Iterator;
import java.util.OptionalLong;

/**
 * Where batches come from: what {@code fit}, {@code evaluate} and {@code predict} go through, and
 * loops of one's own, by {@code for (Batch batch : batches)}. {@link DataLoader} makes them of a
 * {@link Dataset}.
 */
public interface Batches extends Iterable<Batch> {

  /**
   * {@return the batches of an epoch} The same epoch gives the same batches, bit by bit, at each
   * call. An iterator may be left before its end without closing anything.
   *
   * @param epoch which epoch, from 0: it decides about the order, where that is random
   */
  Iterator<Batch> epoch(long epoch);

  /** {@return how many batches an epoch has; empty if it is endless or nobody knows} */
  OptionalLong steps();

  /** {@return whether an epoch never ends, as far as is known} */
  default boolean isEndless() {
    return false;
  }

  /** {@return the batches of epoch 0} */
  @Override
  default Iterator<Batch> iterator() {
    return epoch(0);
  }
}
