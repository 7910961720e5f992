package dev.lanewise.simd;

import dev.lanewise.array.Layout;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Scope;
import dev.lanewise.kernel.MatmulSpec;
import dev.lanewise.simd.gemm.Product;
import java.lang.ref.Reference;

/** Runs matrix products over arrays of any layout and any number of batch axes. */
final class Multiplication {
  /** About 20 µs of work. */
  private static final long TASK_PRODUCTS = 1L << 20;

  private final Workers workers;

  Multiplication(Workers workers) {
    this.workers = workers;
  }

  /** One operand's steps between rows, columns and matrices. */
  private record Operand(long address, long rows, long columns, long[] batch) {
    static Operand of(NdArray x) {
      Layout layout = x.layout();
      int rank = layout.shape().rank();
      long[] batch = new long[rank - 2];
      for (int i = 0; i < batch.length; i++) {
        batch[i] = layout.stride(i);
      }
      return new Operand(Addresses.of(x), layout.stride(rank - 2), layout.stride(rank - 1), batch);
    }

    Operand transposed() {
      return new Operand(address, columns, rows, batch);
    }

    /** {@return the address of a matrix of the batch} */
    long at(int index, NdArray shape) {
      long element = 0;
      int rest = index;
      for (int axis = batch.length - 1; axis >= 0; axis--) {
        int extent = shape.shape().dim(axis);
        element += rest % extent * batch[axis];
        rest /= extent;
      }
      return address + element * shape.dtype().byteSize();
    }
  }

  /** Computes a product. */
  void run(MatmulSpec spec, double alpha, double beta) {
    run(spec, alpha, beta, null);
  }

  /**
   * {@return whether blocks of a product's output are computed where they lie, so that an epilogue
   * can follow each}
   */
  static boolean isDirect(MatmulSpec spec) {
    return spec.n() == 1 || Operand.of(spec.out()).columns == 1;
  }

  /**
   * Computes a product.
   *
   * @param epilogue what follows each block, if the product is computed in place; or null
   */
  void run(MatmulSpec spec, double alpha, double beta, Epilogue epilogue) {
    NdArray out = spec.out();
    if (out.size() == 0) {
      return;
    }
    Operand a = Operand.of(spec.a());
    Operand b = Operand.of(spec.b());
    Operand c = Operand.of(out);
    if (c.columns == 1 || spec.n() == 1) {
      multiply(spec, spec.m(), spec.n(), alpha, a, b, beta, c, epilogue);
    } else if (c.rows == 1 || spec.m() == 1) {
      // A transposed output is the product of the transposed factors, exchanged.
      Operand left = b.transposed();
      Operand right = a.transposed();
      multiply(spec, spec.n(), spec.m(), alpha, left, right, beta, c.transposed(), null);
    } else {
      try (Scope _ = Scope.open("matmul temporaries")) {
        NdArray dense = NdArray.uninitialized(out.device(), out.dtype(), out.shape());
        if (beta != 0) {
          StridedCopy.run(Nest.of(out, dense), workers);
        }
        multiply(spec, spec.m(), spec.n(), alpha, a, b, beta, Operand.of(dense), null);
        StridedCopy.run(Nest.of(dense, out), workers);
      }
    }
    Reference.reachabilityFence(spec);
  }

  private void multiply(
      MatmulSpec spec,
      int m,
      int n,
      double alpha,
      Operand a,
      Operand b,
      double beta,
      Operand c,
      Epilogue epilogue) {
    Product first = product(spec, m, n, alpha, a, b, beta, c, 0);
    int tasks = first.tasks();
    int batch = Math.toIntExact(spec.out().size() / ((long) m * n));
    if (batch == 1) {
      workers.run(tasks, epilogue == null ? first : t -> runTask(first, t, epilogue, 0));
      return;
    }
    // Small matrices go together, so that a task is worth another thread.
    long products = (long) m * n * spec.k() + 1;
    int together = tasks > 1 ? 1 : Math.clamp(TASK_PRODUCTS / products, 1, batch);
    workers.run(
        Math.multiplyExact((batch + together - 1) / together, tasks),
        t -> {
          int start = t / tasks * together;
          for (int i = start; i < Math.min(batch, start + together); i++) {
            runTask(product(spec, m, n, alpha, a, b, beta, c, i), t % tasks, epilogue, i);
          }
        });
  }

  private static void runTask(Product product, int task, Epilogue epilogue, int index) {
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

  private static Product product(
      MatmulSpec spec,
      int m,
      int n,
      double alpha,
      Operand a,
      Operand b,
      double beta,
      Operand c,
      int index) {
    NdArray shape = spec.out();
    return new Product()
        .of(shape.dtype(), m, n, spec.k())
        .factors(alpha, beta)
        .left(a.at(index, shape), a.rows, a.columns)
        .right(b.at(index, shape), b.rows, b.columns)
        .into(c.at(index, shape), c.rows);
  }
}
