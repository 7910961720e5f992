package dev.lanewise.simd;

import dev.lanewise.array.DType;
import dev.lanewise.array.Layout;
import dev.lanewise.array.NdArray;
import dev.lanewise.kernel.Expr;
import java.util.Arrays;
import java.util.List;

/**
 * What a matrix product or a convolution computes from the elements of its output, block by block,
 * while a block is in the cache. Elementwise loops give the same bits however they are cut, so that
 * is as if it had been computed afterwards. It is part of a plan: used by one call at a time.
 */
final class Epilogue {
  private final Nest nest;
  private final LoopKernel kernel;
  private double[] params;

  private Epilogue(Nest nest, LoopKernel kernel) {
    this.nest = nest;
    this.kernel = kernel;
  }

  /**
   * {@return the loop over blocks of matrices, or null if one loop can not run through them}
   *
   * @param arguments {@code [batch…, m, n]} each, the output first
   */
  static Epilogue of(DType dtype, Expr expr, Layout... arguments) {
    Layout[] layouts = Arrays.copyOf(arguments, arguments.length + 1);
    layouts[arguments.length] = arguments[0];
    Nest nest = Nest.of(dtype, layouts);
    boolean[] rowConstant = new boolean[arguments.length];
    for (int i = 0; i < layouts.length; i++) {
      long step = nest.innerExtent() == 1 ? 0 : nest.innerStride(i);
      if (step > 1) {
        return null;
      }
      if (i < arguments.length) {
        rowConstant[i] = step == 0;
      }
    }
    List<Expr> exprs = List.of(expr);
    return new Epilogue(nest, Kernels.get(Form.MAP, dtype, exprs, null, rowConstant));
  }

  /**
   * Sets what one call computes with, until {@link #end}. The caller keeps the arrays reachable.
   *
   * @param ins the arguments but for the output
   */
  void begin(double[] params, NdArray out, NdArray... ins) {
    this.params = params;
    nest.addresses[0] = Addresses.of(out);
    for (int i = 0; i < ins.length; i++) {
      nest.addresses[i + 1] = Addresses.of(ins[i]);
    }
    nest.addresses[ins.length + 1] = nest.addresses[0];
  }

  /** Ends the call: its scalars are let go. */
  void end() {
    params = null;
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
    long[] pointers = Tiles.pointers(nest.addresses.length);
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
  }
}
