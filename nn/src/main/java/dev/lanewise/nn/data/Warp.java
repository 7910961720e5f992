package dev.lanewise.nn.data;

import dev.lanewise.autodiff.Tensor;
import java.util.function.IntFunction;

/**
 * Images turned and stretched about their middle, by bilinear interpolation, with 0 around them.
 */
final class Warp {
  private Warp() {}

  /**
   * {@return the map of a rotation by an angle, counterclockwise as one looks at the image}
   *
   * @param angle in radians
   */
  static double[] turn(double angle) {
    double cos = StrictMath.cos(angle);
    double sin = StrictMath.sin(angle);
    // Rows count downwards.
    return new double[] {cos, sin, -sin, cos};
  }

  /**
   * {@return the map that makes an image larger}
   *
   * @param factor how much
   */
  static double[] zoom(double factor) {
    return new double[] {1 / factor, 0, 0, 1 / factor};
  }

  /**
   * {@return the changed images, of the same shape}
   *
   * @param x {@code [n, c, h, w]}
   * @param map for each image, the matrix {@code {a, b, c, d}} that gives the place of a pixel
   *     before, {@code (a·y + b·x, c·y + d·x)}, both counted from the middle, downwards and to the
   *     right
   */
  static Tensor apply(Tensor x, IntFunction<double[]> map) {
    int images = x.shape().dim(0);
    int height = x.shape().dim(2);
    int width = x.shape().dim(3);
    int[][] places = new int[4][Math.multiplyExact(images, height * width)];
    double[][] weights = new double[4][places[0].length];
    int at = 0;
    for (int n = 0; n < images; n++) {
      double[] m = map.apply(n);
      for (int i = 0; i < height; i++) {
        for (int j = 0; j < width; j++) {
          double y = i - (height - 1) / 2.0;
          double z = j - (width - 1) / 2.0;
          double row = m[0] * y + m[1] * z + (height - 1) / 2.0;
          double column = m[2] * y + m[3] * z + (width - 1) / 2.0;
          double top = Math.floor(row);
          double left = Math.floor(column);
          for (int corner = 0; corner < 4; corner++) {
            double r = corner < 2 ? top : top + 1;
            double c = corner % 2 == 0 ? left : left + 1;
            boolean inside = r >= 0 && r < height && c >= 0 && c < width;
            places[corner][at] = inside ? (int) r * width + (int) c : height * width;
            weights[corner][at] = (1 - Math.abs(row - r)) * (1 - Math.abs(column - c));
          }
          at++;
        }
      }
    }
    Tensor sum = Tensor.zeros(x.backend(), x.dtype(), x.shape());
    for (int corner = 0; corner < 4; corner++) {
      Tensor weight =
          Tensor.of(x.backend(), weights[corner], images, 1, height, width).cast(x.dtype());
      sum = sum.add(Windows.pick(x, places[corner], height, width).mul(weight));
    }
    return sum;
  }
}
