package dev.lanewise.cuda.fake;

import dev.lanewise.cuda.fake.PoolingDescriptor.Pooling;
import java.util.ArrayList;
import java.util.List;

/** The windows of a pooling over arrays of [n, c, spatial...] in row-major order. */
final class PoolingWindows {

  private final Pooling pooling;
  private final int planes;
  private final int[] in = {1, 1, 1};
  private final int[] out = {1, 1, 1};
  private final int[] window = {1, 1, 1};
  private final int[] padding = {0, 0, 0};
  private final int[] stride = {1, 1, 1};

  PoolingWindows(Pooling pooling, int[] input, int[] output) {
    this.pooling = pooling;
    this.planes = input[0] * input[1];
    int spatial = input.length - 2;
    for (int i = 0; i < spatial; i++) {
      int axis = i + 3 - spatial;
      in[axis] = input[i + 2];
      out[axis] = output[i + 2];
      window[axis] = pooling.window()[i];
      padding[axis] = pooling.padding()[i];
      stride[axis] = pooling.stride()[i];
    }
  }

  private int inputs() {
    return in[0] * in[1] * in[2];
  }

  private int outputs() {
    return out[0] * out[1] * out[2];
  }

  /** {@return the places of a plane that a window covers, in row-major order} */
  private List<Integer> covered(int output) {
    int[] at = {output / (out[1] * out[2]), output / out[2] % out[1], output % out[2]};
    List<Integer> places = new ArrayList<>();
    for (int d = 0; d < window[0]; d++) {
      for (int h = 0; h < window[1]; h++) {
        for (int w = 0; w < window[2]; w++) {
          int z = at[0] * stride[0] - padding[0] + d;
          int y = at[1] * stride[1] - padding[1] + h;
          int x = at[2] * stride[2] - padding[2] + w;
          if (z >= 0 && z < in[0] && y >= 0 && y < in[1] && x >= 0 && x < in[2]) {
            places.add((z * in[1] + y) * in[2] + x);
          }
        }
      }
    }
    return places;
  }

  private int divisor(List<Integer> covered) {
    return pooling.mode() == PoolingDescriptor.Mode.AVERAGE_COUNT_INCLUDE_PADDING
        ? window[0] * window[1] * window[2]
        : covered.size();
  }

  double[] forward(double[] x) {
    double[] y = new double[planes * outputs()];
    for (int i = 0; i < y.length; i++) {
      int plane = i / outputs() * inputs();
      List<Integer> covered = covered(i % outputs());
      double result = pooling.mode().max() ? Double.NEGATIVE_INFINITY : 0;
      for (int place : covered) {
        double value = x[plane + place];
        if (!pooling.mode().max()) {
          result += value;
        } else {
          result = pooling.propagateNan() ? Math.max(result, value) : Extremes.max(result, value);
        }
      }
      y[i] = pooling.mode().max() ? result : result / divisor(covered);
    }
    return y;
  }

  /** The change of a greatest element goes to the first of the window that is equal to y. */
  double[] backward(double[] x, double[] y, double[] dy) {
    double[] dx = new double[planes * inputs()];
    for (int i = 0; i < dy.length; i++) {
      int plane = i / outputs() * inputs();
      List<Integer> covered = covered(i % outputs());
      for (int place : covered) {
        if (!pooling.mode().max()) {
          dx[plane + place] += dy[i] / divisor(covered);
        } else if (matches(x[plane + place], y[i])) {
          dx[plane + place] += dy[i];
          break;
        }
      }
    }
    return dx;
  }

  private static boolean matches(double x, double y) {
    return x == y || Double.isNaN(x) && Double.isNaN(y);
  }
}
