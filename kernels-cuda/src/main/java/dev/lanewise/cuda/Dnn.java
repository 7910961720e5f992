package dev.lanewise.cuda;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import dev.lanewise.bindings.cuda.Cudnn;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * What the operations that cuDNN computes have in common: descriptors of tensors, the factors 1 and
 * 0, and arrays as cuDNN wants them.
 */
final class Dnn implements AutoCloseable {
  /** cuDNN counts the elements of a tensor by {@code int}. */
  static final long MOST_ELEMENTS = Integer.MAX_VALUE;

  /** Some of its kernels count images in an axis of their grid that has no more. */
  static final int MOST_IMAGES = 65_535;

  /**
   * Kernels of cuDNN read as much at once, and no documentation says that they look whether they
   * may.
   */
  private static final int ALIGNMENT = 16;

  private static final int MOST_TENSORS = 256;

  // As cuDNN reads them: float for data of f32, double for data of f64.
  private static final MemorySegment ONE_F32 = number(1f);
  private static final MemorySegment ZERO_F32 = number(0f);
  private static final MemorySegment ONE_F64 = number(1.0);
  private static final MemorySegment ZERO_F64 = number(0.0);

  /** What a tensor's descriptor is made of. */
  private record Tensor(DType dtype, Shape shape) {}

  private final CudaBackend backend;
  private final PlanCache<Tensor, DnnDescriptor> tensors = new PlanCache<>(MOST_TENSORS);

  Dnn(CudaBackend backend) {
    this.backend = backend;
  }

  private static MemorySegment number(float value) {
    return Arena.ofAuto().allocateFrom(Cudnn.C_FLOAT, value);
  }

  private static MemorySegment number(double value) {
    return Arena.ofAuto().allocateFrom(Cudnn.C_DOUBLE, value);
  }

  /** {@return a factor of 1 for data of a type} */
  static MemorySegment one(DType dtype) {
    return dtype == DType.F32 ? ONE_F32 : ONE_F64;
  }

  /** {@return a factor of 0 for data of a type: what was there is not read} */
  static MemorySegment zero(DType dtype) {
    return dtype == DType.F32 ? ZERO_F32 : ZERO_F64;
  }

  /** {@return cuDNN's handle, for whoever has begun an operation} */
  MemorySegment handle() {
    return backend.device().handles().dnn();
  }

  /**
   * {@return the descriptor of an array in row-major order without gaps, for whoever has begun an
   * operation}
   *
   * @param dtype the type of its elements
   * @param dims its extents, 4 or 5 of them
   */
  MemorySegment tensor(DType dtype, int... dims) {
    Tensor key = new Tensor(dtype, Shape.of(dims));
    return tensors.get(key, k -> DnnDescriptor.tensor(k.dtype, k.shape.dims())).handle();
  }

  /**
   * {@return how many images one call takes of those that lie one behind the other: all, or else so
   * many that the next ones begin as well aligned as the first}
   *
   * @param images how many there are
   * @param elements how many elements an image has
   */
  static int atOnce(int images, long elements) {
    long most = Math.min(MOST_IMAGES, MOST_ELEMENTS / elements);
    if (images <= most) {
      return images;
    }
    int aligned = ALIGNMENT / Float.BYTES;
    return (int) Math.max(1, most < aligned ? most : most / aligned * aligned);
  }

  /** {@return a device address as cuDNN takes it} */
  static MemorySegment at(long address) {
    return MemorySegment.ofAddress(address);
  }

  /** {@return whether cuDNN can take an array as it is} */
  private static boolean isPlain(NdArray x) {
    // The storage itself begins at a multiple of 64 bytes.
    long first = x.layout().offset() * x.dtype().byteSize();
    return x.layout().isContiguous() && first % ALIGNMENT == 0;
  }

  /** {@return an argument without gaps: itself, or a copy in the open scope} */
  NdArray plain(NdArray x) {
    return isPlain(x) ? x : backend.copied(x);
  }

  /**
   * {@return an array without gaps to write an output into: itself, or one in the open scope, which
   * {@link #deliver} then copies}
   */
  NdArray target(NdArray out) {
    return isPlain(out) ? out : backend.uninitialized(out.dtype(), out.shape());
  }

  /** Brings what was written to where it belongs. */
  void deliver(NdArray target, NdArray out) {
    if (target != out) {
      backend.copy(target, out);
    }
  }

  @Override
  public void close() {
    tensors.close();
  }
}
