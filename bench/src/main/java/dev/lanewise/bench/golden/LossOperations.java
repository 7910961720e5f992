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
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Losses. */
final class LossOperations {
  static final Map<String, Operation> TABLE = new HashMap<>();

  /** The label that PyTorch's losses ignore if nobody says. */
  private static final int NOT_COUNTED = -100;

  static {
    ofTwo("mse", c -> new MeanSquaredError());
    ofTwo("l1", c -> new MeanAbsoluteError());
    ofTwo("smooth_l1", c -> new SmoothL1(c.attributes().real("beta", 1)));
    ofTwo("huber", c -> new Huber(c.attributes().real("delta", 1)));
    ofTwo("bce", c -> new BinaryCrossentropy(false));
    ofTwo("bce_logits", c -> new BinaryCrossentropy(true));
    ofTwo("bce_logits_posweight", c -> new BinaryCrossentropy(true).withPositiveWeight(c.in("w")));
    for (String name :
        List.of(
            "cross_entropy",
            "cross_entropy_weight",
            "cross_entropy_smooth",
            "cross_entropy_ignore",
            "cross_entropy_probs")) {
      ofTwo(name, LossOperations::crossEntropy);
    }
    ofTwo("nll", LossOperations::negativeLogLikelihood);
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

  private static Loss crossEntropy(Call c) {
    double smoothing = c.attributes().real("label_smoothing", 0);
    if (c.y().dtype().isFloating()) {
      return new CategoricalCrossentropy(true, smoothing, 1);
    }
    CrossEntropy loss = new CrossEntropy().withLabelSmoothing(smoothing);
    loss = c.inOrNull("w") == null ? loss : loss.withClassWeights(c.in("w"));
    return loss.withIgnoredLabel(c.attributes().integer("ignore_index", NOT_COUNTED));
  }

  private static Loss negativeLogLikelihood(Call c) {
    NegativeLogLikelihood loss = new NegativeLogLikelihood();
    loss = c.inOrNull("w") == null ? loss : loss.withClassWeights(c.in("w"));
    return loss.withIgnoredLabel(c.attributes().integer("ignore_index", NOT_COUNTED));
  }

  private static void ofThree() {
    op("gaussian_nll", c -> new GaussianNLL().apply(c.x(), c.y(), c.in("v"), reduction(c)));
    op(
        "cosine_embedding",
        c ->
            new CosineEmbedding(c.attributes().real("margin", 0))
                .apply(c.x(), c.y(), c.in("t"), reduction(c)));
    op(
        "triplet_margin",
        c ->
            new TripletMargin(c.attributes().real("margin", 1))
                .apply(c.in("a"), c.in("p"), c.in("n"), reduction(c)));
    op(
        "margin_ranking",
        c ->
            new MarginRanking(c.attributes().real("margin", 0))
                .apply(c.x(), c.y(), c.in("t"), reduction(c)));
  }

  private static Reduction reduction(Call c) {
    String name = c.attributes().text("reduction", "mean");
    return switch (name) {
      case "none" -> Reduction.NONE;
      case "mean" -> Reduction.MEAN;
      case "sum" -> Reduction.SUM;
      case "batchmean" -> Reduction.BATCH_MEAN;
      default -> throw new IllegalArgumentException("there is no reduction '" + name + "'");
    };
  }
}
