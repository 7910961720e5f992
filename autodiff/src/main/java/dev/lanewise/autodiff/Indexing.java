package dev.lanewise.autodiff;

import dev.lanewise.array.Layout;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Indices that were checked against a shape: a view, of which some axes may be turned round, and of
 * which others may be picked from by arrays of places. The rules are those of NumPy's user guide,
 * "Indexing on ndarrays".
 */
final class Indexing {

  private final String operation;
  private final Shape shape;

  /** For each axis of the shape: start, stop and step of a slice. */
  private final List<int[]> slices = new ArrayList<>();

  /** The extents of the view. */
  private final List<Integer> extents = new ArrayList<>();

  /** The axes of the view that are turned round. */
  private final List<Integer> turned = new ArrayList<>();

  /** The axes of the view that places are picked from, and the places. */
  private final List<Integer> pickedAxes = new ArrayList<>();

  private final List<Indices.Picks> picks = new ArrayList<>();

  /** Whether what is picked stays where its axes were; else it comes first. */
  private boolean isTogether = true;

  /** The shape that arrays of places stretch to. */
  private Shape picked = Shape.SCALAR;

  private Indexing(String operation, Shape shape) {
    this.operation = operation;
    this.shape = shape;
  }

  /**
   * {@return the checked indices}
   *
   * @param operation who asks, for the errors' text
   * @param shape what is indexed
   * @param indices for its axes from the first on
   */
  static Indexing of(String operation, Shape shape, Index... indices) {
    Indexing plan = new Indexing(operation, shape);
    int left = plan.axesLeft(indices);
    for (Index index : indices) {
      plan.add(index, left);
    }
    while (plan.slices.size() < shape.rank()) {
      plan.addSlice(Index.ALL);
    }
    plan.isTogether = areTogether(indices);
    for (Indices.Picks p : plan.picks) {
      plan.picked = Shape.broadcast(operation, plan.picked, p.shape());
    }
    plan.requireCountable("that arrays pick from", plan.choices());
    plan.requireCountable("that arrays pick", plan.picked.size());
    return plan;
  }

  /** {@return how many axes the ellipsis stands for} */
  private int axesLeft(Index[] indices) {
    int taken = 0;
    int ellipses = 0;
    for (Index index : indices) {
      switch (index) {
        case Indices.Place _, Index.Slice _, Indices.Picks _ -> taken++;
        case Indices.Mask m -> taken += m.shape().rank();
        case Indices.Marker m -> ellipses += m == Indices.Marker.ELLIPSIS ? 1 : 0;
      }
    }
    if (taken > shape.rank()) {
      throw new ShapeException(
          operation
              + ": indices for "
              + taken
              + " axes are given, but shape "
              + shape
              + " has "
              + shape.rank());
    }
    if (ellipses > 1) {
      throw new IllegalArgumentException(
          operation + ": " + ellipses + " ellipses are given; there may be one");
    }
    return shape.rank() - taken;
  }

  private void add(Index index, int left) {
    int axis = slices.size();
    switch (index) {
      case Indices.Place p -> {
        int place = (int) place(p.place(), axis, shape.dim(axis));
        slices.add(new int[] {place, place + 1, 1});
      }
      case Index.Slice s -> addSlice(s);
      case Indices.Marker m -> {
        if (m == Indices.Marker.NEW_AXIS) {
          extents.add(1);
        } else {
          for (int i = 0; i < left; i++) {
            addSlice(Index.ALL);
          }
        }
      }
      case Indices.Picks p -> addPicks(p);
      case Indices.Mask m -> addMask(m);
    }
  }

  private long place(long place, int axis, int extent) {
    if (place < -extent || place >= extent) {
      throw new ShapeException(
          operation
              + ": index "
              + place
              + " is outside axis "
              + axis
              + " of shape "
              + shape
              + (extent == 0
                  ? ", which is empty"
                  : "; it may be from " + -extent + " to " + (extent - 1)));
    }
    return place < 0 ? place + extent : place;
  }

