package dev.lanewise.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.DType;
import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.kernel.Backends;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Tensors made from arrays of arrays, and from ranges. */
class CreationTest {

  private static void assertTensor(Tensor x, DType dtype, int[] dims, double... values) {
    assertEquals(dtype, x.dtype());
    assertEquals(Shape.of(dims), x.shape());
    assertArrayEquals(values, x.toDoubleArray());
  }

  private static int[] s(int... dims) {
    return dims;
  }

  @Test
  void arraysOfArrays() {
    assertTensor(
        Tensor.of(new float[][] {{1, 2, 3}, {4, 5, 6}}), DType.F32, s(2, 3), 1, 2, 3, 4, 5, 6);
    assertTensor(Tensor.of(new double[][] {{0.1}, {0.2}}), DType.F64, s(2, 1), 0.1, 0.2);
    assertTensor(Tensor.of(new int[][] {{1, 2}}), DType.I32, s(1, 2), 1, 2);
    assertTensor(Tensor.of(new long[][] {{1}, {2}}), DType.I64, s(2, 1), 1, 2);
    float[][][] cube = {{{1, 2}, {3, 4}}, {{5, 6}, {7, 8}}};
    assertTensor(Tensor.of(cube), DType.F32, s(2, 2, 2), 1, 2, 3, 4, 5, 6, 7, 8);
    assertTensor(Tensor.of(new double[][][] {{{1}, {2}}}), DType.F64, s(1, 2, 1), 1, 2);
    assertTensor(Tensor.of(new int[][][] {{{1, 2}}}), DType.I32, s(1, 1, 2), 1, 2);
    assertTensor(Tensor.of(new float[0][]), DType.F32, s(0, 0));
    assertTensor(Tensor.of(new float[2][0]), DType.F32, s(2, 0));
    assertTensor(Tensor.of(new int[3][0][4]), DType.I32, s(3, 0, 0));
  }

  @Test
  void theyMustBeEven() {
    wrong(
        "of: the part at [1] has 2 elements but the first beside it has 1",
        new float[][] {{1}, {2, 3}});
    wrong("of: the part at [0] is null", new float[][] {null, {}, {1}});
    wrong("of: the part at [1] is null", new float[][] {{}, null});
    String message =
        assertThrows(
                ShapeException.class, () -> Tensor.of(new int[][][] {{{1}, {2}}, {{3}, {4, 5}}}))
            .getMessage();
    assertTrue(message.startsWith("of: the part at [1, 1] has 2 elements"), message);
    assertThrows(ShapeException.class, () -> Tensor.of(new double[][][] {{{1}}, {}}));
  }

  private static void wrong(String part, float[][] rows) {
    String message = assertThrows(ShapeException.class, () -> Tensor.of(rows)).getMessage();
    assertTrue(message.startsWith(part), message);
  }

  @Test
  void matricesGoBack() {
    Tensor x = Tensor.of(new float[][] {{1, 2, 3}, {4, 5, 6}});
    assertArrayEquals(new float[][] {{1, 4}, {2, 5}, {3, 6}}, x.transpose().toFloatMatrix());
    assertArrayEquals(new double[][] {{1, 2, 3}, {4, 5, 6}}, x.toDoubleMatrix());
    assertArrayEquals(new float[2][0], Tensor.zeros(2, 0).toFloatMatrix());
    assertArrayEquals(new double[0][], Tensor.zeros(0, 2).toDoubleMatrix());
    String message =
        assertThrows(ShapeException.class, () -> Tensor.zeros(2, 2, 2).toFloatMatrix())
            .getMessage();
    assertTrue(message.contains("toFloatMatrix: shape [2, 2, 2]"), message);
    assertThrows(ShapeException.class, () -> Tensor.zeros(2).toDoubleMatrix());
  }

