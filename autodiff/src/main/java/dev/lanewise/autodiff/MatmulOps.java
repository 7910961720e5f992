package dev.lanewise.autodiff;

import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.MatmulSpec;
import dev.lanewise.kernel.UnaryOp;
import java.util.Objects;

/** The matrix product, alone or with what usually follows it. */
public sealed interface MatmulOps permits Tensor {

  /**
   * {@return the product of the matrices in the last two axes: {@code [batch…, m, k] · [batch…, k,
   * n]} gives {@code [batch…, m, n]}} The batch axes broadcast. A vector {@code [k]} is a row on
   * the left and a column on the right, and the result lacks that axis: of two vectors it is their
   * dot product.
   *
   * {@snippet :
   * Tensor hidden = x.matmul(weights).add(bias).relu();   // [n, in] · [in, out] + [out]
   * }
   *
   * @param y the right factor
   * @throws dev.lanewise.array.ShapeException if the inner extents differ, the batch axes do not
   *     broadcast, or a factor has no axis
   * @throws dev.lanewise.array.DTypeException unless both are f32 or both f64
   */
  default Tensor matmul(Tensor y) {
    Tensor x = (Tensor) this;
    Checks.sameBackend("matmul", x, y);
    if (x.shape().rank() == 1) {
      return x.expandDims(0).matmul(y).squeeze(y.shape().rank() == 1 ? 0 : -2);
    }
    if (y.shape().rank() == 1) {
      return x.matmul(y.expandDims(1)).squeeze(-1);
    }
    Shape shape = MatmulSpec.outputShape(x.shape(), y.shape());
    Shape rows = tall(x, y);
    if (rows != null) {
      return x.reshape(rows).matmul(y).reshape(shape);
    }
    NdArray out = x.backend().uninitialized(x.dtype(), shape);
    x.backend().matmul(x.data(), y.data(), 1, 0, out);
    return Node.record("matmul", new Tensor(out), gradient(x, y), x, y);
  }

  /**
   * {@return the products of all elements of one vector with all of another: {@code [m]} and {@code
   * [n]} give {@code [m, n]}}
   *
   * @param y the other vector
   * @throws ShapeException if one of the two is no vector
   */
  default Tensor outer(Tensor y) {
    Tensor x = (Tensor) this;
    if (x.shape().rank() != 1 || y.shape().rank() != 1) {
      throw new ShapeException(
          "outer: shapes " + x.shape() + " and " + y.shape() + "; both must have one axis");
    }
    return x.expandDims(1).mul(y);
  }

  /**
   * {@return {@code matmul(weights).add(bias)}, computed in one pass} Numbers and gradients are the
   * same; the product before the sum is never in memory.
   *
   * {@snippet :
   * Tensor scores = x.affine(weights, bias);   // [n, in] · [in, out] + [out]
   * }
   *
   * @param weights the right factor
   * @param bias is added; stretches to the product's shape
   * @throws dev.lanewise.array.ShapeException if the factors do not fit, as for {@link #matmul}, or
   *     the bias does not stretch to their product
   * @throws dev.lanewise.array.DTypeException unless all are f32 or all f64
   */
  default Tensor affine(Tensor weights, Tensor bias) {
    return affine((Tensor) this, weights, bias, null);
  }

  /**
   * {@return a function of {@code matmul(weights).add(bias)}, computed in one pass} Numbers and
   * gradients are the same. Where a function's gradient needs its argument again, as that of {@link
   * UnaryOp#SILU} does, recorded calls keep the sum in memory.
   *
   * {@snippet :
   * Tensor hidden = x.affine(weights, bias, UnaryOp.RELU);
   * }
   *
   * @param weights the right factor
   * @param bias is added; stretches to the product's shape
   * @param activation the function
   * @throws dev.lanewise.array.ShapeException if the factors do not fit, as for {@link #matmul}, or
   *     the bias does not stretch to their product
   * @throws dev.lanewise.array.DTypeException unless all are f32 or all f64
   */
  default Tensor affine(Tensor weights, Tensor bias, UnaryOp activation) {
    return affine((Tensor) this, weights, bias, Objects.requireNonNull(activation, "activation"));
  }

  private static Tensor affine(Tensor x, Tensor weights, Tensor bias, UnaryOp activation) {
    Checks.sameBackend("affine", x, weights);
    Checks.sameBackend("affine", x, bias);
    if (x.shape().rank() == 1 && bias.shape().rank() <= 1) {
      return affine(x.expandDims(0), weights, bias, activation).squeeze(-2);
    }
    if (!Fusion.fits(activation, x, weights, bias)) {
      return Elementwise.map(
          Pointwise.of(activation), Elementwise.NO_PARAMS, affine(x, weights, bias, null));
    }
    Shape shape = MatmulSpec.outputShape(x.shape(), weights.shape());
    Shape rows = bias.shape().rank() > 1 ? null : tall(x, weights);
    if (rows != null) {
      return affine(x.reshape(rows), weights, bias, activation).reshape(shape);
    }
    NdArray out = x.backend().uninitialized(x.dtype(), shape);
    Expr epilogue = Fusion.epilogue(activation);
    x.backend()
        .matmul(x.data(), weights.data(), 1, 0, out, epilogue, Elementwise.NO_PARAMS, bias.data());
    return Fusion.record("matmul", gradient(x, weights), activation, out, x, weights, bias);
  }

  /**
   * {@return the shape in which x is one tall matrix instead of a batch of small ones, so that the
   * gradient by y needs no sum; {@code null} if it is no batch, or only a copy had that shape}
   */
  private static Shape tall(Tensor x, Tensor y) {
    if (y.shape().rank() != 2 || x.shape().rank() <= 2 || x.shape().size() == 0) {
      return null;
    }
    Shape rows = Shape.of(Math.toIntExact(x.size() / x.shape().dim(-1)), x.shape().dim(-1));
    return x.data().layout().reshape(rows) == null ? null : rows;
  }

  private static Gradient gradient(Tensor x, Tensor y) {
    Tensor left = y.node == null ? null : x;
    Tensor right = x.node == null ? null : y;
    return (input, before, up) ->
        input == 0
            ? Elementwise.sumTo(up.matmul(right.transpose()), before)
            : Elementwise.sumTo(left.transpose().matmul(up), before);
  }
}
