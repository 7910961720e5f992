package dev.lanewise.autodiff;

import dev.lanewise.array.DType;
import dev.lanewise.array.DTypeException;
import dev.lanewise.array.Shape;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * What is picked along one axis or several, as between NumPy's brackets; {@link IndexingOps#at} and
 * {@link IndexingOps#set} take one for each axis from the first on.
 *
 * <table>
 * <caption>NumPy's and these</caption>
 * <tr><td>{@code x[2, -1]}</td><td>{@code x.at(2, -1)}</td></tr>
 * <tr><td>{@code x[1:, ..., 0]}</td><td>{@code x.at("1:, ..., 0")}</td></tr>
 * <tr><td>{@code x[i, 1:-1:2]}</td><td>{@code x.at(Index.of(i), Index.slice(1, -1).step(2))}</td></tr>
 * <tr><td>{@code x[:, ::-1]}</td><td>{@code x.at(Index.ALL, Index.ALL.step(-1))}</td></tr>
 * <tr><td>{@code x[:, None]}</td><td>{@code x.at(Index.ALL, Index.NEW_AXIS)}</td></tr>
 * <tr><td>{@code x[rows, columns]}</td><td>{@code x.at(Index.of(rows), Index.of(columns))}</td></tr>
 * <tr><td>{@code x[mask]}</td><td>{@code x.at(Index.where(mask))}</td></tr>
 * </table>
 *
 * <p>An index is a value: those made of tensors and arrays keep what these hold now.
 */
public sealed interface Index
    permits Index.Slice, Indices.Place, Indices.Marker, Indices.Picks, Indices.Mask {

  /** All of an axis: {@code :}. */
  Slice ALL = new Slice(OptionalInt.empty(), OptionalInt.empty(), 1);

  /** All axes that the other indices leave over, maybe none: {@code ...}. */
  Index ELLIPSIS = Indices.Marker.ELLIPSIS;

  /** An axis of extent 1 that was not there before: {@code None}. */
  Index NEW_AXIS = Indices.Marker.NEW_AXIS;

  /**
   * A range of an axis, in Python's way: negative bounds count from the end, and bounds outside the
   * axis mean its ends.
   *
   * @param start the first place; none means the axis's beginning, or its end for a negative step
   * @param stop the place before which it ends; none means all the way
   * @param step the distance, not 0; negative goes backwards
   */
  record Slice(OptionalInt start, OptionalInt stop, int step) implements Index {
    /**
     * Makes a range.
     *
     * @throws IllegalArgumentException if {@code step} is 0
     */
    public Slice {
      Objects.requireNonNull(start, "start");
      Objects.requireNonNull(stop, "stop");
      if (step == 0) {
        throw new IllegalArgumentException("slice: the step must not be 0");
      }
    }

    /**
     * {@return this range with another distance between places}
     *
     * @param step the distance, not 0; negative goes backwards from {@code start} to {@code stop}
     * @throws IllegalArgumentException if it is 0
     */
    public Slice step(int step) {
      return new Slice(start, stop, step);
    }

    /** {@return the range as Python writes it, for example {@code 1:-1:2}} */
    @Override
    public String toString() {
      String from = start.isPresent() ? "" + start.getAsInt() : "";
      String to = stop.isPresent() ? "" + stop.getAsInt() : "";
      return from + ":" + to + (step == 1 ? "" : ":" + step);
    }
  }

  /**
   * {@return one place; its axis disappears}
   *
   * @param place from 0; negative counts from the end
   */
  static Index of(int place) {
    return new Indices.Place(place);
  }

  /**
   * {@return the places from one up to, not including, another: {@code start:stop}}
   *
   * @param start the first; negative counts from the end
   * @param stop the place after the last; negative counts from the end
   */
  static Slice slice(int start, int stop) {
    return new Slice(OptionalInt.of(start), OptionalInt.of(stop), 1);
  }

  /**
   * {@return some places from one on, before another: {@code start:stop:step}}
   *
   * @param start the first; negative counts from the end
   * @param stop the place before which it ends; negative counts from the end
   * @param step the distance, not 0; negative goes backwards
   * @throws IllegalArgumentException if {@code step} is 0
   */
  static Slice slice(int start, int stop, int step) {
    return slice(start, stop).step(step);
  }

  /**
   * {@return all places from one on: {@code start:}}
   *
   * @param start the first; negative counts from the end
   */
  static Slice from(int start) {
    return new Slice(OptionalInt.of(start), OptionalInt.empty(), 1);
  }

  /**
   * {@return all places before one: {@code :stop}}
   *
   * @param stop the place after the last; negative counts from the end
   */
  static Slice to(int stop) {
    return new Slice(OptionalInt.empty(), OptionalInt.of(stop), 1);
  }

  /**
   * {@return the places in an array}
   *
   * @param places each from 0; negative counts from the end; one may come twice
   */
  static Index of(int[] places) {
    long[] wide = new long[places.length];
    for (int i = 0; i < places.length; i++) {
      wide[i] = places[i];
    }
    return new Indices.Picks(Shape.of(places.length), wide);
  }

  /**
   * {@return the places in a tensor of any shape, which the picked elements take in place of their
   * axis}
   *
   * @param places i32 or i64; each from 0; negative counts from the end; one may come twice
   * @throws DTypeException if they are no integers
   */
  static Index of(Tensor places) {
    if (!places.dtype().isInteger()) {
      boolean isMask = places.dtype() == DType.BOOL;
      throw new DTypeException(
          "index: places must be i32 or i64, not "
              + places.dtype()
              + (isMask ? "; for a mask call Index.where(mask)" : "; cast them"));
    }
    return new Indices.Picks(places.shape(), places.toLongArray());
  }

  /**
   * {@return the places at which a mask is true} Its axes meet as many axes of the tensor, of the
   * same extents, and one takes their place.
   *
   * @param mask of type bool
   * @throws DTypeException if it is of another type
   */
  static Index where(Tensor mask) {
    Checks.mask("index", mask);
    return new Indices.Mask(mask.shape(), Indices.nonzero(mask));
  }

  /**
   * {@return the indices that a text stands for, as Python's brackets take them: integers, ranges,
   * {@code ...} and {@code None} (or {@code newaxis}), with commas between}
   *
   * {@snippet :
   * x.set(0, Index.parse("1:, ..., ::-2, None"));
   * }
   *
   * @param text at least one index
   * @throws IllegalArgumentException if it is anything else
   */
  static Index[] parse(String text) {
    return IndexText.parse(text);
  }
}
