package dev.lanewise.cuda.simt;

/**
 * The operations of two integers that cannot fail. Results wrap at the type's size, signed ones
 * too.
 */
final class IntegerArithmetic extends Node {
  private final String operator;
  private final Node left;
  private final Node right;

  /** The operands have the result's type. */
  IntegerArithmetic(String operator, Node left, Node right, int line) {
    super(left.type, line);
    this.operator = operator;
    this.left = left;
    this.right = right;
  }

  @Override
  long[] evaluate(BlockState state, Mask mask) {
    long[] x = left.evaluate(state, mask);
    long[] y = right.evaluate(state, mask);
    long[] z = room(state);
    int end = mask.end();
    int t = mask.first();
    switch (operator) {
      case "+" -> {
        for (; t < end; t++) {
          z[t] = x[t] + y[t];
        }
      }
      case "-" -> {
        for (; t < end; t++) {
          z[t] = x[t] - y[t];
        }
      }
      case "*" -> {
        for (; t < end; t++) {
          z[t] = x[t] * y[t];
        }
      }
      case "&" -> {
        for (; t < end; t++) {
          z[t] = x[t] & y[t];
        }
      }
      case "|" -> {
        for (; t < end; t++) {
          z[t] = x[t] | y[t];
        }
      }
      default -> {
        for (; t < end; t++) {
          z[t] = x[t] ^ y[t];
        }
      }
    }
    wrap(scalar(), z, mask);
    return z;
  }

  /** Brings sums and the like of int, unsigned int and the 64-bit types to canonical form. */
  static void wrap(ScalarType type, long[] z, Mask mask) {
    int end = mask.end();
    if (type == ScalarType.INT) {
      for (int t = mask.first(); t < end; t++) {
        z[t] = (int) z[t];
      }
    } else if (type == ScalarType.UINT) {
      for (int t = mask.first(); t < end; t++) {
        z[t] &= 0xffff_ffffL;
      }
    }
  }

  /** -x or ~x. */
  static final class Unary extends Node {
    private final boolean complement;
    private final Node operand;

    Unary(boolean complement, Node operand, int line) {
      super(operand.type, line);
      this.complement = complement;
      this.operand = operand;
    }

    @Override
    long[] evaluate(BlockState state, Mask mask) {
      long[] x = operand.evaluate(state, mask);
      long[] z = room(state);
      // -x is ~x + 1.
      int one = complement ? 0 : 1;
      int end = mask.end();
      for (int t = mask.first(); t < end; t++) {
        z[t] = ~x[t] + one;
      }
      wrap(scalar(), z, mask);
      return z;
    }
  }
}
