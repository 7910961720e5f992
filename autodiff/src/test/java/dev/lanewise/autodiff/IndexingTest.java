package dev.lanewise.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.DType;
import dev.lanewise.array.DTypeException;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.reference.ReferenceBackend;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Picking and writing elements as between NumPy's brackets; shapes and errors are NumPy's. */
class IndexingTest {

  static List<Backend> backends() {
    return Numbers.backends().toList();
  }

  /** {@return 0, 1, 2 …} */
  private static Tensor numbers(int... dims) {
    return Tensor.arange(Shape.of(dims).size()).cast(DType.F32).reshape(dims);
  }

  private static Tensor mask(int... values) {
    return Tensor.of(values).cast(DType.BOOL);
  }

  private static void assertValues(Tensor x, int[] dims, double... values) {
    assertEquals(Shape.of(dims), x.shape());
    assertArrayEquals(values, x.toDoubleArray());
  }

  private static int[] s(int... dims) {
    return dims;
  }

  @Test
  void rangesAndPlaces() {
    Tensor x = numbers(3, 4);
    assertValues(x.at(1), s(4), 4, 5, 6, 7);
    assertValues(x.at(-1, 0), s(), 8);
    assertValues(x.at("1:"), s(2, 4), 4, 5, 6, 7, 8, 9, 10, 11);
    assertValues(x.at(":, ::2"), s(3, 2), 0, 2, 4, 6, 8, 10);
    assertValues(x.at("-2:, 1:-1"), s(2, 2), 5, 6, 9, 10);
    assertValues(x.at("..., 1"), s(3), 1, 5, 9);
    assertValues(x.at("0:3:2, newaxis, 3"), s(2, 1), 3, 11);
    assertValues(x.at("::-1, -1:0:-2"), s(3, 2), 11, 9, 7, 5, 3, 1);
    assertValues(x.at(" 2 ,None, : : 3 "), s(1, 2), 8, 11);
    assertValues(x.at("2:1"), s(0, 4));
    assertValues(x.at("-100:100:2, 2:"), s(2, 2), 2, 3, 10, 11);
    assertValues(x.at("9::-1, 0"), s(3), 8, 4, 0);
    assertValues(x.at(Index.slice(1, -1).step(1), Index.from(2)), s(1, 2), 6, 7);
    assertValues(x.at(Index.to(1), Index.slice(3, 0, -3)), s(1, 1), 3);
    assertValues(x.at(Index.NEW_AXIS, Index.of(0), Index.ALL.step(2)), s(1, 2), 0, 2);
    assertSame(x.storage(), x.at().storage());
    assertValues(Tensor.scalar(5).at(Index.ELLIPSIS, Index.NEW_AXIS), s(1), 5);
    assertValues(x.at(Index.slice(0, 3, Integer.MIN_VALUE)), s(0, 4));
    assertValues(x.at(Index.ALL.step(Integer.MIN_VALUE), Index.of(0)), s(1), 8);
  }

