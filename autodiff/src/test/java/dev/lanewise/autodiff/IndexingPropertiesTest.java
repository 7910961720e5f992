package dev.lanewise.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.kernel.Backend;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import java.util.function.ToIntFunction;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Indices of every kind, several together, against a search for each element one by one. */
class IndexingPropertiesTest {
  private static final List<Backend> BACKENDS = Numbers.backends().toList();

  /** Indices, and what they must give: a shape, and for each element where it comes from. */
  private static final class Case {
    final Random random;
    final Backend backend;
    final Tensor x;
    final List<Index> indices = new ArrayList<>();
    final StringBuilder text = new StringBuilder();

    /** The extents of the result, without those of arrays of places. */
    private final List<Integer> sliceDims = new ArrayList<>();

    private final List<int[]> used = new ArrayList<>();

    /** The shape that arrays stretch to, if they are not smaller. */
    private final int[] stretched;

    /** The place in that shape which is looked up now. */
    private int[] picked = {};

    /** For each axis of x: its place, for an index in these extents. */
    private final List<ToIntFunction<int[]>> sources = new ArrayList<>();

    private int picksAt = -1;
    private int axis;
    private boolean isSplit;
    private boolean isSeparated;

    Case(long seed) {
      random = new Random(seed);
      backend = BACKENDS.get(random.nextInt(BACKENDS.size()));
      int[] dims = new int[random.nextInt(5)];
      Arrays.setAll(dims, i -> random.nextInt(8) == 0 ? 0 : 1 + random.nextInt(4));
      long[] values = new long[(int) Shape.of(dims).size()];
      Arrays.setAll(values, i -> i);
      Tensor plain = Tensor.of(backend, values, values.length).cast(type()).reshape(Shape.of(dims));
      // Also of other strides.
      boolean isTurned = dims.length > 1 && random.nextBoolean();
      x = isTurned ? plain.transpose(0, dims.length - 1) : plain;
      stretched = new int[random.nextInt(3)];
      Arrays.setAll(stretched, i -> random.nextInt(4));
      fill();
    }

    private DType type() {
      DType[] types = {DType.F32, DType.F64, DType.I32, DType.I64};
      return types[random.nextInt(types.length)];
    }

    private int extent(int at) {
      return x.shape().dim(at);
    }

    private void fill() {
      int rank = x.shape().rank();
      int kinds = random.nextBoolean() ? 6 : 4; // with or without arrays
      int given = random.nextInt(rank + 1);
      int ellipsisAt = random.nextInt(3) == 0 ? random.nextInt(rank + 1) : -1;
      int count = 0;
      while (axis < rank && count < given || count == ellipsisAt) {
        if (count == ellipsisAt) {
          ellipsisAt = -1;
          ellipsis(rank - axis - (given - count));
          continue;
        }
        int kind = random.nextInt(kinds);
        switch (kind) {
          case 0 -> newAxis();
          case 1, 2 -> slice(randomSlice());
          case 3 -> place();
          case 4 -> picks();
          case 5 -> mask();
          default -> throw new AssertionError();
        }
        count += kind == 0 ? 0 : 1;
      }
      while (axis < rank) {
        wholeAxis();
      }
    }

    private void ellipsis(int axes) {
      indices.add(Index.ELLIPSIS);
      text.append("..., ");
      separate();
      for (int i = 0; i < axes; i++) {
        wholeAxis();
      }
    }

    private void separate() {
      isSeparated = picksAt >= 0;
    }

    private void beginPlaces() {
      if (picksAt < 0) {
        picksAt = sliceDims.size();
      }
      isSplit |= isSeparated;
    }

    private void newAxis() {
      indices.add(Index.NEW_AXIS);
      text.append("None, ");
      separate();
      sliceDims.add(1);
    }

    private Index.Slice randomSlice() {
      int[] steps = {1, 1, 2, 3, -1, -2, -3, Integer.MAX_VALUE, Integer.MIN_VALUE};
      return new Index.Slice(bound(), bound(), steps[random.nextInt(steps.length)]);
    }

    private OptionalInt bound() {
      int[] far = {Integer.MIN_VALUE, Integer.MAX_VALUE, -1, 0};
      return switch (random.nextInt(4)) {
        case 0 -> OptionalInt.empty();
        case 1 -> OptionalInt.of(far[random.nextInt(far.length)]);
        default -> OptionalInt.of(random.nextInt(14) - 7);
      };
    }

