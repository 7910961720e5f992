package dev.lanewise.cuda.fake;

import static dev.lanewise.cuda.fake.CudnnContext.require;
import static dev.lanewise.cuda.fake.CudnnContext.supported;

import dev.lanewise.cuda.simt.DeviceAccess;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * What all calls of batch normalization share: which elements belong to one mean, and the shape of
 * the parameters. Arrays are in row-major order of [n, c, spatial...].
 */
record BatchNormCall(Mode mode, TensorShape x, TensorShape parameters, double epsilon) {

  /** In the order of cudnnBatchNormMode_t. */
  enum Mode {
    /** A mean for each element of an instance. */
    PER_ACTIVATION,
    /** A mean for each channel. */
    SPATIAL,
    /** The same, by another kernel. */
    SPATIAL_PERSISTENT
  }

  /**
   * Checks shapes. Documentation of cudnnBatchNormalizationForwardTraining: 4 or 5 dimensions; the
   * parameters are shaped as cudnnDeriveBNTensorDescriptor derives them, floats for 16-bit tensors;
   * epsilon is at least CUDNN_BN_MIN_EPSILON, which is 0.
   */
  static BatchNormCall of(
      CudnnContext context,
      int mode,
      MemorySegment xDesc,
      MemorySegment yDesc,
      MemorySegment parameterDesc,
      double epsilon) {
    Mode chosen = CudnnContext.choice(Mode.values(), mode, "batch norm mode");
    TensorShape x = context.tensor(xDesc, "xDesc");
    TensorShape y = context.tensor(yDesc, "yDesc");
    TensorShape parameters = context.tensor(parameterDesc, "bnScaleBiasMeanVarDesc");
    require(x.rank() == 4 || x.rank() == 5, "x has %d dimensions", x.rank());
    require(x.sameDims(y) && x.type() == y.type(), "x is %s, y is %s", x, y);
    supported(x.type() != NumberType.I32, "a batch norm of integers");
    TensorShape derived = derived(x, chosen);
    require(
        parameters.sameDims(derived) && parameters.type() == derived.type(),
        "the parameters are %s, not %s",
        parameters,
        derived);
    require(epsilon >= 0, "epsilon is %s", epsilon);
    return new BatchNormCall(chosen, x, parameters, epsilon);
  }

  /** {@return the shape of the parameters, packed} */
  static TensorShape derived(TensorShape x, Mode mode) {
    int[] dims = x.dims();
    dims[0] = 1;
    if (mode != Mode.PER_ACTIVATION) {
      Arrays.fill(dims, 2, dims.length, 1);
    }
    NumberType type =
        switch (x.type()) {
          case F16, BF16, F32 -> NumberType.F32;
          case F64, I32 -> x.type();
        };
    return TensorShape.packed(type, 0, dims);
  }

  /** {@return how many means there are} */
  int groups() {
    return parameters.count();
  }

  /** {@return how many elements each mean is of} */
  int each() {
    return x.count() / groups();
  }

  /** {@return which mean an element belongs to} */
  int group(int element) {
    int instance = x.count() / x.dim(0);
    return mode == Mode.PER_ACTIVATION
        ? element % instance
        : element % instance / (instance / x.dim(1));
  }

  /** {@return the mean of each group} */
  double[] means(double[] values) {
    double[] means = new double[groups()];
    for (int i = 0; i < values.length; i++) {
      means[group(i)] += values[i] / each();
    }
    return means;
  }

  /** {@return the variance of each group, divided by the number of elements} */
  double[] variances(double[] values, double[] means) {
    double[] variances = new double[groups()];
    for (int i = 0; i < values.length; i++) {
      double distance = values[i] - means[group(i)];
      variances[group(i)] += distance * distance / each();
    }
    return variances;
  }

  double[] inverseDeviations(double[] variances) {
    double[] inverse = new double[variances.length];
    Arrays.setAll(inverse, i -> 1 / Math.sqrt(variances[i] + epsilon));
    return inverse;
  }

  StridedArray parameter(MemorySegment data, String name) {
    return CudnnContext.at(parameters, data, name);
  }

  /** Stores a result of floats or doubles for each group, if the caller wants it. */
  void store(DeviceAccess memory, MemorySegment data, double[] values) {
    if (data.address() != 0) {
      parameters.at(data.address()).write(memory, values);
    }
  }
}
