package dev.lanewise.simd;

import dev.lanewise.array.NdArray;
import java.lang.ref.Reference;

/** A convolution, or one of its gradients, made ready: how it is computed, and what is copied. */
final class ConvolutionPlan extends DensePlan {
  private final ConvolutionWay way;
  private final DenseArgument first;
  private final DenseArgument second;
  private final DenseArgument target;
  private final long scratch;

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
    super(call, workers);
    this.way = way;
    this.first = input(first);
    this.second = input(second);
    this.target = output(target);
    this.scratch = memory(way.scratchBytes());
    this.epilogue = epilogue;
  }

  /** {@return whether the epilogue is computed too} */
  boolean isFused() {
    return epilogue != null;
  }

  void run(NdArray first, NdArray second, NdArray target, double[] params, NdArray... ins) {
    this.first.at(first);
    this.second.at(second);
    this.target.at(target);
    if (epilogue != null) {
      epilogue.begin(params, target, ins);
    }
    run();
    if (epilogue != null) {
      epilogue.end();
    }
    Reference.reachabilityFence(first);
    Reference.reachabilityFence(second);
    Reference.reachabilityFence(target);
    Reference.reachabilityFence(ins);
  }

  @Override
  void compute(long memory) {
    way.run(first.address(), second.address(), target.address(), memory + scratch, epilogue);
  }
}
