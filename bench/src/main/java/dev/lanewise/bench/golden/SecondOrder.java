package dev.lanewise.bench.golden;

import dev.lanewise.autodiff.Gradients;
import dev.lanewise.autodiff.Tensor;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * The sum of the squares of a gradient, which is then differentiated itself. What is differentiated
 * first is the sum of a function's elements with weights that rise evenly from 0.5 to 1.5.
 */
final class SecondOrder {
  static final Map<String, Operation> TABLE =
      Map.of(
          "tanh", of(Tensor::tanh),
          "cube", of(x -> x.pow(3)),
          "softmax", of(x -> x.softmax(-1)),
          "logsumexp", of(x -> x.logSumExp(-1)),
          "matmul", of(x -> x.matmul(x.transpose())),
          "sigmoid", of(Tensor::sigmoid),
          "softplus", of(Tensor::softplus));

  private SecondOrder() {}

  private static Operation of(UnaryOperator<Tensor> function) {
    return Operation.of(
        c -> {
          Tensor y = function.apply(c.x());
          Tensor weighted = y.mul(weights(y)).sum();
          Tensor[] gradient = Gradients.of(weighted, new Tensor[] {c.x()}, true);
          return gradient[0].square().sum();
        });
  }

  private static Tensor weights(Tensor like) {
    float[] weights = new float[Math.toIntExact(like.size())];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) (0.5 + (double) i / Math.max(1, weights.length - 1));
    }
    return Tensor.of(like.backend(), weights).reshape(like.shape());
  }
}
