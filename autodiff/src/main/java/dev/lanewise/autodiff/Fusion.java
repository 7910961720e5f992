package dev.lanewise.autodiff;

import dev.lanewise.array.NdArray;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.UnaryOp;

/**
 * A product, a bias and a function, computed by one kernel and recorded as the three operations
 * that they are: the arrays between them are never made, and no gradient asks for them.
 */
final class Fusion {
  private static final Expr SUM = Expr.arg(0).add(Expr.arg(1));
  private static final Expr[] OF_SUM = new Expr[UnaryOp.values().length];

  static {
    for (UnaryOp op : UnaryOp.values()) {
      OF_SUM[op.ordinal()] = Expr.unary(op, SUM);
    }
  }

  private Fusion() {}

  /** {@return what comes after the product, argument 0, with the bias, argument 1} */
  static Expr epilogue(UnaryOp activation) {
    return activation == null ? SUM : OF_SUM[activation.ordinal()];
  }

  /** {@return whether the function's gradient needs no array that the fused kernel leaves out} */
  static boolean fits(UnaryOp activation, Tensor... ins) {
    return activation == null || activation.keeps() == UnaryOp.Keeps.OUTPUT || !Grad.records(ins);
  }

  /**
   * {@return the result, remembering how it was made if an input needs gradients}
   *
   * @param product the name of the product
   * @param gradient the product's chain rule, by {@code x} and by {@code weights}
   * @param activation the function, or {@code null}
   * @param out the numbers
   */
  static Tensor record(
      String product,
      Gradient gradient,
      UnaryOp activation,
      NdArray out,
      Tensor x,
      Tensor weights,
      Tensor bias) {
    Tensor result = new Tensor(out);
    if (!Grad.records(x, weights, bias)) {
      return result;
    }
    Node.Op node = null;
    if (x.node != null || weights.node != null) {
      node = new Node.Op(product, out, new Node[] {x.node, weights.node}, gradient);
    }
    node =
        new Node.Op(
            "add",
            out,
            new Node[] {node, bias.node},
            (_, before, up) -> Elementwise.sumTo(up, before));
    if (activation != null) {
      Pointwise function = Pointwise.of(activation);
      Expr chain = function.partial(0).gradient();
      node =
          new Node.Op(
              function.name,
              out,
              new Node[] {node},
              (_, _, up) -> Elementwise.map(chain, Elementwise.NO_PARAMS, result, up));
    }
    return Node.attach(result, node);
  }
}
