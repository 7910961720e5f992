package dev.lanewise.cuda.fake;

import static dev.lanewise.cuda.fake.CudnnContext.SUCCESS;
import static dev.lanewise.cuda.fake.CudnnContext.at;
import static dev.lanewise.cuda.fake.CudnnContext.checkApart;
import static dev.lanewise.cuda.fake.CudnnContext.choice;
import static dev.lanewise.cuda.fake.CudnnContext.require;

import dev.lanewise.cuda.simt.DeviceAccess;
import java.lang.foreign.MemorySegment;

/** Batch normalization in cuDNN. */
final class CudnnBatchNormalization {

  private final CudnnContext context;
  private final DeviceAccess memory;

  CudnnBatchNormalization(CudnnContext context) {
    this.context = context;
    this.memory = context.cuda.blocks;
  }

  int cudnnDeriveBNTensorDescriptor(MemorySegment derived, MemorySegment xDesc, int mode) {
    TensorShape x = context.tensor(xDesc, "xDesc");
    var chosen = choice(BatchNormCall.Mode.values(), mode, "batch norm mode");
    context.cuda.handles.get(TensorDescriptor.class, derived).shape =
        BatchNormCall.derived(x, chosen);
    return SUCCESS;
  }

  /**
   * Normalizes by the batch's own mean and variance. The running ones become {@code (1 - factor) *
   * running + factor * batch's}, with the variance divided by one less than the number of elements
   * (Ioffe and Szegedy, algorithm 2). The inverse of the standard deviation that is saved is of the
   * variance divided by the number of elements.
   */
  int cudnnBatchNormalizationForwardTraining(
      MemorySegment handle,
      int mode,
      MemorySegment alpha,
      MemorySegment beta,
      MemorySegment xDesc,
      MemorySegment x,
      MemorySegment yDesc,
      MemorySegment y,
      MemorySegment parameterDesc,
      MemorySegment scale,
      MemorySegment bias,
      double averageFactor,
      MemorySegment runningMean,
      MemorySegment runningVariance,
      double epsilon,
      MemorySegment saveMean,
      MemorySegment saveInverse) {
    CudnnHandle dnn = context.handle(handle);
    BatchNormCall norm = BatchNormCall.of(context, mode, xDesc, yDesc, parameterDesc, epsilon);
    bothOrNone(runningMean, runningVariance);
    bothOrNone(saveMean, saveInverse);
    require(averageFactor >= 0 && averageFactor <= 1, "the average factor is %s", averageFactor);
    double factor = context.factor(alpha, norm.x().type(), "alpha");
    double old = context.factor(beta, norm.x().type(), "beta");
    StridedArray from = at(norm.x(), x, "x");
    StridedArray to = at(context.tensor(yDesc, "yDesc"), y, "y");
    StridedArray scales = norm.parameter(scale, "bnScale");
    StridedArray biases = norm.parameter(bias, "bnBias");
    return context.submit(
        dnn,
        "cudnnBatchNormalizationForwardTraining",
        () -> {
          checkOutput(to, from);
          double[] values = from.read(memory);
          double[] means = norm.means(values);
          double[] variances = norm.variances(values, means);
          double[] inverse = norm.inverseDeviations(variances);
          double[] result =
              normalized(norm, values, means, inverse, scales.read(memory), biases.read(memory));
          to.blend(memory, factor, result, old);
          norm.store(memory, saveMean, means);
          norm.store(memory, saveInverse, inverse);
          if (runningMean.address() != 0) {
            // of one element there is no unbiased variance; what cuDNN then does is not documented
            double unbiased = norm.each() > 1 ? norm.each() / (norm.each() - 1.0) : 1;
            StridedArray runningMeans = norm.parameter(runningMean, "resultRunningMean");
            StridedArray runningVars = norm.parameter(runningVariance, "resultRunningVariance");
            average(runningMeans, averageFactor, means, 1);
            average(runningVars, averageFactor, variances, unbiased);
          }
        });
  }

  private void average(StridedArray running, double factor, double[] batch, double times) {
    double[] values = running.read(memory);
    for (int i = 0; i < values.length; i++) {
      values[i] = (1 - factor) * values[i] + factor * batch[i] * times;
    }
    running.write(memory, values);
  }

  private static void bothOrNone(MemorySegment a, MemorySegment b) {
    require((a.address() == 0) == (b.address() == 0), "of two results exactly one is null");
  }

  /** y may be x itself, and nothing in between. */
  private static void checkOutput(StridedArray result, StridedArray source) {
    if (!result.sameAs(source)) {
      checkApart(result, source);
    }
  }

  private static double[] normalized(
      BatchNormCall norm,
      double[] values,
      double[] means,
      double[] inverse,
      double[] scales,
      double[] biases) {
    double[] result = new double[values.length];
    for (int i = 0; i < result.length; i++) {
      int group = norm.group(i);
      result[i] = scales[group] * (values[i] - means[group]) * inverse[group] + biases[group];
    }
    return result;
  }

