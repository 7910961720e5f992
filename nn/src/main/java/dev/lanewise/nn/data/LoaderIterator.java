package dev.lanewise.nn.data;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;

/**
 * The batches of one epoch of a loader. What is computed ahead are single batches, each on a thread
 * that ends with it: who leaves this iterator leaves nothing behind.
 */
final class LoaderIterator implements Iterator<Batch> {
  private final DataLoader loader;
  private final Steps steps;
  private final long epoch;
  private final Deque<FutureTask<Batch>> ahead = new ArrayDeque<>();

  /** The step that is computed next. */
  private long next;

  /** The order of the pass that step belongs to. */
  private int[] order;

  private long orderedPass = -1;

  LoaderIterator(DataLoader loader, Steps steps, long epoch) {
    this.loader = loader;
    this.steps = steps;
    this.epoch = epoch;
  }

  @Override
  public boolean hasNext() {
    return !ahead.isEmpty() || next < steps.count();
  }

  @Override
  public Batch next() {
    if (!hasNext()) {
      throw new NoSuchElementException("epoch %d has %d batches".formatted(epoch, next));
    }
    if (loader.prefetch() == 0) {
      return work().get();
    }
    while (ahead.size() <= loader.prefetch() && next < steps.count()) {
      FutureTask<Batch> task = Background.task(work());
      ahead.addLast(task);
      Background.start(task);
    }
    return first();
  }

  /** {@return the first of the batches ahead; it stays there if the thread is interrupted} */
  private Batch first() {
    boolean done = true;
    try {
      return Background.await(ahead.getFirst());
    } catch (InterruptedException e) {
      done = false;
      Thread.currentThread().interrupt();
      throw new BatchException(epoch, next - ahead.size(), e);
    } finally {
      if (done) {
        ahead.removeFirst();
      }
    }
  }

  /** {@return what computes the next batch} A failure to order the samples is thrown there. */
  private Supplier<Batch> work() {
    long number = next++;
    Steps.Place place = steps.at(number);
    long pass = epoch * steps.passes() + place.pass();
    try {
      int[] rows = rows(pass, place.batch());
      return () -> loader.compute(rows, epoch, number, pass, place.batch());
    } catch (RuntimeException e) {
      return () -> {
        throw new BatchException(epoch, number, e);
      };
    }
  }

  private int[] rows(long pass, long batch) {
    if (order == null || pass != orderedPass) {
      order = loader.order(pass);
      orderedPass = pass;
    }
    int from = (int) (batch * loader.batchSize());
    int to = (int) Math.min(order.length, (long) from + loader.batchSize());
    return Arrays.copyOfRange(order, from, to);
  }
}
