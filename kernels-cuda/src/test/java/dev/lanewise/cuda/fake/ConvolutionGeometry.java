package dev.lanewise.cuda.fake;

import static dev.lanewise.cuda.fake.CudnnContext.require;
import static dev.lanewise.cuda.fake.CudnnContext.supported;

import dev.lanewise.cuda.fake.ConvolutionDescriptor.Convolution;
import java.util.Arrays;

/**
 * Input, filter and output of a convolution that fit together, with 3 spatial dimensions, the first
 * of extent 1 if there are 2.
 */
final class ConvolutionGeometry {

  final TensorShape x;
  final TensorShape w;
  final TensorShape y;
  final int groups;
  final boolean flipped;
  final boolean plain;

  /** The extents of input, filter and output, then padding, stride and dilation. */
  private final int[] in;

  private final int[] taps;
  private final int[] out;
  private final int[] padding;
  private final int[] stride;
  private final int[] dilation;

  private ConvolutionGeometry(
      TensorShape x, TensorShape w, TensorShape y, Convolution convolution, int groups) {
    this.x = x;
    this.w = w;
    this.y = y;
    this.groups = groups;
    this.flipped = convolution.mode() == ConvolutionDescriptor.Mode.CONVOLUTION;
    int spatial = x.rank() - 2;
    this.in = three(Arrays.copyOfRange(x.dims(), 2, x.rank()), 1);
    this.taps = three(Arrays.copyOfRange(w.dims(), 2, x.rank()), 1);
    this.out = three(Arrays.copyOfRange(y.dims(), 2, x.rank()), 1);
    this.padding = three(convolution.padding(), 0);
    this.stride = three(convolution.stride(), 1);
    this.dilation = three(convolution.dilation(), 1);
    this.plain = spatial == 2 && groups == 1 && Arrays.stream(dilation).allMatch(each -> each == 1);
  }

  private static int[] three(int[] values, int first) {
    return values.length == 3 ? values : new int[] {first, values[0], values[1]};
  }

  /**
   * Checks that they fit.
   *
   * @throws Refusal with CUDNN_STATUS_BAD_PARAM for shapes, with CUDNN_STATUS_NOT_SUPPORTED for
   *     types and layouts that cuDNN or the double does not have
   */
  static ConvolutionGeometry of(
      TensorShape x, FilterDescriptor filter, TensorShape y, ConvolutionDescriptor descriptor) {
    Convolution convolution = descriptor.convolution;
    require(convolution != null, "convDesc is not set");
    TensorShape w = filter.shape;
    int[] output = output(x, w, convolution, descriptor.groups);
    require(Arrays.equals(output, y.dims()), "y is %s, not %s", y, Arrays.toString(output));
    require(
        w.dim(0) % descriptor.groups == 0, "%d filters for %d groups", w.dim(0), descriptor.groups);
    supported(x.rank() == 4 || x.rank() == 5, "a convolution over %d dimensions", x.rank() - 2);
    supported(!filter.channelsLast, "a filter with its channels last");
    // the configurations of the documentation but those of half sums and integers
    NumberType type = x.type();
    supported(
        w.type() == type
            && y.type() == type
            && type != NumberType.I32
            && convolution.computeType() == (type == NumberType.F64 ? type : NumberType.F32),
        "%s with %s to %s in %s",
        type,
        w.type(),
        y.type(),
        convolution.computeType());
    return new ConvolutionGeometry(x, w, y, convolution, descriptor.groups);
  }

  /** {@return the dimensions of the output}, refusing in the words of cuDNN 9.5 */
  static int[] output(TensorShape x, TensorShape w, Convolution convolution, int groups) {
    require(
        x.rank() == w.rank(),
        "inputTensorDesc->nbDims != filterDesc->nbDims: %d, %d",
        x.rank(),
        w.rank());
    require(
        convolution.padding().length == w.rank() - 2,
        "convDesc->arrayLength != (filterDesc->nbDims - 2): %d, %d",
        convolution.padding().length,
        w.rank());
    require(
        x.dim(1) == groups * w.dim(1),
        "inputTensorDesc->dimA[1] != convDesc->groupCount * filterDesc->dimA[1]: %d, %d * %d",
        x.dim(1),
        groups,
        w.dim(1));
    int[] output = new int[x.rank()];
    output[0] = x.dim(0);
    output[1] = w.dim(0);
    for (int i = 2; i < output.length; i++) {
      output[i] = convolution.output(i - 2, x.dim(i), w.dim(i));
      require(output[i] > 0, "dim %d of the output is %d", i, output[i]);
    }
    return output;
  }

  /** {@return whether all strides are 1 and all filters' extents the same, one of the given} */
  boolean unitStrideWithTaps(int... extents) {
    return Arrays.stream(stride).allMatch(each -> each == 1)
        && taps[1] == taps[2]
        && Arrays.stream(extents).anyMatch(each -> each == taps[1]);
  }

  boolean unitStride() {
    return Arrays.stream(stride).allMatch(each -> each == 1);
  }

  /** What is done with each product of an input, a tap and an output, by their places. */
  @FunctionalInterface
  interface Pairing {
    void add(int x, int w, int y);
  }

  /** Visits all pairs of an output element and a tap that meet an element of the input. */
  void visit(Pairing pairing) {
    int inputs = w.dim(1);
    int filters = w.dim(0) / groups;
    for (int n = 0; n < x.dim(0); n++) {
      for (int k = 0; k < w.dim(0); k++) {
        for (int c = 0; c < inputs; c++) {
          int channel = k / filters * inputs + c;
          visitPlane(
              (n * x.dim(1) + channel) * volume(in),
              (k * inputs + c) * volume(taps),
              (n * w.dim(0) + k) * volume(out),
              pairing);
        }
      }
    }
  }

  private void visitPlane(int x0, int w0, int y0, Pairing pairing) {
    for (int output = 0; output < volume(out); output++) {
      for (int tap = 0; tap < volume(taps); tap++) {
        int input = input(output, flipped ? volume(taps) - 1 - tap : tap);
        if (input >= 0) {
          pairing.add(x0 + input, w0 + tap, y0 + output);
        }
      }
    }
  }

  /** {@return the place of the input that a tap meets for an output, -1 in the padding} */
  private int input(int output, int tap) {
    int place = 0;
    for (int axis = 0; axis < 3; axis++) {
      int at =
          index(output, out, axis) * stride[axis]
              - padding[axis]
              + index(tap, taps, axis) * dilation[axis];
      if (at < 0 || at >= in[axis]) {
        return -1;
      }
      place = place * in[axis] + at;
    }
    return place;
  }

  private static int index(int place, int[] extents, int axis) {
    return switch (axis) {
      case 0 -> place / (extents[1] * extents[2]);
      case 1 -> place / extents[2] % extents[1];
      default -> place % extents[2];
    };
  }

  private static int volume(int[] extents) {
    return extents[0] * extents[1] * extents[2];
  }
}
