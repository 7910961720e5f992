package dev.lanewise.nn;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.internal.Samples;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;

/**
 * Numbers with a first axis to pick from: a Java array or an {@link NdArray}, shared, not copied.
 * Batches of them may be of another type, converted as they are picked.
 */
final class Rows {
  private final MemorySegment heap;
  private final NdArray array;
  private final DType stored;
  private final DType dtype;
  private final Shape row;
  private final int first;
  private final int count;

  private Rows(
      MemorySegment heap,
      NdArray array,
      DType stored,
      DType dtype,
      Shape row,
      int first,
      int count) {
    this.heap = heap;
    this.array = array;
    this.stored = stored;
    this.dtype = dtype;
    this.row = row;
    this.first = first;
    this.count = count;
  }

  static Rows of(float[] values, Shape row) {
    if (row.size() == 0 || values.length % row.size() != 0) {
      throw new ShapeException(
          "examples: "
              + values.length
              + " numbers are not samples of shape "
              + row
              + ", which have "
              + row.size()
              + " each");
    }
    int count = (int) (values.length / row.size());
    return new Rows(MemorySegment.ofArray(values), null, DType.F32, DType.F32, row, 0, count);
  }

  static Rows of(int[] values) {
    MemorySegment heap = MemorySegment.ofArray(values);
    return new Rows(heap, null, DType.I32, DType.I32, Shape.SCALAR, 0, values.length);
  }

  static Rows of(Tensor tensor) {
    Shape shape = tensor.shape();
    if (shape.rank() == 0) {
      throw new ShapeException("examples: a scalar has no samples; reshape it to [1]");
    }
    NdArray data = tensor.data();
    boolean plain = data.layout().isContiguous() && data.layout().offset() == 0;
    NdArray array = plain ? data : tensor.detach().copy().data();
    DType dtype = tensor.dtype();
    boolean isHost = array.device().memory().isHost();
    return new Rows(
        isHost ? null : onHeap(array),
        isHost ? array : null,
        dtype,
        dtype,
        Samples.sampleOf(shape),
        0,
        shape.dim(0));
  }

  /**
   * {@return a copy of what lies on a device, which is picked from and looked at in main memory} On
   * the heap, as the garbage collector sees what batches leave there, and finds it soon.
   */
  private static MemorySegment onHeap(NdArray array) {
    long bytes = array.size() * array.dtype().byteSize();
    int words = Math.toIntExact((bytes + Long.BYTES - 1) / Long.BYTES); // aligned for every type
    MemorySegment heap = MemorySegment.ofArray(new long[words]).asSlice(0, bytes);
    array.device().memory().copyOut(array.storage().segment().asSlice(0, bytes), heap);
    Reference.reachabilityFence(array);
    return heap;
  }

  int count() {
    return count;
  }

  /** {@return the type of batches} */
  DType dtype() {
    return dtype;
  }

  /** {@return the shape of one row} */
  Shape row() {
    return row;
  }

  Rows range(int from, int to) {
    return new Rows(heap, array, stored, dtype, row, first + from, to - from);
  }

  /** {@return the same numbers with another shape of a row} */
  Rows shaped(Shape other) {
    return new Rows(heap, array, stored, dtype, other, first, count);
  }

  /** {@return the same rows, of which batches are f32} */
  Rows asF32() {
    return new Rows(heap, array, stored, DType.F32, row, first, count);
  }

  /** {@return an element of these rows, by its place in row-major order} */
  double number(long index) {
    double value = stored.get(memory(), first * row.size() + index);
    Reference.reachabilityFence(array);
    return value;
  }

  private MemorySegment memory() {
    return array == null ? heap : array.storage().segment();
  }

  /**
   * Copies rows, one after the other, into an array, and converts them if they are to be f32.
   *
   * @param order which row comes at which place; {@code null} for all in order
   * @param from the first place of {@code order}
   * @param to the place after the last
   * @param out contiguous, starting at 0, of the type of batches, in main memory
   */
  void gather(int[] order, int from, int to, NdArray out) {
    long bytes = row.size() * stored.byteSize();
    MemorySegment source = memory();
    MemorySegment target = out.storage().segment();
    if (stored != dtype) {
      for (int i = from; i < to; i++) {
        int picked = first + (order == null ? i : order[i]);
        convert(source, picked * row.size(), target, (i - from) * row.size());
      }
    } else if (order == null) {
      MemorySegment.copy(source, (first + from) * bytes, target, 0, (to - from) * bytes);
    } else {
      for (int i = from; i < to; i++) {
        MemorySegment.copy(source, (first + order[i]) * bytes, target, (i - from) * bytes, bytes);
      }
    }
    Reference.reachabilityFence(array);
    Reference.reachabilityFence(out);
  }

  private void convert(MemorySegment source, long from, MemorySegment target, long to) {
    for (long i = 0; i < row.size(); i++) {
      target.setAtIndex(ValueLayout.JAVA_FLOAT, to + i, (float) stored.get(source, from + i));
    }
  }
}
