package dev.lanewise.array;

import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.util.Arrays;

/**
 * An n-dimensional array of numbers of one type: a {@link Layout} over a {@link Storage}. Views
 * share the storage; nothing here computes.
 *
 * {@snippet :
 * Backend backend = Backends.best();
 * NdArray a = NdArray.of(backend, new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
 * NdArray column = a.slice(1, 0, 1);     // a view of shape [2, 1]
 * a.permute(1, 0).toFloatArray();        // {1, 4, 2, 5, 3, 6}
 * }
 *
 * <p>Element access from Java is meant for tests, input and output: it checks every index and is
 * slow.
 */
public final class NdArray implements HasStorage {
  private final Storage storage;
  private final Layout layout;
  private final DType dtype;

  private NdArray(Storage storage, Layout layout, DType dtype) {
    this.storage = storage;
    this.layout = layout;
    this.dtype = dtype;
    // Checked once, here, for all kernels: no index of any view leaves the storage.
    long capacity = storage.byteSize() / dtype.byteSize();
    if (layout.lowest() < 0 || layout.highest() >= capacity) {
      throw new ShapeException(
          "view: layout " + layout + " leaves a storage of " + capacity + " elements");
    }
  }

  /**
   * {@return a new array with whatever was in its memory before}
   *
   * @param device who computes on it
   * @param dtype the type of its elements
   * @param shape its extents
   */
  public static NdArray uninitialized(Device device, DType dtype, Shape shape) {
    long bytes = shape.size() * dtype.byteSize();
    return new NdArray(device.storage(bytes), Layout.contiguous(shape), dtype);
  }

  /**
   * {@return a new array of zeros}
   *
   * @param device who computes on it
   * @param dtype the type of its elements
   * @param shape its extents
   */
  public static NdArray zeros(Device device, DType dtype, Shape shape) {
    NdArray array = uninitialized(device, dtype, shape);
    array.storage.clear();
    return array;
  }

  /**
   * {@return a new {@link DType#F32} array with a copy of the values}
   *
   * @param device who computes on it
   * @param values in row-major order
   * @param shape the extents; none given means {@code [values.length]}
   * @throws ShapeException if the shape has another number of elements
   */
  public static NdArray of(Device device, float[] values, int... shape) {
    NdArray array = sized(device, DType.F32, values.length, shape);
    array.storage.write(0, MemorySegment.ofArray(values));
    return array;
  }

  /**
   * {@return a new {@link DType#F64} array with a copy of the values}
   *
   * @param device who computes on it
   * @param values in row-major order
   * @param shape the extents; none given means {@code [values.length]}
   * @throws ShapeException if the shape has another number of elements
   */
  public static NdArray of(Device device, double[] values, int... shape) {
    NdArray array = sized(device, DType.F64, values.length, shape);
    array.storage.write(0, MemorySegment.ofArray(values));
    return array;
  }

  /**
   * {@return a new {@link DType#I32} array with a copy of the values}
   *
   * @param device who computes on it
   * @param values in row-major order
   * @param shape the extents; none given means {@code [values.length]}
   * @throws ShapeException if the shape has another number of elements
   */
  public static NdArray of(Device device, int[] values, int... shape) {
    NdArray array = sized(device, DType.I32, values.length, shape);
    array.storage.write(0, MemorySegment.ofArray(values));
    return array;
  }

  /**
   * {@return a new {@link DType#I64} array with a copy of the values}
   *
   * @param device who computes on it
   * @param values in row-major order
   * @param shape the extents; none given means {@code [values.length]}
   * @throws ShapeException if the shape has another number of elements
   */
  public static NdArray of(Device device, long[] values, int... shape) {
    NdArray array = sized(device, DType.I64, values.length, shape);
    array.storage.write(0, MemorySegment.ofArray(values));
    return array;
  }

