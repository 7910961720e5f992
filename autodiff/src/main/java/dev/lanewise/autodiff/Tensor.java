package dev.lanewise.autodiff;

import dev.lanewise.array.DType;
import dev.lanewise.array.HasStorage;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.array.Storage;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.Backends;
import dev.lanewise.kernel.Distribution;
import dev.lanewise.kernel.Expr;

/**
 * An array that remembers how it was made, so that gradients can be computed. Operations are in the
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
public final class Tensor
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
        RowOps,
        NormOps,
        AttentionOps,
        RecurrentOps {
  private static final Expr SELECT = Expr.select(Expr.arg(0), Expr.arg(1), Expr.arg(2));
  private static final Expr SCALED = Expr.arg(0).mul(Expr.param(0)).add(Expr.param(1));

  /** The numbers, without the questions that {@link #data()} asks. */
  final NdArray data;

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
   * {@return a tensor over an array, which it shares}
   *
   * @param data the numbers; their device must be a backend
   */
  public static Tensor of(NdArray data) {
    Backends.of(data);
    return new Tensor(data);
  }

  /**
   * {@return a new {@link DType#F32} tensor on {@link Backends#best}}
   *
   * @param values in row-major order; copied
   * @param shape the extents; none given means {@code [values.length]}
   * @throws ShapeException if the shape has another number of elements
   */
  public static Tensor of(float[] values, int... shape) {
    return of(Backends.best(), values, shape);
  }

  /**
   * {@return a new {@link DType#F32} tensor}
   *
   * @param backend who computes on it
   * @param values in row-major order; copied
   * @param shape the extents; none given means {@code [values.length]}
   * @throws ShapeException if the shape has another number of elements
   */
  public static Tensor of(Backend backend, float[] values, int... shape) {
    return new Tensor(NdArray.of(backend, values, shape));
  }

  /** {@return a new {@link DType#F64} tensor, as {@link #of(float[], int...)} makes one} */
  public static Tensor of(double[] values, int... shape) {
    return of(Backends.best(), values, shape);
  }

  /**
   * {@return a new {@link DType#F64} tensor, as {@link #of(Backend, float[], int...)} makes one}
   */
  public static Tensor of(Backend backend, double[] values, int... shape) {
    return new Tensor(NdArray.of(backend, values, shape));
  }

  /** {@return a new {@link DType#I32} tensor, as {@link #of(float[], int...)} makes one} */
  public static Tensor of(int[] values, int... shape) {
    return of(Backends.best(), values, shape);
  }

  /**
   * {@return a new {@link DType#I32} tensor, as {@link #of(Backend, float[], int...)} makes one}
   */
  public static Tensor of(Backend backend, int[] values, int... shape) {
    return new Tensor(NdArray.of(backend, values, shape));
  }

  /** {@return a new {@link DType#I64} tensor, as {@link #of(float[], int...)} makes one} */
  public static Tensor of(long[] values, int... shape) {
    return of(Backends.best(), values, shape);
  }

  /**
   * {@return a new {@link DType#I64} tensor, as {@link #of(Backend, float[], int...)} makes one}
   */
  public static Tensor of(Backend backend, long[] values, int... shape) {
    return new Tensor(NdArray.of(backend, values, shape));
  }

  /**
   * {@return a new {@link DType#F32} tensor of rank 0 on {@link Backends#best}}
   *
   * @param value the number
   */
  public static Tensor scalar(double value) {
    return scalar(Backends.best(), DType.F32, value);
  }

  /**
   * {@return a new tensor of rank 0}
   *
   * @param backend who computes on it
   * @param dtype the type of the number
   * @param value the number
   */
  public static Tensor scalar(Backend backend, DType dtype, double value) {
    return full(backend, dtype, Shape.SCALAR, value);
  }

  /**
   * {@return a new {@link DType#F32} tensor of zeros on {@link Backends#best}}
   *
   * @param dims the extents; none for a scalar
   */
  public static Tensor zeros(int... dims) {
    return zeros(Backends.best(), DType.F32, Shape.of(dims));
  }

  /**
   * {@return a new {@link DType#F32} tensor of zeros on {@link Backends#best}}
   *
   * @param shape the extents
   */
  public static Tensor zeros(Shape shape) {
    return zeros(Backends.best(), DType.F32, shape);
  }

  /**
   * {@return a new tensor of zeros}
   *
   * @param backend who computes on it
   * @param dtype the type of its elements
   * @param shape the extents
   */
  public static Tensor zeros(Backend backend, DType dtype, Shape shape) {
    return new Tensor(NdArray.zeros(backend, dtype, shape));
  }

  /**
   * {@return a new tensor of zeros, of another's backend, type and shape}
   *
   * @param like the other
   */
  public static Tensor zerosLike(Tensor like) {
    return zeros(like.backend(), like.dtype(), like.shape());
  }

  /**
   * {@return a new {@link DType#F32} tensor of ones on {@link Backends#best}}
   *
   * @param dims the extents; none for a scalar
   */
  public static Tensor ones(int... dims) {
    return ones(Backends.best(), DType.F32, Shape.of(dims));
  }

  /**
   * {@return a new {@link DType#F32} tensor of ones on {@link Backends#best}}
   *
   * @param shape the extents
   */
  public static Tensor ones(Shape shape) {
    return ones(Backends.best(), DType.F32, shape);
  }

  /**
   * {@return a new tensor of ones}
   *
   * @param backend who computes on it
   * @param dtype the type of its elements
   * @param shape the extents
   */
  public static Tensor ones(Backend backend, DType dtype, Shape shape) {
    return full(backend, dtype, shape, 1);
  }

  /**
   * {@return a new tensor of ones, of another's backend, type and shape}
   *
   * @param like the other
   */
  public static Tensor onesLike(Tensor like) {
    return ones(like.backend(), like.dtype(), like.shape());
  }

  /**
   * {@return a new {@link DType#F32} tensor of one number on {@link Backends#best}}
   *
   * @param shape the extents
   * @param value the number
   */
  public static Tensor full(Shape shape, double value) {
    return full(Backends.best(), DType.F32, shape, value);
  }

  /**
   * {@return a new tensor of one number}
   *
   * @param backend who computes on it
   * @param dtype the type of its elements
   * @param shape the extents
   * @param value the number, rounded to the type
   */
  public static Tensor full(Backend backend, DType dtype, Shape shape, double value) {
    NdArray out = NdArray.uninitialized(backend, dtype, shape);
    InPlace.write(backend, value, out);
    return new Tensor(out);
  }

  /**
   * {@return a new {@link DType#F32} tensor of random numbers, evenly over [0, 1), on {@link
   * Backends#best}}
   *
   * @param generator gives its next stream
   * @param shape the extents
   */
  public static Tensor randomUniform(Generator generator, Shape shape) {
    return random(Backends.best(), DType.F32, Distribution.UNIFORM, generator, shape);
  }

  /**
   * {@return a new {@link DType#F32} tensor of random numbers, evenly between two bounds, on {@link
   * Backends#best}}
   *
   * @param generator gives its next stream
   * @param low the lower bound, included
   * @param high the upper bound
   * @param shape the extents
   */
  public static Tensor randomUniform(Generator generator, double low, double high, Shape shape) {
    return randomUniform(generator, shape).scaled(high - low, low);
  }

  /**
   * {@return a new {@link DType#F32} tensor of normally distributed numbers with mean 0 and
   * standard deviation 1, on {@link Backends#best}}
   *
   * @param generator gives its next stream
   * @param shape the extents
   */
  public static Tensor randomNormal(Generator generator, Shape shape) {
    return random(Backends.best(), DType.F32, Distribution.NORMAL, generator, shape);
  }

  /**
   * {@return a new {@link DType#F32} tensor of normally distributed numbers, on {@link
   * Backends#best}}
   *
   * @param generator gives its next stream
   * @param mean their mean
   * @param std their standard deviation
   * @param shape the extents
   */
  public static Tensor randomNormal(Generator generator, double mean, double std, Shape shape) {
    return randomNormal(generator, shape).scaled(std, mean);
  }

  /**
   * {@return a new tensor of random numbers}
   *
   * @param backend who computes on it
   * @param dtype f32 or f64
   * @param distribution how the numbers are spread
   * @param generator gives its next stream
   * @param shape the extents
   */
  public static Tensor random(
      Backend backend, DType dtype, Distribution distribution, Generator generator, Shape shape) {
    NdArray out = NdArray.uninitialized(backend, dtype, shape);
    backend.random(distribution, generator.seed(), generator.nextStream(), out);
    return new Tensor(out);
  }

  private Tensor scaled(double factor, double shift) {
    backend().elementwise(SCALED, data, new double[] {factor, shift}, data);
    return this;
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
    return map(SELECT, Elementwise.NO_PARAMS, condition.cast(DType.BOOL), ifTrue, ifFalse);
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

  /** {@return type, shape and the values of a small tensor, and how it was made} */
  @Override
  public String toString() {
    return switch (node) {
      case null -> "Tensor(" + data + ")";
      case Node.Leaf _ -> "Tensor(" + data + ", requires grad)";
      case Node.Op op -> "Tensor(" + data + ", made by " + op.name + ")";
    };
  }
}
