package dev.lanewise.bench.golden;

import dev.lanewise.autodiff.Tensor;
import java.util.Map;

/** Reductions, and what else works along axes. */
final class ReductionOperations {
  static final Map<String, Operation> TABLE =
      Map.ofEntries(
          over("sum", Tensor::sum),
          over("mean", Tensor::mean),
          over("amax", Tensor::max),
          over("amin", Tensor::min),
          over("var", Tensor::variance),
          over("std", Tensor::std),
          over("prod", Tensor::prod),
          over("logsumexp", Tensor::logSumExp),
          along("cumsum", c -> c.x().cumSum(c.axis())),
          along("cumprod", c -> c.x().cumProd(c.axis())),
          along("argmax", c -> c.x().argMax(c.axis())),
          along("argmin", c -> c.x().argMin(c.axis())),
          along("norm", c -> c.x().norm(c.attributes().real("p"), c.axis())),
          along("softmax", c -> c.x().softmax(c.axis())),
          along("log_softmax", c -> c.x().logSoftmax(c.axis())),
          Map.entry(
              "topk",
              c ->
                  both(
                      c.x()
                          .topK(
                              c.attributes().integer("k"),
                              c.axis(),
                              c.attributes().flag("largest")))),
          Map.entry("sort", c -> both(c.x().sort(c.axis(), c.attributes().flag("descending")))));

  /** A reduction of the tensors' own. */
  @FunctionalInterface
  private interface Reduction {
    Tensor apply(Tensor x, boolean keepDims, int... axes);
  }

  private ReductionOperations() {}

  private static Map.Entry<String, Operation> over(String name, Reduction reduction) {
    Operation.Single operation =
        c -> {
          if (c.attributes().has("ddof") && c.attributes().integer("ddof") != 0) {
            throw new IllegalArgumentException("only ddof 0 is known");
          }
          boolean one = c.attributes().has("axis") || c.attributes().has("dim");
          int[] axes = one ? new int[] {c.axis()} : c.attributes().integers("axes");
          return reduction.apply(c.x(), c.attributes().flag("keepdim"), axes);
        };
    return Map.entry(name, Operation.of(operation));
  }

  private static Map.Entry<String, Operation> along(String name, Operation.Single operation) {
    return Map.entry(name, Operation.of(operation));
  }

  private static Tensor[] both(Tensor.Sorted sorted) {
    return new Tensor[] {sorted.values(), sorted.indices()};
  }
}
