package dev.lanewise.nn.data;

import dev.lanewise.autodiff.Generator;
import dev.lanewise.autodiff.Grad;
import dev.lanewise.kernel.Philox;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;

/**
 * Batches of a {@link Dataset}: in which order, how large, what is made of them, and how many are
 * computed ahead. Immutable: each method gives a changed loader.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() {
 *   var loader = DataLoader.of(Digits.load()).batchSize(64).shuffle(42).prefetch(2);
 *   IO.println(loader.steps()); // OptionalLong[29]
 *   for (int epoch = 0; epoch < 2; epoch++) {
 *     long seen = 0;
 *     for (var batches = loader.epoch(epoch); batches.hasNext(); ) {
 *       seen += batches.next().size();
 *     }
 *     IO.println(seen); // 1797
 *   }
 * }
 * }
 *
 * <p>The order and all random numbers are functions of the seed and the epoch: the same epoch gives
 * the same batches, bit by bit, with and without {@link #prefetch}. {@code for (Batch b : loader)}
 * goes through epoch 0 each time.
 *
 * <p>{@link #take}, {@link #skip} and {@link #repeat} count batches and act on what those called
 * before them give, as in tf.data: {@code repeat().take(100)} goes through the data as often as 100
 * batches need, {@code take(100).repeat()} through the same 100 places without end. All other
 * methods may be called in any order.
 *
 * <p>A batch is made when it is asked for, by the thread that asks, and belongs to the {@link
 * dev.lanewise.array.Scope} that this has open, as whatever is made there; with {@link #prefetch}
 * it is made by another thread and belongs to no scope. Operations in data sets and transforms are
 * not recorded for gradients. What they throw arrives as a {@link BatchException}; who asks for a
 * batch again after it gets the one that follows.
 */
public final class DataLoader implements Batches {
  /** Far from the streams of samplers, which count from {@link Long#MIN_VALUE}. */
  private static final long FIRST_TRANSFORM_STREAM = Long.MIN_VALUE / 2;

  private final Dataset dataset;
  private final Settings settings;

  private record Settings(
      int batchSize,
      Sampler sampler,
      long seed,
      boolean dropLast,
      int prefetch,
      List<BatchTransform> transforms,
      UnaryOperator<Steps> plan) {

    Settings withBatchSize(int size) {
      return new Settings(size, sampler, seed, dropLast, prefetch, transforms, plan);
    }

    Settings withSampler(Sampler other) {
      return new Settings(batchSize, other, seed, dropLast, prefetch, transforms, plan);
    }

    Settings withSeed(long other) {
      return new Settings(batchSize, sampler, other, dropLast, prefetch, transforms, plan);
    }

    Settings withDropLast(boolean drop) {
      return new Settings(batchSize, sampler, seed, drop, prefetch, transforms, plan);
    }

    Settings withPrefetch(int depth) {
      return new Settings(batchSize, sampler, seed, dropLast, depth, transforms, plan);
    }

    Settings withTransform(BatchTransform last) {
      List<BatchTransform> all = new ArrayList<>(transforms);
      all.add(last);
      return new Settings(batchSize, sampler, seed, dropLast, prefetch, List.copyOf(all), plan);
    }

    Settings withSteps(UnaryOperator<Steps> last) {
      UnaryOperator<Steps> both = steps -> last.apply(plan.apply(steps));
      return new Settings(batchSize, sampler, seed, dropLast, prefetch, transforms, both);
    }
  }

  private DataLoader(Dataset dataset, Settings settings) {
    this.dataset = Objects.requireNonNull(dataset, "dataset");
    this.settings = settings;
  }

  private DataLoader with(Settings changed) {
    return new DataLoader(dataset, changed);
  }

  private static void require(boolean holds, String rule) {
    if (!holds) {
      throw new IllegalArgumentException("DataLoader: " + rule);
    }
  }

  /**
   * {@return batches of 32, in the data set's order, the last one smaller where the samples do not
   * come out even}
   *
   * @param dataset the samples
   */
  public static DataLoader of(Dataset dataset) {
    return new DataLoader(
        dataset,
        new Settings(32, Sampler.sequential(), 0, false, 0, List.of(), UnaryOperator.identity()));
  }

  /**
   * {@return batches of labelled data, as {@link #of(Dataset)} makes them of {@link
   * Dataset#of(LabeledDataset)}}
   *
   * @param data the data
   */
  public static DataLoader of(LabeledDataset data) {
    return of(Dataset.of(data));
  }

  /**
   * {@return this with another batch size}
   *
   * @param batchSize the samples of a batch, at least 1
   * @throws IllegalArgumentException if it is less than 1
   */
  public DataLoader batchSize(int batchSize) {
    require(batchSize >= 1, "batchSize must be at least 1, not " + batchSize);
    return with(settings.withBatchSize(batchSize));
  }

  /**
   * {@return this with all samples in another random order in every epoch}
   *
   * @param seed decides about the orders, and about the random numbers of transforms
   */
  public DataLoader shuffle(long seed) {
    return with(settings.withSampler(Sampler.random()).withSeed(seed));
  }

  /**
   * {@return this with the samples and the order that a sampler names}
   *
   * @param sampler who names the samples of an epoch
   */
  public DataLoader sampler(Sampler sampler) {
    return with(settings.withSampler(Objects.requireNonNull(sampler, "sampler")));
  }

  /**
   * {@return this with another seed, of the sampler and of transforms; 0 if none is given}
   *
   * @param seed any number
   */
  public DataLoader seed(long seed) {
    return with(settings.withSeed(seed));
  }

