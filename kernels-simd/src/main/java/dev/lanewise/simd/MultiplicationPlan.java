package dev.lanewise.simd;

import dev.lanewise.array.DType;
import dev.lanewise.array.HostMemory;
import dev.lanewise.array.Layout;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Pool;
import dev.lanewise.kernel.MatmulSpec;
import dev.lanewise.simd.gemm.Product;
import java.lang.ref.Reference;
import java.util.Arrays;
import java.util.function.IntConsumer;

/** A matrix product made ready, with all the matrices of its batch. */
final class MultiplicationPlan extends Plan implements IntConsumer {
  /** About 20 µs of work. */
  static final long TASK_PRODUCTS = 1L << 20;

  private final Workers workers;
  private final DType dtype;
  private final int m;
  private final int n;
  private final int k;
  private final int[] batchDims;
  private final int batch;
  private final Operand left;
  private final Operand right;
  private final Operand into;

  /** The output is the product of the transposed factors, exchanged. */
  private final boolean exchanged;

  /** The output if neither its rows nor its columns are dense: it goes through a copy. */
  private final StridedCopy toDense;

  private final StridedCopy fromDense;
  private final long denseBytes;
  private final Epilogue epilogue;

  /** How many tasks one matrix is, and how many small matrices go together in one. */
  private final int tasksOfOne;

  private final int together;

  /** For the tasks that can run at a time; the first one alone if there is one matrix. */
  private final Product[] products;

  private final Slots slots;

  // One call's.
  private double alpha;
  private double beta;
  private long addressOfA;
  private long addressOfB;
  private long addressOfC;

  /** One operand's steps between rows, columns and matrices. */
  private record Operand(long rows, long columns, long[] batch) {
    static Operand of(Layout layout) {
      int rank = layout.shape().rank();
      long[] batch = Arrays.copyOf(Nest.strides(layout), rank - 2);
      return new Operand(layout.stride(rank - 2), layout.stride(rank - 1), batch);
    }

    Operand transposed() {
      return new Operand(columns, rows, batch);
    }

    /** {@return where a matrix of the batch begins, in elements} */
    long element(int index, int[] dims) {
      long element = 0;
      int rest = index;
      for (int axis = dims.length - 1; axis >= 0; axis--) {
        element += rest % dims[axis] * batch[axis];
        rest /= dims[axis];
      }
      return element;
    }
  }

  /**
   * Plans a product whose output is not empty.
   *
   * @param epilogue what follows each block of an output whose rows are dense; or null
   */
  MultiplicationPlan(Signature call, MatmulSpec spec, Epilogue epilogue, Workers workers) {
    super(call);
    this.workers = workers;
    this.epilogue = epilogue;
    this.dtype = spec.out().dtype();
    this.k = spec.k();
    Layout out = spec.out().layout();
    Operand a = Operand.of(spec.a().layout());
    Operand b = Operand.of(spec.b().layout());
    Operand c = Operand.of(out);
    boolean direct = c.columns == 1 || spec.n() == 1;
    this.exchanged = !direct && (c.rows == 1 || spec.m() == 1);
    if (direct || exchanged) {
      this.toDense = null;
      this.fromDense = null;
      this.denseBytes = 0;
    } else {
      Layout dense = Layout.contiguous(out.shape());
      this.toDense = StridedCopy.of(dtype, out, dense);
      this.fromDense = StridedCopy.of(dtype, dense, out);
      this.denseBytes = out.shape().size() * dtype.byteSize();
      c = Operand.of(dense);
    }
    this.m = exchanged ? spec.n() : spec.m();
    this.n = exchanged ? spec.m() : spec.n();
    this.left = exchanged ? b.transposed() : a;
    this.right = exchanged ? a.transposed() : b;
    this.into = exchanged ? c.transposed() : c;
    this.batchDims = Arrays.copyOf(out.shape().dims(), out.shape().rank() - 2);
    this.batch = Math.toIntExact(out.shape().size() / ((long) m * n));
    this.tasksOfOne = place(new Product(), 0).tasks();
    // Small matrices go together, so that a task is worth another thread.
    long work = (long) m * n * k + 1;
    this.together = tasksOfOne > 1 ? 1 : Math.clamp(TASK_PRODUCTS / work, 1, batch);
    this.slots = new Slots(batch == 1 ? 1 : tasks(), workers);
    this.products = new Product[slots.count()];
    Arrays.setAll(products, _ -> new Product());
    if (batch == 1) {
      place(products[0], 0);
    }
  }

  private int tasks() {
    return Math.multiplyExact(Math.ceilDiv(batch, together), tasksOfOne);
  }

  /** {@return whether the epilogue is computed too} */
  boolean isFused() {
    return epilogue != null;
  }

  void run(
      NdArray a,
      NdArray b,
      double alpha,
      double beta,
      NdArray out,
      double[] params,
      NdArray[] ins) {
    this.alpha = alpha;
    this.beta = beta;
    this.addressOfA = Addresses.of(exchanged ? b : a);
    this.addressOfB = Addresses.of(exchanged ? a : b);
    this.addressOfC = Addresses.of(out);
    if (fromDense != null) {
      multiplyDense(Addresses.of(out));
    } else {
      multiply(params, out, ins);
    }
    Reference.reachabilityFence(a);
    Reference.reachabilityFence(b);
    Reference.reachabilityFence(out);
    Reference.reachabilityFence(ins);
  }

  private void multiplyDense(long out) {
    Pool pool = HostMemory.INSTANCE.pool();
    Pool.Block block = pool.take(denseBytes);
    try {
      addressOfC = block.address();
      if (beta != 0) {
        toDense.run(out, addressOfC, workers);
      }
      multiply();
      fromDense.run(addressOfC, out, workers);
    } finally {
      pool.give(block);
    }
  }

  private void multiply(double[] params, NdArray out, NdArray[] ins) {
    if (epilogue == null) {
      multiply();
    } else {
      epilogue.begin(params, out, ins);
      multiply();
      epilogue.end();
    }
  }

  private void multiply() {
    if (batch == 1) {
      move(products[0]);
      workers.run(tasksOfOne, epilogue == null ? products[0] : this);
    } else {
      workers.run(tasks(), this);
    }
  }

  @Override
  public void accept(int task) {
    if (batch == 1) {
      runTask(products[0], task, 0);
      return;
    }
    int slot = slots.take();
    Product product = products[slot];
    int start = task / tasksOfOne * together;
    for (int i = start; i < Math.min(batch, start + together); i++) {
      runTask(place(product, i), task % tasksOfOne, i);
    }
    slots.give(slot);
  }

  private void runTask(Product product, int task, int index) {
    product.accept(task);
    if (epilogue != null) {
      epilogue.run(
          index,
          product.firstRow(task),
          product.endRow(task),
          product.firstColumn(task),
          product.endColumn(task));
    }
  }

  /** Lets the product of one matrix be of this call's arrays, which lie as those before. */
  private void move(Product product) {
    product.factors(alpha, beta).at(addressOfA, addressOfB, addressOfC);
  }

  /** {@return a product, now of one matrix of the batch} */
  private Product place(Product product, int index) {
    int bytes = dtype.byteSize();
    return product
        .of(dtype, m, n, k)
        .factors(alpha, beta)
        .left(addressOfA + left.element(index, batchDims) * bytes, left.rows, left.columns)
        .right(addressOfB + right.element(index, batchDims) * bytes, right.rows, right.columns)
        .into(addressOfC + into.element(index, batchDims) * bytes, into.rows);
  }
}
