package dev.lanewise.graph;

/**
 * Something that a function does beside calling kernels and that has to happen in every run of its
 * graph too: counting its calls, computing the scalars of a step, taking the next stream of random
 * numbers. Host steps of a run happen before its first kernel, in the order of tracing; those of
 * functions that {@link Flow} calls when they are called, and what follows such a call behind it.
 *
 * {@snippet :
 * double[] rate = new double[1];
 * UnaryOperator<Tensor> f = x -> {
 *   HostStep.run("decay", () -> rate[0] = 0.1 / ++calls, rate);   // in each run
 *   return Tensor.map(Expr.arg(0).mul(Expr.param(0)), rate, x);
 * };
 * }
 */
public final class HostStep {
  private final String name;
  private final Runnable action;

  HostStep(String name, Runnable action) {
    this.name = name;
    this.action = action;
  }

  /**
   * Runs an action now or, in a function that is being traced, in each run of the graph.
   *
   * @param name what listings call it
   * @param action needs and writes no numbers of tensors
   * @param scalars the arrays of scalars that it fills: kernels that are given one of them read it
   *     again in each run
   */
  public static void run(String name, Runnable action, double[]... scalars) {
    Trace trace = Trace.current();
    if (trace == null) {
      action.run();
    } else {
      trace.add(new HostStep(name, action), scalars);
    }
  }

  /**
   * {@return the same, after which arrays are copied} All steps of a run happen before its first
   * kernel: so each kernel finds the scalars of the step before it, also if a later one has filled
   * the array again.
   */
  HostStep keeping(double[][] filled, double[][] copies) {
    return new HostStep(
        name,
        () -> {
          action.run();
          for (int i = 0; i < copies.length; i++) {
            System.arraycopy(filled[i], 0, copies[i], 0, copies[i].length);
          }
        });
  }

  void run() {
    action.run();
  }

  @Override
  public String toString() {
    return name;
  }
}
