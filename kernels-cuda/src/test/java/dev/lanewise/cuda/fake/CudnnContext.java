package dev.lanewise.cuda.fake;

import dev.lanewise.bindings.cuda.Cudnn;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Set;
import java.util.function.Supplier;

/** What all functions of cuDNN share: handles and descriptors, factors, work on the stream. */
final class CudnnContext {

  static final int SUCCESS = Cudnn.CUDNN_STATUS_SUCCESS();

  /** Types of cuDNN that the double does not compute with. */
  private static final Set<Integer> TYPES_LEFT_OUT =
      Set.of(
          Cudnn.CUDNN_DATA_INT8(),
          Cudnn.CUDNN_DATA_UINT8(),
          Cudnn.CUDNN_DATA_INT64(),
          Cudnn.CUDNN_DATA_BOOLEAN());

  /** Why the function that runs on this thread refuses; the library keeps it as its last error. */
  static final ThreadLocal<String> REASON = new ThreadLocal<>();

  final DriverDouble cuda;
  final Out out;

  /** Why the last function that failed on a thread did so, until somebody asks. */
  final ThreadLocal<String> lastError = ThreadLocal.withInitial(() -> "");

  CudnnContext(DriverDouble cuda) {
    this.cuda = cuda;
    this.out = new Out(cuda.host);
  }

  /** Answers {@code CUDNN_STATUS_BAD_PARAM} unless the condition holds. */
  static void require(boolean condition, String rule, Object... values) {
    if (!condition) {
      String reason = rule.formatted(values);
      REASON.set(reason);
      throw Refusal.misuse(Cudnn.CUDNN_STATUS_BAD_PARAM(), reason);
    }
  }

  static Refusal notSupported(String what) {
    String reason = what + " is not supported";
    REASON.set(reason);
    return Refusal.of(Cudnn.CUDNN_STATUS_NOT_SUPPORTED(), reason);
  }

  static void supported(boolean condition, String what, Object... values) {
    if (!condition) {
      throw notSupported(what.formatted(values));
    }
  }

  static NumberType type(int cudnnType) {
    supported(!TYPES_LEFT_OUT.contains(cudnnType), "the data type %d", cudnnType);
    return NumberType.ofCudnn(cudnnType)
        .orElseGet(
            () -> {
              require(false, "no data type %d", cudnnType);
              throw new AssertionError();
            });
  }

  /** {@return the constant of an enum whose order is that of the library's numbers} */
  static <E> E choice(E[] constants, int number, String what) {
    require(number >= 0 && number < constants.length, "no %s %d", what, number);
    return constants[number];
  }

  CudnnHandle handle(MemorySegment handle) {
    return cuda.handles.get(CudnnHandle.class, handle);
  }

  /** {@return a new descriptor's handle, stored where the caller wants it} */
  int create(MemorySegment place, Supplier<?> thing) {
    require(place.address() != 0, "the place for the new descriptor is null");
    out.pointer(place, cuda.handles.add(thing.get()));
    return SUCCESS;
  }

  /** Ends a descriptor; null is none and may be ended, as seen with 9.5. */
  int destroy(Class<?> kind, MemorySegment handle) {
    if (handle.address() != 0) {
      cuda.handles.remove(kind, handle);
    }
    return SUCCESS;
  }

  /** {@return the shape of a tensor descriptor that is set} */
  TensorShape tensor(MemorySegment descriptor, String name) {
    TensorShape shape = cuda.handles.get(TensorDescriptor.class, descriptor).shape;
    require(shape != null, "%s is not set", name);
    return shape;
  }

  FilterDescriptor filter(MemorySegment descriptor, String name) {
    FilterDescriptor filter = cuda.handles.get(FilterDescriptor.class, descriptor);
    require(filter.shape != null, "%s is not set", name);
    return filter;
  }

  /**
   * {@return a factor of the host} It is a double for tensors of doubles and a float for all others
   * (documentation: scaling parameters).
   */
  double factor(MemorySegment pointer, NumberType of, String name) {
    require(pointer.address() != 0, "%s is null", name);
    NumberType type = of == NumberType.F64 ? NumberType.F64 : NumberType.F32;
    return type.get(cuda.host.at(pointer, type.bytes()), 0);
  }

  static StridedArray at(TensorShape shape, MemorySegment data, String name) {
    notNull(data, name);
    return shape.at(data.address());
  }

  static void notNull(MemorySegment data, String name) {
    require(data.address() != 0, "%s is null", name);
  }

  int[] numbers(MemorySegment array, int count, String name) {
    notNull(array, name);
    return cuda.host
        .at(array, (long) count * Integer.BYTES)
        .toArray(ValueLayout.JAVA_INT_UNALIGNED);
  }

  void numbers(MemorySegment array, int[] values) {
    MemorySegment to = cuda.host.at(array, (long) values.length * Integer.BYTES);
    MemorySegment.copy(values, 0, to, ValueLayout.JAVA_INT_UNALIGNED, 0, values.length);
  }

  int submit(CudnnHandle handle, String what, Runnable work) {
    cuda.streams.submit(handle.stream, what, work);
    return SUCCESS;
  }

  /** Refuses, when the work is done, a result that shares memory with another operand. */
  static void checkApart(StridedArray result, StridedArray... operands) {
    for (StridedArray operand : operands) {
      if (result.overlaps(operand)) {
        throw new DeviceFault("the result overlaps an operand; it has no value on a device");
      }
    }
    if (result.overlapsItself()) {
      throw new DeviceFault("two elements of the result are one place in memory");
    }
  }
}