  /** Python's rule: {@code slice.indices}. */
  private void addSlice(Index.Slice slice) {
    int extent = shape.dim(slices.size());
    long step = slice.step();
    boolean isBack = step < 0;
    int before = isBack ? -1 : 0;
    int last = isBack ? extent - 1 : extent;
    long start = bound(slice.start().orElse(isBack ? Integer.MAX_VALUE : 0), extent, before, last);
    long stop =
        slice.stop().isPresent()
            ? bound(slice.stop().getAsInt(), extent, before, last)
            : isBack ? -1 : extent;
    long distance = isBack ? start - stop : stop - start;
    int count = distance <= 0 ? 0 : (int) ((distance - 1) / Math.abs(step) + 1);
    if (count == 0) {
      slices.add(new int[] {0, 0, 1});
    } else {
      long end = start + (count - 1) * step;
      // One place needs no step, and the largest steps have no opposite.
      int stride = count == 1 ? 1 : (int) Math.abs(step);
      slices.add(new int[] {(int) Math.min(start, end), (int) Math.max(start, end) + 1, stride});
    }
    if (isBack && count > 1) {
      turned.add(extents.size());
    }
    extents.add(count);
  }

  private static long bound(int place, int extent, int least, int most) {
    long at = place < 0 ? (long) place + extent : place;
    return Math.clamp(at, least, most);
  }

  private void addPicks(Indices.Picks given) {
    int axis = slices.size();
    int extent = shape.dim(axis);
    long[] places = new long[given.places().length];
    for (int i = 0; i < places.length; i++) {
      places[i] = place(given.places()[i], axis, extent);
    }
    slices.add(new int[] {0, extent, 1});
    pickedAxes.add(extents.size());
    picks.add(new Indices.Picks(given.shape(), places));
    extents.add(extent);
  }

  private void addMask(Indices.Mask mask) {
    int from = slices.size();
    int rank = mask.shape().rank();
    int[] met = Arrays.copyOfRange(shape.dims(), from, from + rank);
    if (!Arrays.equals(met, mask.shape().dims())) {
      throw new ShapeException(
          operation
              + ": a mask of shape "
              + mask.shape()
              + " meets axes of extents "
              + Arrays.toString(met)
              + " of shape "
              + shape
              + "; they must be equal");
    }
    if (rank == 0) {
      // True keeps everything, false nothing, along an axis that was not there before.
      pickedAxes.add(extents.size());
      picks.add(new Indices.Picks(Shape.of(mask.places().length), new long[mask.places().length]));
      extents.add(1);
    }
    for (int axis = 0; axis < rank; axis++) {
      addPicks(mask.along(axis));
    }
  }

  /** {@return whether no slice, ellipsis or new axis lies between indices of single places} */
  private static boolean areTogether(Index[] indices) {
    boolean hasBegun = false;
    boolean hasEnded = false;
    for (Index index : indices) {
      boolean ofPlaces =
          index instanceof Indices.Place
              || index instanceof Indices.Picks
              || index instanceof Indices.Mask;
      if (ofPlaces && hasEnded) {
        return false;
      }
      hasBegun |= ofPlaces;
      hasEnded = hasBegun && !ofPlaces;
    }
    return true;
  }

  /** {@return the part of an array that the slices leave, not turned round} */
  private NdArray view(NdArray array) {
    Layout layout = array.layout();
    for (int axis = 0; axis < slices.size(); axis++) {
      int[] s = slices.get(axis);
      layout = layout.slice(axis, s[0], s[1], s[2]);
    }
    return array.view(layout.reshape(Shape.of(ints(extents))));
  }

  private static int[] ints(List<Integer> list) {
    return list.stream().mapToInt(Integer::intValue).toArray();
  }

  /** {@return the picked elements of a tensor; a view if the indices allow one} */
  Tensor of(Tensor x) {
    Tensor part = Views.view(operation, x, this::view);
    if (!turned.isEmpty()) {
      part = Arrangements.flip(part, ints(turned));
    }
    if (picks.isEmpty()) {
      return part;
    }
    Tensor ordered = isTogether ? part : part.permute(pickedFirst());
    int[] dims = ordered.shape().dims();
    Tensor joined = ordered.reshape(around(dims, (int) choices()));
    Tensor places = Tensor.of(x.backend(), flatPlaces(), (int) picked.size());
    return joined.indexSelect(base(), places).reshape(around(dims, picked.dims()));
  }

  /** {@return the first of the axes that are picked from, once in order} */
  private int base() {
    return isTogether ? pickedAxes.getFirst() : 0;
  }

