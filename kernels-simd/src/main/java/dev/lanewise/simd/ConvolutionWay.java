package dev.lanewise.simd;

/**
 * A way to compute a convolution, or one of its gradients, from arrays without gaps. It is part of
 * a plan: run by one call at a time.
 */
interface ConvolutionWay {
  /** {@return how many bytes of memory a run needs} */
  long scratchBytes();

  /**
   * Computes all elements of the target.
   *
   * @param first the address of the images, or of the gradient by the outputs
   * @param second the address of the filter; for its gradient, of the gradient by the outputs
   * @param target the address of what is computed
   * @param scratch the address of memory
   * @param epilogue what follows each part of the outputs; or null
   */
  void run(long first, long second, long target, long scratch, Epilogue epilogue);
}
