package dev.lanewise.cuda.fake;

/** An operation on two tensors, element by element: null until it is set. */
final class OpTensorDescriptor {

  /** In the order of cudnnOpTensorOp_t. */
  enum Operation {
    ADD,
    MUL,
    MIN,
    MAX,
    SQRT,
    NOT;

    double of(double a, double b, boolean propagateNan) {
      return switch (this) {
        case ADD -> a + b;
        case MUL -> a * b;
        case MIN -> propagateNan ? Math.min(a, b) : -Extremes.max(-a, -b);
        case MAX -> propagateNan ? Math.max(a, b) : Extremes.max(a, b);
        case SQRT -> Math.sqrt(a);
        case NOT -> 1 - a;
      };
    }

    /** {@return whether it looks at its second operand} */
    boolean binary() {
      return switch (this) {
        case ADD, MUL, MIN, MAX -> true;
        case SQRT, NOT -> false;
      };
    }
  }

  Operation operation;
  NumberType computeType;
  boolean propagateNan;
}
