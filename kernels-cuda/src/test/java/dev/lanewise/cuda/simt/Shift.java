package dev.lanewise.cuda.simt;

/** Shifts of integers. A count below 0 or not below the left operand's bits is a fault. */
final class Shift extends Node {
  private final boolean toLeft;
  private final Node left;
  private final Node right;

  /** The left operand has the result's type, the right one its own. */
  Shift(boolean toLeft, Node left, Node right, int line) {
    super(left.type, line);
    this.toLeft = toLeft;
    this.left = left;
    this.right = right;
  }

  @Override
  long[] evaluate(BlockState state, Mask mask) {
    long[] x = left.evaluate(state, mask);
    long[] y = right.evaluate(state, mask);
    long[] z = room(state);
    int bits = type.bytes() * Byte.SIZE;
    boolean logical = type == ScalarType.ULLONG;
    for (int k = 0; k < mask.count; k++) {
      int t = mask.lanes[k];
      long n = y[t];
      if (n < 0 || n >= bits) {
        String count = right.type == ScalarType.ULLONG ? Long.toUnsignedString(n) : "" + n;
        throw state.fault(
            line, t, type + " is shifted by " + count + " bits, not by 0 to " + (bits - 1));
      }
      z[t] = toLeft ? x[t] << n : logical ? x[t] >>> n : x[t] >> n;
    }
    IntegerArithmetic.wrap(scalar(), z, mask);
    return z;
  }
}
