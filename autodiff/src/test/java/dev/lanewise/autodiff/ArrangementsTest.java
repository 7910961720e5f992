package dev.lanewise.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.DType;
import dev.lanewise.array.DTypeException;
import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.kernel.Backend;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The values of operations that arrange, sort and count; their gradients are checked elsewhere. */
class ArrangementsTest {
  private static final double NAN = Double.NaN;

  static List<Backend> backends() {
    return Numbers.backends().toList();
  }

  private static Tensor numbers(Backend backend, int... dims) {
    float[] values = new float[(int) Shape.of(dims).size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = i + 1;
    }
    return Tensor.of(backend, values, dims);
  }

  private static void assertValues(Tensor x, int[] dims, double... values) {
    assertEquals(Shape.of(dims), x.shape());
    assertArrayEquals(values, x.toDoubleArray(), 1e-6);
  }

  private static int[] s(int... dims) {
    return dims;
  }

  @ParameterizedTest
  @MethodSource("backends")
  void elementsMove(Backend backend) {
    Tensor x = numbers(backend, 2, 3);
    assertValues(x.flip(0), s(2, 3), 4, 5, 6, 1, 2, 3);
    assertValues(x.flip(-1, 0), s(2, 3), 6, 5, 4, 3, 2, 1);
    assertValues(x.flip(), s(2, 3), 6, 5, 4, 3, 2, 1);
    assertValues(x.roll(1, 1), s(2, 3), 3, 1, 2, 6, 4, 5);
    assertValues(x.roll(-4, 1), s(2, 3), 2, 3, 1, 5, 6, 4);
    assertValues(x.roll(Integer.MIN_VALUE, 0), s(2, 3), 1, 2, 3, 4, 5, 6);
    assertValues(x.cast(DType.I32).flip(1), s(2, 3), 3, 2, 1, 6, 5, 4);
  }

  @ParameterizedTest
  @MethodSource("backends")
  void channelsBecomePlaces(Backend backend) {
    Tensor x = numbers(backend, 1, 8, 1, 2);
    Tensor large = x.pixelShuffle(2);
    assertValues(large, s(1, 2, 2, 4), 1, 3, 2, 4, 5, 7, 6, 8, 9, 11, 10, 12, 13, 15, 14, 16);
    assertValues(large.pixelUnshuffle(2), s(1, 8, 1, 2), x.toDoubleArray());
    assertValues(numbers(backend, 9, 1, 1).pixelShuffle(3), s(1, 3, 3), 1, 2, 3, 4, 5, 6, 7, 8, 9);
    Tensor tall = numbers(backend, 2, 1, 1, 4, 2).pixelUnshuffle(2);
    assertValues(tall, s(2, 1, 4, 2, 1), 1, 5, 2, 6, 3, 7, 4, 8, 9, 13, 10, 14, 11, 15, 12, 16);
    assertNotSame(x.storage(), x.pixelShuffle(1).storage());
    assertNotSame(x.storage(), x.pixelUnshuffle(1).storage());
    refused("the square of factor 3 must divide the 8 channels", () -> x.pixelShuffle(3));
    refused("pixelShuffle: shape [8, 2] must be", () -> x.reshape(8, 2).pixelShuffle(1));
    refused("factor 0 at least 1", () -> x.pixelUnshuffle(0));
    refused("[1, 8, 1, 2] must be multiples of factor 2", () -> x.pixelUnshuffle(2));
  }

  private static void refused(String part, Executable call) {
    String message = assertThrows(ShapeException.class, call).getMessage();
    assertTrue(message.contains(part), message);
  }

  @ParameterizedTest
  @MethodSource("backends")
  void othersAreAddedAround(Backend backend) {
    Tensor x = numbers(backend, 3);
    assertValues(x.pad(0, 1, 2, -1), s(6), -1, 1, 2, 3, -1, -1);
    assertValues(x.pad(0, 2, 1, Padding.REFLECT), s(6), 3, 2, 1, 2, 3, 2);
    assertValues(x.pad(-1, 1, 2, Padding.EDGE), s(6), 1, 1, 2, 3, 3, 3);
    assertValues(x.pad(0, 4, 2, Padding.WRAP), s(9), 3, 1, 2, 3, 1, 2, 3, 1, 2);
    assertValues(x.cast(DType.I64).pad(0, 1, 0, 7), s(4), 7, 1, 2, 3);
    assertValues(x.tile(2, 2), s(2, 6), 1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3);
    assertValues(x.expandDims(1).tile(2), s(3, 2), 1, 1, 2, 2, 3, 3);
    assertValues(x.repeat(2, 0), s(6), 1, 1, 2, 2, 3, 3);
  }

