package dev.lanewise.nn;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.lanewise.array.HostMemory;
import dev.lanewise.array.Pool;
import dev.lanewise.array.Shape;
import dev.lanewise.autodiff.Generator;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.layer.Dense;
import dev.lanewise.nn.loss.SparseCategoricalCrossentropy;
import dev.lanewise.nn.optim.Adam;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/** A long training holds no more memory at its end than near its start. */
class SoakTest {
  private static final int BATCH = 32;
  private static final int STEPS_PER_EPOCH = 100;
  private static final long HEAP_BYTES_PER_STEP = 64 << 10;

  @Test
  void twentyThousandStepsKeepTheirMemory() {
    Generator generator = new Generator(1);
    int n = BATCH * STEPS_PER_EPOCH;
    Tensor x = Tensor.randomNormal(generator, Shape.of(n, 64));
    int[] labels = new int[n];
    for (int i = 0; i < n; i++) {
      labels[i] = i % 10;
    }
    Examples examples = Examples.of(x, labels);
    Sequential model = Sequential.of(new Dense(32, "relu"), new Dense(10)).seed(1);
    model.compile(new Adam(), new SparseCategoricalCrossentropy(true), "accuracy");

    train(model, examples, 1_000);
    long early = settled(model, examples);
    train(model, examples, 15_000);
    long perStep = heapBytesPerStep(model, examples);
    long late = settled(model, examples);

    // Other tests share the pool, and what they leave may be unmapped meanwhile.
    assertTrue(late <= early, early + " -> " + late + " bytes mapped");
    assertTrue(perStep < HEAP_BYTES_PER_STEP, perStep + " heap bytes a step");
  }

  /**
   * {@return the heap bytes of a step with compiled kernels} Until then the interpreter puts each
   * vector on the heap; on a busy machine the JIT may need more steps than the soak has.
   */
  private static long heapBytesPerStep(Model model, Examples examples) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long perStep = Long.MAX_VALUE;
    for (int round = 0; round < 40 && perStep >= HEAP_BYTES_PER_STEP; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      train(model, examples, 4_000);
      perStep = (threads.getCurrentThreadAllocatedBytes() - before) / 4_000;
    }
    return perStep;
  }

  private static void train(Model model, Examples examples, int steps) {
    model.fit(examples, FitOptions.epochs(steps / STEPS_PER_EPOCH).batchSize(BATCH).verbose(0));
  }

  /** {@return the bytes that are mapped once other tests' garbage and idle blocks are gone} */
  private static long settled(Model model, Examples examples) {
    Pool pool = HostMemory.INSTANCE.pool();
    long mapped = Long.MAX_VALUE;
    for (int i = 0; i < 50 && pool.mappedBytes() < mapped; i++) {
      mapped = pool.mappedBytes();
      System.gc();
      pause();
      pool.trim();
    }
    // What trimming has taken from the model too, one step maps again.
    model.trainOnBatch(examples.slice(0, BATCH));
    return pool.mappedBytes();
  }

  private static void pause() {
    try {
      Thread.sleep(20);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