  @Test
  void integersInARow() {
    assertTensor(Tensor.arange(3), DType.I64, s(3), 0, 1, 2);
    assertTensor(Tensor.arange(0), DType.I64, s(0));
    assertTensor(Tensor.arange(-3), DType.I64, s(0));
    assertTensor(Tensor.arange(2, 5), DType.I64, s(3), 2, 3, 4);
    assertTensor(Tensor.arange(1, 8, 3), DType.I64, s(3), 1, 4, 7);
    assertTensor(Tensor.arange(1, 7, 3), DType.I64, s(2), 1, 4);
    assertTensor(Tensor.arange(5, -1, -2), DType.I64, s(3), 5, 3, 1);
    assertTensor(Tensor.arange(5, 6, -2), DType.I64, s(0));
    long last = Long.MAX_VALUE;
    assertArrayEquals(
        new long[] {Long.MIN_VALUE, -1, last - 1},
        Tensor.arange(Long.MIN_VALUE, last, last).toLongArray());
    assertArrayEquals(
        new long[] {last, -1}, Tensor.arange(last, Long.MIN_VALUE, Long.MIN_VALUE).toLongArray());
    assertThrows(IllegalArgumentException.class, () -> Tensor.arange(0, 3, 0));
    assertThrows(ShapeException.class, () -> Tensor.arange(1L << 31));
    assertThrows(ShapeException.class, () -> Tensor.arange(Long.MIN_VALUE, last));
  }

  @Test
  void numbersEvenlySpaced() {
    assertTensor(Tensor.arange(0, 1, 0.25), DType.F32, s(4), 0, 0.25, 0.5, 0.75);
    assertTensor(Tensor.arange(1.0, -0.6, -0.5), DType.F32, s(4), 1, 0.5, 0, -0.5);
    assertTensor(Tensor.arange(0, 1, -0.5), DType.F32, s(0));
    assertThrows(IllegalArgumentException.class, () -> Tensor.arange(0, 1, 0.0));
    assertThrows(IllegalArgumentException.class, () -> Tensor.arange(0, Double.NaN, 1));
    assertThrows(
        IllegalArgumentException.class, () -> Tensor.arange(0, Double.POSITIVE_INFINITY, 1));
    assertThrows(ShapeException.class, () -> Tensor.arange(0, 1, 1e-300));
    assertTensor(Tensor.linspace(-1, 1, 5), DType.F32, s(5), -1, -0.5, 0, 0.5, 1);
    assertTensor(Tensor.linspace(2, 3, 1), DType.F32, s(1), 2);
    assertTensor(Tensor.linspace(2, 3, 0), DType.F32, s(0));
    assertTensor(
        Tensor.linspace(Backends.named("reference"), DType.F64, 0, 0.3, 4),
        DType.F64,
        s(4),
        0,
        0.3 / 3,
        2 * (0.3 / 3),
        0.3);
    assertThrows(ShapeException.class, () -> Tensor.linspace(0, 1, -1));
  }

  @Test
  void identities() {
    assertTensor(Tensor.eye(2), DType.F32, s(2, 2), 1, 0, 0, 1);
    assertTensor(
        Tensor.eye(Backends.best(), DType.I32, 2, 3), DType.I32, s(2, 3), 1, 0, 0, 0, 1, 0);
    assertTensor(Tensor.eye(Backends.best(), DType.BOOL, 1, 1), DType.BOOL, s(1, 1), 1);
    assertTensor(Tensor.eye(0), DType.F32, s(0, 0));
    assertThrows(ShapeException.class, () -> Tensor.eye(-1));
  }

  @Test
  void aGeneratorGoesBackToAPosition() {
    Generator g = new Generator(7);
    g.nextStream();
    long position = g.position();
    Tensor first = Tensor.randomNormal(g, Shape.of(5));
    g.nextStream();
    g.seek(position);
    assertEquals(position, g.position());
    assertArrayEquals(first.toFloatArray(), Tensor.randomNormal(g, Shape.of(5)).toFloatArray());
  }

  @Test
  void permutationsFollowTheGenerator() {
    Generator g = new Generator(7);
    int[] first = g.permutation(100);
    Tensor second = Tensor.randperm(g, 100);
    assertEquals(2, g.position());
    assertEquals(DType.I64, second.dtype());
    assertArrayEquals(first, new Generator(7).permutation(100));
    assertFalse(
        Arrays.equals(first, Arrays.stream(second.toLongArray()).mapToInt(i -> (int) i).toArray()));
    for (Tensor order : new Tensor[] {Tensor.of(first), second}) {
      assertArrayEquals(
          Tensor.arange(100).toLongArray(), Arrays.stream(order.toLongArray()).sorted().toArray());
    }
    assertEquals(0, g.permutation(0).length);
    assertThrows(IllegalArgumentException.class, () -> g.permutation(-1));
  }
}
