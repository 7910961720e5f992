package dev.lanewise.simd;

import dev.lanewise.array.NdArray;
import dev.lanewise.kernel.EpilogueSpec;
import dev.lanewise.kernel.Expr;
import java.util.Arrays;
import java.util.List;

/**
 * What a matrix product or a convolution computes from the elements of its output, block by block,
 * while a block is in the cache. Elementwise loops give the same bits however they are cut, so that
 * is as if it had been computed afterwards.
 */
final class Epilogue {
  private final Nest nest;
  private final LoopKernel kernel;
  private final double[] params;

  private Epilogue(Nest nest, LoopKernel kernel, double[] params) {
    this.nest = nest;
    this.kernel = kernel;
    this.params = params;
  }

  /** {@return the loop over blocks of the output, or null if one loop can not run through them} */
  static Epilogue of(EpilogueSpec spec) {
    return of(spec.product().out(), spec.expr(), spec.params(), spec.arguments());
  }

  /**
   * {@return the loop over blocks of matrices, or null if one loop can not run through them}
   *
   * @param out {@code [batch…, m, n]}
   * @param arguments of the shape of {@code out}
   */
  static Epilogue of(NdArray out, Expr expr, double[] params, NdArray... arguments) {
    NdArray[] arrays = Arrays.copyOf(arguments, arguments.length + 1);
    arrays[arguments.length] = out;
    Nest nest = Nest.of(arrays);
    boolean[] rowConstant = new boolean[arguments.length];
    for (int i = 0; i < arrays.length; i++) {
      long step = nest.innerExtent() == 1 ? 0 : nest.innerStride(i);
      if (step > 1) {
        return null;
      }
      if (i < arguments.length) {
        rowConstant[i] = step == 0;
      }
    }
    List<Expr> exprs = List.of(expr);
    if (!Cut.of(nest.dtype, exprs, arguments.length).temporaries().isEmpty()) {
      return null;
    }
    LoopKernel kernel = Kernels.get(Form.MAP, nest.dtype, exprs, null, rowConstant);
    return new Epilogue(nest, kernel, params);
  }

  /**
   * Computes a block of the output.
   *
   * @param index which matrix of the batch
   * @param i0 the first row
   * @param i1 the row behind the last
   * @param j0 the first column
   * @param j1 the column behind the last
   */
  void run(int index, int i0, int i1, int j0, int j1) {
    if (i0 == i1 || j0 == j1) {
      return;
    }
    int rank = nest.rank();
    long[] pointers = new long[2 * nest.addresses.length];
    for (int array = 0; array < nest.addresses.length; array++) {
      long[] strides = nest.strides[array];
      long element = i0 * strides[rank - 2] + j0 * strides[rank - 1];
      long rest = index;
      for (int axis = rank - 3; axis >= 0; axis--) {
        element += rest % nest.dims[axis] * strides[axis];
        rest /= nest.dims[axis];
      }
      pointers[2 * array] = nest.addresses[array] + element * nest.bytes;
      pointers[2 * array + 1] = strides[rank - 2] * nest.bytes;
    }
    kernel.run(pointers, params, i1 - i0, j1 - j0);
    nest.keepReachable();
  }
}
