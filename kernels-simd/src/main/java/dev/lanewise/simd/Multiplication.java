package dev.lanewise.simd;

import dev.lanewise.array.DType;
import dev.lanewise.array.Layout;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Scope;
import dev.lanewise.kernel.MatmulSpec;
import dev.lanewise.simd.gemm.Gemm;
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

  void run(MatmulSpec spec, double alpha, double beta) {
    NdArray out = spec.out();
    if (out.size() == 0) {
      return;
    }
    Operand a = Operand.of(spec.a());
    Operand b = Operand.of(spec.b());
    Operand c = Operand.of(out);
    if (c.columns == 1 || spec.n() == 1) {
      multiply(spec, spec.m(), spec.n(), alpha, a, b, beta, c);
    } else if (c.rows == 1 || spec.m() == 1) {
      // A transposed output is the product of the transposed factors, exchanged.
      multiply(
          spec, spec.n(), spec.m(), alpha, b.transposed(), a.transposed(), beta, c.transposed());
    } else {
      try (Scope _ = Scope.open("matmul temporaries")) {
        NdArray dense = NdArray.uninitialized(out.device(), out.dtype(), out.shape());
        if (beta != 0) {
          StridedCopy.run(Nest.of(out, dense), workers);
        }
        multiply(spec, spec.m(), spec.n(), alpha, a, b, beta, Operand.of(dense));
        StridedCopy.run(Nest.of(dense, out), workers);
      }
    }
    Reference.reachabilityFence(spec);
  }

  private void multiply(
      MatmulSpec spec, int m, int n, double alpha, Operand a, Operand b, double beta, Operand c) {
    NdArray shape = spec.out();
    int k = spec.k();
    int batch = Math.toIntExact(shape.size() / ((long) m * n));
    int tasks = Gemm.tasks(m, n, k);
    if (tasks == 1 && batch == 1) {
      // Nothing to share: no task object, no waking of threads.
      task(shape.dtype(), 0, m, n, k, alpha, a.address, a, b.address, b, beta, c.address, c);
      return;
    }
    // Small matrices go together, so that a task is worth another thread.
    int together = tasks > 1 ? 1 : Math.clamp(TASK_PRODUCTS / ((long) m * n * k + 1), 1, batch);
    workers.run(
        Math.multiplyExact((batch + together - 1) / together, tasks),
        t -> {
          int first = t / tasks * together;
          for (int i = first; i < Math.min(batch, first + together); i++) {
            task(
                shape.dtype(),
                t % tasks,
                m,
                n,
                k,
                alpha,
                a.at(i, shape),
                a,
                b.at(i, shape),
                b,
                beta,
                c.at(i, shape),
                c);
          }
        });
  }

  private static void task(
      DType dtype,
      int task,
      int m,
      int n,
      int k,
      double alpha,
      long aAt,
      Operand a,
      long bAt,
      Operand b,
      double beta,
      long cAt,
      Operand c) {
    if (dtype == DType.F32) {
      Gemm.f32Task(
          task,
          m,
          n,
          k,
          (float) alpha,
          aAt,
          a.rows,
          a.columns,
          bAt,
          b.rows,
          b.columns,
          (float) beta,
          cAt,
          c.rows);
    } else {
      Gemm.f64Task(
          task, m, n, k, alpha, aAt, a.rows, a.columns, bAt, b.rows, b.columns, beta, cAt, c.rows);
    }
  }
}
