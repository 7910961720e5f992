package dev.lanewise.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.DType;
import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.kernel.Backends;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Numbers that NumPy 2.4 printed for the same calls. */
class NumpyRandomTest {

  @Test
  void theLessonsDataComeOut() {
    NumpyRandom random = new NumpyRandom(13);
    Tensor x = Tensor.linspace(Backends.best(), DType.F64, 0, 3, 120);
    Tensor y = x.mul(2).add(0.9).add(random.randn(120).mul(0.5));
    assertArrayEquals(
        new double[] {0.54380467, 1.32730336, 0.9785888, 1.27716667, 1.77423153},
        Arrays.copyOf(y.toDoubleArray(), 5),
        5e-9);
    assertArrayEquals(
        new int[] {116, 12, 27, 21, 67, 50, 2, 81}, Arrays.copyOf(random.permutation(120), 8));
  }

  /** One stream through all calls: each takes as many words of it as NumPy's does. */
  @Test
  void callsTakeTurns() {
    NumpyRandom random = new NumpyRandom(42);
    for (double expected : new double[] {0.3745401188473625, 0.9507143064099162}) {
      assertEquals(expected, random.nextDouble());
    }
    assertEquals(0.7319939418114051, random.randomSample().item());
    assertArrayEquals(new long[] {4, 6, 9, 2, 6}, random.randint(0, 10, 5).toLongArray());
    assertArrayEquals(
        new long[] {249467207, 1972458951, 1433267569},
        random.randint(-3, 1L << 31, 3).toLongArray());
    assertArrayEquals(
        new long[] {2581769315L, 613608295, 3041148567L},
        random.randint(0, 1L << 32, 3).toLongArray());
    assertArrayEquals(
        new long[] {558434158229L, 227504030465L, 377237468651L},
        random.randint(0, 1L << 40, 3).toLongArray());
    near(random.uniform(-1, 2, 2), 1.81565813, -0.9976637);
    near(random.normal(3, 2, 3), 3.04444365, 2.14441417, 1.93636518);
    near(random.randn(2), -0.1174755, 0.2220789);
    assertArrayEquals(new int[] {1, 4, 0, 2, 3}, random.permutation(5));
    assertArrayEquals(new long[2], random.randint(0, 1, 2).toLongArray());
    near(random.randomSample(1), 0.85994041);
  }

  @Test
  void everySeedAndRange() {
    NumpyRandom random = new NumpyRandom(4294967295L);
    near(random.randn(3), 0.64840867, 0.66932353, -1.08054372);
    assertEquals(7551637291286289549L, random.randint(0, Long.MAX_VALUE).toLongArray()[0]);
    long all = random.randint(Long.MIN_VALUE, Long.MAX_VALUE).toLongArray()[0];
    assertEquals(991259994952170583L, all);
    NumpyRandom zero = new NumpyRandom(0);
    near(zero.randn(3), 1.76405235, 0.40015721, 0.97873798);
    Tensor matrix = zero.randomSample(2, 2);
    assertEquals(Shape.of(2, 2), matrix.shape());
    near(matrix, 0.4236548, 0.64589411, 0.43758721, 0.891773);
    int[] tens = new int[10];
    Arrays.setAll(tens, i -> 10 * i);
    zero.shuffle(tens);
    assertArrayEquals(new int[] {50, 20, 30, 40, 90, 0, 70, 60, 10, 80}, tens);
  }

  @Test
  void typesAndEmptyShapes() {
    NumpyRandom random = new NumpyRandom(1);
    assertEquals(DType.F64, random.randn(2, 0).dtype());
    assertEquals(DType.I64, random.randint(0, 5, 0).dtype());
    assertEquals(Shape.SCALAR, random.uniform(0, 1).shape());
    assertEquals(0, random.permutation(0).length);
    // None of these took a number but the scalar.
    NumpyRandom same = new NumpyRandom(1);
    same.nextDouble();
    assertEquals(same.nextInt(), random.nextInt());
  }

  @Test
  void wrongArgumentsAreNamed() {
    NumpyRandom random = new NumpyRandom(1);
    wrong("seed -1", () -> new NumpyRandom(-1));
    wrong("seed 4294967296", () -> new NumpyRandom(1L << 32));
    wrong("permutation: n", () -> random.permutation(-1));
    wrong("randint: no integer is at least 3 and less than 3", () -> random.randint(3, 3));
    wrong("normal: std must be at least 0, not -1.0", () -> random.normal(0, -1, 2));
    wrong("normal: std", () -> random.normal(0, Double.NaN));
    assertThrows(ShapeException.class, () -> random.randn(-1));
    assertThrows(ShapeException.class, () -> random.randn(1 << 16, 1 << 16));
  }

  private static void wrong(String part, Runnable call) {
    String message = assertThrows(IllegalArgumentException.class, call::run).getMessage();
    assertTrue(message.contains(part), message);
  }

  private static void near(Tensor x, double... expected) {
    assertArrayEquals(expected, x.toDoubleArray(), 5e-9);
  }
}