  /**
   * {@return an array over memory of somebody else, without a copy} Writing into one is seen in the
   * other. A direct buffer is handed over by {@link MemorySegment#ofBuffer}.
   *
   * <p><b>A shared arena must not close while something computes with the array: that would end the
   * JVM.</b> With {@link java.lang.foreign.Arena#ofAuto} the memory lives as long as the array
   * does. Hand a memory over once, and take views of the array: that two arrays over one memory
   * overlap is not noticed where an operation must not write into what it reads.
   *
   * {@snippet :
   * MemorySegment memory = Arena.ofAuto().allocate(ValueLayout.JAVA_FLOAT, 6);
   * NdArray matrix = NdArray.wrap(backend, memory, DType.F32, Shape.of(2, 3));
   * }
   *
   * @param device who computes on it, in main memory
   * @param memory outside the Java heap and writable, aligned to the size of an element; holds the
   *     elements in row-major order and this machine's byte order
   * @param dtype the type of its elements
   * @param shape its extents
   * @throws ShapeException if the memory is smaller than the array
   * @throws IllegalArgumentException if the memory is on the heap, read-only, of one thread alone
   *     or not aligned, or the device is not in main memory
   * @throws IllegalStateException if the memory was freed
   */
  public static NdArray wrap(Device device, MemorySegment memory, DType dtype, Shape shape) {
    boolean shared = memory.isAccessibleBy(Thread.ofVirtual().unstarted(() -> {}));
    if (!device.memory().isHost() || !memory.isNative() || memory.isReadOnly() || !shared) {
      throw new IllegalArgumentException(
          "wrap: the memory must be outside the Java heap, writable and open to all threads (no"
              + " confined arena), and the device ('"
              + device.name()
              + "') in main memory; copy the values with NdArray.of instead ("
              + memory
              + ")");
    }
    if (memory.address() % dtype.byteSize() != 0) {
      throw new IllegalArgumentException(
          "wrap: memory at address %#x is not aligned to the %d bytes of an element of %s; copy it"
              .formatted(memory.address(), dtype.byteSize(), dtype));
    }
    NdArray array = new NdArray(Storage.over(device, memory), Layout.contiguous(shape), dtype);
    array.storage.requireAlive("wrap");
    return array;
  }

  /**
   * {@return the array that begins with a storage}
   *
   * @param storage the memory
   * @param dtype how its bytes are read
   * @param shape its extents
   * @throws ShapeException if the storage is too small
   */
  public static NdArray over(Storage storage, DType dtype, Shape shape) {
    return new NdArray(storage, Layout.contiguous(shape), dtype);
  }

  private static NdArray sized(Device device, DType dtype, int length, int[] dims) {
    Shape shape = dims.length == 0 ? Shape.of(length) : Shape.of(dims);
    if (shape.size() != length) {
      throw new ShapeException(
          "array: "
              + length
              + " values were given for shape "
              + shape
              + ", which has "
              + shape.size());
    }
    return uninitialized(device, dtype, shape);
  }

  /** {@return the memory under this array; views share it} */
  @Override
  public Storage storage() {
    return storage;
  }

  /** {@return how indices map to elements of the storage} */
  public Layout layout() {
    return layout;
  }

  /** {@return the type of the elements} */
  public DType dtype() {
    return dtype;
  }

  /** {@return the extents} */
  public Shape shape() {
    return layout.shape();
  }

  /** {@return the number of elements} */
  public long size() {
    return layout.shape().size();
  }

  /** {@return who computes on this array} */
  public Device device() {
    return storage.device();
  }

  /**
   * {@return another view of the same storage}
   *
   * @param layout the other mapping of indices to elements
   * @throws ShapeException if it reaches outside the storage
   */
  public NdArray view(Layout layout) {
    return layout.equals(this.layout) ? this : new NdArray(storage, layout, dtype);
  }

  /**
   * {@return a view with the axes in another order}
   *
   * @param order the old axis of each new one
   * @throws ShapeException if {@code order} is not a permutation of the axes
   */
  public NdArray permute(int... order) {
    return view(layout.permute(order));
  }

  /**
   * {@return a view of the indices from {@code start} up to, not including, {@code stop} of an
   * axis}
   *
   * @param axis the axis; negative counts from the last
   * @param start the first index
   * @param stop the index after the last
   * @throws ShapeException if there is no such range
   */
  public NdArray slice(int axis, int start, int stop) {
    return view(layout.slice(axis, start, stop, 1));
  }

  /**
   * {@return a view stretched to a larger shape}
   *
   * @param shape the shape to reach
   * @throws ShapeException if only a copy could have that shape
   */
  public NdArray broadcastTo(Shape shape) {
    return view(layout.broadcastTo(shape));
  }

  /**
   * {@return one element}
   *
   * @param index one index for each axis
   * @throws ShapeException if an index is outside its axis, or their number is not the rank
   */
  public double get(int... index) {
    MemorySegment element = element();
    storage.read(at(index) * dtype.byteSize(), element);
    return dtype.get(element, 0);
  }

  /**
   * Writes one element, rounded to the array's type.
   *
   * @param value the new value; for {@link DType#BOOL} everything but 0 is true
   * @param index one index for each axis
   * @throws ShapeException if an index is outside its axis, or their number is not the rank
   */
  public void set(double value, int... index) {
    MemorySegment element = element();
    dtype.set(element, 0, value);
    storage.write(at(index) * dtype.byteSize(), element);
  }

