package dev.lanewise.cuda.fake;

/** A pooling of cuDNN: null until it is set. */
final class PoolingDescriptor {

  /** In the order of cudnnPoolingMode_t. */
  enum Mode {
    MAX,
    AVERAGE_COUNT_INCLUDE_PADDING,
    AVERAGE_COUNT_EXCLUDE_PADDING,
    MAX_DETERMINISTIC;

    boolean max() {
      return switch (this) {
        case MAX, MAX_DETERMINISTIC -> true;
        case AVERAGE_COUNT_INCLUDE_PADDING, AVERAGE_COUNT_EXCLUDE_PADDING -> false;
      };
    }
  }

  /** What is set: window, padding and stride of each spatial dimension. */
  record Pooling(Mode mode, boolean propagateNan, int[] window, int[] padding, int[] stride) {

    /** {@return an output dimension} */
    int output(int axis, int input) {
      return 1 + Math.floorDiv(input + 2 * padding[axis] - window[axis], stride[axis]);
    }
  }

  Pooling pooling;
}
