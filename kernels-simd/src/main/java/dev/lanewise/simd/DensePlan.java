package dev.lanewise.simd;

import dev.lanewise.array.DType;
import dev.lanewise.array.HostMemory;
import dev.lanewise.array.Layout;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Pool;
import java.util.ArrayList;
import java.util.List;

/**
 * A call made ready whose kernel needs arrays without gaps, and perhaps memory of its own. What has
 * gaps is copied before and afterwards; the memory is there for the time of the call.
 */
abstract class DensePlan extends Plan {
  final Workers workers;

  private final List<DenseArgument> arguments = new ArrayList<>();
  private long bytes;

  DensePlan(Signature call, Workers workers) {
    super(call);
    this.workers = workers;
  }

  /** {@return an array that is read} */
  final DenseArgument input(NdArray array) {
    return input(array.dtype(), array.layout(), array.layout().isContiguous());
  }

  /** {@return an array that is read, as it is if it {@code fits}} */
  final DenseArgument input(DType dtype, Layout layout, boolean fits) {
    return argument(dtype, layout, true, false, fits);
  }

  /** {@return an array that is written in whole} */
  final DenseArgument output(NdArray array) {
    return output(array.dtype(), array.layout(), array.layout().isContiguous());
  }

  /** {@return an array that is written in whole, as it is if it {@code fits}} */
  final DenseArgument output(DType dtype, Layout layout, boolean fits) {
    return argument(dtype, layout, false, true, fits);
  }

  /** {@return an array that is changed, as it is if it {@code fits}} */
  final DenseArgument changed(DType dtype, Layout layout, boolean fits) {
    return argument(dtype, layout, true, true, fits);
  }

  private DenseArgument argument(
      DType dtype, Layout layout, boolean read, boolean written, boolean fits) {
    DenseArgument one;
    if (fits) {
      one = DenseArgument.asItIs(layout);
    } else {
      long place = memory(layout.shape().size() * dtype.byteSize());
      one = DenseArgument.copied(dtype, layout, read, written, place);
    }
    arguments.add(one);
    return one;
  }

  /** {@return where in the call's memory so many bytes begin} */
  final long memory(long count) {
    long place = bytes;
    bytes += Scratch.aligned(count);
    return place;
  }

  /** Runs the call, whose arrays the caller keeps reachable. */
  final void run() {
    Pool pool = HostMemory.INSTANCE.pool();
    Pool.Block block = pool.take(bytes);
    try {
      long memory = block.address();
      for (int i = 0; i < arguments.size(); i++) {
        arguments.get(i).enter(memory, workers);
      }
      compute(memory);
      for (int i = 0; i < arguments.size(); i++) {
        arguments.get(i).finish(workers);
      }
    } finally {
      pool.give(block);
    }
  }

  /**
   * Computes the outputs.
   *
   * @param memory the address of the call's memory
   */
  abstract void compute(long memory);
}
