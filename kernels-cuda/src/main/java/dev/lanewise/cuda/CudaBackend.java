package dev.lanewise.cuda;

import dev.lanewise.array.Memory;
import dev.lanewise.array.NdArray;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.CapturedWork;
import dev.lanewise.kernel.ConvSpec;
import dev.lanewise.kernel.CrossEntropySpec;
import dev.lanewise.kernel.Distribution;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.NormSpec;
import dev.lanewise.kernel.PoolSpec;
import dev.lanewise.kernel.ReduceOp;
import java.util.List;

/**
 * The backend for NVIDIA devices. Each method hands over to the class of its family, which checks
 * the arguments by a spec before the device does anything. What is not here is composed of what is,
 * as the contract's defaults do it; nothing is computed on the processor instead.
 */
final class CudaBackend implements Backend, AutoCloseable {
  static final String NAME = "cuda";

  private final CudaDevice device;
  private final IndexCheck indexCheck;
  private final Elementwise elementwise = new Elementwise(this);
  private final Reduction reduction = new Reduction(this);
  private final Copying copying = new Copying(this);
  private final Searching searching;
  private final Sorting sorting;
  private final Scans scans;
  private final Picking picking;
  private final Slices slices;
  private final Randomness randomness;
  private final Pooling pooling;
  private final Dnn dnn = new Dnn(this);
  private final DnnPooling dnnPooling = new DnnPooling(this, dnn);
  private final Softmax softmax = new Softmax(this, dnn);
  private final BatchNormalization batchNormalization = new BatchNormalization(this, dnn);
  private final Multiplication multiplication;
  private final Convolution convolution;

  /**
   * Makes the backend.
   *
   * @param device who computes; it is closed with the backend, or if the backend can not be made
   * @throws IllegalArgumentException if {@value Tf32#PROPERTY} is neither true nor false
   */
  CudaBackend(CudaDevice device) {
    this.device = device;
    indexCheck = new IndexCheck(this);
    searching = new Searching(this);
    sorting = new Sorting(this);
    scans = new Scans(this);
    Gathering gathering = new Gathering(this);
    Adding adding = new Adding(this, sorting);
    picking = new Picking(indexCheck, gathering, adding);
    slices = new Slices(indexCheck, gathering, adding);
    randomness = new Randomness(this);
    pooling = new Pooling(this, indexCheck);
    boolean tf32 = tf32(device);
    multiplication = new Multiplication(this, tf32);
    convolution = new Convolution(this, dnn, tf32);
  }

