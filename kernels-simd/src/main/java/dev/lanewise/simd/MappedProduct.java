package dev.lanewise.simd;

import dev.lanewise.array.DType;
import dev.lanewise.array.Layout;
import dev.lanewise.array.NdArray;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.MappedMatmulSpec;
import dev.lanewise.kernel.MatmulSpec;
import dev.lanewise.simd.gemm.Product;
import java.lang.ref.Reference;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Functions of each element of a product of two matrices. Some rows of the product at a time are
 * computed into a block that stays in the cache, and read from there: a step of an optimizer needs
 * no memory for the gradient. Neither products nor elementwise loops depend on how they are cut.
 */
final class MappedProduct implements Runnable, IntConsumer {
  /** Of a first-level cache of 32 KB and more, most. */
  private static final int BLOCK_BYTES = 24 << 10;

  /** Fewer rows than these leave registers of the product's tiles unused. */
  private static final int LEAST_ROWS = 16;

  /** About 20 µs of memory's work. */
  private static final long TASK_BYTES = 1L << 19;

  /** What a thread works with, reused by all calls. */
  private static final class Local {
    private final Product product = new Product();
    private final ReusedMemory memory = new ReusedMemory();
  }

  private static final ThreadLocal<Local> LOCAL = ThreadLocal.withInitial(Local::new);

  private final Workers workers;
  private final double alpha;
  private final double[] params;
  private final NdArray[] outs;
  private final NdArray[] ins;
  private final DType dtype;
  private final int bytes;
  private final int m;
  private final int n;
  private final int k;
  private final LoopKernel kernel;

  /** The two matrices' steps between rows and columns. */
  private final long[] left;

  private final long[] right;

  /** For each argument and then each output, its step between rows. */
  private final long[] rowSteps;

  private final int blocks;
  private final int blocksOfTask;
  private final int mostRows;
  private final int tasks;

  /** Whether the rows of all arrays follow one another: then a block of them is one row. */
  private final boolean gapless;

  // One call's.
  private final long[] addresses;
  private long addressOfA;
  private long addressOfB;

  private MappedProduct(
      MappedMatmulSpec spec,
      double alpha,
      double[] params,
      NdArray[] ins,
      LoopKernel kernel,
      Workers workers) {
    MatmulSpec product = spec.product();
    this.workers = workers;
    this.alpha = alpha;
    this.params = params;
    this.outs = spec.outs();
    this.ins = ins;
    this.dtype = product.out().dtype();
    this.bytes = dtype.byteSize();
    this.m = product.m();
    this.n = product.n();
    this.k = product.k();
    this.kernel = kernel;
    this.left = Nest.strides(product.a().layout());
    this.right = Nest.strides(product.b().layout());
    Layout[] layouts = layouts(spec);
    this.rowSteps = new long[layouts.length];
    Arrays.setAll(rowSteps, i -> layouts[i].stride(0) * bytes);
    long wish = Math.max(LEAST_ROWS, BLOCK_BYTES / ((long) n * bytes));
    this.blocks = Math.toIntExact(Math.ceilDiv(m, wish));
    this.mostRows = Math.ceilDiv(m, blocks);
    long products = (long) mostRows * n * k;
    long moved = (long) mostRows * n * bytes * layouts.length;
    this.blocksOfTask =
        Math.clamp(
            Math.min(MultiplicationPlan.TASK_PRODUCTS / products, TASK_BYTES / moved), 1, blocks);
    this.tasks = Math.ceilDiv(blocks, blocksOfTask);
    boolean follow = true;
    for (long step : rowSteps) {
      follow &= step == (long) n * bytes;
    }
    this.gapless = follow;
    this.addresses = new long[layouts.length];
  }

