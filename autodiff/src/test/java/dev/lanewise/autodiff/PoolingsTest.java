package dev.lanewise.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.DType;
import dev.lanewise.array.DTypeException;
import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.PoolSpec;
import dev.lanewise.kernel.Window;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The values of poolings and upsamplings; their gradients are checked elsewhere. */
class PoolingsTest {

  static List<Backend> backends() {
    return Numbers.backends().toList();
  }

  private static void assertValues(Tensor x, Shape shape, double... values) {
    assertEquals(shape, x.shape());
    assertArrayEquals(values, x.toDoubleArray(), 1e-14);
  }

  private static Tensor row(Backend backend, double... values) {
    return Tensor.of(backend, values, 1, 1, values.length);
  }

  @ParameterizedTest
  @MethodSource("backends")
  void windowsMayCountTheirPadding(Backend backend) {
    Tensor x = row(backend, 3, 6, 12);
    Window window = Window.of(3).withPadding(1);
    assertValues(x.avgPool(window), Shape.of(1, 1, 3), 3, 7, 6);
    assertValues(x.avgPool(window, false), Shape.of(1, 1, 3), 4.5, 7, 9);
  }

  @ParameterizedTest
  @MethodSource("backends")
  void inCeilModeNothingIsLeftOver(Backend backend) {
    Tensor x = row(backend, 3, 6, 12, 1, 2, 10);
    // Windows over -1 to 1, 1 to 3, 3 to 5, and 5 and the padding behind it.
    Window window = Window.of(3).withStride(2).withPadding(1);
    PoolSpec spec = PoolSpec.of(x.shape(), window, true);
    assertValues(x.avgPool(spec, true), Shape.of(1, 1, 4), 3, 19 / 3.0, 13 / 3.0, 5);
    assertValues(x.avgPool(spec, false), Shape.of(1, 1, 4), 4.5, 19 / 3.0, 13 / 3.0, 10);
    assertValues(x.maxPool(spec), Shape.of(1, 1, 4), 6, 12, 10, 10);
    assertValues(x.maxPool(window), Shape.of(1, 1, 3), 6, 12, 10);
  }

  @ParameterizedTest
  @MethodSource("backends")
  void planesAreCutIntoParts(Backend backend) {
    Tensor x = row(backend, 1, 3, 5, 2, 8);
    assertValues(x.adaptiveAvgPool(3), Shape.of(1, 1, 3), 2, 10 / 3.0, 5);
    assertValues(x.adaptiveMaxPool(3), Shape.of(1, 1, 3), 3, 5, 8);
    Tensor planes = Tensor.of(backend, new double[] {1, 2, 3, 6, -4, -3, -2, -1}, 1, 2, 2, 2);
    assertValues(planes.globalAvgPool(), Shape.of(1, 2), 3, -2.5);
    assertValues(planes.globalMaxPool(), Shape.of(1, 2), 6, -1);
    assertValues(planes.adaptiveAvgPool(1, 2), Shape.of(1, 2, 1, 2), 2, 4, -3, -2);
    assertValues(planes.flatten(2).globalMaxPool(), Shape.of(1, 2), 6, -1);
  }

  @ParameterizedTest
  @MethodSource("backends")
  void neighboursRepeat(Backend backend) {
    Tensor x = Tensor.of(backend, new double[] {1, 2, 3, 4}, 1, 1, 2, 2);
    assertValues(x.upsampleNearest(1, 3), Shape.of(1, 1, 2, 6), 1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4);
    assertValues(
        x.upsampleNearest(2, 2),
        Shape.of(1, 1, 4, 4),
        1,
        1,
        2,
        2,
        1,
        1,
        2,
        2,
        3,
        3,
        4,
        4,
        3,
        3,
        4,
        4);
    assertValues(
        x.cast(DType.I32).reshape(1, 1, 1, 2, 2).upsampleNearest(2, 1, 1),
        Shape.of(1, 1, 2, 2, 2),
        1,
        2,
        3,
        4,
        1,
        2,
        3,
        4);
    assertNotSame(x.storage(), x.upsampleNearest(1, 1).storage());
  }

