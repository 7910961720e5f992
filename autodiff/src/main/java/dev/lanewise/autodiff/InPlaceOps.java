package dev.lanewise.autodiff;

import dev.lanewise.array.NdArray;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.BinaryOp;

/**
 * Operations that write into this tensor's memory, and so change all views of it too: PyTorch's
 * {@code add_}, {@code zero_}, {@code fill_} and {@code copy_}, TensorFlow's {@code assign} and
 * {@code assign_add}. Each gives this tensor back.
 *
 * {@snippet :
 * Tensor w = Tensor.of(new float[] {1, 2, 3}).requiresGrad(true);
 * w.square().sum().backward();
 * try (var _ = Grad.off()) {
 *   w.subInPlace(w.grad().mul(0.1));   // 0.8, 1.6, 2.4
 * }
 * w.grad().zero();
 * }
 *
 * <p>How they go together with gradients:
 *
 * <ul>
 *   <li>A leaf that requires a gradient, or a view of one, is written to inside of {@link
 *       Grad#off()} only.
 *   <li>If this was computed, or gradients flow to the operand, the operation is recorded:
 *       gradients flow through it, as they would through one that makes a new tensor. Other views
 *       of the memory that were made before can not know of it: to compute with them is refused
 *       from then on.
 *   <li>Where nothing is recorded, numbers change and gradients flow as before, as if they had not.
 *   <li>If an operation kept the old numbers for its gradient, computing that is a {@link
 *       GradientException}, which names that operation and the one that wrote.
 * </ul>
 *
 * <p>All throw {@link GradientException} in the first case while operations are recorded, and
 * {@link dev.lanewise.array.ShapeException} if the operand does not stretch to this tensor's shape,
 * or this is itself a stretched view. Arithmetic throws {@link dev.lanewise.array.DTypeException}
 * unless all are of one type, f32, f64, i32 or i64; masks count as 0 and 1.
 */
public sealed interface InPlaceOps permits Tensor {

  /**
   * Adds to this.
   *
   * @param y what is added; stretches to this tensor's shape
   * @return this tensor
   */
  default Tensor addInPlace(Tensor y) {
    return InPlace.apply("addInPlace", BinaryOp.ADD, (Tensor) this, y);
  }

  /**
   * Adds to this.
   *
   * @param y what is added to each element
   * @return this tensor
   */
  default Tensor addInPlace(double y) {
    return InPlace.apply("addInPlace", BinaryOp.ADD, (Tensor) this, y);
  }

  /**
   * Subtracts from this.
   *
   * @param y what is subtracted; stretches to this tensor's shape
   * @return this tensor
   */
  default Tensor subInPlace(Tensor y) {
    return InPlace.apply("subInPlace", BinaryOp.SUB, (Tensor) this, y);
  }

  /**
   * Subtracts from this.
   *
   * @param y what is subtracted from each element
   * @return this tensor
   */
  default Tensor subInPlace(double y) {
    return InPlace.apply("subInPlace", BinaryOp.SUB, (Tensor) this, y);
  }

  /**
   * Multiplies this.
   *
   * @param y the factors; they stretch to this tensor's shape
   * @return this tensor
   */
  default Tensor mulInPlace(Tensor y) {
    return InPlace.apply("mulInPlace", BinaryOp.MUL, (Tensor) this, y);
  }

  /**
   * Multiplies this.
   *
   * @param y the factor of each element
   * @return this tensor
   */
  default Tensor mulInPlace(double y) {
    return InPlace.apply("mulInPlace", BinaryOp.MUL, (Tensor) this, y);
  }

  /**
   * Divides this.
   *
   * @param y the divisors; they stretch to this tensor's shape
   * @return this tensor
   */
  default Tensor divInPlace(Tensor y) {
    return InPlace.apply("divInPlace", BinaryOp.DIV, (Tensor) this, y);
  }

  /**
   * Divides this.
   *
   * @param y the divisor of each element
   * @return this tensor
   */
  default Tensor divInPlace(double y) {
    return InPlace.apply("divInPlace", BinaryOp.DIV, (Tensor) this, y);
  }

  /**
   * Writes other numbers over this tensor's.
   *
   * @param y the numbers, converted to this tensor's type; they stretch to its shape
   * @return this tensor
   */
  default Tensor assign(Tensor y) {
    return InPlace.assign((Tensor) this, y);
  }

  /**
   * Writes one number over all of this tensor's.
   *
   * @param value the number, rounded to this tensor's type
   * @return this tensor
   */
  default Tensor fill(double value) {
    return InPlace.fill("fill", (Tensor) this, value);
  }

  /**
   * Writes 0 over all of this tensor's numbers.
   *
   * @return this tensor
   */
  default Tensor zero() {
    return InPlace.fill("zero", (Tensor) this, 0);
  }

  /**
   * Tells that something else, such as a kernel that was given {@link Tensor#data()}, has written
   * into this tensor's memory: gradients that need the old numbers are refused, as after {@link
   * #assign}. Optimizers do so. The operations of this family need it not.
   *
   * @param by what wrote, for the error's text
   * @return this tensor
   */
  default Tensor changed(String by) {
    Tensor x = (Tensor) this;
    Change.tell(x, by, false);
    return x;
  }

  /**
   * Moves this tensor itself, with its gradient, to another backend, as {@code module.to(device)}
   * of PyTorch moves weights. It stays the same tensor, a leaf if it was one. Views of it stay
   * behind with the old numbers, and so do optimizers that have made their state.
   *
   * @param backend who shall compute on it from now on; its memory is taken here, so call this
   *     outside of any scope that closes before the tensor is done with
   * @return this tensor
   * @throws GradientException if this was computed from others, whose gradients would come from
   *     another backend; {@link ArrayOps#to} is recorded
   */
  default Tensor moveTo(Backend backend) {
    Tensor x = (Tensor) this;
    if (x.node instanceof Node.Op op) {
      throw new GradientException(
          "moveTo: the tensor was computed by '"
              + op.name
              + "'; only one that was not computed moves; call to(backend)");
    }
    if (x.backend() != backend) {
      NdArray moved = Views.moved(x, backend);
      Tensor grad = x.grad == null ? null : new Tensor(Views.moved(x.grad, backend));
      x.data = moved;
      x.grad = grad;
      x.logits = null;
    }
    return x;
  }
}
