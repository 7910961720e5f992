package dev.lanewise.nn.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.DType;
import dev.lanewise.array.Scope;
import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class DatasetTest {
  /** Sample i is {i, -i}, of class i % 3. */
  private static Dataset rows(int n) {
    float[] x = new float[2 * n];
    for (int i = 0; i < n; i++) {
      x[2 * i] = i;
      x[2 * i + 1] = -i;
    }
    return Dataset.of(
        Tensor.of(x, n, 2), Tensor.of(IntStream.range(0, n).map(i -> i % 3).toArray()));
  }

  /** A data set of somebody's own: sample i is i squared, and nothing is known to be right. */
  private record Squares(int size) implements Dataset {
    @Override
    public Sample get(int index) {
      return Sample.of(Tensor.scalar(index * index));
    }
  }

  private static float[] firsts(Dataset data) {
    float[] firsts = new float[data.size()];
    for (int i = 0; i < firsts.length; i++) {
      firsts[i] = data.get(i).x().toFloatArray()[0];
    }
    return firsts;
  }

  private static void assertMessage(
      Class<? extends RuntimeException> type, String part, Executable call) {
    String message = assertThrows(type, call).getMessage();
    assertTrue(message.contains(part), message);
  }

  @Test
  void tensorsGiveSamplesAndBatches() {
    Dataset data = rows(5);

    assertEquals(5, data.size());
    assertArrayEquals(new float[] {3, -3}, data.get(3).x().toFloatArray());
    assertEquals(Shape.SCALAR, data.get(4).y().shape());
    assertEquals(1, data.get(4).y().item());
    Batch batch = data.batch(4, 0, 4);
    assertEquals(Shape.of(3, 2), batch.x().shape());
    assertArrayEquals(new float[] {4, -4, 0, 0, 4, -4}, batch.x().toFloatArray());
    assertArrayEquals(new long[] {1, 0, 1}, batch.y().toLongArray());
    assertEquals(DType.I32, batch.y().dtype());
    assertTrue(batch.weights().isEmpty());
    assertArrayEquals(new int[] {0, 1, 2, 0, 1}, data.labels());
  }

  @Test
  void aBatchIsACopy() {
    Tensor x = Tensor.of(new float[] {1, 2}, 2, 1).requiresGrad(true);
    Dataset data = Dataset.of(x, x);

    Batch batch = data.batch(0, 1);
    assertFalse(batch.x().requiresGrad());
    batch.x().data().storage().segment().fill((byte) 0);

    assertArrayEquals(new float[] {1, 2}, x.toFloatArray());
  }

  @Test
  void viewsOfTensorsAndOtherTypesAreGathered() {
    Tensor x = Tensor.of(new double[][] {{1, 2, 3}, {4, 5, 6}}).transpose(0, 1);
    Dataset data = Dataset.of(x, Tensor.of(new long[] {7, 8, 9}));

    Batch batch = data.batch(2, 1);

    assertEquals(DType.F64, batch.x().dtype());
    assertArrayEquals(new double[] {3, 6, 2, 5}, batch.x().toDoubleArray());
    assertArrayEquals(new long[] {9, 8}, batch.y().toLongArray());
    assertArrayEquals(new double[] {2, 5}, data.get(1).x().toDoubleArray());
  }

  @Test
  void severalInputsAndTargetsAndWeights() {
    Tensor a = Tensor.of(new float[] {1, 2, 3});
    Tensor b = Tensor.of(new float[][] {{4, 5}, {6, 7}, {8, 9}});
    Tensor y = Tensor.of(new int[] {0, 1, 2});
    Tensor w = Tensor.of(new float[] {0.5f, 1, 2});

    Dataset data = Dataset.of(List.of(a, b), List.of(y, a));
    Dataset weighted = data.weighted(w);
    Dataset same = Dataset.of(new Batch(List.of(a, b), List.of(y, a), Optional.of(w)));

    Batch batch = data.batch(2, 0);
    assertArrayEquals(new float[] {3, 1}, batch.inputs().get(0).toFloatArray());
    assertArrayEquals(new float[] {8, 9, 4, 5}, batch.inputs().get(1).toFloatArray());
    assertArrayEquals(new long[] {2, 0}, batch.targets().get(0).toLongArray());
    assertArrayEquals(new float[] {3, 1}, batch.targets().get(1).toFloatArray());
    assertTrue(batch.weights().isEmpty());
    for (Dataset each : List.of(weighted, same, weighted.map(s -> s), same.take(3), same.cache())) {
      Batch heavy = each.batch(2, 0);
      assertArrayEquals(new float[] {2, 0.5f}, heavy.weights().orElseThrow().toFloatArray());
      assertArrayEquals(new float[] {8, 9, 4, 5}, heavy.inputs().get(1).toFloatArray());
      assertEquals(0.5, each.get(0).weight().orElseThrow().item());
      assertArrayEquals(new int[] {0, 1, 2}, each.labels());
    }
    assertTrue(Dataset.of(List.of(a), List.of()).batch(1).targets().isEmpty());
  }

  @Test
  void labelledDataKeepTheirShapes() {
    LabeledDataset digits = Digits.load().first(10);
    Dataset data = Dataset.of(digits);

    assertEquals(Shape.of(10, 8, 8), data.batch(IntStream.range(0, 10).toArray()).x().shape());
    assertArrayEquals(
        digits.features(), data.batch(0, 1, 2, 3, 4, 5, 6, 7, 8, 9).x().toFloatArray());
    assertArrayEquals(digits.labels(), data.labels());
    assertEquals(DType.I32, data.get(0).y().dtype());
  }

  @Test
  void dataOfOnesOwnAreStacked() {
    Batch batch = new Squares(10).batch(3, 9, 3);

    assertEquals(Shape.of(3), batch.x().shape());
    assertArrayEquals(new float[] {9, 81, 9}, batch.x().toFloatArray());
    assertTrue(batch.targets().isEmpty());
  }

  @Test
  void viewsOfDataSets() {
    Dataset data = rows(6);

    assertArrayEquals(new float[] {5, 0, 5}, firsts(data.select(5, 0, 5)));
    assertArrayEquals(new int[] {2, 0, 2}, data.select(5, 0, 5).labels());
    assertArrayEquals(new float[] {0, 1}, firsts(data.take(2)));
    assertArrayEquals(new float[] {4, 5}, firsts(data.skip(4)));
    assertArrayEquals(new float[] {5, 4}, firsts(data.skip(3).select(2, 1)));
    assertArrayEquals(new float[] {5, -5, 4, -4}, data.skip(3).batch(2, 1).x().toFloatArray());
    assertEquals(0, data.take(0).size());
    assertEquals(0, data.skip(6).size());
    assertEquals(6, data.take(6).size());
  }

  @Test
  void aSelectionKeepsItsIndices() {
    int[] indices = {1, 2};
    Dataset selected = rows(3).select(indices);
    indices[0] = 0;
    assertArrayEquals(new float[] {1, 2}, firsts(selected));
  }

  @Test
  void partsOneAfterTheOther() {
    Dataset data = rows(6);
    Dataset joined = Dataset.concat(data.take(0), data.skip(4), data.take(0), data.take(3));

    assertArrayEquals(new float[] {4, 5, 0, 1, 2}, firsts(joined));
    assertArrayEquals(new int[] {1, 2, 0, 1, 2}, joined.labels());
    assertArrayEquals(new float[] {2, -2, 4, -4}, joined.batch(4, 0).x().toFloatArray());
    assertArrayEquals(new float[] {2, -2, 0, 0}, joined.batch(4, 2).x().toFloatArray());
    assertEquals(0, Dataset.concat().size());
  }

  @Test
  void aFunctionIsCalledForEachSampleEachTimeAndBehindACacheOnce() {
    AtomicInteger calls = new AtomicInteger();
    Dataset mapped =
        rows(3)
            .map(
                s -> {
                  calls.incrementAndGet();
                  return Sample.of(s.x().mul(10), s.y());
                });
    mapped.get(1);
    mapped.batch(1, 2);
    assertEquals(3, calls.get());

    calls.set(0);
    Dataset cached = mapped.cache();
    assertEquals(0, calls.get());
    Sample first = cached.get(2);
    assertSame(first, cached.get(2));
    assertArrayEquals(new float[] {20, -20, 0, 0}, cached.batch(2, 0).x().toFloatArray());
    cached.batch(0, 1, 2);
    assertArrayEquals(new int[] {0, 1, 2}, cached.labels());
    assertEquals(3, calls.get());
  }

  @Test
  void whatIsCachedOutlivesTheScopeInWhichItWasAskedFor() {
    Dataset cached = rows(3).map(s -> Sample.of(s.x().mul(10), 7)).cache();
    try (var _ = Scope.open()) {
      cached.get(1);
    }
    assertArrayEquals(new float[] {10, -10}, cached.get(1).x().toFloatArray());
    assertEquals(7, cached.get(1).y().item());
  }

  @Test
  void aFailureIsNotCached() {
    AtomicInteger calls = new AtomicInteger();
    Dataset flaky =
        Dataset.of(
                2,
                i -> {
                  if (calls.getAndIncrement() == 0) {
                    throw new UnsupportedOperationException("disk");
                  }
                  return Sample.of(Tensor.scalar(i));
                })
            .cache();

    assertMessage(UnsupportedOperationException.class, "disk", () -> flaky.get(1));
    assertEquals(1, flaky.get(1).x().item());
    assertEquals(1, flaky.get(1).x().item());
    assertEquals(2, calls.get());
  }

  @Test
  void samplesMustExist() {
    Dataset data = rows(4);
    for (Dataset each :
        List.of(
            data,
            data.take(4),
            Dataset.concat(data.take(2), data.skip(2)),
            data.weighted(Tensor.ones(4)),
            data.map(s -> s),
            data.cache())) {
      for (int wrong : new int[] {-1, 4}) {
        String text = "sample %d of a data set of 4 samples".formatted(wrong);
        assertMessage(IndexOutOfBoundsException.class, text, () -> each.get(wrong));
        assertMessage(IndexOutOfBoundsException.class, text, () -> each.batch(0, wrong));
        assertMessage(IndexOutOfBoundsException.class, text, () -> each.select(wrong));
      }
    }
  }

  @Test
  void wrongArguments() {
    Dataset data = rows(4);
    Class<IllegalArgumentException> illegal = IllegalArgumentException.class;
    assertMessage(illegal, "take: count must be from 0 to 4, but is 5", () -> data.take(5));
    assertMessage(illegal, "take: count must be from 0 to 4, but is -1", () -> data.take(-1));
    assertMessage(illegal, "skip: count must be from 0 to 4, but is 5", () -> data.skip(5));
    assertMessage(illegal, "skip: count must be from 0 to 4, but is -1", () -> data.skip(-1));
    assertMessage(illegal, "size must be at least 0", () -> Dataset.of(-1, _ -> null));
    assertMessage(illegal, "at least one sample", () -> new Squares(3).batch());
    assertMessage(illegal, "at least one input", () -> Dataset.of(List.of(), List.of()));
    assertMessage(ShapeException.class, "3", () -> Dataset.of(Tensor.zeros(4, 2), Tensor.zeros(3)));
    assertMessage(ShapeException.class, "[4]", () -> data.weighted(Tensor.ones(4, 1)));
    assertMessage(ShapeException.class, "[4]", () -> data.weighted(Tensor.ones(3)));
    assertMessage(
        NullPointerException.class, "sample 0 is null", () -> Dataset.of(1, _ -> null).batch(0));
    Tensor one = Tensor.scalar(1);
    assertMessage(
        illegal, "at least one input", () -> new Sample(List.of(), List.of(), Optional.empty()));
    assertMessage(illegal, "-1", () -> Sample.of(one).weighted(-1));
    assertMessage(
        ShapeException.class,
        "[1]",
        () -> new Sample(List.of(one), List.of(), Optional.of(Tensor.ones(1))));
    Dataset huge = Dataset.of(Integer.MAX_VALUE, _ -> null);
    assertMessage(illegal, "2147483648", () -> Dataset.concat(huge, rows(1)));
  }

  @Test
  void samplesOfABatchMustBeAlike() {
    Sample plain = Sample.of(Tensor.zeros(2), 1);
    for (Sample other :
        List.of(
            Sample.of(Tensor.zeros(3), 1),
            Sample.of(Tensor.zeros(2)),
            Sample.of(Tensor.zeros(2), Tensor.scalar(1)),
            plain.weighted(2))) {
      Dataset data = Dataset.of(8, i -> i == 5 ? other : plain);
      assertMessage(
          ShapeException.class, "sample 3 has inputs [f32 [2]]", () -> data.batch(3, 4, 5));
      assertEquals(2, data.batch(3, 4).size());
    }
  }

  @Test
  void labelsAreWholeNumbers() {
    assertMessage(IllegalArgumentException.class, "no target", () -> new Squares(2).labels());
    Tensor x = Tensor.zeros(2, 1);
    assertArrayEquals(
        new int[] {-1, 1}, Dataset.of(x, Tensor.of(new float[] {-1, 1}, 2, 1)).labels());
    for (Dataset data :
        List.of(
            Dataset.of(x, Tensor.of(new float[] {1, 0.5f})),
            Dataset.of(x, Tensor.of(new float[] {1, Float.NaN})))) {
      assertMessage(IllegalArgumentException.class, "no class", data::labels);
      assertMessage(IllegalArgumentException.class, "no class", data.map(s -> s)::labels);
    }
    Dataset oneHot = Dataset.of(x, Tensor.zeros(2, 3));
    assertMessage(ShapeException.class, "argMax", oneHot::labels);
    assertMessage(ShapeException.class, "argMax", oneHot.map(s -> s)::labels);
    Dataset without = Dataset.of(List.of(x), List.of());
    assertMessage(IllegalArgumentException.class, "no target", without::labels);
  }
}