  private static boolean tf32(CudaDevice device) {
    try {
      return Tf32.configured();
    } catch (IllegalArgumentException failed) {
      Closing.after(failed, device::close);
      throw failed;
    }
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Memory memory() {
    return device.memory();
  }

  /** {@return who computes} */
  CudaDevice device() {
    return device;
  }

  @Override
  public void elementwise(List<Expr> exprs, NdArray[] outs, double[] params, NdArray... ins) {
    elementwise.run(exprs, outs, params, ins);
  }

  @Override
  public void reduce(
      ReduceOp op, Expr expr, int[] axes, NdArray out, double[] params, NdArray... ins) {
    reduction.run(op, expr, axes, out, params, ins);
  }

  @Override
  public void copy(NdArray from, NdArray to) {
    copying.copy(from, to);
  }

  /** {@return a copy of an array of this device, in row-major order without gaps} */
  NdArray copied(NdArray x) {
    NdArray copy = uninitialized(x.dtype(), x.shape());
    copy(x, copy);
    return copy;
  }

  @Override
  public void argMax(NdArray x, int axis, NdArray out) {
    searching.argMax(x, axis, out);
  }

  @Override
  public void argMin(NdArray x, int axis, NdArray out) {
    searching.argMin(x, axis, out);
  }

  @Override
  public void sort(NdArray x, int axis, boolean descending, NdArray values, NdArray indices) {
    sorting.run(x, axis, descending, values, indices);
  }

  @Override
  public void scan(
      ReduceOp op, NdArray x, int axis, boolean exclusive, boolean reverse, NdArray out) {
    scans.run(op, x, axis, exclusive, reverse, out);
  }

  @Override
  public void gather(NdArray x, int axis, NdArray indices, NdArray out) {
    picking.gather(x, axis, indices, out);
  }

  @Override
  public void scatterAdd(NdArray x, int axis, NdArray indices, NdArray out) {
    picking.scatterAdd(x, axis, indices, out);
  }

  @Override
  public void indexSelect(NdArray x, int axis, NdArray indices, NdArray out) {
    slices.select(x, axis, indices, out);
  }

  @Override
  public void indexAdd(NdArray x, int axis, NdArray indices, NdArray out) {
    slices.add(x, axis, indices, out);
  }

  @Override
  public void random(Distribution distribution, long seed, long stream, NdArray out) {
    randomness.fill(distribution, seed, stream, out);
  }

  @Override
  public void matmul(NdArray a, NdArray b, double alpha, double beta, NdArray out) {
    multiplication.run(a, b, alpha, beta, out);
  }

  @Override
  public void matmul(
      NdArray a,
      NdArray b,
      double alpha,
      double beta,
      NdArray out,
      Expr epilogue,
      double[] params,
      NdArray... ins) {
    multiplication.run(a, b, alpha, beta, out, epilogue, params, ins);
  }

  @Override
  public void conv(ConvSpec spec, NdArray x, NdArray filter, NdArray out) {
    convolution.forward(spec, x, filter, out);
  }

  @Override
  public void convBackwardData(ConvSpec spec, NdArray outGrad, NdArray filter, NdArray xGrad) {
    convolution.backwardData(spec, outGrad, filter, xGrad);
  }

  @Override
  public void convBackwardFilter(ConvSpec spec, NdArray x, NdArray outGrad, NdArray filterGrad) {
    convolution.backwardFilter(spec, x, outGrad, filterGrad);
  }

  @Override
  public void maxPool(PoolSpec spec, NdArray x, NdArray out, NdArray indices) {
    pooling.max(spec, x, out, indices);
  }

  @Override
  public void maxPoolBackward(PoolSpec spec, NdArray outGrad, NdArray indices, NdArray xGrad) {
    pooling.maxBackward(spec, outGrad, indices, xGrad);
  }

  @Override
  public void avgPool(PoolSpec spec, boolean countPadding, NdArray x, NdArray out) {
    if (DnnPooling.canDo(spec)) {
      dnnPooling.average(spec, countPadding, x, out);
    } else {
      pooling.average(spec, countPadding, x, out);
    }
  }

  @Override
  public void avgPoolBackward(PoolSpec spec, boolean countPadding, NdArray outGrad, NdArray xGrad) {
    if (DnnPooling.canDo(spec)) {
      dnnPooling.averageBackward(spec, countPadding, outGrad, xGrad);
    } else {
      pooling.averageBackward(spec, countPadding, outGrad, xGrad);
    }
  }

  @Override
  public void softmax(NdArray x, int axis, NdArray out) {
    if (!softmax.softmax(x, axis, out)) {
      Backend.super.softmax(x, axis, out);
    }
  }

  @Override
  public void softmaxBackward(NdArray y, NdArray outGrad, int axis, NdArray xGrad) {
    if (!softmax.softmaxBackward(y, outGrad, axis, xGrad)) {
      Backend.super.softmaxBackward(y, outGrad, axis, xGrad);
    }
  }

  @Override
  public void logSoftmax(NdArray x, int axis, NdArray out) {
    if (!softmax.logSoftmax(x, axis, out)) {
      Backend.super.logSoftmax(x, axis, out);
    }
  }

  @Override
  public void logSoftmaxBackward(NdArray y, NdArray outGrad, int axis, NdArray xGrad) {
    if (!softmax.logSoftmaxBackward(y, outGrad, axis, xGrad)) {
      Backend.super.logSoftmaxBackward(y, outGrad, axis, xGrad);
    }
  }

  @Override
  public void normalize(NormSpec spec, NdArray x, NdArray weight, NdArray bias, NdArray out) {
    if (BatchNormalization.canDo(spec)) {
      batchNormalization.normalize(spec, x, weight, bias, out);
    } else {
      Backend.super.normalize(spec, x, weight, bias, out);
    }
  }

  @Override
  public void normalizeBy(
      NormSpec spec,
      NdArray x,
      NdArray mean,
      NdArray variance,
      NdArray weight,
      NdArray bias,
      NdArray out) {
    if (BatchNormalization.canDo(spec)) {
      batchNormalization.normalizeBy(spec, x, mean, variance, weight, bias, out);
    } else {
      Backend.super.normalizeBy(spec, x, mean, variance, weight, bias, out);
    }
  }

  @Override
  public void normalizeBackward(
      NormSpec spec,
      NdArray x,
      NdArray weight,
      NdArray outGrad,
      NdArray xGrad,
      NdArray weightGrad,
      NdArray biasGrad) {
    if (BatchNormalization.canDo(spec)) {
      batchNormalization.normalizeBackward(spec, x, weight, outGrad, xGrad, weightGrad, biasGrad);
    } else {
      Backend.super.normalizeBackward(spec, x, weight, outGrad, xGrad, weightGrad, biasGrad);
    }
  }

  @Override
  public CapturedWork capture(Runnable work) {
    return Capture.of(device, work);
  }

  @Override
  public void crossEntropy(CrossEntropySpec spec, NdArray x, NdArray labels, NdArray loss) {
    spec.checkForward(x, labels, loss);
    checked("crossEntropy", spec, labels, () -> Backend.super.crossEntropy(spec, x, labels, loss));
  }

  @Override
  public void crossEntropyWithGradient(
      CrossEntropySpec spec,
      NdArray x,
      NdArray labels,
      NdArray weight,
      NdArray loss,
      NdArray xGrad) {
    spec.checkGradient(x, labels, weight, loss, xGrad);
    checked(
        "crossEntropyWithGradient",
        spec,
        labels,
        () -> Backend.super.crossEntropyWithGradient(spec, x, labels, weight, loss, xGrad));
  }

  /** Looks at labels on the device; what is made of them is not looked at again. */
  private void checked(String name, CrossEntropySpec spec, NdArray labels, Runnable work) {
    try (Operation operation = device.begin(name, labels)) {
      indexCheck.require(
          labels, spec.classes(), spec.ignored(), label -> spec.outOfRange(name, label));
      indexCheck.trusting(operation, work);
    }
  }

  @Override
  public void close() {
    device.close(multiplication::close, convolution::close, dnnPooling::close, dnn::close);
  }
}
