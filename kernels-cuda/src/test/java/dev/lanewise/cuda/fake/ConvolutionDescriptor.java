package dev.lanewise.cuda.fake;

/** A convolution of cuDNN: null until it is set. */
final class ConvolutionDescriptor {

  /** In the order of cudnnConvolutionMode_t. */
  enum Mode {
    CONVOLUTION,
    CROSS_CORRELATION
  }

  /** In the order of cudnnMathType_t. */
  enum MathType {
    DEFAULT,
    TENSOR_OP,
    TENSOR_OP_ALLOW_CONVERSION,
    FMA;

    /**
     * {@return how inputs are rounded} Documentation of cudnnMathType_t: from compute capability
     * 8.0 on, the default lets tensor cores round floats to TF32, and only FMA keeps them whole.
     */
    Precision precision(NumberType inputs, int capabilityMajor) {
      if (inputs == NumberType.F64) {
        return Precision.F64;
      }
      if (inputs != NumberType.F32) {
        return Precision.F32;
      }
      return switch (this) {
        case DEFAULT, TENSOR_OP -> capabilityMajor >= 8 ? Precision.TF32 : Precision.F32;
        case TENSOR_OP_ALLOW_CONVERSION -> Precision.FAST_F16;
        case FMA -> Precision.F32;
      };
    }
  }

  /** What is set: padding, stride and dilation of each spatial dimension. */
  record Convolution(
      int[] padding, int[] stride, int[] dilation, Mode mode, NumberType computeType) {

    /** {@return an output dimension; less than 1 if the filter does not fit} */
    int output(int axis, int input, int filter) {
      int reach = (filter - 1) * dilation[axis] + 1;
      int room = input + 2 * padding[axis] - reach;
      return room < 0 ? 0 : 1 + room / stride[axis];
    }
  }

  Convolution convolution;
  int groups = 1;
  MathType math = MathType.DEFAULT;
}