    private void slice(Index.Slice slice) {
      indices.add(slice);
      text.append(slice).append(", ");
      separate();
      int[] places = places(slice, extent(axis));
      int dim = sliceDims.size();
      sliceDims.add(places.length);
      sources.add(at -> places[at[dim]]);
      axis++;
    }

    private void wholeAxis() {
      int dim = sliceDims.size();
      sliceDims.add(extent(axis));
      sources.add(at -> at[dim]);
      axis++;
    }

    /** All places of an axis, forwards or backwards, of which those in the range are kept. */
    private static int[] places(Index.Slice slice, int extent) {
      List<Integer> kept = new ArrayList<>();
      boolean isBack = slice.step() < 0;
      long start =
          slice.start().isPresent() ? slice.start().getAsInt() : isBack ? Long.MAX_VALUE : 0;
      long stop = slice.stop().isPresent() ? slice.stop().getAsInt() : isBack ? -1 : Long.MAX_VALUE;
      start = slice.start().isPresent() && start < 0 ? start + extent : start;
      stop = slice.stop().isPresent() && stop < 0 ? stop + extent : stop;
      start = isBack ? Math.min(start, extent - 1) : Math.max(start, 0);
      for (long i = start;
          isBack ? i >= 0 && i > stop : i < extent && i < stop;
          i += slice.step()) {
        kept.add((int) i);
      }
      return kept.stream().mapToInt(Integer::intValue).toArray();
    }

    private void place() {
      int extent = extent(axis);
      if (extent == 0) {
        slice(Index.ALL);
        return;
      }
      int place = random.nextInt(2 * extent) - extent;
      indices.add(Index.of(place));
      text.append(place).append(", ");
      beginPlaces();
      int positive = Math.floorMod(place, extent);
      sources.add(at -> positive);
      axis++;
    }

    /** An array of places, of which some axes of extent 1 stretch. */
    private void picks() {
      int extent = extent(axis);
      int lead = random.nextInt(stretched.length + 1);
      int[] dims = Arrays.copyOfRange(stretched, lead, stretched.length);
      for (int i = 0; i < dims.length; i++) {
        dims[i] = random.nextInt(4) == 0 ? 1 : dims[i];
      }
      int size = (int) Shape.of(dims).size();
      if (extent == 0 && size > 0) {
        slice(Index.ALL);
        return;
      }
      int[] values = new int[size];
      Arrays.setAll(values, i -> random.nextInt(2 * extent) - extent);
      Tensor tensor = Tensor.of(backend, values, values.length).reshape(Shape.of(dims));
      indices.add(Index.of(random.nextBoolean() ? tensor : tensor.cast(DType.I64)));
      text.append(tensor).append(", ");
      beginPlaces();
      pick(dims, i -> Math.floorMod(values[i], extent));
    }

    private void pick(int[] dims, IntUnaryOperator value) {
      used.add(dims);
      sources.add(at -> value.applyAsInt(flat(dims, picked)));
      axis++;
    }

    /** A mask of one or two axes, if its number of trues fits the other arrays. */
    private void mask() {
      int rank = Math.min(1 + random.nextInt(2), x.shape().rank() - axis);
      int[] dims = Arrays.copyOfRange(x.shape().dims(), axis, axis + rank);
      int size = (int) Shape.of(dims).size();
      int trues = stretched.length == 0 ? 1 : stretched[stretched.length - 1];
      if (trues > size || rank == 2 && indices.contains(Index.ELLIPSIS)) {
        slice(Index.ALL);
        return;
      }
      List<Integer> order = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        order.add(i);
      }
      Collections.shuffle(order, random);
      int[] chosen =
          order.subList(0, trues).stream().mapToInt(Integer::intValue).sorted().toArray();
      NdArray mask = NdArray.zeros(backend, DType.BOOL, Shape.of(dims));
      for (int place : chosen) {
        mask.set(1, coordinates(dims, place));
      }
      Tensor tensor = Tensor.of(mask);
      indices.add(Index.where(tensor));
      text.append(tensor).append(", ");
      beginPlaces();
      for (int i = 0; i < rank; i++) {
        int along = i;
        pick(new int[] {trues}, at -> coordinates(dims, chosen[at])[along]);
      }
    }

