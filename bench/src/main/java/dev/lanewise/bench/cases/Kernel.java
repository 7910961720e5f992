package dev.lanewise.bench.cases;

import dev.lanewise.array.NdArray;
import dev.lanewise.array.Scope;
import java.util.List;

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
    return of(scope, List.of(out), computation);
  }

  /**
   * {@return a kernel that fills contiguous arrays, whose numbers one after the other are the
   * answer}
   *
   * @param scope what its arrays were made in; is closed with the kernel
   * @param outs where the answer is
   * @param computation computes once
   */
  static Kernel of(Scope scope, List<NdArray> outs, Runnable computation) {
    return new Kernel() {
      @Override
      public void run() {
        computation.run();
      }

      @Override
      public double element(int index) {
        long rest = index;
        for (NdArray out : outs) {
          if (rest < out.size()) {
            return out.dtype().get(out.storage().segment(), out.layout().offset() + rest);
          }
          rest -= out.size();
        }
        throw new IndexOutOfBoundsException("an answer of " + outs + " has no element " + index);
      }

      @Override
      public void close() {
        scope.close();
      }
    };
  }
}
