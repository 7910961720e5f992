package dev.lanewise.array;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.function.Executable;

/** Layouts against the plain enumeration of which element each index reaches. */
class LayoutTest {

  /** An array of element numbers in row-major order: what a chain of views must come to. */
  private record Model(int[] dims, long[] elements) {

    static Model contiguous(int[] dims) {
      long[] elements = new long[size(dims)];
      Arrays.setAll(elements, i -> i);
      return new Model(dims, elements);
    }

    static int size(int[] dims) {
      return Arrays.stream(dims).reduce(1, (x, y) -> x * y);
    }

    long at(int[] index) {
      int place = 0;
      for (int i = 0; i < dims.length; i++) {
        place = place * dims[i] + index[i];
      }
      return elements[place];
    }

    /** {@return the model of other extents, each index of which is taken from one of this} */
    Model map(int[] to, UnaryOperator<int[]> from) {
      long[] taken = new long[size(to)];
      for (int i = 0; i < taken.length; i++) {
        taken[i] = at(from.apply(index(to, i)));
      }
      return new Model(to, taken);
    }

    static int[] index(int[] dims, int place) {
      int[] index = new int[dims.length];
      for (int axis = dims.length - 1; axis >= 0; axis--) {
        index[axis] = place % dims[axis];
        place /= dims[axis];
      }
      return index;
    }

    /** {@return whether strides exist that reach the elements in this order under other extents} */
    boolean canBe(int[] to) {
      long[] strides = new long[to.length];
      for (int axis = 0; axis < to.length; axis++) {
        int[] one = new int[to.length];
        one[axis] = to[axis] > 1 ? 1 : 0;
        strides[axis] = new Model(to, elements).at(one) - elements[0];
      }
      for (int i = 0; i < elements.length; i++) {
        int[] index = index(to, i);
        long at = elements[0];
        for (int axis = 0; axis < to.length; axis++) {
          at += index[axis] * strides[axis];
        }
        if (at != elements[i]) {
          return false;
        }
      }
      return true;
    }
  }

  @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
  void anyChainOfViewsReachesTheSameElements(
      @ForAll @Size(max = 4) List<@IntRange(max = 5) Integer> extents,
      @ForAll @IntRange(max = 6) int steps,
      @ForAll long seed) {
    Random random = new Random(seed);
    int[] dims = extents.stream().mapToInt(d -> d).toArray();
    Layout layout = Layout.contiguous(Shape.of(dims));
    Model model = Model.contiguous(dims);
    for (int i = 0; i < steps; i++) {
      int[] now = model.dims;
      int rank = now.length;
      switch (random.nextInt(5)) {
        case 0 -> {
          Integer[] boxed = new Integer[rank];
          Arrays.setAll(boxed, a -> a);
          Collections.shuffle(Arrays.asList(boxed), random);
          int[] order = Arrays.stream(boxed).mapToInt(a -> a).toArray();
          int[] to = Arrays.stream(order).map(a -> now[a]).toArray();
          int[] named =
              Arrays.stream(order).map(a -> random.nextBoolean() ? a : a - rank).toArray();
          layout = layout.permute(named);
          model =
              model.map(
                  to,
                  index -> {
                    int[] from = new int[rank];
                    for (int a = 0; a < rank; a++) {
                      from[order[a]] = index[a];
                    }
                    return from;
                  });
        }
        case 1 -> {
          if (rank > 0) {
            int axis = random.nextInt(rank);
            int start = random.nextInt(now[axis] + 1);
            int stop = start + random.nextInt(now[axis] - start + 1);
            int step = 1 + random.nextInt(3);
            int[] to = now.clone();
            to[axis] = 0;
            for (int at = start; at < stop; at += step) {
              to[axis]++;
            }
            layout = layout.slice(random.nextBoolean() ? axis : axis - rank, start, stop, step);
            model =
                model.map(
                    to,
                    index -> {
                      int[] from = index.clone();
                      from[axis] = start + index[axis] * step;
                      return from;
                    });
          }
        }
        case 2 -> {
          int lead = rank < 5 ? random.nextInt(2) : 0;
          int[] to = new int[rank + lead];
          for (int a = 0; a < to.length; a++) {
            int extent = a < lead ? 1 : now[a - lead];
            to[a] = extent == 1 ? 1 + random.nextInt(3) : extent;
          }
          layout = layout.broadcastTo(Shape.of(to));
          model =
              model.map(
                  to,
                  index -> {
                    int[] from = Arrays.copyOfRange(index, lead, to.length);
                    for (int a = 0; a < rank; a++) {
                      from[a] = now[a] == 1 ? 0 : from[a];
                    }
                    return from;
                  });
        }
        case 3 -> {
          if (rank >= 2) {
            int[] to = Arrays.copyOf(now, rank - 1);
            to[rank - 2] = Math.min(now[rank - 2], now[rank - 1]);
            layout = layout.diagonal();
            model =
                model.map(
                    to,
                    index -> {
                      int[] from = Arrays.copyOf(index, rank);
                      from[rank - 1] = index[rank - 2];
                      return from;
                    });
          }
        }
        default -> {
          int[] to = factors(random, model.elements.length);
          Layout reshaped = layout.reshape(Shape.of(to));
          if (model.elements.length > 0) {
            assertEquals(model.canBe(to), reshaped != null, layout + " to " + Arrays.toString(to));
          }
          if (reshaped != null) {
            layout = reshaped;
            model = new Model(to, model.elements);
          }
        }
      }
      check(model, layout);
    }
  }

