package dev.lanewise.cuda.simt;

/** Compares two values of one type: scalars or addresses. */
final class Comparison extends Node {
  private final String operator;
  private final Node left;
  private final Node right;

  /** The operands have one type. */
  Comparison(String operator, Node left, Node right, int line) {
    super(ScalarType.BOOL, line);
    this.operator = operator;
    this.left = left;
    this.right = right;
  }

  @Override
  long[] evaluate(BlockState state, Mask mask) {
    long[] x = left.evaluate(state, mask);
    long[] y = right.evaluate(state, mask);
    long[] z = room(state);
    int first = mask.first();
    int end = mask.end();
    if (left.type == ScalarType.FLOAT || left.type == ScalarType.DOUBLE) {
      boolean wide = left.type == ScalarType.DOUBLE;
      // Codes of the answers for less, equal, more; a NaN answers with none but that of !=.
      int code = code();
      boolean unordered = operator.equals("!=");
      for (int t = first; t < end; t++) {
        double a = wide ? asDouble(x[t]) : asFloat(x[t]);
        double b = wide ? asDouble(y[t]) : asFloat(y[t]);
        boolean is =
            a < b
                ? (code & 1) != 0
                : a == b ? (code & 2) != 0 : a > b ? (code & 4) != 0 : unordered;
        z[t] = is ? 1 : 0;
      }
      return z;
    }
    // Turning the upper bit makes the signed order the unsigned one.
    boolean unsigned = left.type == ScalarType.ULLONG || left.type instanceof PointerType;
    integers(x, y, z, unsigned ? Long.MIN_VALUE : 0, first, end);
    return z;
  }

  private int code() {
    return switch (operator) {
      case "<" -> 1;
      case "<=" -> 3;
      case ">" -> 4;
      case ">=" -> 6;
      case "==" -> 2;
      default -> 5;
    };
  }

  private void integers(long[] x, long[] y, long[] z, long turn, int first, int end) {
    int t = first;
    switch (operator) {
      case "<" -> {
        for (; t < end; t++) {
          z[t] = (x[t] ^ turn) < (y[t] ^ turn) ? 1 : 0;
        }
      }
      case "<=" -> {
        for (; t < end; t++) {
          z[t] = (x[t] ^ turn) <= (y[t] ^ turn) ? 1 : 0;
        }
      }
      case ">" -> {
        for (; t < end; t++) {
          z[t] = (x[t] ^ turn) > (y[t] ^ turn) ? 1 : 0;
        }
      }
      case ">=" -> {
        for (; t < end; t++) {
          z[t] = (x[t] ^ turn) >= (y[t] ^ turn) ? 1 : 0;
        }
      }
      case "==" -> {
        for (; t < end; t++) {
          z[t] = x[t] == y[t] ? 1 : 0;
        }
      }
      default -> {
        for (; t < end; t++) {
          z[t] = x[t] != y[t] ? 1 : 0;
        }
      }
    }
  }
}
