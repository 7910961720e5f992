package dev.lanewise.bench.golden;

import dev.lanewise.nn.loss.BinaryCrossentropy;
import dev.lanewise.nn.loss.CategoricalCrossentropy;
import dev.lanewise.nn.loss.CosineEmbedding;
import dev.lanewise.nn.loss.CrossEntropy;
import dev.lanewise.nn.loss.GaussianNLL;
import dev.lanewise.nn.loss.HingeEmbedding;
import dev.lanewise.nn.loss.Huber;
import dev.lanewise.nn.loss.KLDiv;
import dev.lanewise.nn.loss.Loss;
import dev.lanewise.nn.loss.MarginRanking;
import dev.lanewise.nn.loss.MeanAbsoluteError;
import dev.lanewise.nn.loss.MeanSquaredError;
import dev.lanewise.nn.loss.MultiMargin;
import dev.lanewise.nn.loss.NegativeLogLikelihood;
import dev.lanewise.nn.loss.PoissonNLL;
import dev.lanewise.nn.loss.Reduction;
import dev.lanewise.nn.loss.SmoothL1;
import dev.lanewise.nn.loss.SoftMargin;
import dev.lanewise.nn.loss.TripletMargin;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/** Losses. */
final class LossOperations {
  static final Map<String, Operation> TABLE = new HashMap<>();

  static {
    ofTwo("mse", c -> new MeanSquaredError());
    ofTwo("l1", c -> new MeanAbsoluteError());
    ofTwo("smooth_l1", c -> new SmoothL1(c.attributes().real("beta")));
    ofTwo("huber", c -> new Huber(c.attributes().real("delta")));
    ofTwo("bce", c -> new BinaryCrossentropy(false));
    ofTwo("bce_logits", c -> new BinaryCrossentropy(true));
    ofTwo("bce_logits_posweight", c -> new BinaryCrossentropy(true).withPositiveWeight(c.in("w")));
    ofTwo("cross_entropy", c -> new CrossEntropy());
    ofTwo("cross_entropy_weight", c -> new CrossEntropy().withClassWeights(c.in("w")));
    ofTwo(
        "cross_entropy_smooth",
        c -> new CrossEntropy().withLabelSmoothing(c.attributes().real("label_smoothing")));
    ofTwo(
        "cross_entropy_ignore",
        c -> new CrossEntropy().withIgnoredLabel(c.attributes().integer("ignore_index")));
    ofTwo("cross_entropy_probs", c -> new CategoricalCrossentropy(true, 0, 1));
    ofTwo("nll", c -> new NegativeLogLikelihood());
    ofTwo("kl_div", c -> new KLDiv());
    ofTwo("poisson_nll", c -> new PoissonNLL());
    ofTwo("hinge_embedding", c -> new HingeEmbedding());
    ofTwo("soft_margin", c -> new SoftMargin());
    ofTwo("multi_margin", c -> new MultiMargin());
    ofThree();
  }

  private LossOperations() {}

  private static void ofTwo(String name, Function<Call, Loss> loss) {
    op(name, c -> loss.apply(c).apply(c.x(), c.y(), reduction(c)));
  }

  private static void op(String name, Operation.Single operation) {
    TABLE.put(name, Operation.of(operation));
  }

  private static void ofThree() {
    op("gaussian_nll", c -> new GaussianNLL().apply(c.x(), c.y(), c.in("v"), reduction(c)));
    op(
        "cosine_embedding",
        c -> new CosineEmbedding(margin(c)).apply(c.x(), c.y(), c.in("t"), reduction(c)));
    op(
        "triplet_margin",
        c -> new TripletMargin(margin(c)).apply(c.in("a"), c.in("p"), c.in("n"), reduction(c)));
    op(
        "margin_ranking",
        c -> new MarginRanking(margin(c)).apply(c.x(), c.y(), c.in("t"), reduction(c)));
  }

  private static double margin(Call c) {
    return c.attributes().real("margin");
  }

  private static Reduction reduction(Call c) {
    String name = c.attributes().text("reduction");
    return switch (name) {
      case "none" -> Reduction.NONE;
      case "mean" -> Reduction.MEAN;
      case "sum" -> Reduction.SUM;
      case "batchmean" -> Reduction.BATCH_MEAN;
      default -> throw new IllegalArgumentException("there is no reduction '" + name + "'");
    };
  }
}