  /** Weights of all elements by their distance, clamped to the plane: two sums, no indices. */
  private static double mixed(double[] plane, int height, int width, double row, double column) {
    double y = Math.clamp(row, 0, height - 1);
    double x = Math.clamp(column, 0, width - 1);
    double sum = 0;
    for (int i = 0; i < height; i++) {
      for (int j = 0; j < width; j++) {
        double weight = Math.max(0, 1 - Math.abs(y - i)) * Math.max(0, 1 - Math.abs(x - j));
        sum += weight * plane[i * width + j];
      }
    }
    return sum;
  }

  @ParameterizedTest
  @MethodSource("backends")
  void newElementsLieBetweenOldOnes(Backend backend) {
    for (int[] s : new int[][] {{2, 2, 3, 4}, {1, 3, 1, 2}, {4, 1, 2, 1}, {5, 2, 3, 3}}) {
      int height = s[2];
      int width = s[3];
      Tensor x = Numbers.signed(backend, 1, 1, 1, height, width);
      int rows = s[0] * height;
      int columns = s[1] * width;
      double[] edges = new double[rows * columns];
      double[] corners = new double[rows * columns];
      for (int i = 0; i < edges.length; i++) {
        int row = i / columns;
        int column = i % columns;
        double y = (row + 0.5) / s[0] - 0.5;
        edges[i] = mixed(x.toDoubleArray(), height, width, y, (column + 0.5) / s[1] - 0.5);
        double alignedY = rows > 1 ? row * (height - 1.0) / (rows - 1) : 0;
        double alignedX = columns > 1 ? column * (width - 1.0) / (columns - 1) : 0;
        corners[i] = mixed(x.toDoubleArray(), height, width, alignedY, alignedX);
      }
      Shape shape = Shape.of(1, 1, rows, columns);
      assertValues(x.upsampleBilinear(s[0], s[1], false), shape, edges);
      assertValues(x.upsampleBilinear(s[0], s[1], true), shape, corners);
    }
  }

  @ParameterizedTest
  @MethodSource("backends")
  void elementsFarAwayHaveNoPart(Backend backend) {
    double inf = Double.POSITIVE_INFINITY;
    Tensor x = Tensor.of(backend, new double[] {1, 2, 3, inf}, 1, 1, 1, 4);
    assertArrayEquals(
        new double[] {1, 1.25, 1.75, 2.25, 2.75},
        x.upsampleBilinear(1, 2, false).slice(3, 0, 5).toDoubleArray());
    assertNotSame(x.storage(), x.upsampleBilinear(1, 1, false).storage());
    assertArrayEquals(x.toDoubleArray(), x.upsampleBilinear(1, 1, true).toDoubleArray());
  }

  @Test
  void wrongArgumentsAreNamed() {
    Tensor x = Tensor.zeros(2, 3, 4, 5);
    refused(
        "upsampleNearest: shape [2, 3, 4, 5] must be [n, c, spatial...] with 1 to 3 spatial axes,"
            + " and scale [2] needs one number for each",
        () -> x.upsampleNearest(2));
    refused(
        "upsampleNearest: scales must be at least 1, not [2, 0]", () -> x.upsampleNearest(2, 0));
    refused("upsampleBilinear: scales", () -> x.upsampleBilinear(0, 2, true));
    refused("[n, c, h, w]", () -> x.flatten(2).upsampleBilinear(2, 2, true));
    refused(
        "pool: padding can be at most half", () -> x.avgPool(Window.of(2, 2).withPadding(2, 0)));
    refused("avgPool: ", () -> x.avgPool(PoolSpec.global(Shape.of(2, 3, 5, 4)), true));
    refused("maxPool: ", () -> x.maxPool(PoolSpec.global(Shape.of(2, 3, 5, 4))));
    refused("pool: input must be", () -> x.adaptiveAvgPool(2));
    refused("pool: input must be", () -> Tensor.zeros(2, 3).globalMaxPool());
    Tensor integers = Tensor.of(new int[4], 1, 1, 2, 2);
    assertThrows(DTypeException.class, integers::globalAvgPool);
    assertThrows(DTypeException.class, () -> integers.upsampleBilinear(2, 2, false));
  }

  private static void refused(String part, Executable call) {
    String message = assertThrows(ShapeException.class, call).getMessage();
    assertTrue(message.contains(part), message);
  }
}
