package dev.lanewise.cuda.simt;

/**
 * An expression of a program, evaluated for many threads at once.
 *
 * <p>Nodes own the arrays they answer with, for the length of the program: there is no recursion in
 * the subset, so nothing evaluates a node while its answer is in use. Whatever calls a function
 * copies its result.
 */
abstract class Node {
  private static final long[] NONE = {};

  final SimtType type;
  final int line;
  private long[] values = NONE;

  Node(SimtType type, int line) {
    this.type = type;
    this.line = line;
  }

  /**
   * {@return the values of the mask's lanes, in canonical form; those of other lanes are arbitrary}
   */
  abstract long[] evaluate(BlockState state, Mask mask);

  /** {@return this node's own array, large enough for the block} */
  final long[] room(BlockState state) {
    if (values.length < state.threads) {
      values = new long[state.threads];
    }
    return values;
  }

  /** {@return the type, of a node that is known to be a scalar} */
  final ScalarType scalar() {
    return (ScalarType) type;
  }

  static float asFloat(long bits) {
    return Float.intBitsToFloat((int) bits);
  }

  static double asDouble(long bits) {
    return Double.longBitsToDouble(bits);
  }

  static long bits(float value) {
    return Float.floatToRawIntBits(value);
  }

  static long bits(double value) {
    return Double.doubleToRawLongBits(value);
  }
}
