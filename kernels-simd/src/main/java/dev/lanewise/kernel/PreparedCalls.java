package dev.lanewise.kernel;

import dev.lanewise.array.NdArray;
import java.util.List;

/**
 * Calls that are made again and again with the same arrays, or with others of the same types and
 * layouts: what is found out about a call is found out once.
 *
 * {@snippet :
 * NdArray[] outs = {y};
 * NdArray[] ins = {x};
 * Runnable relu = backend.prepareElementwise(List.of(Expr.arg(0).relu()), outs, new double[0], ins);
 * relu.run();      // y = relu(x)
 * ins[0] = other;  // of x's type and layout; the offset may differ
 * relu.run();      // y = relu(other)
 * }
 *
 * <p>A call checks its arrays at its first run; later, only that they are alive. Arrays that are
 * put in the place of others must lie as those did, and be apart from others, or the same as
 * others, as those were; scalars are read at each run. A prepared call belongs to one thread at a
 * time.
 */
public sealed interface PreparedCalls permits Backend {

  /**
   * {@return {@link Backend#elementwise(List, NdArray[], double[], NdArray...)} as a call to be
   * made again}
   *
   * @param exprs one for each output
   * @param outs the outputs
   * @param params the scalars
   * @param ins the arguments
   */
  default Runnable prepareElementwise(
      List<Expr> exprs, NdArray[] outs, double[] params, NdArray[] ins) {
    return () -> ((Backend) this).elementwise(exprs, outs, params, ins);
  }

  /**
   * {@return {@link Backend#reduce} as a call to be made again}
   *
   * @param op what joins two elements
   * @param expr what is joined
   * @param axes along which axes
   * @param out the output, as an array of one
   * @param params the scalars
   * @param ins the arguments
   */
  default Runnable prepareReduce(
      ReduceOp op, Expr expr, int[] axes, NdArray[] out, double[] params, NdArray[] ins) {
    return () -> ((Backend) this).reduce(op, expr, axes, out[0], params, ins);
  }

  /**
   * {@return a product as a call to be made again}
   *
   * @param alpha the factor of the product
   * @param beta the factor of what is in the output
   * @param out the output, as an array of one
   * @param epilogue the function of each element; {@code null} if there is none
   * @param params its scalars
   * @param ins the two factors, and then the epilogue's arguments but for the product
   */
  default Runnable prepareMatmul(
      double alpha, double beta, NdArray[] out, Expr epilogue, double[] params, NdArray[] ins) {
    Backend backend = (Backend) this;
    if (epilogue == null) {
      return () -> backend.matmul(ins[0], ins[1], alpha, beta, out[0]);
    }
    NdArray[] more = new NdArray[ins.length - 2];
    return () -> {
      System.arraycopy(ins, 2, more, 0, more.length);
      backend.matmul(ins[0], ins[1], alpha, beta, out[0], epilogue, params, more);
    };
  }

  /**
   * {@return functions of each element of a product of two matrices, as a call to be made again}
   * The product itself is not among the results. Each output has the bits that {@link
   * Backend#elementwise(List, NdArray[], double[], NdArray...)} gives for the product that {@link
   * Backend#matmul(NdArray, NdArray, double, double, NdArray)} writes.
   *
   * @param alpha the factor of the product
   * @param exprs one for each output; argument 0 is the product's element
   * @param outs the outputs, {@code [m, n]} each; they may be arguments from 1 on
   * @param params the scalars
   * @param ins the two matrices, and then the arguments from 1 on
   */
  default Runnable prepareMappedMatmul(
      double alpha, List<Expr> exprs, NdArray[] outs, double[] params, NdArray[] ins) {
    return new MappedMatmul((Backend) this, alpha, exprs, outs, params, ins);
  }

  /**
   * {@return whether {@link #prepareMappedMatmul} has the product in the cache only} If not,
   * nothing is gained by it.
   */
  default boolean mapsProducts() {
    return false;
  }
}
