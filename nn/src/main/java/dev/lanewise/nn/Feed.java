package dev.lanewise.nn;

import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.Backend;
import dev.lanewise.nn.data.Batch;
import dev.lanewise.nn.data.Batches;
import dev.lanewise.nn.internal.Shuffle;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * Batches in the form that a model takes, in memory that the next batch uses again: those of
 * examples, or those that come from somewhere else.
 */
final class Feed {
  private final Supplier<Backend> backend;
  private final List<BatchBuffer> inputs = new ArrayList<>();
  private final List<BatchBuffer> targets = new ArrayList<>();
  private final BatchBuffer weights = new BatchBuffer();

  Feed(Model model) {
    this(model::backend);
  }

  private Feed(Supplier<Backend> backend) {
    this.backend = backend;
  }

  /**
   * {@return the batches of examples}
   *
   * @param model takes them
   * @param examples prepared for it
   * @param batchSize the size of all batches but the last
   * @param seed decides about the order; all in order if empty
   */
  static Batches of(Model model, Examples examples, int batchSize, OptionalLong seed) {
    return of(model::backend, examples, batchSize, seed);
  }

  /**
   * {@return the batches of examples}
   *
   * @param backend who computes on them; asked for each batch
   * @param examples in the form that is wanted
   * @param batchSize the size of all batches but the last
   * @param seed decides about the order; all in order if empty
   */
  static Batches of(
      Supplier<Backend> backend, Examples examples, int batchSize, OptionalLong seed) {
    int size = examples.size();
    int capacity = Math.min(batchSize, size);
    Feed feed = new Feed(backend);
    int[] order = seed.isPresent() ? new int[size] : null;
    return new Batches() {
      @Override
      public Iterator<Batch> epoch(long epoch) {
        if (order != null) {
          Shuffle.permute(order, seed.getAsLong(), epoch);
        }
        return new Iterator<>() {
          private int from;

          @Override
          public boolean hasNext() {
            return from < size;
          }

          @Override
          public Batch next() {
            int to = Math.min(from + capacity, size);
            Batch batch = feed.fill(examples, order, from, to, capacity);
            from = to;
            return batch;
          }
        };
      }

      @Override
      public OptionalLong steps() {
        return OptionalLong.of((size + capacity - 1) / capacity);
      }
    };
  }

  /**
   * {@return batches from somewhere else, checked and brought into the model's form as they come}
   *
   * @param compiled checks them
   * @param batches gives them
   * @param weighting how much the classes count; nothing if all count once
   */
  static Batches of(Compiled compiled, Batches batches, ClassWeights weighting) {
    Feed feed = new Feed(compiled.model());
    return new Batches() {
      @Override
      public Iterator<Batch> epoch(long epoch) {
        Iterator<Batch> given = batches.epoch(epoch);
        return new Iterator<>() {
          @Override
          public boolean hasNext() {
            return given.hasNext();
          }

          @Override
          public Batch next() {
            Examples examples = weighting.weighted(compiled.prepare(Examples.of(given.next())));
            return feed.all(examples);
          }
        };
      }

      @Override
      public OptionalLong steps() {
        return batches.steps();
      }
    };
  }

  /** {@return all of some examples as one batch, valid until the next call} */
  Batch all(Examples examples) {
    return fill(examples, null, 0, examples.size(), examples.size());
  }

  /** {@return a batch of some examples, valid until the next call} */
  private Batch fill(Examples examples, int[] order, int from, int to, int capacity) {
    return new Batch(
        fill(inputs, examples.x(), order, from, to, capacity),
        fill(targets, examples.y(), order, from, to, capacity),
        Optional.ofNullable(examples.weights())
            .map(rows -> weights.fill(backend.get(), rows, order, from, to, capacity)));
  }

  private List<Tensor> fill(
      List<BatchBuffer> buffers, List<Rows> rows, int[] order, int from, int to, int capacity) {
    List<Tensor> filled = new ArrayList<>(rows.size());
    for (int i = 0; i < rows.size(); i++) {
      if (buffers.size() == i) {
        buffers.add(new BatchBuffer());
      }
      filled.add(buffers.get(i).fill(backend.get(), rows.get(i), order, from, to, capacity));
    }
    return filled;
  }
}
