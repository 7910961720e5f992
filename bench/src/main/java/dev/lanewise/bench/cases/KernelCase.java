package dev.lanewise.bench.cases;

import dev.lanewise.kernel.Backend;
import java.util.List;

/**
 * One kernel on one shape: its inputs, its exact answer and how much work it is. What is timed is
 * made of it twice: by {@link #on} for a Lanewise backend, and by the peers, which know each kind.
 *
 * <p>{@link KernelCases} lists those that are measured.
 */
public sealed interface KernelCase
    permits Gemm,
        Conv,
        Pool,
        SelfAttention,
        RecurrentStep,
        Elementwise,
        Reduction,
        Rows,
        ImageNorm,
        Lines,
        Picking,
        Copy,
        RandomNumbers,
        ArrayBlas,
        OptimizerStep,
        Inference,
        TrainingStep,
        ResidualBlock {
  /** {@return the kernel, for example {@code "gemm f32 TN"}} */
  String kernel();

  /** {@return the problem's extents, for example {@code "64x784x128"}} */
  String shape();

  /** {@return what one call computes and moves} */
  Work work();

  /** {@return whether this case is one of the quick round} */
  boolean isQuick();

  /** {@return the numbers to compute on, the same in every run} */
  List<float[]> inputs();

  /**
   * {@return the kernel with its arrays, ready to run}
   *
   * @param backend who computes
   * @param inputs of {@link #inputs}
   */
  Kernel on(Backend backend, List<float[]> inputs);

  /**
   * {@return the exact answer}
   *
   * @param inputs of {@link #inputs}
   */
  Exact exact(List<float[]> inputs);

  /** {@return kernel and shape, by which the case is selected and listed} */
  default String id() {
    return kernel() + " " + shape();
  }
}
