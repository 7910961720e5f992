package dev.lanewise.cuda.simt;

/** Quotient and remainder of integers. By 0 they are a fault. */
final class Division extends Node {
  private final boolean remainder;
  private final Node left;
  private final Node right;

  /** The operands have the result's type. */
  Division(boolean remainder, Node left, Node right, int line) {
    super(left.type, line);
    this.remainder = remainder;
    this.left = left;
    this.right = right;
  }

  @Override
  long[] evaluate(BlockState state, Mask mask) {
    long[] x = left.evaluate(state, mask);
    long[] y = right.evaluate(state, mask);
    long[] z = room(state);
    boolean unsigned = type == ScalarType.ULLONG;
    for (int k = 0; k < mask.count; k++) {
      int t = mask.lanes[k];
      if (y[t] == 0) {
        throw state.fault(line, t, "an integer is divided by 0");
      }
      if (unsigned) {
        z[t] = remainder ? Long.remainderUnsigned(x[t], y[t]) : Long.divideUnsigned(x[t], y[t]);
      } else {
        z[t] = remainder ? x[t] % y[t] : x[t] / y[t];
      }
    }
    IntegerArithmetic.wrap(scalar(), z, mask);
    return z;
  }
}