  /**
   * {@return this with or without a last batch that is smaller than the others}
   *
   * @param drop whether it is left out
   */
  public DataLoader dropLast(boolean drop) {
    return with(settings.withDropLast(drop));
  }

  /**
   * {@return this with what a function makes of each batch, after those given before}
   *
   * @param transform gives another batch; from several threads at once with {@link #prefetch}
   */
  public DataLoader map(BatchTransform transform) {
    return with(settings.withTransform(Objects.requireNonNull(transform, "transform")));
  }

  /**
   * {@return this with fewer batches in an epoch}
   *
   * @param batches how many are taken at most, at least 0
   * @throws IllegalArgumentException if it is negative
   */
  public DataLoader take(long batches) {
    require(batches >= 0, "take needs a number of batches of at least 0, not " + batches);
    return with(settings.withSteps(steps -> new Steps.Window(steps, 0, batches)));
  }

  /**
   * {@return this without the first batches of an epoch; the others stay bit by bit as they are}
   * They are not computed.
   *
   * @param batches how many are left out, at least 0
   * @throws IllegalArgumentException if it is negative
   */
  public DataLoader skip(long batches) {
    require(batches >= 0, "skip needs a number of batches of at least 0, not " + batches);
    return with(settings.withSteps(steps -> new Steps.Window(steps, batches, Steps.ENDLESS)));
  }

  /**
   * {@return this with epochs that go through the batches several times, shuffled anew each time}
   * Epoch 1 then goes on where epoch 0 ends.
   *
   * @param times how often, at least 1
   * @throws IllegalArgumentException if it is less than 1
   */
  public DataLoader repeat(int times) {
    require(times >= 1, "repeat needs a number of times of at least 1, not " + times);
    return with(settings.withSteps(steps -> new Steps.Repeated(steps, times)));
  }

  /** {@return this with epochs without end, shuffled anew each time the data have been through} */
  public DataLoader repeat() {
    return with(settings.withSteps(steps -> new Steps.Repeated(steps, Steps.ENDLESS)));
  }

  /**
   * {@return this with batches computed ahead, each on a virtual thread} They come in the same
   * order and with the same bits. Data set and transforms are then called from several threads at
   * once.
   *
   * @param depth how many batches are computed at most beyond the one that is asked for; 0 for none
   * @throws IllegalArgumentException if it is negative
   */
  public DataLoader prefetch(int depth) {
    require(depth >= 0, "prefetch must be at least 0, not " + depth);
    return with(settings.withPrefetch(depth));
  }

  /**
   * {@return the batches of an epoch} Nothing is computed before the first is asked for; the
   * iterator may be left at any time, and belongs to one thread at a time.
   *
   * @throws IllegalArgumentException if {@code epoch} is negative
   */
  @Override
  public Iterator<Batch> epoch(long epoch) {
    require(epoch >= 0, "epoch must be at least 0, not " + epoch);
    return new LoaderIterator(this, plan(), epoch);
  }

  @Override
  public OptionalLong steps() {
    long count = plan().count();
    return count == Steps.ENDLESS ? OptionalLong.empty() : OptionalLong.of(count);
  }

  @Override
  public boolean isEndless() {
    return plan().count() == Steps.ENDLESS;
  }

  /** {@return the samples} */
  public Dataset dataset() {
    return dataset;
  }

  /** {@return the samples of a batch; the last one of a pass may have fewer} */
  public int batchSize() {
    return settings.batchSize;
  }

  /** {@return how many batches are computed ahead at most} */
  public int prefetch() {
    return settings.prefetch;
  }

  private Steps plan() {
    int samples = settings.sampler.count(dataset.size());
    int whole = samples / settings.batchSize;
    boolean isLastSmaller = samples % settings.batchSize != 0;
    return settings.plan.apply(
        new Steps.Pass(isLastSmaller && !settings.dropLast ? whole + 1 : whole));
  }

  /** {@return the samples of a pass in their order} */
  int[] order(long pass) {
    int size = dataset.size();
    int count = settings.sampler.count(size);
    int[] order = settings.sampler.indices(size, settings.seed, pass);
    if (order.length != count) {
      throw new IllegalArgumentException(
          "sampler: %d samples were promised by count(%d), but indices has %d; override both"
              .formatted(count, size, order.length));
    }
    Rows.check("sampler", order, size);
    return order;
  }

  /**
   * {@return a batch}
   *
   * @param rows its samples
   * @param epoch the epoch, for errors
   * @param number its number in the epoch, for errors
   * @param pass the pass through the data that it is in
   * @param batch its number in that pass
   */
  Batch compute(int[] rows, long epoch, long number, long pass, long batch) {
    try (var _ = Grad.off()) {
      Batch made = Objects.requireNonNull(dataset.batch(rows), "the data set gave no batch");
      if (!settings.transforms.isEmpty()) {
        Generator random = random(pass, batch);
        for (BatchTransform transform : settings.transforms) {
          made = Objects.requireNonNull(transform.apply(made, random), "a transform gave no batch");
        }
      }
      return made;
    } catch (RuntimeException e) {
      throw new BatchException(epoch, number, e);
    }
  }

  /** {@return the random numbers of a batch, of a seed of its own, as it may take many streams} */
  private Generator random(long pass, long batch) {
    Philox philox = new Philox(settings.seed);
    philox.block(batch, FIRST_TRANSFORM_STREAM + pass);
    return new Generator((long) philox.word(0) << 32 | philox.word(1) & 0xFFFFFFFFL);
  }

  /** {@return how many samples in batches of which size} */
  @Override
  public String toString() {
    return "DataLoader(%d samples in batches of %d)".formatted(dataset.size(), batchSize());
  }
}