  @ParameterizedTest
  @MethodSource("backends")
  void partsAreTaken(Backend backend) {
    Tensor x = numbers(backend, 2, 3);
    List<Tensor> parts = x.split(1, 1, 2);
    assertValues(parts.get(0), s(2, 1), 1, 4);
    assertValues(parts.get(1), s(2, 2), 2, 3, 5, 6);
    assertSame(x.storage(), parts.get(1).storage());
    assertValues(x.unstack(-1).get(1), s(2), 2, 5);
    assertEquals(0, numbers(backend, 0, 2).unstack(0).size());
    assertValues(x.tril(0), s(2, 3), 1, 0, 0, 4, 5, 0);
    assertValues(x.triu(1), s(2, 3), 0, 2, 3, 0, 0, 6);
    assertValues(x.sub(x).add(NAN).tril(-1), s(2, 3), 0, 0, 0, NAN, 0, 0);
    assertValues(x.diagonal(), s(2), 1, 5);
    assertValues(numbers(backend, 2, 2, 2).diagonal(), s(2, 2), 1, 4, 5, 8);
    Tensor mask = Tensor.of(backend, new int[] {0, 1, 0}, 3).cast(DType.BOOL);
    assertValues(x.maskedFill(mask, -2), s(2, 3), 1, -2, 3, 4, -2, 6);
  }

  @ParameterizedTest
  @MethodSource("backends")
  void elementsAreOrderedAndSummed(Backend backend) {
    Tensor x = Tensor.of(backend, new float[] {3, 1, 2, 1}, 4);
    assertValues(x.cumSum(0), s(4), 3, 4, 6, 7);
    assertValues(x.cumProd(0), s(4), 3, 3, 6, 6);
    assertValues(x.cast(DType.I32).cumSum(-1), s(4), 3, 4, 6, 7);
    assertValues(x.sort(0).values(), s(4), 1, 1, 2, 3);
    assertValues(x.sort(0).indices(), s(4), 1, 3, 2, 0);
    assertValues(x.sort(0, true).indices(), s(4), 0, 2, 1, 3);
    assertValues(x.topK(2, 0).values(), s(2), 3, 2);
    assertValues(x.topK(3, 0, false).indices(), s(3), 1, 3, 2);
    assertEquals(DType.I64, x.topK(1, 0).indices().dtype());
    assertValues(x.argMin(0), s(), 1);
  }

  @ParameterizedTest
  @MethodSource("backends")
  void elementsAreCountedAndMeasured(Backend backend) {
    Tensor x = Tensor.of(backend, new float[] {3, 0, -4, 0, 0, 0}, 2, 3);
    assertValues(x.any(1), s(2), 1, 0);
    assertValues(x.any(), s(), 1);
    assertValues(x.add(1).all(1), s(2), 1, 1);
    assertValues(x.all(0), s(3), 0, 0, 0);
    assertEquals(DType.BOOL, x.all().dtype());
    assertValues(Tensor.zeros(0, 2).any(0), s(2), 0, 0);
    assertValues(Tensor.zeros(0, 2).all(0), s(2), 1, 1);
    assertValues(Tensor.of(backend, new double[] {1e-300}, 1).any(), s(), 1);
    assertValues(Tensor.of(backend, new long[] {1L << 40, 0}, 2).any(), s(), 1);
    assertValues(x.norm(2, 1), s(2), 5, 0);
    assertValues(x.norm(1), s(), 7);
    assertValues(x.norm(0, true, 1), s(2, 1), 2, 0);
    assertValues(x.norm(Double.POSITIVE_INFINITY, 0), s(3), 3, 0, 4);
    assertValues(x.norm(3), s(), Math.cbrt(27 + 64));
    assertValues(x.norm(Double.POSITIVE_INFINITY), s(), 4);
    assertValues(Tensor.zeros(0).norm(3), s(), 0);
    assertValues(Tensor.zeros(0, 2).norm(Double.POSITIVE_INFINITY, 0), s(2), 0, 0);
    assertValues(numbers(backend, 4).std(), s(), Math.sqrt(1.25));
  }