  int cudnnBatchNormalizationForwardInference(
      MemorySegment handle,
      int mode,
      MemorySegment alpha,
      MemorySegment beta,
      MemorySegment xDesc,
      MemorySegment x,
      MemorySegment yDesc,
      MemorySegment y,
      MemorySegment parameterDesc,
      MemorySegment scale,
      MemorySegment bias,
      MemorySegment estimatedMean,
      MemorySegment estimatedVariance,
      double epsilon) {
    CudnnHandle dnn = context.handle(handle);
    BatchNormCall norm = BatchNormCall.of(context, mode, xDesc, yDesc, parameterDesc, epsilon);
    double factor = context.factor(alpha, norm.x().type(), "alpha");
    double old = context.factor(beta, norm.x().type(), "beta");
    StridedArray from = at(norm.x(), x, "x");
    StridedArray to = at(context.tensor(yDesc, "yDesc"), y, "y");
    StridedArray scales = norm.parameter(scale, "bnScale");
    StridedArray biases = norm.parameter(bias, "bnBias");
    StridedArray means = norm.parameter(estimatedMean, "estimatedMean");
    StridedArray variances = norm.parameter(estimatedVariance, "estimatedVariance");
    return context.submit(
        dnn,
        "cudnnBatchNormalizationForwardInference",
        () -> {
          checkOutput(to, from);
          double[] inverse = norm.inverseDeviations(variances.read(memory));
          double[] result =
              normalized(
                  norm,
                  from.read(memory),
                  means.read(memory),
                  inverse,
                  scales.read(memory),
                  biases.read(memory));
          to.blend(memory, factor, result, old);
        });
  }

  /**
   * The changes of x, scale and bias (Ioffe and Szegedy, section 3). The saved mean and inverse
   * deviation are used as they are given; with both null they are computed anew.
   */
  int cudnnBatchNormalizationBackward(
      MemorySegment handle,
      int mode,
      MemorySegment alphaData,
      MemorySegment betaData,
      MemorySegment alphaParam,
      MemorySegment betaParam,
      MemorySegment xDesc,
      MemorySegment x,
      MemorySegment dyDesc,
      MemorySegment dy,
      MemorySegment dxDesc,
      MemorySegment dx,
      MemorySegment parameterDesc,
      MemorySegment scale,
      MemorySegment scaleResult,
      MemorySegment biasResult,
      double epsilon,
      MemorySegment savedMean,
      MemorySegment savedInverse) {
    CudnnHandle dnn = context.handle(handle);
    BatchNormCall norm = BatchNormCall.of(context, mode, xDesc, dyDesc, parameterDesc, epsilon);
    TensorShape result = context.tensor(dxDesc, "dxDesc");
    require(result.sameDims(norm.x()) && result.type() == norm.x().type(), "dx is %s", result);
    bothOrNone(savedMean, savedInverse);
    NumberType type = norm.x().type();
    double dataFactor = context.factor(alphaData, type, "alphaDataDiff");
    double dataOld = context.factor(betaData, type, "betaDataDiff");
    double paramFactor = context.factor(alphaParam, type, "alphaParamDiff");
    double paramOld = context.factor(betaParam, type, "betaParamDiff");
    StridedArray xs = at(norm.x(), x, "x");
    StridedArray dys = at(context.tensor(dyDesc, "dyDesc"), dy, "dy");
    StridedArray to = at(result, dx, "dx");
    StridedArray scales = norm.parameter(scale, "bnScale");
    StridedArray scaleTo = norm.parameter(scaleResult, "dBnScaleResult");
    StridedArray biasTo = norm.parameter(biasResult, "dBnBiasResult");
    return context.submit(
        dnn,
        "cudnnBatchNormalizationBackward",
        () -> {
          checkApart(to, xs);
          checkOutput(to, dys);
          checkApart(scaleTo, scales, biasTo);
          double[] values = xs.read(memory);
          double[] changes = dys.read(memory);
          double[] factors = scales.read(memory);
          double[] means;
          double[] inverse;
          if (savedMean.address() == 0) {
            means = norm.means(values);
            inverse = norm.inverseDeviations(norm.variances(values, means));
          } else {
            means = norm.parameter(savedMean, "savedMean").read(memory);
            inverse = norm.parameter(savedInverse, "savedInvVariance").read(memory);
          }
          double[] biasChange = new double[norm.groups()];
          double[] scaleChange = new double[norm.groups()];
          for (int i = 0; i < values.length; i++) {
            int group = norm.group(i);
            biasChange[group] += changes[i];
            scaleChange[group] += changes[i] * (values[i] - means[group]) * inverse[group];
          }
          double[] change = new double[values.length];
          for (int i = 0; i < values.length; i++) {
            int group = norm.group(i);
            double normal = (values[i] - means[group]) * inverse[group];
            double centred =
                changes[i] - (biasChange[group] + normal * scaleChange[group]) / norm.each();
            change[i] = factors[group] * inverse[group] * centred;
          }
          to.blend(memory, dataFactor, change, dataOld);
          scaleTo.blend(memory, paramFactor, scaleChange, paramOld);
          biasTo.blend(memory, paramFactor, biasChange, paramOld);
        });
  }
}
