package dev.lanewise.array;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class ShapeTest {

  @Test
  void countsItsElements() {
    assertEquals(24, Shape.of(2, 3, 4).size());
    assertEquals(1, Shape.SCALAR.size());
    assertEquals(0, Shape.of(5, 0, Integer.MAX_VALUE, Integer.MAX_VALUE, 9).size());
    assertEquals(3, Shape.of(2, 3, 4).rank());
    assertEquals(1L << 40, Shape.of(1 << 20, 1 << 20).size());
  }

  @Test
  void refusesNegativeAndUncountableExtents() {
    assertEquals("shape: extents can not be negative ([2, -1])", message(() -> Shape.of(2, -1)));
    int most = Integer.MAX_VALUE;
    assertEquals(
        "shape: too many elements to count ([2147483647, 2147483647, 2])",
        message(() -> Shape.of(most, most, 2)));
  }

  @Test
  void axesCountFromEitherEnd() {
    Shape s = Shape.of(2, 3, 4);
    assertEquals(4, s.dim(-1));
    assertEquals(2, s.dim(-3));
    assertEquals(1, s.axis("sum", -2));
    assertEquals(
        "sum: no axis 3 in shape [2, 3, 4]; axes go from -3 to 2", message(() -> s.axis("sum", 3)));
    assertEquals(
        "sum: no axis 0 in shape []; a scalar has no axes",
        message(() -> Shape.SCALAR.axis("sum", 0)));
  }

  @Test
  void axesAreSortedAndNamedOnce() {
    Shape s = Shape.of(2, 3, 4);
    assertArrayEquals(new int[] {0, 1, 2}, s.axes("sum"));
    assertArrayEquals(new int[] {0, 2}, s.axes("sum", -1, 0));
    assertArrayEquals(new int[0], Shape.SCALAR.axes("sum"));
    assertEquals("sum: axis -3 is named twice (axes [0, -3])", message(() -> s.axes("sum", 0, -3)));
  }

  @Test
  void reducedAxesGoOrStayAsOne() {
    Shape s = Shape.of(2, 3, 4);
    assertEquals(Shape.of(3), s.reduced(new int[] {0, 2}, false));
    assertEquals(Shape.of(1, 3, 1), s.reduced(new int[] {0, 2}, true));
    assertEquals(Shape.SCALAR, s.reduced(new int[] {0, 1, 2}, false));
    assertEquals(s, s.reduced(new int[0], false));
  }

  @Test
  void broadcastFollowsNumpy() {
    assertEquals(Shape.of(2, 3), Shape.broadcast("add", Shape.of(2, 3), Shape.of(3)));
    assertEquals(Shape.of(2, 3), Shape.broadcast("add", Shape.of(2, 1), Shape.of(1, 3)));
    assertEquals(Shape.of(2, 0), Shape.broadcast("add", Shape.of(2, 1), Shape.of(0)));
    assertEquals(Shape.of(4), Shape.broadcast("add", Shape.SCALAR, Shape.of(4)));
    assertEquals(
        "add: shapes [2, 3] and [2, 4] do not broadcast: axis -1 has 3 and 4 elements; extents must"
            + " be equal, or one of them 1",
        message(() -> Shape.broadcast("add", Shape.of(2, 3), Shape.of(2, 4))));
    assertEquals(
        "add: shapes [0] and [2] do not broadcast: axis -1 has 0 and 2 elements; extents must be"
            + " equal, or one of them 1",
        message(() -> Shape.broadcast("add", Shape.of(0), Shape.of(2))));
  }

  @Test
  void isAValue() {
    int[] dims = {2, 3};
    Shape s = Shape.of(dims);
    dims[0] = 9;
    s.dims()[1] = 9;
    assertEquals(Shape.of(2, 3), s);
    assertEquals(Shape.of(2, 3).hashCode(), s.hashCode());
    assertNotEquals(Shape.of(3, 2), s);
    assertEquals("[2, 3]", s.toString());
    assertEquals(Shape.SCALAR, Shape.of());
  }

  private static String message(org.junit.jupiter.api.function.Executable call) {
    return assertThrows(ShapeException.class, call).getMessage();
  }
}
