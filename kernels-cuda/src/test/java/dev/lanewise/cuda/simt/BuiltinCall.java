package dev.lanewise.cuda.simt;

/** A call of a function of CUDA. */
final class BuiltinCall extends Node {
  private final Builtin function;
  private final Node[] arguments;

  /** The arguments have the parameters' types; there are one to three. */
  BuiltinCall(Builtin function, Node[] arguments, int line) {
    super(function.result(), line);
    this.function = function;
    this.arguments = arguments;
  }

  @Override
  long[] evaluate(BlockState state, Mask mask) {
    long[] x = arguments[0].evaluate(state, mask);
    // A function of fewer arguments looks at no more than it has.
    long[] y = arguments.length > 1 ? arguments[1].evaluate(state, mask) : x;
    long[] w = arguments.length > 2 ? arguments[2].evaluate(state, mask) : x;
    long[] z = room(state);
    Builtin.Body body = function.body();
    for (int k = 0; k < mask.count; k++) {
      int t = mask.lanes[k];
      z[t] = body.apply(x[t], y[t], w[t]);
    }
    return z;
  }
}
