package dev.lanewise.nn.optim;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.Backends;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.ReduceOp;
import dev.lanewise.kernel.UnaryOp;

/**
 * The Euclidean length of several gradients together, and the factor that bounds it. Both stay
 * where the gradients are: nobody waits for a number.
 */
final class GlobalNorm {
  private static final int[] ALL = {};
  private static final double[] NO_SCALARS = {};
  private static final Expr X = Expr.arg(0);
  private static final Expr SQUARE = X.square();
  private static final Expr ROOT = X.sqrt();
  private static final Expr ZERO = Expr.constant(0);
  private static final Expr LIMIT = Expr.param(0);

  /** 1 up to the limit, exactly; a norm that is no number makes all gradients none. */
  private static final Expr FACTOR =
      Expr.select(
          Expr.unary(UnaryOp.IS_FINITE, X), LIMIT.div(X.max(LIMIT)), Expr.constant(Double.NaN));

  private final NdArray squares;
  private final NdArray[] square;
  private final NdArray norm;
  private final NdArray factor;
  private final double[] limit;

  /**
   * Makes room for the norm of so many gradients.
   *
   * @param maxNorm the bound, above 0
   */
  GlobalNorm(Backend backend, DType dtype, int gradients, double maxNorm) {
    this.squares = backend.uninitialized(dtype, Shape.of(gradients));
    this.square = new NdArray[gradients];
    for (int i = 0; i < gradients; i++) {
      NdArray part = squares.slice(0, i, i + 1);
      square[i] = part.view(part.layout().reshape(Shape.SCALAR));
    }
    this.norm = backend.uninitialized(dtype, Shape.SCALAR);
    this.factor = backend.uninitialized(dtype, Shape.SCALAR);
    this.limit = new double[] {maxNorm};
  }

  /** Computes both; a gradient that is {@code null} counts as 0. */
  void measure(Tensor... gradients) {
    Backend backend = Backends.of(norm);
    for (int i = 0; i < square.length; i++) {
      if (gradients[i] == null) {
        backend.elementwise(ZERO, square[i], NO_SCALARS);
      } else {
        backend.reduce(ReduceOp.SUM, SQUARE, ALL, square[i], NO_SCALARS, gradients[i].data());
      }
    }
    backend.reduce(ReduceOp.SUM, X, ALL, norm, NO_SCALARS, squares);
    backend.elementwise(ROOT, norm, NO_SCALARS, norm);
    backend.elementwise(FACTOR, factor, limit, norm);
  }

  /** {@return the length, of rank 0} */
  NdArray norm() {
    return norm;
  }

  /** {@return what to multiply the gradients by, of rank 0} */
  NdArray factor() {
    return factor;
  }
}
