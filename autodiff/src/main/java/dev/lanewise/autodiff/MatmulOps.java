package dev.lanewise.autodiff;

import dev.lanewise.array.Layout;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import dev.lanewise.kernel.MatmulSpec;

/** The matrix product. */
public sealed interface MatmulOps permits Tensor {

  /**
   * {@return the product of the matrices in the last two axes: {@code [batch…, m, k] · [batch…, k,
   * n]} gives {@code [batch…, m, n]}} The batch axes broadcast.
   *
   * {@snippet :
   * Tensor hidden = x.matmul(weights).add(bias).relu();   // [n, in] · [in, out] + [out]
   * }
   *
   * @param y the right factor
   * @throws dev.lanewise.array.ShapeException if the inner extents differ, the batch axes do not
   *     broadcast, or a factor has fewer than two axes
   * @throws dev.lanewise.array.DTypeException unless both are f32 or both f64
   */
  default Tensor matmul(Tensor y) {
    Tensor x = (Tensor) this;
    Checks.sameBackend("matmul", x, y);
    Shape shape = MatmulSpec.outputShape(x.shape(), y.shape());
    if (y.shape().rank() == 2 && x.shape().rank() > 2 && x.shape().size() > 0) {
      // One tall product instead of a batch of small ones, and the gradient by y needs no sum.
      Shape rows = Shape.of(Math.toIntExact(x.size() / x.shape().dim(-1)), x.shape().dim(-1));
      Layout flat = x.data().layout().reshape(rows);
      if (flat != null) {
        return x.reshape(rows).matmul(y).reshape(shape);
      }
    }
    NdArray out = x.backend().uninitialized(x.dtype(), shape);
    x.backend().matmul(x.data(), y.data(), 1, 0, out);
    Tensor left = y.node == null ? null : x;
    Tensor right = x.node == null ? null : y;
    Gradient gradient =
        (input, before, up) ->
            input == 0
                ? Elementwise.sumTo(up.matmul(right.transpose()), before)
                : Elementwise.sumTo(left.transpose().matmul(up), before);
    return Node.record("matmul", new Tensor(out), gradient, x, y);
  }
}
