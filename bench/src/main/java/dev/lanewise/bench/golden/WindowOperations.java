package dev.lanewise.bench.golden;

import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.PoolSpec;
import dev.lanewise.kernel.Window;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Convolutions, pooling and upsampling. */
final class WindowOperations {
  static final Map<String, Operation> TABLE = new HashMap<>();

  static {
    for (int axes = 1; axes <= 3; axes++) {
      int n = axes;
      op("conv" + n + "d", c -> conv(c, n));
      op("conv_transpose" + n + "d", c -> convTranspose(c, n));
      op("max_pool" + n + "d", c -> c.x().maxPool(pooling(c, n)));
      op("avg_pool" + n + "d", c -> c.x().avgPool(pooling(c, n), countsPadding(c)));
      op(
          "adaptive_avg_pool" + n + "d",
          c -> c.x().adaptiveAvgPool(many(c.attributes().integers("output_size"), n, 1)));
      op(
          "adaptive_max_pool" + n + "d",
          c -> c.x().adaptiveMaxPool(many(c.attributes().integers("output_size"), n, 1)));
      op("global_max_pool" + n + "d", c -> c.x().globalMaxPool());
      op("global_avg_pool" + n + "d", c -> c.x().globalAvgPool());
    }
    op("upsample_nearest", c -> c.x().upsampleNearest(scale(c)));
    op(
        "upsample_bilinear",
        c ->
            c.x().upsampleBilinear(scale(c)[0], scale(c)[1], c.attributes().flag("align_corners")));
  }

  private WindowOperations() {}

  private static void op(String name, Operation.Single operation) {
    TABLE.put(name, Operation.of(operation));
  }

  /** {@return one number for each axis; one alone is that of all} */
  private static int[] many(int[] given, int axes, int otherwise) {
    if (given.length == axes) {
      return given;
    }
    int[] all = new int[axes];
    Arrays.fill(all, given.length == 0 ? otherwise : given[0]);
    return all;
  }

  private static Window window(Call c, int[] kernel) {
    int n = kernel.length;
    return Window.of(kernel)
        .withStride(many(c.attributes().integers("stride"), n, 1))
        .withPadding(many(c.attributes().integers("padding"), n, 0))
        .withDilation(many(c.attributes().integers("dilation"), n, 1));
  }

  private static int[] kernel(Tensor filter) {
    int[] dims = filter.shape().dims();
    return Arrays.copyOfRange(dims, 2, dims.length);
  }

  private static Tensor conv(Call c, int axes) {
    Tensor filter = c.in("w");
    Window window = window(c, many(kernel(filter), axes, 1));
    int groups = c.attributes().integer("groups", 1);
    Tensor bias = c.inOrNull("b");
    return bias == null
        ? c.x().conv(filter, window, groups)
        : c.x().conv(filter, bias, window, groups);
  }

  private static Tensor convTranspose(Call c, int axes) {
    Tensor filter = c.in("w");
    Window window = window(c, many(kernel(filter), axes, 1));
    int[] more = many(c.attributes().integers("output_padding"), axes, 0);
    int[] spatial = new int[axes];
    for (int i = 0; i < axes; i++) {
      int reach = (window.kernel(i) - 1) * window.dilation(i) + 1;
      int steps = (c.x().shape().dim(i + 2) - 1) * window.stride(i);
      spatial[i] = steps + reach + more[i] - window.padLow(i) - window.padHigh(i);
    }
    Tensor out = c.x().convTranspose(filter, window, c.attributes().integer("groups", 1), spatial);
    Tensor bias = c.inOrNull("b");
    return bias == null ? out : out.add(perChannel(bias, out.shape().rank()));
  }

  /** {@return a number for each channel, in the shape in which it stretches over all places} */
  private static Tensor perChannel(Tensor x, int rank) {
    int[] dims = new int[rank - 1];
    Arrays.fill(dims, 1);
    dims[0] = -1;
    return x.reshape(dims);
  }

  private static PoolSpec pooling(Call c, int axes) {
    int[] kernel = many(c.attributes().integers("kernel_size"), axes, 1);
    Window window = window(c, kernel);
    if (!c.attributes().has("stride")) {
      window = window.withStride(kernel);
    }
    return PoolSpec.of(c.x().shape(), window, c.attributes().flag("ceil_mode"));
  }

  private static boolean countsPadding(Call c) {
    return !c.attributes().has("count_include_pad") || c.attributes().flag("count_include_pad");
  }

  private static int[] scale(Call c) {
    return many(c.attributes().integers("scale"), c.x().shape().rank() - 2, 1);
  }
}
