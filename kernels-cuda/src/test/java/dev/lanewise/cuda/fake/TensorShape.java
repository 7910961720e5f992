package dev.lanewise.cuda.fake;

import static dev.lanewise.cuda.fake.CudnnContext.require;

import dev.lanewise.bindings.cuda.Cudnn;
import java.util.Arrays;

/** What a tensor descriptor of cuDNN holds: a type, dimensions and strides in elements. */
final class TensorShape {

  private final NumberType type;
  private final int[] dims;
  private final int[] strides;

  private TensorShape(NumberType type, int[] dims, int[] strides) {
    this.type = type;
    this.dims = dims;
    this.strides = strides;
  }

  /** {@return a packed shape, channels right after the batch or last} */
  static TensorShape packed(NumberType type, int format, int[] dims) {
    require(
        format == Cudnn.CUDNN_TENSOR_NCHW() || format == Cudnn.CUDNN_TENSOR_NHWC(),
        "no tensor format %d",
        format);
    for (int dim : dims) {
      require(dim > 0, "dimA[i] <= 0: %s", Arrays.toString(dims));
    }
    int[] strides = new int[dims.length];
    boolean channelsLast = format == Cudnn.CUDNN_TENSOR_NHWC();
    int step = 1;
    if (channelsLast) {
      strides[1] = 1;
      step = dims[1];
    }
    for (int i = dims.length - 1; i >= 0; i--) {
      if (i != 1 || !channelsLast) {
        strides[i] = step;
        step = limited((long) step * dims[i]);
      }
    }
    return new TensorShape(type, dims, strides);
  }

  /**
   * {@return a shape of any strides} The real library takes negative strides too; those are refused
   * here.
   */
  static TensorShape strided(NumberType type, int[] dims, int[] strides) {
    long count = 1;
    for (int i = 0; i < dims.length; i++) {
      require(dims[i] > 0, "dimA[i] <= 0: %s", Arrays.toString(dims));
      require(
          strides[i] != 0 || dims[i] == 1,
          "(strideA[i] == 0) && (dimA[i] != 1): %s",
          Arrays.toString(strides));
      require(strides[i] >= 0, "a negative stride: %s", Arrays.toString(strides));
      count = limited(count * dims[i]);
    }
    return new TensorShape(type, dims, strides);
  }

  /** Seen with 9.5: more elements than an int counts are CUDNN_STATUS_NOT_SUPPORTED. */
  private static int limited(long count) {
    if (count > Integer.MAX_VALUE) {
      throw CudnnContext.notSupported("a tensor of more than 2147483647 elements");
    }
    return (int) count;
  }

  NumberType type() {
    return type;
  }

  int rank() {
    return dims.length;
  }

  int dim(int axis) {
    return dims[axis];
  }

  int stride(int axis) {
    return strides[axis];
  }

  int[] dims() {
    return dims.clone();
  }

  int[] strides() {
    return strides.clone();
  }

  int count() {
    return Arrays.stream(dims).reduce(1, (a, b) -> a * b);
  }

  long bytes() {
    return at(0).bytes();
  }

  boolean sameDims(TensorShape other) {
    return Arrays.equals(dims, other.dims);
  }

  boolean sameStrides(TensorShape other) {
    return Arrays.equals(strides, other.strides);
  }

  /** {@return the tensor at a device address} */
  StridedArray at(long address) {
    return new StridedArray(type, address, longs(dims), longs(strides));
  }

  /** {@return whether each dimension is that of another shape, or 1} */
  boolean expandsTo(TensorShape other) {
    if (rank() != other.rank()) {
      return false;
    }
    for (int i = 0; i < dims.length; i++) {
      if (dims[i] != 1 && dims[i] != other.dims[i]) {
        return false;
      }
    }
    return true;
  }

  /** {@return the tensor at a device address, its dimensions of 1 repeated to another shape's} */
  StridedArray at(long address, TensorShape expanded) {
    long[] steps = longs(strides);
    for (int i = 0; i < dims.length; i++) {
      steps[i] = dims[i] == 1 ? 0 : steps[i];
    }
    return new StridedArray(type, address, longs(expanded.dims), steps);
  }

  private static long[] longs(int[] values) {
    return Arrays.stream(values).asLongStream().toArray();
  }

  @Override
  public String toString() {
    return type + " " + Arrays.toString(dims) + " strides " + Arrays.toString(strides);
  }
}