  @Test
  void noLengthHasNoSlope() {
    for (double p : new double[] {0.5, 1, 2, 3, Double.POSITIVE_INFINITY}) {
      Tensor x = Tensor.of(new double[] {0, 0, 3, 4}, 2, 2).requiresGrad(true);
      x.norm(p, 1).sum().backward();
      double[] gradient = x.grad().toDoubleArray();
      assertEquals(0, gradient[0], "p = " + p);
      assertTrue(gradient[3] > 0, "p = " + p);
    }
    Tensor same = Tensor.of(new double[] {2, 2}, 2).requiresGrad(true);
    same.std().backward();
    assertArrayEquals(new double[2], same.grad().toDoubleArray());
  }

  @Test
  void resultsHaveMemoryOfTheirOwn() {
    Tensor x = Tensor.ones(2, 2);
    for (Tensor y :
        List.of(
            x.tile(1), x.tile(), x.repeat(1, 0), x.roll(0, 0), x.pad(0, 0, 0, 1), x.sum().flip())) {
      assertNotSame(x.storage(), y.storage());
    }
    assertNotSame(x.storage(), x.requiresGrad(true).cumProd(0).storage());
  }

  @Test
  void wrongArgumentsAreNamed() {
    Tensor x = Tensor.ones(2, 3);
    wrong(() -> x.pad(1, -1, 0, 0), "pad: -1 and 0 elements", "from 0 to");
    wrong(() -> x.pad(1, 3, 0, Padding.REFLECT), "pad: 3 and 0 elements", "from 0 to 2");
    wrong(() -> Tensor.ones(0).pad(0, 1, 0, Padding.EDGE), "from 0 to 0");
    wrong(() -> x.tile(2, -1), "tile: times must be at least 0, not -1");
    wrong(() -> x.repeat(-2, 0), "repeat: times must be at least 0, not -2");
    wrong(() -> x.split(1, 1, 1), "split: sizes [1, 1]", "make 3 together");
    wrong(() -> x.split(1, 4, -1), "from 0 on");
    wrong(() -> x.topK(4, 1), "topK: 4 elements along axis 1", "from 0 to 3");
    wrong(() -> x.topK(-1, 1), "from 0 to 3");
    wrong(() -> x.cumSum(2), "cumSum");
    wrong(() -> x.flip(0, -2), "flip");
    wrong(() -> x.roll(1, 5), "roll");
    wrong(() -> Tensor.ones(3).tril(0), "tril", "two axes");
    wrong(() -> Tensor.ones(3).diagonal(), "diagonal", "two axes");
    wrong(() -> x.maskedFill(Tensor.ones(2).cast(DType.BOOL), 0), "maskedFill", "[2]");
    assertThrows(DTypeException.class, () -> x.maskedFill(Tensor.ones(3), 0));
    wrong(
        () -> x.maskedFill(Tensor.ones(4, 2, 3).cast(DType.BOOL), 0),
        "a mask of shape [4, 2, 3] does not stretch to shape [2, 3]");
    wrong(() -> x.tile(1 << 30, 1), "tile: an axis of shape [2, 3] would have 2147483648");
    wrong(() -> x.pad(0, Integer.MAX_VALUE, 1, 0), "pad: an axis");
    Tensor integers = x.cast(DType.I32);
    assertThrows(DTypeException.class, () -> integers.maskedFill(integers.cast(DType.BOOL), 0));
    String message = assertThrows(DTypeException.class, () -> integers.tril(0)).getMessage();
    assertEquals("tril: the tensor must be f32 or f64, not i32; cast it", message);
    assertThrows(IllegalArgumentException.class, () -> x.norm(-1));
    assertThrows(IllegalArgumentException.class, () -> x.norm(NAN));
  }

  private static void wrong(Runnable call, String... parts) {
    String message = assertThrows(ShapeException.class, call::run).getMessage();
    for (String part : parts) {
      assertTrue(message.contains(part), message);
    }
  }
}
