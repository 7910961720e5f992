package dev.lanewise.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.HostMemory;
import dev.lanewise.array.Scope;
import dev.lanewise.array.Shape;
import dev.lanewise.autodiff.Generator;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.data.Batch;
import dev.lanewise.nn.data.Batches;
import dev.lanewise.nn.layer.Dense;
import dev.lanewise.nn.loss.MeanSquaredError;
import dev.lanewise.nn.optim.Adam;
import dev.lanewise.nn.optim.Optimizer;
import java.util.Arrays;
import java.util.Iterator;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** The loop of PyTorch's tutorials over batches of examples. */
class OwnBatchLoopTest {
  private static Examples line(int count) {
    Tensor x = Tensor.linspace(0, 3, count).reshape(-1, 1);
    return Examples.of(x, x.mul(2).add(1));
  }

  private static Sequential net() {
    return Sequential.of(new Dense(8, "tanh"), new Dense(1)).seed(1).build(1);
  }

  private static double epoch(Sequential net, Optimizer optimizer, Batches loader) {
    MeanSquaredError loss = new MeanSquaredError();
    double sum = 0;
    for (Batch b : loader) {
      try (Scope _ = Scope.open("step")) {
        optimizer.zeroGrad();
        Tensor wrong = loss.apply(net.apply(b.x(), true), b.y());
        wrong.backward();
        optimizer.step();
        sum += wrong.item() * b.size();
      }
    }
    return sum;
  }

  /** The same steps as those of fit, bit by bit. */
  @Test
  void takesTheStepsOfFit() {
    Sequential looped = net();
    Optimizer optimizer = new Adam(0.01).over(looped.weights());
    epoch(looped, optimizer, line(60).shuffledBatches(8, 42));
    Sequential fitted = net();
    fitted.compile(new Adam(0.01), new MeanSquaredError());
    fitted.fit(line(60), FitOptions.epochs(1).batchSize(8).seed(42).verbose(0));
    for (int i = 0; i < 4; i++) {
      assertArrayEquals(
          fitted.weights().get(i).value().toFloatArray(),
          looped.weights().get(i).value().toFloatArray());
    }
  }

  @Test
  void learnsAndLeavesNoMemoryBehind() {
    Sequential net = net();
    Optimizer optimizer = new Adam(0.01).over(net.weights());
    Batches loader = line(60).shuffledBatches(4, 42);
    double first = epoch(net, optimizer, loader);
    for (int i = 0; i < 20; i++) {
      epoch(net, optimizer, loader);
    }
    // Other tests' garbage may be freed meanwhile, but a steady loop maps nothing.
    long mapped = HostMemory.INSTANCE.pool().mappedBytes();
    double last = 0;
    for (int i = 0; i < 40; i++) {
      last = epoch(net, optimizer, loader);
    }
    assertTrue(HostMemory.INSTANCE.pool().mappedBytes() <= mapped);
    assertTrue(last < first / 20, first + " -> " + last);
  }

  @Test
  void batchesComeInOrderOrShuffled() {
    Batches ordered = line(10).batches(4);
    assertEquals(OptionalLong.of(3), ordered.steps());
    Iterator<Batch> all = ordered.iterator();
    assertEquals(4, all.next().size());
    assertEquals(4, all.next().size());
    Batch last = all.next();
    assertArrayEquals(new float[] {8 / 3f, 3}, last.x().toFloatArray(), 1e-6f);
    assertArrayEquals(new float[] {19 / 3f, 7}, last.y().toFloatArray(), 1e-5f);
    Batches shuffled = line(10).shuffledBatches(10, 1);
    float[] first = shuffled.epoch(0).next().x().toFloatArray();
    float[] second = shuffled.epoch(1).next().x().toFloatArray();
    assertArrayEquals(first, shuffled.epoch(0).next().x().toFloatArray());
    assertEquals(false, Arrays.equals(first, second));
  }

  @Test
  void aGeneratorGoesBackToAPosition() {
    Generator generator = new Generator(3);
    generator.nextStream();
    long position = generator.position();
    float[] numbers = Tensor.randomNormal(generator, Shape.of(5)).toFloatArray();
    generator.nextStream();
    generator.seek(position);
    assertArrayEquals(numbers, Tensor.randomNormal(generator, Shape.of(5)).toFloatArray());
  }
}
