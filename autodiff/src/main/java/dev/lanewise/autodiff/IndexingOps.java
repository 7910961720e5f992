package dev.lanewise.autodiff;

import dev.lanewise.array.DType;
import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * Elements picked as between NumPy's brackets, and those of a mask. {@link Index} lists what can
 * stand there.
 *
 * {@snippet :
 * Tensor x = Tensor.of(new float[][] {{1, 2, 3}, {4, 5, 6}});
 * x.at(1);                                             // 4, 5, 6
 * x.at("..., ::-1");                                   // {3, 2, 1}, {6, 5, 4}
 * x.at(Index.of(new int[] {0, 1}), Index.of(labels));  // one element of each row
 * x.set(0, Index.where(mask));
 * for (Tensor row : x) {
 *   System.out.println(row.sum());
 * }
 * }
 */
public sealed interface IndexingOps extends Iterable<Tensor> permits Tensor {

  /**
   * {@return the elements at some places of the axes} A view, but where a range goes backwards or
   * places are given by arrays or masks: then a copy. Arrays of places stretch to one shape, as
   * operands do; its axes come where the arrays' axes were or, if slices lie between these, first.
   * The gradient flows, and adds up where a place comes twice.
   *
   * @param indices for the axes from the first on; axes that are left over stay whole
   * @throws ShapeException if there are more indices than axes, a place is outside its axis, a mask
   *     has other extents, or arrays of places do not stretch to one shape
   * @throws IllegalArgumentException if there is more than one ellipsis
   */
  default Tensor at(Index... indices) {
    Tensor x = (Tensor) this;
    return Indexing.of("at", x.shape(), indices).of(x);
  }

  /**
   * {@return what lies at one place of each of the first axes, without these; a view}
   *
   * @param first the place along the first axis; negative counts from the end
   * @param more the places along the axes that follow
   * @throws ShapeException if there are more places than axes, or one is outside its axis
   */
  default Tensor at(int first, int... more) {
    Index[] indices = new Index[more.length + 1];
    indices[0] = Index.of(first);
    for (int i = 0; i < more.length; i++) {
      indices[i + 1] = Index.of(more[i]);
    }
    return at(indices);
  }

  /**
   * {@return the elements at places written as in Python: {@code x.at("1:, ..., ::-2, None, 0")}}
   *
   * @param indices the text, as {@link Index#parse} reads it
   * @throws ShapeException if there are more indices than axes, or a place is outside its axis
   * @throws IllegalArgumentException if the text is no list of indices
   */
  default Tensor at(String indices) {
    return at(Index.parse(indices));
  }

  /**
   * Writes over the elements that {@link #at(Index...)} gives. All views of the memory see it.
   *
   * @param value stretches to the picked elements' shape, and is converted to this tensor's type;
   *     where arrays of places name an element twice, the last value stays
   * @param indices for the axes from the first on
   * @throws ShapeException if the indices or the value do not fit, or this is a broadcast view
   * @throws IllegalArgumentException if there is more than one ellipsis, or the value lies on
   *     another backend
   * @throws GradientException if operations are recorded, as writing is not, and this or the value
   *     requires a gradient or was computed by a recorded operation
   */
  default void set(Tensor value, Index... indices) {
    Tensor x = (Tensor) this;
    Checks.sameBackend("set", x, value);
    Indexing plan = Indexing.of("set", x.shape(), indices);
    if (x.node instanceof Node.Op op && Grad.isOn()) {
      throw new GradientException(
          "set: the tensor was computed by '"
              + op.name
              + "', whose gradient knows nothing of other elements; write into detach().copy()");
    }
    if (x.node != null && Grad.isOn()) {
      throw new GradientException(
          "set: the tensor requires a gradient, and writing is not recorded; write inside of"
              + " Grad.off()");
    }
    if (value.node != null && Grad.isOn()) {
      throw new GradientException(
          "set: the value requires a gradient, and writing is not recorded; give detach() of it");
    }
    if (x.data().layout().repeats()) {
      throw new ShapeException(
          "set: the tensor is a broadcast view ("
              + x.data().layout()
              + "), whose elements share memory; write into a copy()");
    }
    plan.set(x, value);
    x.changed("set");
  }

  /**
   * Writes one number over the elements that {@link #at(Index...)} gives.
   *
   * @param value the number, rounded to this tensor's type
   * @param indices for the axes from the first on
   * @throws ShapeException if the indices do not fit, or this is a broadcast view
   * @throws IllegalArgumentException if there is more than one ellipsis
   * @throws GradientException if this was computed by a recorded operation, or requires a gradient
   *     and operations are recorded
   */
  default void set(double value, Index... indices) {
    Tensor x = (Tensor) this;
    set(Tensor.scalar(x.backend(), x.dtype(), value), indices);
  }

  /**
   * {@return the places of the elements that are not 0, one in each row, in row-major order: {@code
   * [n, rank]} of {@link DType#I64}} A NaN is not 0.
   */
  default Tensor nonzero() {
    Tensor x = (Tensor) this;
    Shape shape = x.shape();
    int[] flat = Indices.nonzero(x);
    Shape result = Shape.of(flat.length, shape.rank());
    if (result.size() > Integer.MAX_VALUE - 8) {
      throw new ShapeException("nonzero: shape " + result + " does not fit one Java array");
    }
    long[] places = new long[(int) result.size()];
    for (int i = 0; i < flat.length; i++) {
      int rest = flat[i];
      for (int axis = shape.rank() - 1; axis >= 0; axis--) {
        places[i * shape.rank() + axis] = rest % shape.dim(axis);
        rest /= shape.dim(axis);
      }
    }
    return Tensor.of(x.backend(), places, result.dims());
  }

  /**
   * {@return the elements at which a mask is true, in row-major order: {@code [n]}}
   *
   * @param mask of type bool; it and this tensor stretch to one shape
   * @throws ShapeException if the shapes do not broadcast
   * @throws dev.lanewise.array.DTypeException if the mask is not of type bool
   */
  default Tensor maskedSelect(Tensor mask) {
    Tensor x = (Tensor) this;
    Checks.mask("maskedSelect", mask);
    Shape shape = Shape.broadcast("maskedSelect", x.shape(), mask.shape());
    return x.broadcastTo(shape).at(Index.where(mask.broadcastTo(shape)));
  }

  /**
   * {@return what lies at each place of the first axis, one after the other; views}
   *
   * @throws ShapeException if this is a scalar
   */
  @Override
  default Iterator<Tensor> iterator() {
    Tensor x = (Tensor) this;
    int count = x.shape().dim(x.shape().axis("iterator", 0));
    return new Iterator<>() {
      private int next;

      @Override
      public boolean hasNext() {
        return next < count;
      }

      @Override
      public Tensor next() {
        if (next == count) {
          throw new NoSuchElementException();
        }
        return x.at(next++);
      }
    };
  }
}
