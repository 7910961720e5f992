package dev.lanewise.cuda.fake;

/** A reduction of cuDNN: null until it is set. */
final class ReduceTensorDescriptor {

  /** In the order of cudnnReduceTensorOp_t. */
  enum Operation {
    ADD,
    MUL,
    MIN,
    MAX,
    AMAX,
    AVG,
    NORM1,
    NORM2,
    MUL_NO_ZEROS;

    double begin() {
      return switch (this) {
        case ADD, AVG, NORM1, NORM2, AMAX -> 0;
        case MUL, MUL_NO_ZEROS -> 1;
        case MIN -> Double.POSITIVE_INFINITY;
        case MAX -> Double.NEGATIVE_INFINITY;
      };
    }

    double add(double sum, double x, boolean propagateNan) {
      return switch (this) {
        case ADD, AVG -> sum + x;
        case MUL -> sum * x;
        case MIN -> propagateNan ? Math.min(sum, x) : -Extremes.max(-sum, -x);
        case MAX -> propagateNan ? Math.max(sum, x) : Extremes.max(sum, x);
        case AMAX -> propagateNan ? Math.max(sum, Math.abs(x)) : Extremes.max(sum, Math.abs(x));
        case NORM1 -> sum + Math.abs(x);
        case NORM2 -> sum + x * x;
        case MUL_NO_ZEROS -> x == 0 ? sum : sum * x;
      };
    }

    double end(double sum, int count) {
      return switch (this) {
        case ADD, MUL, MIN, MAX, AMAX, NORM1, MUL_NO_ZEROS -> sum;
        case AVG -> sum / count;
        case NORM2 -> Math.sqrt(sum);
      };
    }
  }

  Operation operation;
  NumberType computeType;
  boolean propagateNan;
}
