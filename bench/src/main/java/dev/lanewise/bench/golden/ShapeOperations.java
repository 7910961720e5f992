package dev.lanewise.bench.golden;

import dev.lanewise.array.DType;
import dev.lanewise.autodiff.Padding;
import dev.lanewise.autodiff.Tensor;
import java.util.HashMap;
import java.util.Map;

/** Operations that put numbers elsewhere, or pick some of them. */
final class ShapeOperations {
  static final Map<String, Operation> TABLE = new HashMap<>();

  static {
    shapes();
    arrangements();
    picking();
  }

  private ShapeOperations() {}

  private static void op(String name, Operation.Single operation) {
    TABLE.put(name, Operation.of(operation));
  }

  private static void shapes() {
    op("reshape", c -> c.x().reshape(c.attributes().integers("shape")));
    op("permute", c -> c.x().permute(c.attributes().integers("perm")));
    op("broadcast_to", c -> c.x().broadcastTo(c.attributes().integers("shape")));
    op("squeeze", c -> c.x().squeeze(c.axis()));
    op("unsqueeze", c -> c.x().expandDims(c.axis()));
    op("concat", c -> Tensor.concat(c.axis(), c.all()));
    op("stack", c -> Tensor.stack(c.axis(), c.all()));
    TABLE.put(
        "split",
        c -> c.x().split(c.axis(), c.attributes().integers("sizes")).toArray(Tensor[]::new));
    op("diagonal", c -> c.x().diagonal());
    op("pixel_shuffle", c -> c.x().pixelShuffle(c.attributes().integer("r")));
  }

  private static void arrangements() {
    op("tile", c -> c.x().tile(c.attributes().integers("reps")));
    op("repeat", c -> c.x().repeat(c.attributes().integer("repeats"), c.axis()));
    op("flip", c -> c.x().flip(c.attributes().integers("axes")));
    op("roll", ShapeOperations::roll);
    op("pad", ShapeOperations::pad);
    op("tril", c -> c.x().tril(c.attributes().integer("k", 0)));
    op("triu", c -> c.x().triu(c.attributes().integer("k", 0)));
    op("masked_fill", c -> c.x().maskedFill(c.in("m"), c.attributes().real("value")));
  }

  private static void picking() {
    op("slice", c -> c.x().at(c.attributes().text("index")));
    op("gather", c -> c.x().gather(c.axis(), c.in("i")));
    op("index_select", c -> c.x().indexSelect(c.axis(), c.in("i")));
    op("scatter_add", c -> c.x().scatterAdd(c.axis(), c.in("i"), c.in("s")));
    op("embedding", c -> embedding(c.in("w"), c.in("i")));
    op("one_hot", c -> c.in("i").oneHot(c.attributes().integer("depth"), DType.F32));
  }

  private static Tensor roll(Call c) {
    int[] shifts = c.attributes().integers("shifts");
    int[] axes = c.attributes().integers("axes");
    Tensor rolled = c.x();
    for (int i = 0; i < axes.length; i++) {
      rolled = rolled.roll(shifts[i], axes[i]);
    }
    return rolled;
  }

  private static Tensor pad(Call c) {
    int[] counts = c.attributes().integers("last_dim_first");
    String mode = c.attributes().text("mode", "constant");
    Tensor padded = c.x();
    for (int i = 0; i < counts.length / 2; i++) {
      int axis = -1 - i;
      int before = counts[2 * i];
      int after = counts[2 * i + 1];
      padded =
          switch (mode) {
            case "constant" -> padded.pad(axis, before, after, c.attributes().real("value", 0));
            case "reflect" -> padded.pad(axis, before, after, Padding.REFLECT);
            case "replicate" -> padded.pad(axis, before, after, Padding.EDGE);
            case "circular" -> padded.pad(axis, before, after, Padding.WRAP);
            default -> throw new IllegalArgumentException("there is no padding '" + mode + "'");
          };
    }
    return padded;
  }

  private static Tensor embedding(Tensor weights, Tensor indices) {
    int[] dims = new int[indices.shape().rank() + 1];
    System.arraycopy(indices.shape().dims(), 0, dims, 0, dims.length - 1);
    dims[dims.length - 1] = weights.shape().dim(1);
    return weights.indexSelect(0, indices.reshape(-1)).reshape(dims);
  }
}
