package dev.lanewise.bench.golden;

import dev.lanewise.autodiff.Tensor;
import java.util.Map;

/** Products of matrices and their kin. */
final class ProductOperations {
  static final Map<String, Operation> TABLE =
      Map.of(
          "matmul", Operation.of(c -> c.x().matmul(c.y())),
          "matmul_t",
              Operation.of(
                  c ->
                      turned(c.x(), c.attributes().flag("trans_a"))
                          .matmul(turned(c.y(), c.attributes().flag("trans_b")))),
          "linear", Operation.of(ProductOperations::linear),
          "outer", Operation.of(c -> c.x().outer(c.y())),
          "einsum", Operation.of(c -> Tensor.einsum(c.attributes().text("equation"), c.all())));

  private ProductOperations() {}

  private static Tensor turned(Tensor x, boolean turn) {
    return turn ? x.transpose() : x;
  }

  private static Tensor linear(Call c) {
    boolean outFirst = c.attributes().text("weight_layout", "out,in").equals("out,in");
    Tensor weights = turned(c.in("w"), outFirst);
    Tensor bias = c.inOrNull("b");
    return bias == null ? c.x().matmul(weights) : c.x().affine(weights, bias);
  }
}
