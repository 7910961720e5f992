package dev.lanewise.simd;

import dev.lanewise.array.HostMemory;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Pool;
import java.lang.ref.Reference;

/** A convolution, or one of its gradients, made ready: how it is computed, and what is copied. */
final class ConvolutionPlan extends Plan {
  private final Workers workers;
  private final ConvolutionWay way;
  private final DenseArgument first;
  private final DenseArgument second;
  private final DenseArgument target;
  private final long bytes;

  /** What is computed from each element of the target; null if nothing is. */
  private final Epilogue epilogue;

  ConvolutionPlan(
      Signature call,
      ConvolutionWay way,
      NdArray first,
      NdArray second,
      NdArray target,
      Epilogue epilogue,
      Workers workers) {
    super(call);
    this.workers = workers;
    this.way = way;
    this.first = DenseArgument.input(first.dtype(), first.layout());
    this.second = DenseArgument.input(second.dtype(), second.layout());
    this.target = DenseArgument.output(target.dtype(), target.layout());
    this.bytes = this.first.bytes + this.second.bytes + this.target.bytes + way.scratchBytes();
    this.epilogue = epilogue;
  }

  /** {@return whether the epilogue is computed too} */
  boolean isFused() {
    return epilogue != null;
  }

  void run(NdArray first, NdArray second, NdArray target, double[] params, NdArray... ins) {
    long a = Addresses.of(first);
    long b = Addresses.of(second);
    long c = Addresses.of(target);
    if (epilogue != null) {
      epilogue.begin(params, target, ins);
    }
    Pool pool = HostMemory.INSTANCE.pool();
    Pool.Block block = pool.take(bytes);
    try {
      long copyOfB = block.address() + this.first.bytes;
      long copyOfC = copyOfB + this.second.bytes;
      way.run(
          this.first.enter(a, block.address(), workers),
          this.second.enter(b, copyOfB, workers),
          this.target.target(c, copyOfC),
          copyOfC + this.target.bytes,
          epilogue);
      this.target.finish(c, copyOfC, workers);
    } finally {
      pool.give(block);
    }
    if (epilogue != null) {
      epilogue.end();
    }
    Reference.reachabilityFence(first);
    Reference.reachabilityFence(second);
    Reference.reachabilityFence(target);
    Reference.reachabilityFence(ins);
  }
}
