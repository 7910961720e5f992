package dev.lanewise.cuda.fake;

/** An activation of cuDNN: null until it is set. */
final class ActivationDescriptor {

  /** In the order of cudnnActivationMode_t. */
  enum Mode {
    SIGMOID,
    RELU,
    TANH,
    CLIPPED_RELU,
    ELU,
    IDENTITY,
    SWISH
  }

  Mode mode;
  boolean propagateNan;

  /** The ceiling of a clipped relu, the alpha of an elu. */
  double coefficient;

  double swishBeta = 1;

  ActivationDescriptor copy() {
    ActivationDescriptor copy = new ActivationDescriptor();
    copy.mode = mode;
    copy.propagateNan = propagateNan;
    copy.coefficient = coefficient;
    copy.swishBeta = swishBeta;
    return copy;
  }

  double apply(double x) {
    return switch (mode) {
      case SIGMOID -> sigmoid(x);
      case RELU -> positive(x);
      case TANH -> Math.tanh(x);
      case CLIPPED_RELU -> {
        double floored = positive(x);
        yield Double.isNaN(floored) ? floored : Math.min(floored, coefficient);
      }
      case ELU -> x > 0 ? x : coefficient * Math.expm1(x);
      case IDENTITY -> x;
      case SWISH -> x * sigmoid(swishBeta * x);
    };
  }

  /** {@return the derivative where the activation was given {@code x} and gave {@code y}} */
  double derivative(double x, double y) {
    return switch (mode) {
      case SIGMOID -> y * (1 - y);
      case RELU -> x > 0 ? 1 : 0;
      case TANH -> 1 - y * y;
      case CLIPPED_RELU -> x > 0 && x < coefficient ? 1 : 0;
      case ELU -> x > 0 ? 1 : y + coefficient;
      case IDENTITY -> 1;
      case SWISH -> {
        double s = sigmoid(swishBeta * x);
        yield s + swishBeta * x * s * (1 - s);
      }
    };
  }

  private double positive(double x) {
    return propagateNan ? Math.max(x, 0) : Extremes.max(x, 0);
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }
}
