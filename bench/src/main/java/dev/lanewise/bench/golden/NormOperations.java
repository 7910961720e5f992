package dev.lanewise.bench.golden;

import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.Expr;
import java.util.HashMap;
import java.util.Map;

/** Normalizations. */
final class NormOperations {
  static final Map<String, Operation> TABLE = new HashMap<>();

  private static final double USUAL_EPS = 1e-5;

  static {
    op(
        "layer_norm",
        c ->
            c.x()
                .layerNorm(
                    c.attributes().integer("normalized_dims"),
                    c.inOrNull("g"),
                    c.inOrNull("b"),
                    eps(c)));
    op("rms_norm", c -> c.x().rmsNorm(1, c.inOrNull("g"), eps(c)));
    op(
        "group_norm",
        c ->
            c.x()
                .groupNorm(
                    c.attributes().integer("groups"), c.inOrNull("g"), c.inOrNull("b"), eps(c)));
    op("instance_norm", c -> c.x().instanceNorm(c.inOrNull("g"), c.inOrNull("b"), eps(c)));
    op("l2_normalize", c -> c.x().l2Normalize(c.axis()));
    op(
        "local_response_norm",
        c ->
            c.x()
                .localResponseNorm(
                    c.attributes().integer("size"),
                    c.attributes().real("alpha"),
                    c.attributes().real("beta"),
                    c.attributes().real("k")));
    TABLE.put("batch_norm_train", NormOperations::batchNormTrain);
    TABLE.put("batch_norm_eval", NormOperations::batchNormEval);
  }

  private NormOperations() {}

  private static void op(String name, Operation.Single operation) {
    TABLE.put(name, Operation.of(operation));
  }

  private static double eps(Call c) {
    return c.attributes().real("eps", USUAL_EPS);
  }

  private static Tensor[] batchNormTrain(Call c) {
    Tensor x = c.x();
    int channels = x.shape().dim(1);
    int[] others = new int[x.shape().rank() - 1];
    for (int i = 1; i < others.length; i++) {
      others[i] = i + 1;
    }
    double count = (double) x.size() / channels;
    Tensor values = x.detach();
    Tensor variance = values.variance(others).mul(count / (count - 1));
    double momentum = c.attributes().real("momentum", 0.1);
    return new Tensor[] {
      x.batchNorm(c.inOrNull("g"), c.inOrNull("b"), eps(c)),
      moved(c.in("rm"), values.mean(others), momentum),
      moved(c.in("rv"), variance, momentum)
    };
  }

  private static Tensor moved(Tensor from, Tensor to, double part) {
    Expr moved = Expr.arg(0).add(Expr.arg(1).sub(Expr.arg(0)).mul(Expr.param(0)));
    return Tensor.map(moved, new double[] {part}, from, to);
  }

  private static Tensor[] batchNormEval(Call c) {
    Tensor mean = c.in("rm");
    Tensor variance = c.in("rv");
    Tensor out = c.x().batchNorm(mean, variance, c.inOrNull("g"), c.inOrNull("b"), eps(c));
    return new Tensor[] {out, mean, variance};
  }
}
