package dev.lanewise.simd;

import dev.lanewise.array.DType;
import dev.lanewise.kernel.ConvSpec;

/**
 * The gradient of a convolution by its filter: for each weight a sum over all outputs of all
 * images. {@link FilterGradientRun} adds up the images.
 *
 * <p>What fills the lanes of a vector is what there is most of: the channels of the input, the
 * filters, or, where a group has few of both, the outputs of a row.
 */
abstract class FilterGradient {
  final ConvSpec spec;
  final DType dtype;
  final int bytes;
  final int lanes;
  final Planes planes;
  final int images;
  final int groups;
  final int channels;
  final int filters;
  final int taps;
  final long inSize;
  final long outSize;

  FilterGradient(ConvSpec spec, DType dtype) {
    this.spec = spec;
    this.dtype = dtype;
    this.bytes = dtype.byteSize();
    this.lanes = Lanes.BITS / Byte.SIZE / bytes;
    this.planes = new Planes(spec.input(), spec.output(), spec.window());
    this.images = spec.input().dim(0);
    this.groups = spec.groups();
    this.channels = spec.filter().dim(1);
    this.filters = spec.filter().dim(0) / groups;
    this.taps = planes.taps();
    this.inSize = planes.inSize();
    this.outSize = planes.outSize();
  }

  /** {@return the way that wastes the fewest lanes} */
  static FilterGradient of(ConvSpec spec, DType dtype) {
    int lanes = Lanes.BITS / Byte.SIZE / dtype.byteSize();
    int channels = spec.filter().dim(1);
    int filters = spec.filter().dim(0) / spec.groups();
    long byChannels = (long) Math.ceilDiv(channels, lanes) * lanes * Math.max(4, filters);
    long byFilters = (long) Math.ceilDiv(filters, lanes) * lanes * channels * 5 / 4;
    // Two loads for each product, and the sums of the lanes at the end.
    long byOutputs = 3L * channels * filters;
    if (byOutputs <= Math.min(byChannels, byFilters)) {
      return new FilterGradientByOutputs(spec, dtype);
    }
    return byChannels <= byFilters
        ? new FilterGradientByChannels(spec, dtype)
        : new FilterGradientByFilters(spec, dtype);
  }

  /** {@return whether the layouts of this way are not much larger than the arrays are} */
  abstract boolean isReasonable();

  /** {@return the number of sums of one group, padding included} */
  abstract long sumsOfGroup();

  /** Lists where rows lie, and gets the kernels compiled. */
  abstract void prepare();

  /** {@return how many elements of memory one task needs} */
  abstract long memory();

  /**
   * Adds what one group of one image gives to the sums.
   *
   * @param memory the task's memory
   * @param x the group's channels of the image
   * @param grad the gradient by the group's outputs of the image
   * @param sums the sums of the group
   */
  abstract void add(long memory, long x, long grad, long sums);

  /** {@return what writes the sums of all groups to where they belong} */
  abstract Finish finish();

  /** Writes sums, padding left out, in the order of the filter. */
  interface Finish {
    void run(long sums, long filterGrad, Workers workers);
  }

  /** {@return extents with the spatial ones of the filter in the middle} */
  final int[] around(int[] before, int... after) {
    int spatial = spec.filter().rank() - 2;
    int[] dims = new int[before.length + spatial + after.length];
    System.arraycopy(before, 0, dims, 0, before.length);
    for (int i = 0; i < spatial; i++) {
      dims[before.length + i] = spec.filter().dim(i + 2);
    }
    System.arraycopy(after, 0, dims, before.length + spatial, after.length);
    return dims;
  }
}