  /**
   * {@return a call to be made again, which is checked at its first run}
   *
   * @param ins the two matrices, then the arguments
   * @param inTwo the same as a product and an elementwise call
   */
  static Runnable prepared(
      double alpha,
      List<Expr> exprs,
      NdArray[] outs,
      double[] params,
      NdArray[] ins,
      Workers workers,
      Runnable inTwo) {
    return new Runnable() {
      private Runnable call;

      @Override
      public void run() {
        if (call == null) {
          MappedProduct inOne = of(alpha, exprs, outs, params, ins, workers);
          call = inOne == null ? inTwo : inOne;
        }
        call.run();
      }
    };
  }

  /**
   * {@return a checked call, to be made again; null if one loop can not run through its arrays, or
   * the product is a row or a column, which is summed in another order than its parts would be}
   *
   * @param ins the two matrices, then the arguments
   */
  private static MappedProduct of(
      double alpha,
      List<Expr> exprs,
      NdArray[] outs,
      double[] params,
      NdArray[] ins,
      Workers workers) {
    MappedMatmulSpec spec = MappedMatmulSpec.of(exprs, outs, params, ins);
    DType dtype = outs[0].dtype();
    int rows = outs[0].shape().dim(0);
    int columns = outs[0].shape().dim(1);
    if (dtype.isInteger() || rows < 2 || columns < 2) {
      return null;
    }
    Layout[] layouts = layouts(spec);
    int arguments = layouts.length - outs.length;
    boolean[] rowConstant = new boolean[arguments + 1];
    for (int i = 0; i < layouts.length; i++) {
      long step = layouts[i].stride(1);
      if (step > 1) {
        return null;
      }
      if (i < arguments) {
        rowConstant[i + 1] = step == 0;
      }
    }
    LoopKernel kernel = Kernels.get(Form.MAP, dtype, exprs, null, rowConstant);
    return new MappedProduct(spec, alpha, params, ins, kernel, workers);
  }

  private static Layout[] layouts(MappedMatmulSpec spec) {
    Layout[] layouts = new Layout[spec.ins().length + spec.outs().length];
    for (int i = 0; i < layouts.length; i++) {
      boolean isArgument = i < spec.ins().length;
      layouts[i] = (isArgument ? spec.ins()[i] : spec.outs()[i - spec.ins().length]).layout();
    }
    return layouts;
  }

  @Override
  public void run() {
    addressOfA = Addresses.of(ins[0]);
    addressOfB = Addresses.of(ins[1]);
    int arguments = ins.length - 2;
    for (int i = 0; i < addresses.length; i++) {
      addresses[i] = Addresses.of(i < arguments ? ins[i + 2] : outs[i - arguments]);
    }
    workers.run(tasks, this);
    Reference.reachabilityFence(ins);
    Reference.reachabilityFence(outs);
  }

  @Override
  public void accept(int task) {
    Local local = LOCAL.get();
    long memory = local.memory.place((long) mostRows * n * bytes);
    int end = Math.min(blocks, (task + 1) * blocksOfTask);
    for (int block = task * blocksOfTask; block < end; block++) {
      int first = firstRow(block);
      rows(local.product, memory, first, firstRow(block + 1) - first);
    }
  }

  /** {@return where a block begins; all have about as many rows, and so none a single one} */
  private int firstRow(int block) {
    return (int) ((long) m * block / blocks);
  }

  /** Computes some rows of the outputs. */
  private void rows(Product product, long memory, int first, int count) {
    product
        .of(dtype, count, n, k)
        .factors(alpha, 0)
        .left(addressOfA + first * left[0] * bytes, left[0], left[1])
        .right(addressOfB, right[0], right[1])
        .into(memory, n)
        .run();
    long[] pointers = Tiles.pointers(addresses.length + 1);
    pointers[0] = memory;
    pointers[1] = (long) n * bytes;
    for (int i = 0; i < addresses.length; i++) {
      pointers[2 * i + 2] = addresses[i] + first * rowSteps[i];
      pointers[2 * i + 3] = rowSteps[i];
    }
    if (gapless) {
      kernel.run(pointers, params, 1, count * n);
    } else {
      kernel.run(pointers, params, count, n);
    }
  }
}
