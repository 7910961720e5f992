package dev.lanewise.autodiff;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.Backends;
import dev.lanewise.kernel.Distribution;
import dev.lanewise.kernel.Expr;

/**
 * Tensors made from nothing but a shape or a range: call these by {@code Tensor.zeros(2, 3)}.
 *
 * {@snippet :
 * Tensor bias = Tensor.zeros(3);
 * Tensor grid = Tensor.linspace(-1, 1, 5);        // -1, -0.5, 0, 0.5, 1
 * Tensor classes = Tensor.arange(3);              // 0, 1, 2 as i64
 * Tensor weights = Tensor.randomNormal(new Generator(42), Shape.of(784, 128));
 * }
 */
abstract sealed class Creation extends FromArrays permits Tensor {
  private static final Expr SCALED = Expr.arg(0).mul(Expr.param(0)).add(Expr.param(1));

  Creation() {}

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
    return scaled(randomUniform(generator, shape), high - low, low);
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
    return scaled(randomNormal(generator, shape), std, mean);
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

  private static Tensor scaled(Tensor x, double factor, double shift) {
    x.backend().elementwise(SCALED, x.data(), new double[] {factor, shift}, x.data());
    return x;
  }

  /**
   * {@return the numbers 0 to {@code n - 1} in random order, as {@link DType#I64}, on {@link
   * Backends#best}}
   *
   * @param generator gives its next stream
   * @param n how many, at least 0
   * @throws IllegalArgumentException if n is less than 0
   */
  public static Tensor randperm(Generator generator, int n) {
    return of(generator.permutation(n)).cast(DType.I64);
  }

  /**
   * {@return the integers 0 to {@code stop - 1} as {@link DType#I64} on {@link Backends#best}}
   *
   * @param stop the end, not included
   */
  public static Tensor arange(long stop) {
    return arange(0, stop, 1);
  }

  /**
   * {@return the integers from {@code start} to {@code stop - 1} as {@link DType#I64} on {@link
   * Backends#best}}
   *
   * @param start the first
   * @param stop the end, not included
   */
  public static Tensor arange(long start, long stop) {
    return arange(start, stop, 1);
  }

  /**
   * {@return every {@code step}-th integer from {@code start} on, before {@code stop}, as {@link
   * DType#I64} on {@link Backends#best}}
   *
   * @param start the first
   * @param stop the end, not included
   * @param step the distance, not 0; negative counts down
   * @throws IllegalArgumentException if {@code step} is 0
   */
  public static Tensor arange(long start, long stop, long step) {
    return Ranges.integers(Backends.best(), start, stop, step);
  }

  /**
   * {@return evenly spaced numbers from {@code start} on, before {@code stop}, as {@link DType#F32}
   * on {@link Backends#best}} Where the distance is no exact number, as 0.1 is none, {@link
   * #linspace} says how many there are.
   *
   * @param start the first
   * @param stop the end, not included
   * @param step the distance, not 0; negative counts down
   * @throws IllegalArgumentException if {@code step} is 0, or an argument no finite number
   */
  public static Tensor arange(double start, double stop, double step) {
    return Ranges.spaced(Backends.best(), DType.F32, start, stop, step);
  }

  /**
   * {@return evenly spaced numbers, both ends included, as {@link DType#F32} on {@link
   * Backends#best}}
   *
   * @param start the first
   * @param stop the last
   * @param count how many, at least 0; one is {@code start} alone
   * @throws ShapeException if {@code count} is less than 0
   */
  public static Tensor linspace(double start, double stop, int count) {
    return linspace(Backends.best(), DType.F32, start, stop, count);
  }

  /**
   * {@return evenly spaced numbers, both ends included}
   *
   * @param backend who computes on them
   * @param dtype their type, to which they are rounded
   * @param start the first
   * @param stop the last
   * @param count how many, at least 0; one is {@code start} alone
   * @throws ShapeException if {@code count} is less than 0
   */
  public static Tensor linspace(
      Backend backend, DType dtype, double start, double stop, int count) {
    return Ranges.between(backend, dtype, start, stop, count);
  }

  /**
   * {@return the identity matrix {@code [n, n]} as {@link DType#F32} on {@link Backends#best}}
   *
   * @param n its extents
   */
  public static Tensor eye(int n) {
    return eye(Backends.best(), DType.F32, n, n);
  }

  /**
   * {@return a matrix with ones on its main diagonal and zeros elsewhere}
   *
   * @param backend who computes on it
   * @param dtype the type of its elements
   * @param rows its first extent
   * @param columns its second extent
   */
  public static Tensor eye(Backend backend, DType dtype, int rows, int columns) {
    Tensor eye = zeros(backend, dtype, Shape.of(rows, columns));
    NdArray diagonal = eye.data().view(eye.data().layout().diagonal());
    backend.copy(scalar(backend, dtype, 1).data(), diagonal);
    return eye;
  }
}
