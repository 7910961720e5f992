package dev.lanewise.bench.cases;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Scope;

/** A computation with its arrays, which are freed when it is closed. */
public interface Kernel extends AutoCloseable {
  /** Computes once. */
  void run();

  /**
   * {@return one number of the latest answer}
   *
   * @param index which, in row-major order
   */
  double element(int index);

  @Override
  void close();

  /**
   * {@return a kernel that fills a contiguous array}
   *
   * @param scope what its arrays were made in; is closed with the kernel
   * @param out where the answer is
   * @param computation computes once
   */
  static Kernel of(Scope scope, NdArray out, Runnable computation) {
    DType dtype = out.dtype();
    long offset = out.layout().offset();
    return new Kernel() {
      @Override
      public void run() {
        computation.run();
      }

      @Override
      public double element(int index) {
        return dtype.get(out.storage().segment(), offset + index);
      }

      @Override
      public void close() {
        scope.close();
      }
    };
  }
}