  /** {@return room for one element on the heap, aligned for every type} */
  private MemorySegment element() {
    return MemorySegment.ofArray(new long[1]).asSlice(0, dtype.byteSize());
  }

  private long at(int[] index) {
    if (index.length != shape().rank()) {
      throw new ShapeException(
          "index: " + Arrays.toString(index) + " has not one entry for each axis of " + shape());
    }
    long at = layout.offset();
    for (int i = 0; i < index.length; i++) {
      if (index[i] < 0 || index[i] >= shape().dim(i)) {
        throw new ShapeException("index: " + Arrays.toString(index) + " is outside " + shape());
      }
      at += index[i] * layout.stride(i);
    }
    return at;
  }

  /**
   * {@return this array if Java code can read its memory, or else a copy of it in main memory} A
   * copy has the same layout, but for its offset, and no backend.
   */
  public NdArray inHost() {
    if (device().memory().isHost()) {
      return this;
    }
    long first = layout.lowest();
    int bytes = dtype.byteSize();
    long count = layout.highest() + 1 - first;
    Storage copy = Storage.allocate(Device.HOST, count * bytes);
    if (count > 0) {
      storage.read(first * bytes, copy.segment());
    }
    return new NdArray(
        copy, count > 0 ? layout.shifted(-first) : Layout.contiguous(shape()), dtype);
  }

  /**
   * Overwrites all elements with those of another array, byte for byte.
   *
   * @param source in main memory, of this array's type and shape, in row-major order without gaps
   * @throws ShapeException if the source has another shape or gaps, or this array is no whole one:
   *     in row-major order without gaps
   * @throws DTypeException if the source is of another type
   */
  public void copyFromHost(NdArray source) {
    if (source.dtype != dtype) {
      throw new DTypeException(
          "copyFromHost: the source is " + source.dtype + ", the array " + dtype + "; cast first");
    }
    boolean plain = layout.isContiguous() && source.layout.isContiguous();
    if (!plain || !source.shape().equals(shape()) || !source.device().memory().isHost()) {
      throw new ShapeException(
          "copyFromHost: source and array must be of one shape and without gaps, the source in main"
              + " memory, not "
              + source.layout
              + " on "
              + source.device().name()
              + " and "
              + layout
              + "; copy with Backend.copy");
    }
    long bytes = dtype.byteSize();
    long first = source.layout.offset() * bytes;
    storage.write(layout.offset() * bytes, source.storage.segment().asSlice(first, size() * bytes));
    Reference.reachabilityFence(source.storage);
  }

  /** {@return all elements in row-major order, converted to {@code float}} */
  public float[] toFloatArray() {
    int n = javaLength();
    if (dtype == DType.F32 && layout.isContiguous()) {
      float[] all = new float[n];
      storage.read(layout.offset() * 4, MemorySegment.ofArray(all));
      return all;
    }
    double[] all = toDoubleArray();
    float[] floats = new float[n];
    for (int i = 0; i < n; i++) {
      floats[i] = (float) all[i];
    }
    return floats;
  }

  /** {@return all elements in row-major order, converted to {@code double}} */
  public double[] toDoubleArray() {
    double[] all = new double[javaLength()];
    NdArray host = inHost();
    MemorySegment segment = host.storage.segment();
    Cursor cursor = new Cursor(host.layout);
    for (int i = 0; i < all.length; i++, cursor.advance()) {
      all[i] = dtype.get(segment, cursor.element());
    }
    // The segment alone would not keep the garbage collector from giving the memory away.
    Reference.reachabilityFence(host);
    return all;
  }

  /** {@return all elements in row-major order, converted to {@code long}, fractions cut off} */
  public long[] toLongArray() {
    long[] all = new long[javaLength()];
    NdArray host = inHost();
    MemorySegment segment = host.storage.segment();
    Cursor cursor = new Cursor(host.layout);
    for (int i = 0; i < all.length; i++, cursor.advance()) {
      all[i] = dtype.getLong(segment, cursor.element());
    }
    Reference.reachabilityFence(host);
    return all;
  }

  private int javaLength() {
    if (size() > Integer.MAX_VALUE - 8) {
      throw new ShapeException("toArray: shape " + shape() + " does not fit one Java array");
    }
    return (int) size();
  }

  /**
   * {@return the elements, cut if they are many, with type and shape: {@code NdArray([1. 2.], f32
   * [2])}} {@link ArrayFormat} gives the elements alone, and other formats.
   */
  @Override
  public String toString() {
    return ArrayFormat.NUMPY.describe("NdArray", this, "");
  }
}
