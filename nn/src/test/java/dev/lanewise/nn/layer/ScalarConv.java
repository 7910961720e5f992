package dev.lanewise.nn.layer;

import dev.lanewise.autodiff.Tensor;
import java.util.Arrays;

/** Convolutions by plain loops over volumes; series and images have axes of extent 1 in front. */
final class ScalarConv {
  private final int[] x;
  private final int[] kernel;
  private final int[] out;
  private final int[] stride;
  private final int[] dilation;
  private final int[] low;
  private final int groups;

  private ScalarConv(
      int[] x, int[] kernel, int[] out, int[] stride, int[] dilation, int[] low, int groups) {
    this.x = volumes(x);
    this.kernel = volumes(kernel);
    this.out = volumes(out);
    this.stride = three(stride, 1);
    this.dilation = three(dilation, 1);
    this.low = three(low, 0);
    this.groups = groups;
  }

  /** {@return a convolution from one shape to another; {@code low} is the padding in front} */
  static ScalarConv of(
      Tensor x, Tensor kernel, Tensor out, int[] stride, int[] dilation, int[] low, int groups) {
    return new ScalarConv(
        x.shape().dims(), kernel.shape().dims(), out.shape().dims(), stride, dilation, low, groups);
  }

  private static int[] volumes(int[] dims) {
    int[] all = {dims[0], dims[1], 1, 1, 1};
    System.arraycopy(dims, 2, all, 7 - dims.length, dims.length - 2);
    return all;
  }

  private static int[] three(int[] numbers, int otherwise) {
    int[] all = new int[3];
    Arrays.fill(all, otherwise);
    System.arraycopy(numbers, 0, all, 3 - numbers.length, numbers.length);
    return all;
  }

  /** What happens at each pair of an output and an input that meet at a tap. */
  private interface Meeting {
    void at(int out, int in, int tap);
  }

  double[] forward(double[] in, double[] taps) {
    double[] result = new double[size(out)];
    each((o, i, t) -> result[o] += in[i] * taps[t]);
    return result;
  }

  /** {@return what the transposed convolution gives} */
  double[] transposed(double[] in, double[] taps) {
    double[] result = new double[size(x)];
    each((o, i, t) -> result[i] += in[o] * taps[t]);
    return result;
  }

  private static int size(int[] dims) {
    return Arrays.stream(dims).reduce(1, (a, b) -> a * b);
  }

  private static int at(int[] dims, int... index) {
    int at = 0;
    for (int i = 0; i < dims.length; i++) {
      at = at * dims[i] + index[i];
    }
    return at;
  }

  private void each(Meeting meeting) {
    int perGroup = kernel[0] / groups;
    for (int o = 0; o < size(out); o++) {
      int[] at = index(out, o);
      for (int t = 0; t < kernel[1] * kernel[2] * kernel[3] * kernel[4]; t++) {
        int[] tap = index(new int[] {1, kernel[1], kernel[2], kernel[3], kernel[4]}, t);
        int[] from = {at[0], at[1] / perGroup * kernel[1] + tap[1], 0, 0, 0};
        boolean inside = true;
        for (int i = 0; i < 3; i++) {
          from[i + 2] = at[i + 2] * stride[i] + tap[i + 2] * dilation[i] - low[i];
          inside &= from[i + 2] >= 0 && from[i + 2] < x[i + 2];
        }
        if (inside) {
          int[] which = {at[1], tap[1], tap[2], tap[3], tap[4]};
          meeting.at(o, at(x, from), at(kernel, which));
        }
      }
    }
  }

  private static int[] index(int[] dims, int at) {
    int[] index = new int[dims.length];
    for (int i = dims.length - 1; i >= 0; i--) {
      index[i] = at % dims[i];
      at /= dims[i];
    }
    return index;
  }
}
