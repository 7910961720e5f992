package dev.lanewise.autodiff;

import dev.lanewise.array.ArrayFormat;
import dev.lanewise.array.DType;
import dev.lanewise.array.HasStorage;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.ShapeException;
import dev.lanewise.array.Storage;
import dev.lanewise.kernel.Expr;

/**
 * An array that remembers how it was made, so that gradients can be computed. Tensors are made by
 * {@code Tensor.of(…)}, {@code Tensor.zeros(…)} and others beside them; operations are in the
 * interfaces: {@link ArrayOps}, {@link GradOps}, {@link InPlaceOps}, {@link ElementwiseOps}, {@link
 * FunctionOps}, {@link ActivationOps}, {@link ReduceOps}, {@link ShapeOps}, {@link ArrangeOps},
 * {@link ScanOps}, {@link MatmulOps}, {@link ConvOps}, {@link PoolOps}, {@link IndexOps}, {@link
 * IndexingOps}, {@link RowOps}, {@link NormOps}, {@link AttentionOps}, {@link RecurrentOps}.
 *
 * {@snippet :
 * Tensor x = Tensor.of(new float[] {1, 2, 3}).requiresGrad(true);
 * Tensor y = x.square().sum();
 * y.backward();
 * x.grad().toFloatArray();   // {2, 4, 6}
 * }
 *
 * <p>An operation is recorded if one of its inputs {@link #requiresGrad() requires a gradient}; all
 * others remember nothing. A tensor and what is computed from it belong to one thread at a time.
 *
 * <p>A tensor dies with the {@link dev.lanewise.array.Scope} it was made in, as every array does;
 * the package's page shows how training loops use scopes.
 */
