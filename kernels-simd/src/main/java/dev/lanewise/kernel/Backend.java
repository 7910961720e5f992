package dev.lanewise.kernel;

import dev.lanewise.array.DType;
import dev.lanewise.array.Device;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;

/**
 * The contract of every backend: a few wide operations, each of which writes into outputs that the
 * caller gives. Arrays may have any layout; kernels compute in {@code f32} and {@code f64},
 * expressions and reductions in {@code i32} and {@code i64} too.
 *
 * <p>Every operation checks its arguments before it writes anything, and refuses wrong ones with a
 * {@link dev.lanewise.array.ShapeException}, a {@link dev.lanewise.array.DTypeException} or another
 * {@link IllegalArgumentException} that names operation, values and rule; an array whose scope has
 * closed is an {@link IllegalStateException}. Outputs may not share memory with inputs, except that
 * elementwise operations may write over their own arguments.
 *
 * <p>Results do not depend on the number of threads.
 */
public non-sealed interface Backend
    extends Device, Loops, RowOperations, Normalization, Attention, RecurrentCells, PreparedCalls {

  /**
   * Finds the largest element along an axis: {@code out = index of the first largest}. A NaN counts
   * as larger than any number.
   *
   * @param x where to look, f32, f64, i32 or i64; its axis is not empty
   * @param axis the axis that disappears; negative counts from the last
   * @param out {@link DType#I64}, the shape of {@code x} without the axis
   */
  void argMax(NdArray x, int axis, NdArray out);

  /**
   * Finds the smallest element along an axis: {@code out = index of the first smallest}. A NaN
   * counts as smaller than any number here, so that it is found, as by {@link #argMax}.
   *
   * @param x where to look, f32, f64, i32 or i64; its axis is not empty
   * @param axis the axis that disappears; negative counts from the last
   * @param out {@link DType#I64}, the shape of {@code x} without the axis
   */
  void argMin(NdArray x, int axis, NdArray out);

  /**
   * Sorts along an axis; outputs that are shorter than the axis receive the first elements of the
   * order, the top k. Equal elements stay in their order, in both directions; −0 equals 0. A NaN
   * counts as larger than any number: it comes last, or first if descending.
   *
   * @param x what to sort: f32, f64, i32 or i64
   * @param axis the axis along which; negative counts from the last
   * @param descending whether the largest come first
   * @param values receives the elements: of the type of {@code x} and its shape but along the axis,
   *     where it may be shorter
   * @param indices receives where along the axis they were: {@link DType#I64}, of the shape of
   *     {@code values}
   */
  void sort(NdArray x, int axis, boolean descending, NdArray values, NdArray indices);

  /**
   * Combines each element with all before it along an axis: cumulative sums, products, maxima and
   * minima. In f32 they are kept in 64 bits and rounded once for each output, in f64 combined one
   * after the other: the k-th sum is off by at most k · 2⁻⁵³ times the sum of the absolute values,
   * and the rounding. Integers wrap around, as Java's do.
   *
   * @param op how elements are combined; a maximum or minimum is NaN from the first NaN on
   * @param x f32, f64, i32 or i64
   * @param axis the axis along which; negative counts from the last
   * @param exclusive whether an element is left out of its own result; the first result is then
   *     that of no elements: 0, 1, or the type's smallest or largest value
   * @param reverse whether to begin at the axis's end
   * @param out of the type and shape of {@code x}
   */
  void scan(ReduceOp op, NdArray x, int axis, boolean exclusive, boolean reverse, NdArray out);

  /**
   * Multiplies matrices: {@code out = alpha · a · b + beta · out} over the last two axes; the axes
   * before them broadcast. The factors are rounded to the arrays' type. As in BLAS, with {@code
   * beta} 0 the output's old numbers are not read, and with {@code alpha} 0 neither are a and b:
   * what would be a NaN times 0 is 0.
   *
   * <p>Both arguments may be {@link DType#F16}, or both {@link DType#BF16}, where the output is
   * {@link DType#F32}. Their products are exact in f32, and summed in it.
   *
   * @param a {@code [batch…, m, k]}
   * @param b {@code [batch…, k, n]}
   * @param alpha the factor of the product
   * @param beta the factor of what is in {@code out}
   * @param out {@code [batch…, m, n]}
   */
  void matmul(NdArray a, NdArray b, double alpha, double beta, NdArray out);

  /**
   * Multiplies matrices and computes an expression from each element of the product, as {@link
   * #matmul(NdArray, NdArray, double, double, NdArray)} and then {@link #elementwise(Expr, NdArray,
   * double[], NdArray...)} in place would, but with fewer visits to memory: a bias, an activation,
   * a residual.
   *
   * {@snippet :
   * Expr relu = Expr.arg(0).add(Expr.arg(1)).relu();
   * backend.matmul(x, weights, 1, 0, out, relu, new double[0], bias);   // relu(x · weights + bias)
   * }
   *
   * @param a {@code [batch…, m, k]}
   * @param b {@code [batch…, k, n]}
   * @param alpha the factor of the product
   * @param beta the factor of what is in {@code out}
   * @param out {@code [batch…, m, n]}
   * @param epilogue what becomes of an element: argument 0 is {@code alpha · a · b + beta · out},
   *     arguments from 1 on are {@code ins}
   * @param params the scalars of the call
   * @param ins further arrays, which stretch to the output's shape and share no memory with it
   */
  default void matmul(
      NdArray a,
      NdArray b,
      double alpha,
      double beta,
      NdArray out,
      Expr epilogue,
      double[] params,
      NdArray... ins) {
    EpilogueSpec spec = EpilogueSpec.of(a, b, out, epilogue, params, ins);
    matmul(a, b, alpha, beta, out);
    elementwise(epilogue, out, params, spec.arguments());
  }

  /**
   * Convolves: {@code out = x ∗ filter}. Where a window holds an infinity or NaN, the output is
   * infinite or NaN; which of them depends on how it is computed.
   *
   * @param spec the geometry
   * @param x {@code [n, c, spatial…]}
   * @param filter {@code [k, c / groups, kernel…]}
   * @param out {@code [n, k, spatial…]}
   */
  void conv(ConvSpec spec, NdArray x, NdArray filter, NdArray out);

  /**
   * Convolves and computes an expression from each element, as {@link #conv(ConvSpec, NdArray,
   * NdArray, NdArray)} and then {@link #elementwise(Expr, NdArray, double[], NdArray...)} in place
   * would, but with fewer visits to memory: a bias, an activation, a residual.
   *
   * {@snippet :
   * Expr relu = Expr.arg(0).add(Expr.arg(1)).relu();
   * backend.conv(spec, x, filter, out, relu, new double[0], bias);   // bias is [k, 1, 1]
   * }
   *
   * @param spec the geometry
   * @param x {@code [n, c, spatial…]}
   * @param filter {@code [k, c / groups, kernel…]}
   * @param out {@code [n, k, spatial…]}
   * @param epilogue what becomes of an element: argument 0 is the convolution, arguments from 1 on
   *     are {@code ins}
   * @param params the scalars of the call
   * @param ins further arrays, which stretch to the output's shape and share no memory with it
   */
  default void conv(
      ConvSpec spec,
      NdArray x,
      NdArray filter,
      NdArray out,
      Expr epilogue,
      double[] params,
      NdArray... ins) {
    NdArray[] arguments = spec.checkForward(x, filter, out, epilogue, params, ins);
    conv(spec, x, filter, out);
    elementwise(epilogue, out, params, arguments);
  }

  /**
   * Computes the gradient of {@link #conv(ConvSpec, NdArray, NdArray, NdArray)} by its input. This
   * is also the transposed convolution, from {@code outGrad} as input to {@code xGrad} as output:
   * {@link ConvSpec#transposed} gives its geometry.
   *
   * @param spec the geometry of the forward call
   * @param outGrad the gradient by the output
   * @param filter {@code [k, c / groups, kernel…]}
   * @param xGrad receives the gradient by the input
   */
  void convBackwardData(ConvSpec spec, NdArray outGrad, NdArray filter, NdArray xGrad);

  /**
   * Computes the gradient of {@link #conv(ConvSpec, NdArray, NdArray, NdArray)} by its filter.
   *
   * @param spec the geometry of the forward call
   * @param x {@code [n, c, spatial…]}
   * @param outGrad the gradient by the output
   * @param filterGrad receives the gradient by the filter
   */
  void convBackwardFilter(ConvSpec spec, NdArray x, NdArray outGrad, NdArray filterGrad);

  /**
   * Takes the largest element of each window. Padding never wins; a NaN in the window does. The
   * windows slide ({@link PoolSpec#of}), follow from the output's extents ({@link
   * PoolSpec#adaptive}) or are whole planes ({@link PoolSpec#global}).
   *
   * @param spec the geometry
   * @param x {@code [n, c, spatial…]}
   * @param out {@code [n, c, spatial…]}
   * @param indices {@link DType#I32} of the output's shape; receives where each element came from,
   *     as a row-major index over the spatial axes of {@code x}; the first of equals
   */
  void maxPool(PoolSpec spec, NdArray x, NdArray out, NdArray indices);

  /**
   * Computes the gradient of {@link #maxPool}.
   *
   * @param spec the geometry of the forward call
   * @param outGrad the gradient by the output
   * @param indices what the forward call found
   * @param xGrad receives the gradient by the input
   */
  void maxPoolBackward(PoolSpec spec, NdArray outGrad, NdArray indices, NdArray xGrad);

  /**
   * Takes the mean of each window. Padding adds nothing; whether it counts is the caller's choice:
   * it does by default in PyTorch ({@code count_include_pad}), and never in Keras and TensorFlow.
   *
   * @param spec the geometry
   * @param countPadding whether a window's sum is divided by its whole size, or else by how many of
   *     its elements lie inside the input
   * @param x {@code [n, c, spatial…]}
   * @param out {@code [n, c, spatial…]}
   */
  void avgPool(PoolSpec spec, boolean countPadding, NdArray x, NdArray out);

  /**
   * Computes the gradient of {@link #avgPool}.
   *
   * @param spec the geometry of the forward call
   * @param countPadding the choice of the forward call
   * @param outGrad the gradient by the output
   * @param xGrad receives the gradient by the input
   */
  void avgPoolBackward(PoolSpec spec, boolean countPadding, NdArray outGrad, NdArray xGrad);

  /**
   * Picks one element for each index: {@code out[i][j] = x[indices[i][j]][j]} for axis 0.
   *
   * @param x what to pick from
   * @param axis the axis along which is picked
   * @param indices i32 or i64, the shape of {@code x} but along the axis
   * @param out the shape of {@code indices}
   */
  void gather(NdArray x, int axis, NdArray indices, NdArray out);

  /**
   * Adds one element at each index: {@code out[indices[i][j]][j] += x[i][j]} for axis 0; an index
   * may come twice. The gradient of {@link #gather}, if {@code out} was zero.
   *
   * @param x what to add, of the shape of {@code indices}
   * @param axis the axis along which is picked
   * @param indices i32 or i64, the shape of {@code out} but along the axis
   * @param out what is added to
   */
  void scatterAdd(NdArray x, int axis, NdArray indices, NdArray out);

  /**
   * Picks whole slices along an axis: {@code out[i] = x[indices[i]]} for axis 0, the rows of an
   * embedding's table.
   *
   * @param x what to pick from, of any type
   * @param axis the axis along which is picked
   * @param indices {@code [n]}, i32 or i64; one may come twice
   * @param out of the type of {@code x} and its shape, but n along the axis
   */
  void indexSelect(NdArray x, int axis, NdArray indices, NdArray out);

  /**
   * Adds whole slices along an axis: {@code out[indices[i]] += x[i]} for axis 0, in the order of
   * the indices, of which one may come twice. The gradient of {@link #indexSelect}, if {@code out}
   * was zero.
   *
   * @param x what to add: the shape of {@code out}, but n along the axis
   * @param axis the axis along which is picked
   * @param indices {@code [n]}, i32 or i64
   * @param out what is added to, f32 or f64
   */
  void indexAdd(NdArray x, int axis, NdArray indices, NdArray out);

  /**
   * Copies elements, converted to the output's type as Java's casts do: a floating-point number
   * becomes an integer by cutting the fraction off, clamped to the integer's range, and 0 from NaN;
   * a 64-bit integer keeps its low 32 bits. {@link DType#F16} and {@link DType#BF16} are converted
   * by way of {@link DType#F32}; {@link DType#BOOL} asks whether the number is not 0.
   *
   * @param from what to copy; stretches to the output's shape
   * @param to any type and layout
   */
  void copy(NdArray from, NdArray to);

  /**
   * Fills an array with random numbers: element {@code i} in row-major order is number {@code i} of
   * the stream that {@link Philox} gives for the seed.
   *
   * @param distribution how the numbers are spread
   * @param seed which numbers
   * @param stream which of the seed's independent streams
   * @param out f32 or f64
   */
  void random(Distribution distribution, long seed, long stream, NdArray out);

  /**
   * Runs work, and gives it back in a form that can be run again and again, with as little as
   * possible to do on the processor: a device records what it is given to do, and repeats that
   * without the program.
   *
   * {@snippet :
   * NdArray loss = backend.uninitialized(DType.F32, Shape.SCALAR);
   * try (CapturedWork step = backend.capture(() -> train(batch, loss))) {   // the first step
   *   for (int i = 1; i < steps; i++) {
   *     batch.copyFromHost(batches.next());
   *     step.run();
   *   }
   *   loss.get();
   * }
   * }
   *
   * <p>A repetition works with the same arrays: new numbers are written into those that the work
   * reads, and results are found in those that it wrote. Everything else may be as it was the first
   * time, whatever the program has changed since: which way an {@code if} went, and scalars, such
   * as the learning rate. A device refuses work that needs the numbers themselves, as {@link
   * NdArray#get} does, and random numbers, as they would be the same in every run; indices that are
   * out of range are not noticed there, read 0 and write nothing. Arrays that the work makes
   * outside of scopes of its own live until the captured work is closed.
   *
   * <p>Without a device of its own, a backend calls the work each time.
   *
   * @param work what to do; it is called once at least
   * @return the work, which was run once
   * @throws IllegalStateException if it does what can not be repeated
   */
  default CapturedWork capture(Runnable work) {
    work.run();
    return CapturedWork.calling(work);
  }

  /**
   * {@return whether each operation of an expression is rounded to the type of the arrays} If so,
   * an expression gives the same bits as its parts computed one after the other, in memory of that
   * type.
   */
  default boolean roundsParts() {
    return true;
  }

  @Override
  default NdArray uninitialized(DType dtype, Shape shape) {
    return NdArray.uninitialized(this, dtype, shape);
  }
}
