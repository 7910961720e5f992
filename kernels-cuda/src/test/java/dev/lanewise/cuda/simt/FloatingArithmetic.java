package dev.lanewise.cuda.simt;

/** The operations of two floats or doubles, each rounded to the type. */
final class FloatingArithmetic extends Node {
  private final String operator;
  private final Node left;
  private final Node right;

  /** The operands have the result's type. */
  FloatingArithmetic(String operator, Node left, Node right, int line) {
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
    if (type == ScalarType.FLOAT) {
      floats(x, y, z, mask.first(), mask.end());
    } else {
      doubles(x, y, z, mask.first(), mask.end());
    }
    return z;
  }

  private void floats(long[] x, long[] y, long[] z, int first, int end) {
    int t = first;
    switch (operator) {
      case "+" -> {
        for (; t < end; t++) {
          z[t] = bits(asFloat(x[t]) + asFloat(y[t]));
        }
      }
      case "-" -> {
        for (; t < end; t++) {
          z[t] = bits(asFloat(x[t]) - asFloat(y[t]));
        }
      }
      case "*" -> {
        for (; t < end; t++) {
          z[t] = bits(asFloat(x[t]) * asFloat(y[t]));
        }
      }
      default -> {
        for (; t < end; t++) {
          z[t] = bits(asFloat(x[t]) / asFloat(y[t]));
        }
      }
    }
  }

  private void doubles(long[] x, long[] y, long[] z, int first, int end) {
    int t = first;
    switch (operator) {
      case "+" -> {
        for (; t < end; t++) {
          z[t] = bits(asDouble(x[t]) + asDouble(y[t]));
        }
      }
      case "-" -> {
        for (; t < end; t++) {
          z[t] = bits(asDouble(x[t]) - asDouble(y[t]));
        }
      }
      case "*" -> {
        for (; t < end; t++) {
          z[t] = bits(asDouble(x[t]) * asDouble(y[t]));
        }
      }
      default -> {
        for (; t < end; t++) {
          z[t] = bits(asDouble(x[t]) / asDouble(y[t]));
        }
      }
    }
  }

  /** -x: the sign bit turned, of a NaN too. */
  static final class Negation extends Node {
    private final Node operand;

    Negation(Node operand, int line) {
      super(operand.type, line);
      this.operand = operand;
    }

    @Override
    long[] evaluate(BlockState state, Mask mask) {
      long[] x = operand.evaluate(state, mask);
      long[] z = room(state);
      // A float's sign is repeated in all the bits above it.
      long sign = type == ScalarType.FLOAT ? 0xffff_ffff_8000_0000L : Long.MIN_VALUE;
      int end = mask.end();
      for (int t = mask.first(); t < end; t++) {
        z[t] = x[t] ^ sign;
      }
      return z;
    }
  }
}