  /** {@return extents with this product, some of them 1} */
  private static int[] factors(Random random, int size) {
    if (size == 0) {
      return new int[] {random.nextInt(3), 0};
    }
    int[] to = new int[1 + random.nextInt(4)];
    int rest = size;
    for (int a = 0; a < to.length - 1; a++) {
      int factor = 1 + random.nextInt(6);
      to[a] = rest % factor == 0 ? factor : 1;
      rest /= to[a];
    }
    to[to.length - 1] = rest;
    return to;
  }

  private static void check(Model model, Layout layout) {
    assertArrayEquals(model.dims, layout.shape().dims());
    long[] reached = new long[model.elements.length];
    long[] walked = new long[reached.length];
    Cursor cursor = new Cursor(layout);
    for (int i = 0; i < reached.length; i++, cursor.advance()) {
      int[] index = Model.index(model.dims, i);
      reached[i] = layout.offset();
      for (int a = 0; a < index.length; a++) {
        reached[i] += index[a] * layout.stride(a);
      }
      walked[i] = cursor.element();
    }
    assertArrayEquals(model.elements, reached, layout.toString());
    assertArrayEquals(model.elements, walked, layout.toString());
    long distinct = Arrays.stream(reached).distinct().count();
    assertEquals(distinct < reached.length, layout.repeats(), layout.toString());
    if (reached.length == 0) {
      assertEquals(-1, layout.highest());
      assertEquals(0, layout.lowest());
      return;
    }
    assertEquals(layout.offset(), cursor.element(), "after the last comes the first");
    assertEquals(Arrays.stream(reached).min().orElseThrow(), layout.lowest());
    assertEquals(Arrays.stream(reached).max().orElseThrow(), layout.highest());
    boolean rowMajor = true;
    for (int i = 0; i < reached.length; i++) {
      rowMajor &= reached[i] == reached[0] + i;
    }
    assertEquals(rowMajor, layout.isContiguous(), layout.toString());
  }

  @Example
  void reshapeOfATransposeIsACopyAndSaysSoByNull() {
    Layout l = Layout.contiguous(Shape.of(2, 3)).permute(1, 0);
    assertNull(l.reshape(Shape.of(6)));
    assertNotNull(l.reshape(Shape.of(3, 1, 2)));
    assertEquals(
        "reshape: shape [3, 2] has 6 elements, shape [5] has 5",
        message(() -> l.reshape(Shape.of(5))));
  }

  @Example
  void wrongViewsAreRefused() {
    Layout l = Layout.contiguous(Shape.of(2, 3));
    assertEquals("permute: 1 axes are named but shape [2, 3] has 2", message(() -> l.permute(0)));
    assertEquals("permute: axis 0 is named twice (axes [0, 0])", message(() -> l.permute(0, 0)));
    assertEquals(
        "slice: [1:4:1] on axis 1 of shape [2, 3]; the rule is 0 <= start <= stop <= 3 and step >="
            + " 1",
        message(() -> l.slice(-1, 1, 4, 1)));
    assertThrows(ShapeException.class, () -> l.slice(0, 0, 2, 0));
    assertThrows(ShapeException.class, () -> l.slice(0, -1, 2, 1));
    assertThrows(ShapeException.class, () -> l.slice(0, 2, 1, 1));
    assertThrows(ShapeException.class, () -> l.slice(2, 0, 1, 1));
    assertEquals(
        "broadcastTo: shape [2, 3] does not stretch to [3]; only extents of 1 do",
        message(() -> l.broadcastTo(Shape.of(3))));
    assertEquals(
        "broadcastTo: shape [1, 3] does not stretch to [2, 1]; only extents of 1 do",
        message(() -> l.slice(0, 0, 1, 1).broadcastTo(Shape.of(2, 1))));
    assertThrows(ShapeException.class, () -> l.broadcastTo(Shape.of(4, 3)));
  }

  @Example
  void isAValue() {
    Layout l = Layout.contiguous(Shape.of(2, 3));
    assertEquals(Layout.contiguous(Shape.of(2, 3)), l);
    assertEquals(Layout.contiguous(Shape.of(2, 3)).hashCode(), l.hashCode());
    assertNotEquals(l.slice(0, 1, 2, 1), l.slice(0, 0, 1, 1));
    assertNotEquals(l, l.permute(1, 0));
    assertSame(l, l.broadcastTo(l.shape()));
    assertEquals("[2, 3] strides [3, 1] offset 0", l.toString());
  }

  private static String message(Executable call) {
    return assertThrows(ShapeException.class, call).getMessage();
  }
}