    /** {@return the shape that the arrays used stretch to} */
    private int[] pickedDims() {
      Shape shape = Shape.SCALAR;
      for (int[] dims : used) {
        shape = Shape.broadcast("test", shape, Shape.of(dims));
      }
      return shape.dims();
    }

    /** {@return the flat place in an array that stretches to the picked shape} */
    private static int flat(int[] dims, int[] at) {
      int flat = 0;
      for (int i = 0; i < dims.length; i++) {
        int place = at[at.length - dims.length + i];
        flat = flat * dims[i] + (dims[i] == 1 ? 0 : place);
      }
      return flat;
    }

    private static int[] coordinates(int[] dims, int flat) {
      int[] at = new int[dims.length];
      int rest = flat;
      for (int i = dims.length - 1; i >= 0; i--) {
        at[i] = rest % dims[i];
        rest /= dims[i];
      }
      return at;
    }

    private int base() {
      return isSplit ? 0 : picksAt;
    }

    int[] resultDims() {
      List<Integer> dims = new ArrayList<>(sliceDims);
      if (!used.isEmpty()) {
        List<Integer> middle = new ArrayList<>();
        for (int d : pickedDims()) {
          middle.add(d);
        }
        dims.addAll(base(), middle);
      }
      return dims.stream().mapToInt(Integer::intValue).toArray();
    }

    /** {@return the index in x of a place of the result} */
    int[] source(int[] at) {
      int count = used.isEmpty() ? 0 : pickedDims().length;
      int base = used.isEmpty() ? 0 : base();
      picked = Arrays.copyOfRange(at, base, base + count);
      int[] rest = new int[at.length - count];
      System.arraycopy(at, 0, rest, 0, base);
      System.arraycopy(at, base + count, rest, base, rest.length - base);
      return sources.stream().mapToInt(s -> s.applyAsInt(rest)).toArray();
    }

    Index[] indices() {
      return indices.toArray(Index[]::new);
    }

    String what() {
      return "x" + x.shape() + " at " + text;
    }
  }

  @Property(tries = 3000)
  void elementsArePicked(@ForAll long seed) {
    Case c = new Case(seed);
    Tensor y = c.x.at(c.indices());
    assertEquals(Shape.of(c.resultDims()), y.shape(), c::what);
    assertEquals(c.x.dtype(), y.dtype());
    double[] expected = new double[(int) y.size()];
    for (int i = 0; i < expected.length; i++) {
      expected[i] = c.x.data().get(c.source(Case.coordinates(y.shape().dims(), i)));
    }
    assertArrayEquals(expected, y.toDoubleArray(), c::what);
  }

  @Property(tries = 1000)
  void elementsAreWritten(@ForAll long seed) {
    Case c = new Case(seed);
    Shape result = Shape.of(c.resultDims());
    Tensor x = c.x.copy();
    double[] expected = x.toDoubleArray();
    double[] values = new double[(int) result.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = -1 - i;
      int[] source = c.source(Case.coordinates(result.dims(), i));
      expected[Case.flat(x.shape().dims(), source)] = values[i];
    }
    x.set(Tensor.of(c.backend, values, values.length).reshape(result), c.indices());
    assertArrayEquals(expected, x.toDoubleArray(), c::what);
  }

  /** Whatever is given: a result or one of the typed errors. */
  @Property(tries = 1000)
  void nothingElseIsThrown(@ForAll long seed) {
    Case c = new Case(seed);
    Random random = new Random(seed);
    int[] dims = new int[random.nextInt(4)];
    Arrays.setAll(dims, i -> random.nextInt(4));
    Tensor other = Tensor.zeros(dims);
    for (Runnable call :
        List.<Runnable>of(
            () -> other.at(c.indices()),
            () -> other.set(1, c.indices()),
            () -> c.x.copy().set(other.to(c.backend), c.indices()))) {
      try {
        call.run();
      } catch (IllegalArgumentException e) {
        assertEquals(ShapeException.class, e.getClass());
      }
    }
    assertThrows(IllegalArgumentException.class, () -> other.at(Index.ELLIPSIS, Index.ELLIPSIS));
  }
}
