package dev.lanewise.bench.golden;

import dev.lanewise.autodiff.Tensor;
import java.util.Map;
import java.util.function.Function;

/** Reductions, and what else works along axes. */
final class ReductionOperations {
  static final Map<String, Operation> TABLE =
      Map.ofEntries(
          over("sum", _ -> Tensor::sum),
          over("mean", _ -> Tensor::mean),
          over("amax", _ -> Tensor::max),
          over("amin", _ -> Tensor::min),
          over("var", ReductionOperations::variance),
          over("std", c -> (x, keep, axes) -> variance(c).apply(x, keep, axes).sqrt()),
          over("prod", _ -> Tensor::prod),
          over("logsumexp", _ -> Tensor::logSumExp),
          along("cumsum", c -> c.x().cumSum(c.axis())),
          along("cumprod", c -> c.x().cumProd(c.axis())),
          along("argmax", c -> kept(c, c.x().argMax(c.axis()))),
          along("argmin", c -> kept(c, c.x().argMin(c.axis()))),
          over("norm", c -> (x, keep, axes) -> x.norm(c.attributes().real("p", 2), keep, axes)),
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
                              c.attributes().flag("largest", true)))),
          Map.entry("sort", c -> both(c.x().sort(c.axis(), c.attributes().flag("descending")))));

  /** A reduction of the tensors' own. */
  @FunctionalInterface
  private interface Reduction {
    Tensor apply(Tensor x, boolean keepDims, int... axes);
  }

  private ReductionOperations() {}

  private static Map.Entry<String, Operation> over(
      String name, Function<Call, Reduction> reduction) {
    return Map.entry(
        name,
        Operation.of(
            c -> {
              boolean one = c.attributes().has("axis") || c.attributes().has("dim");
              int[] axes = one ? new int[] {c.axis()} : c.attributes().integers("axes");
              return reduction.apply(c).apply(c.x(), c.attributes().flag("keepdim"), axes);
            }));
  }

  /** {@return the variance whose divisor is smaller than the number of elements by {@code ddof}} */
  private static Reduction variance(Call c) {
    int ddof = c.attributes().integer("ddof", 0);
    return (x, keep, axes) -> {
      Tensor variance = x.variance(keep, axes);
      if (ddof == 0) {
        return variance;
      }
      double count = (double) x.size() / variance.size();
      return variance.mul(count / (count - ddof));
    };
  }

  private static Tensor kept(Call c, Tensor found) {
    return c.attributes().flag("keepdim") ? found.expandDims(c.axis()) : found;
  }

  private static Map.Entry<String, Operation> along(String name, Operation.Single operation) {
    return Map.entry(name, Operation.of(operation));
  }

  private static Tensor[] both(Tensor.Sorted sorted) {
    return new Tensor[] {sorted.values(), sorted.indices()};
  }
}