public final class Tensor extends Creation
    implements HasStorage,
        ArrayOps,
        GradOps,
        InPlaceOps,
        ElementwiseOps,
        FunctionOps,
        ActivationOps,
        ReduceOps,
        ShapeOps,
        ArrangeOps,
        ScanOps,
        MatmulOps,
        ConvOps,
        PoolOps,
        IndexOps,
        IndexingOps,
        RowOps,
        NormOps,
        AttentionOps,
        RecurrentOps {
  private static final Pointwise SELECT =
      Pointwise.of(Expr.select(Expr.arg(0), Expr.arg(1), Expr.arg(2)));

  /**
   * The numbers, without the questions that {@link #data()} asks; others once it has {@linkplain
   * #moveTo moved}.
   */
  NdArray data;

  /** Its place in the graph; {@code null} if no gradient flows to it. */
  Node node;

  /** What backward has accumulated. */
  Tensor grad;

  /** What this is the softmax of, over the last axis; {@code null} if it is none. */
  Tensor logits;

  /** The latest change of any memory when this was made. */
  final long born = Change.now();

  Tensor(NdArray data) {
    this.data = data;
  }

  /**
   * {@return an expression computed for each element, of the shape that all tensors stretch to} The
   * gradient by each tensor is again such a kernel, fused into one loop.
   *
   * {@snippet :
   * Expr x = Expr.arg(0), bias = Expr.arg(1), slope = Expr.param(0);
   * Expr z = x.add(bias);
   * Expr leaky = Expr.select(z.gt(Expr.constant(0)), z, z.mul(slope));
   * Tensor y = Tensor.map(leaky, new double[] {0.01}, products, biases);
   * }
   *
   * @param expr what is computed
   * @param params the values of {@link Expr#param}
   * @param ins the values of {@link Expr#arg}, at least one
   * @throws ShapeException if the shapes do not broadcast
   * @throws dev.lanewise.array.DTypeException unless all are f32 or all f64
   * @throws IllegalArgumentException if the expression names a tensor or scalar that is not given
   */
  public static Tensor map(Expr expr, double[] params, Tensor... ins) {
    return Elementwise.map(expr, params, ins);
  }

  /**
   * {@return the sum of an expression over axes, in one loop that stores no terms}
   *
   * @param expr what is summed
   * @param params the values of {@link Expr#param}
   * @param axes the axes that are reduced; none given means all
   * @param keepDims whether reduced axes stay with extent 1
   * @param ins the values of {@link Expr#arg}, at least one
   * @throws ShapeException if the shapes do not broadcast, or have no such axis
   * @throws dev.lanewise.array.DTypeException unless all are f32 or all f64
   * @throws IllegalArgumentException if the expression names a tensor or scalar that is not given
   */
  public static Tensor mapSum(
      Expr expr, double[] params, int[] axes, boolean keepDims, Tensor... ins) {
    return Elementwise.mapSum("mapSum", expr, params, axes, keepDims, ins);
  }

  /**
   * {@return {@code ifTrue} where the condition is not 0, else {@code ifFalse}}
   *
   * @param condition a mask, or numbers of any type; carries no gradient
   * @param ifTrue f32, f64, i32 or i64
   * @param ifFalse of the same type
   * @throws ShapeException if the shapes do not broadcast
   * @throws dev.lanewise.array.DTypeException if a type does not fit
   */
  public static Tensor where(Tensor condition, Tensor ifTrue, Tensor ifFalse) {
    Tensor mask = condition.cast(DType.BOOL);
    return Elementwise.map(SELECT, Elementwise.NO_PARAMS, mask, ifTrue, ifFalse);
  }

  /**
   * {@return a sum of products over labelled axes, by Einstein's rule: axes of one label meet, and
   * those that the result does not name are summed}
   *
   * {@snippet :
   * Tensor product = Tensor.einsum("ij,jk->ik", a, b);
   * Tensor scores = Tensor.einsum("...qd,...kd->...qk", queries, keys);
   * Tensor trace = Tensor.einsum("ii->", a);
   * }
   *
   * @param equation the labels of each operand's axes, letters, and after {@code ->} those of the
   *     result; without that, the result has the letters that occur once, in alphabetical order.
   *     {@code ...} stands for all other axes, which broadcast
   * @param operands as many as the equation names, at least one; they are joined from left to
   *     right. Where nothing is computed, the result is a view
   * @throws IllegalArgumentException if the equation is none
   * @throws ShapeException if a shape does not fit its labels
   * @throws dev.lanewise.array.DTypeException unless all are f32 or all f64
   */
  public static Tensor einsum(String equation, Tensor... operands) {
    return Einsum.of(equation, operands);
  }

  /**
   * {@return tensors joined along an axis}
   *
   * @param axis the axis; negative counts from the last
   * @param parts at least one; of one type, and one shape but along the axis
   * @throws ShapeException if the shapes do not fit
   */
  public static Tensor concat(int axis, Tensor... parts) {
    return Views.concat(axis, parts);
  }

  /**
   * {@return tensors joined along a new axis}
   *
   * @param axis where the new axis goes; negative counts from behind the last
   * @param parts at least one; of one type and shape
   * @throws ShapeException if the shapes differ
   */
  public static Tensor stack(int axis, Tensor... parts) {
    return Views.stack(axis, parts);
  }

  /**
   * {@return the numbers} Writing into them is not recorded; {@link #changed} tells of it.
   *
   * @throws GradientException if operations are recorded and another view of the memory was changed
   *     by one that was, so that it is not known here how gradients flow; or if a gradient that is
   *     being computed needs numbers that have changed
   */
  public NdArray data() {
    if (data.storage().lastWrite() != null) {
      Change.requireKnown(this);
    }
    return data;
  }

  /** {@return the memory under the numbers; views share it} */
  @Override
  public Storage storage() {
    return data.storage();
  }

  /**
   * {@return the elements, cut if they are many, with type and shape, and how this was made: {@code
   * Tensor([1. 4.], f32 [2], made by square)}} {@link ArrayFormat} gives the elements of {@link
   * #data()} alone, and other formats.
   */
  @Override
  public String toString() {
    String how =
        switch (node) {
          case null -> "";
          case Node.Leaf _ -> ", requires grad";
          case Node.Op op -> ", made by " + op.name;
        };
    return ArrayFormat.NUMPY.describe("Tensor", data, how);
  }
}
