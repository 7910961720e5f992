package dev.lanewise.bench.golden;

import dev.lanewise.autodiff.Tensor;

/** What a case's operation is here. */
@FunctionalInterface
interface Operation {
  /**
   * {@return the results, in the order of the case's outputs}
   *
   * @param call the arguments
   */
  Tensor[] apply(Call call);

  /** An operation of one result. */
  @FunctionalInterface
  interface Single {
    /**
     * {@return the result}
     *
     * @param call the arguments
     */
    Tensor result(Call call);
  }

  /** {@return an operation of one result as one of several} */
  static Operation of(Single operation) {
    return call -> new Tensor[] {operation.result(call)};
  }
}