  /** {@return the shape of what is picked} */
  private Shape result() {
    int[] dims = ints(extents);
    if (picks.isEmpty()) {
      return Shape.of(dims);
    }
    if (!isTogether) {
      dims = Arrays.stream(pickedFirst()).map(extents::get).toArray();
    }
    return around(dims, picked.dims());
  }

  /** {@return the axis of what is picked that an axis of the view becomes} */
  private int resultAxis(int axis) {
    if (picks.isEmpty()) {
      return axis;
    }
    int place = isTogether ? axis : Views.inverse(pickedFirst())[axis];
    return place < base() ? place : place - picks.size() + picked.rank();
  }

  /** {@return extents with others in place of those that are picked from} */
  private Shape around(int[] dims, int... middle) {
    int after = base() + picks.size();
    int[] all = new int[dims.length - picks.size() + middle.length];
    System.arraycopy(dims, 0, all, 0, base());
    System.arraycopy(middle, 0, all, base(), middle.length);
    System.arraycopy(dims, after, all, base() + middle.length, dims.length - after);
    return Shape.of(all);
  }

  private int[] pickedFirst() {
    List<Integer> order = new ArrayList<>(pickedAxes);
    for (int i = 0; i < extents.size(); i++) {
      if (!pickedAxes.contains(i)) {
        order.add(i);
      }
    }
    return ints(order);
  }

  /** {@return how many places the axes have that are picked from, as long as they fit an axis} */
  private long choices() {
    long choices = 1;
    for (int axis : pickedAxes) {
      choices = choices > Integer.MAX_VALUE ? choices : choices * extents.get(axis);
    }
    return choices;
  }

  private void requireCountable(String which, long places) {
    if (places > Integer.MAX_VALUE - 8) {
      throw new ShapeException(
          operation + ": the places of shape " + shape + " " + which + " are more than 2^31 - 9");
    }
  }

  /** {@return the places, counted in row-major order over the axes that are picked from} */
  private long[] flatPlaces() {
    long[] flat = new long[(int) picked.size()];
    for (int i = 0; i < picks.size(); i++) {
      Layout layout = Layout.contiguous(picks.get(i).shape()).broadcastTo(picked);
      int extent = extents.get(pickedAxes.get(i));
      for (int j = 0; j < flat.length; j++) {
        flat[j] = flat[j] * extent + picks.get(i).places()[(int) layout.element(j)];
      }
    }
    return flat;
  }

  /** Writes a value over the picked elements of a tensor. */
  void set(Tensor x, Tensor value) {
    Shape result = result();
    if (!Shape.broadcast(operation, result, value.shape()).equals(result)) {
      throw new ShapeException(
          operation
              + ": a value of shape "
              + value.shape()
              + " does not stretch to the picked elements' shape "
              + result);
    }
    Tensor source = value.detach();
    if (source.storage() == x.storage()) {
      source = source.copy(); // it would change while it is read
    }
    if (!turned.isEmpty()) {
      int[] axes = turned.stream().mapToInt(this::resultAxis).toArray();
      source = Arrangements.flip(source.broadcastTo(result), axes);
    }
    if (picks.isEmpty()) {
      x.backend().copy(source.data(), view(x.data()));
    } else {
      setPicked(x, source.broadcastTo(result));
    }
  }

  /** One copy for each place: the last that is written at a place stays. */
  private void setPicked(Tensor x, Tensor value) {
    int[] order = new int[value.shape().rank()];
    int[] dims = new int[order.length - picked.rank() + 1];
    dims[0] = (int) picked.size();
    int next = 0;
    for (int i = 0; i < picked.rank(); i++) {
      order[next++] = base() + i;
    }
    for (int i = 0; i < order.length; i++) {
      if (i < base() || i >= base() + picked.rank()) {
        dims[next - picked.rank() + 1] = value.shape().dim(i);
        order[next++] = i;
      }
    }
    NdArray sources = value.permute(order).reshape(dims).data();
    NdArray targets = view(x.data()).permute(pickedFirst());
    long[] places = flatPlaces();
    for (int i = 0; i < places.length; i++) {
      Layout target = targets.layout();
      long rest = places[i];
      for (int axis = picks.size() - 1; axis >= 0; axis--) {
        int extent = target.shape().dim(axis);
        int place = (int) (rest % extent);
        rest /= extent;
        target = target.slice(axis, place, place + 1, 1);
      }
      x.backend().copy(sources.slice(0, i, i + 1), targets.view(target));
    }
  }
}