  /** The shapes that NumPy 2.4 gives for an array [2, 3, 4, 5], i of [7] and j of [2, 1]. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0, :, i | 7, 3, 5",
        ":, 0, i | 2, 7, 5",
        ":, i, 0 | 2, 7, 5",
        "i, ..., i, i, i | 7",
        "0, ..., i | 7, 3, 4",
        "i, None, i | 7, 1, 4, 5",
        ":, i, None | 2, 7, 1, 4, 5",
        ":, i, :, 0 | 7, 2, 4",
        "0, i | 7, 4, 5",
        "j, i | 2, 7, 4, 5",
        ":, i, ..., i, i | 7, 2",
        ":, i, i, i, ... | 2, 7",
        ":, 0, i, ..., 0 | 7, 2",
        "None, i | 1, 7, 3, 4, 5",
        "i, 0, None, 0 | 7, 1, 5",
        ":, t | 2, 1, 3, 4, 5",
        ":, t, i | 2, 7, 4, 5",
        "t, :, i | 7, 2, 4, 5",
        "f | 0, 2, 3, 4, 5",
        ":, p, :, i | 7, 2, 4",
        ":, p | 2, 4, 5",
        ":, :, m | 2, 3, 20",
        "::-1, i, ::-2 | 2, 7, 2, 5",
        "e | 0, 3, 4, 5"
      })
  void placesOfTheNewAxes(String text, String shape) {
    Tensor one = Tensor.ones().cast(DType.BOOL);
    Index[] indices = new Index[text.split(",").length];
    int next = 0;
    for (String word : text.split(",")) {
      indices[next++] =
          switch (word.strip()) {
            case "i" -> Index.of(new int[7]);
            case "j" -> Index.of(Tensor.of(new int[2], 2, 1));
            case "p" -> Index.of(Tensor.of(new long[] {2}).reshape(Shape.SCALAR));
            case "e" -> Index.of(new int[0]);
            case "t" -> Index.where(one);
            case "f" -> Index.where(Tensor.zeros().cast(DType.BOOL));
            case "m" -> Index.where(Tensor.ones(4, 5).cast(DType.BOOL));
            default -> Index.parse(word)[0];
          };
    }
    assertEquals("[" + shape + "]", numbers(2, 3, 4, 5).at(indices).shape().toString());
  }

  @ParameterizedTest
  @MethodSource("backends")
  void placesAndMasks(Backend backend) {
    Tensor x = numbers(3, 4).to(backend);
    Index rows = Index.of(new int[] {2, 0, -1});
    assertValues(x.at(rows, Index.of(1)), s(3), 9, 1, 9);
    assertValues(x.at(rows, Index.of(new int[] {0, 1, -2})), s(3), 8, 1, 10);
    assertValues(x.at(rows).at(":, 3"), s(3), 11, 3, 11);
    Tensor column = Tensor.of(new long[] {0, 2}, 2, 1);
    assertValues(x.at(Index.of(column), Index.of(new int[] {1, 3})), s(2, 2), 1, 3, 9, 11);
    assertValues(x.at(Index.where(mask(1, 0, 1)), Index.of(0)), s(2), 0, 8);
    assertValues(x.at(Index.ALL, Index.where(mask(0, 0, 1, 0))), s(3, 1), 2, 6, 10);
    assertValues(x.at(Index.where(x.gt(8.5).cast(DType.BOOL))), s(3), 9, 10, 11);
    assertValues(x.maskedSelect(x.lt(2.5).cast(DType.BOOL)), s(3), 0, 1, 2);
    assertValues(x.maskedSelect(mask(0, 1, 0, 0)), s(3), 1, 5, 9);
    assertValues(x.at(0).maskedSelect(mask(1, 0).expandDims(1)), s(4), 0, 1, 2, 3);
    assertValues(x.cast(DType.BOOL).at(rows, Index.of(0)), s(3), 1, 0, 1);
    // Indices keep what an array holds when they are made.
    int[] places = {0};
    Index first = Index.of(places);
    places[0] = 2;
    assertValues(x.at(first, Index.of(1)), s(1), 1);
  }

  @Test
  void placesThatAreNotZero() {
    Tensor x = Tensor.of(new double[][] {{0, Double.NaN, 1}, {-0.0, 1e-300, 0}});
    Tensor places = x.nonzero();
    assertEquals(DType.I64, places.dtype());
    assertValues(places, s(3, 2), 0, 1, 0, 2, 1, 1);
    assertValues(Tensor.zeros(2, 0).nonzero(), s(0, 2));
    assertValues(Tensor.scalar(3).nonzero(), s(1, 0));
    assertValues(mask(0, 1, 1).nonzero(), s(2, 1), 1, 2);
    assertValues(Tensor.of(new long[] {1L << 62, 0}).nonzero(), s(1, 1), 0);
  }

  @Test
  void viewsShareMemory() {
    Tensor x = numbers(3, 4);
    for (Tensor view : List.of(x.at(1), x.at("::2, None, ..., 1:"), x.at("-1, 2"), x.at("1:2"))) {
      assertSame(x.storage(), view.storage());
    }
    x.at("1, ::3").set(-1);
    assertValues(x.at(1), s(4), -1, 5, 6, -1);
    for (Tensor copy : List.of(x.at("::-1"), x.at(Index.of(new int[] {0})))) {
      assertNotSame(x.storage(), copy.storage());
    }
  }

  @Test
  void rowsComeOneByOne() {
    Tensor x = numbers(2, 3).requiresGrad(true);
    double sum = 0;
    for (Tensor row : x) {
      assertEquals(Shape.of(3), row.shape());
      assertSame(x.storage(), row.storage());
      row.sum().backward();
      sum += row.sum().item();
    }
    assertEquals(15, sum);
    assertValues(x.grad(), s(2, 3), 1, 1, 1, 1, 1, 1);
    Iterator<Tensor> none = Tensor.zeros(0, 2).iterator();
    assertFalse(none.hasNext());
    assertThrows(NoSuchElementException.class, none::next);
    assertThrows(ShapeException.class, () -> Tensor.scalar(1).iterator());
  }

  @ParameterizedTest
  @MethodSource("backends")
  void elementsAreWritten(Backend backend) {
    Tensor x = Tensor.zeros(backend, DType.F32, Shape.of(2, 3));
    x.set(7, Index.parse("..., -1"));
    assertValues(x, s(2, 3), 0, 0, 7, 0, 0, 7);
    x.set(Tensor.of(backend, new int[] {1, 2}, 2), Index.parse("1, 1::-1"));
    assertValues(x, s(2, 3), 0, 0, 7, 2, 1, 7);
    x.set(9, Index.of(new int[] {0, 1}), Index.of(new int[] {0, 2}));
    assertValues(x, s(2, 3), 9, 0, 7, 2, 1, 9);
    x.set(-1, Index.where(x.gt(1.5).cast(DType.BOOL)));
    assertValues(x, s(2, 3), -1, 0, -1, -1, 1, -1);
    Tensor twice = Tensor.of(backend, new float[] {5, 6}, 2);
    x.set(twice, Index.of(0), Index.of(new int[] {1, 1}));
    assertValues(x, s(2, 3), -1, 6, -1, -1, 1, -1);
    x.set(twice.expandDims(1), Index.of(new int[] {1, 0}), Index.ALL.step(-2));
    assertValues(x, s(2, 3), 6, 6, 6, 5, 1, 5);
    x.set(x.at("::-1").mul(10));
    assertValues(x, s(2, 3), 50, 10, 50, 60, 60, 60);
    x.set(x.at("1, :2"), Index.parse("0, 1:")); // of the same memory
    assertValues(x, s(2, 3), 50, 60, 60, 60, 60, 60);
    x.set(3, Index.of(new int[0]));
    x.set(3);
    assertValues(x, s(2, 3), 3, 3, 3, 3, 3, 3);
    Tensor integers = Tensor.zeros(backend, DType.I64, Shape.of(2));
    integers.set(2.9, Index.of(0));
    integers.set(Tensor.of(backend, new long[] {(1L << 53) + 1}), Index.of(new int[] {1}));
    assertArrayEquals(new long[] {2, (1L << 53) + 1}, integers.toLongArray());
  }

  @Test
  void writingIsNotRecorded() {
    Tensor leaf = Tensor.ones(2).requiresGrad(true);
    Tensor computed = leaf.square();
    wrong(
        GradientException.class, "set: the tensor was computed by 'square'", () -> computed.set(1));
    wrong(GradientException.class, "Grad.off()", () -> leaf.set(1));
    wrong(GradientException.class, "give detach() of it", () -> Tensor.zeros(2).set(leaf));
    try (Grad _ = Grad.off()) {
      leaf.set(4, Index.of(0));
      Tensor.zeros(2).set(leaf);
      computed.set(9);
    }
    assertValues(computed, s(2), 9, 9);
    assertValues(leaf, s(2), 4, 1);
    Tensor plain = Tensor.zeros(2);
    plain.set(leaf.detach());
    assertValues(plain, s(2), 4, 1);
  }

  @Test
  void wrongIndicesAreNamed() {
    Tensor x = numbers(2, 3);
    Class<ShapeException> shape = ShapeException.class;
    wrong(
        shape,
        "at: index 2 is outside axis 0 of shape [2, 3]; it may be from -2 to 1",
        () -> x.at(2));
    wrong(shape, "index -4 is outside axis 1", () -> x.at(0, -4));
    wrong(shape, "at: indices for 3 axes are given, but shape [2, 3] has 2", () -> x.at(0, 0, 0));
    wrong(shape, "index 3 is outside axis 1", () -> x.at(Index.ALL, Index.of(new int[] {0, 3})));
    wrong(shape, "which is empty", () -> Tensor.zeros(0).at(0));
    wrong(
        shape,
        "a mask of shape [3] meets axes of extents [2]",
        () -> x.at(Index.where(mask(1, 0, 1))));
    Tensor wide = Tensor.ones(2, 3, 1).cast(DType.BOOL);
    wrong(shape, "indices for 3 axes", () -> x.at(Index.where(wide)));
    Index two = Index.of(new int[2]);
    wrong(shape, "at: shapes [2] and [3] do not broadcast", () -> x.at(two, Index.of(new int[3])));
    Class<IllegalArgumentException> other = IllegalArgumentException.class;
    wrong(other, "at: 2 ellipses", () -> x.at("..., ..."));
    wrong(other, "step must not be 0", () -> x.at("::0"));
    for (String text :
        List.of("", "1,", "1.5", "a", "1:2:3:4", "1 2", "99999999999", "....", ":x")) {
      wrong(other, "is no integer", () -> x.at(text));
    }
    Class<DTypeException> type = DTypeException.class;
    wrong(type, "index: places must be i32 or i64, not f32; cast them", () -> Index.of(x));
    wrong(type, "call Index.where(mask)", () -> Index.of(mask(1)));
    wrong(type, "index: the mask must be of type bool, not f32", () -> Index.where(x));
    wrong(type, "maskedSelect: the mask must be of type bool", () -> x.maskedSelect(x));
    wrong(shape, "maskedSelect: shapes", () -> x.maskedSelect(mask(1, 0)));
    wrong(shape, "set: shapes [2, 3] and [2] do not broadcast", () -> x.set(Tensor.zeros(2)));
    wrong(shape, "shape [1, 3] does not stretch", () -> x.set(Tensor.zeros(1, 3), Index.of(0)));
    wrong(shape, "set: index 5", () -> x.set(1, Index.of(new int[] {0, 5})));
    wrong(shape, "set: the tensor is a broadcast view", () -> x.at(0).broadcastTo(2, 3).set(1));
    Tensor there = Tensor.of(NdArray.zeros(new ReferenceBackend(), DType.F32, Shape.of(2)));
    wrong(other, "set: tensors live on two backends", () -> x.set(there));
    Tensor big = Tensor.scalar(1).broadcastTo(1 << 16, 1 << 16);
    wrong(shape, "that arrays pick from are more than", () -> big.at(two, two));
    Index tall = Index.of(Tensor.of(new int[50_000], 50_000, 1));
    Index flat = Index.of(new int[50_000]);
    wrong(shape, "that arrays pick are more than", () -> x.at(tall, flat));
    assertValues(x, s(2, 3), 0, 1, 2, 3, 4, 5);
  }

  private static void wrong(Class<? extends Exception> type, String part, Runnable call) {
    Exception e = assertThrows(type, call::run);
    assertTrue(e.getMessage().contains(part), e.getMessage());
  }

  @Test
  void rangesAreWrittenAsPythons() {
    assertEquals(":", Index.ALL.toString());
    assertEquals("1:-1:2", Index.slice(1, -1, 2).toString());
    assertEquals(List.of(Index.from(1), Index.of(2)), List.of(Index.parse("1:, 2")));
    assertEquals(Index.to(3).step(-1), Index.parse(":3:-1")[0]);
  }
}
