package dev.lanewise.simd;

import dev.lanewise.array.HostMemory;
import dev.lanewise.array.Memory;
import dev.lanewise.array.NdArray;
import dev.lanewise.kernel.AttentionSpec;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.ConvSpec;
import dev.lanewise.kernel.CrossEntropySpec;
import dev.lanewise.kernel.Distribution;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.NormSpec;
import dev.lanewise.kernel.PoolSpec;
import dev.lanewise.kernel.ReduceOp;
import java.util.List;

/**
 * The backend for processors with vector instructions, through the JDK's Vector API. Each method
 * checks its arguments by a spec and hands over to the class of its family; a family that keeps
 * {@link Plans} checks by itself, but for calls it knows.
 */
final class SimdBackend implements Backend {
  static final String NAME = "simd";

  private final Workers workers;
  private final Elementwise elementwise;
  private final Reduction reduction;
  private final Multiplication multiplication;
  private final Convolution convolution;
  private final MaxPooling maxPooling;
  private final AveragePooling averagePooling;
  private final Picking picking;
  private final Randomness randomness;
  private final Slices slices;
  private final ArgMax argMax;
  private final Sorting sorting;
  private final Scans scans;
  private final AttentionTiles attention;
  private final Softmax softmax;
  private final CrossEntropy crossEntropy;
  private final Normalizing normalizing;
  private final Cells cells;

  /**
   * Makes the backend and starts its threads.
   *
   * @param threads how many threads work on a call, the calling one included
   */
  SimdBackend(int threads) {
    this(new Workers(threads));
  }

  /** Makes the backend on threads that others use too. */
  SimdBackend(Workers workers) {
    this.workers = workers;
    this.elementwise = new Elementwise(this, workers);
    this.reduction = new Reduction(this, workers);
    this.multiplication = new Multiplication(this, workers);
    this.convolution = new Convolution(this, workers);
    this.maxPooling = new MaxPooling(workers);
    this.averagePooling = new AveragePooling(workers);
    this.picking = new Picking(workers);
    this.randomness = new Randomness(workers);
    this.slices = new Slices(workers);
    this.argMax = new ArgMax(workers);
    this.sorting = new Sorting(workers);
    this.scans = new Scans(workers);
    this.attention = new AttentionTiles(workers);
    this.softmax = new Softmax(workers);
    this.crossEntropy = new CrossEntropy(workers);
    this.normalizing = new Normalizing(workers);
    this.cells = new Cells(workers);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Memory memory() {
    return HostMemory.INSTANCE;
  }

  @Override
  public void elementwise(List<Expr> exprs, NdArray[] outs, double[] params, NdArray... ins) {
    elementwise.run(exprs, outs, params, ins);
  }

  @Override
  public void elementwise(Expr expr, NdArray out, double[] params, NdArray... ins) {
    elementwise.run(expr, out, params, ins);
  }

  @Override
  public Runnable prepareElementwise(
      List<Expr> exprs, NdArray[] outs, double[] params, NdArray[] ins) {
    return elementwise.prepared(exprs, outs, params, ins);
  }

  @Override
  public Runnable prepareReduce(
      ReduceOp op, Expr expr, int[] axes, NdArray[] out, double[] params, NdArray[] ins) {
    return reduction.prepared(op, expr, axes, out, params, ins);
  }

  @Override
  public Runnable prepareMatmul(
      double alpha, double beta, NdArray[] out, Expr epilogue, double[] params, NdArray[] ins) {
    return multiplication.prepared(alpha, beta, out, epilogue, params, ins);
  }

  @Override
  public Runnable prepareMappedMatmul(
      double alpha, List<Expr> exprs, NdArray[] outs, double[] params, NdArray[] ins) {
    Runnable inTwo = Backend.super.prepareMappedMatmul(alpha, exprs, outs, params, ins);
    return MappedProduct.prepared(alpha, exprs, outs, params, ins, workers, inTwo);
  }

  @Override
  public boolean mapsProducts() {
    return true;
  }

  @Override
  public void reduce(
      ReduceOp op, Expr expr, int[] axes, NdArray out, double[] params, NdArray... ins) {
    reduction.run(op, expr, axes, out, params, ins);
  }

  @Override
  public void argMax(NdArray x, int axis, NdArray out) {
    argMax.argMax(x, axis, out);
  }

  @Override
  public void argMin(NdArray x, int axis, NdArray out) {
    argMax.argMin(x, axis, out);
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
  public void conv(
      ConvSpec spec,
      NdArray x,
      NdArray filter,
      NdArray out,
      Expr epilogue,
      double[] params,
      NdArray... ins) {
    convolution.forward(spec, x, filter, out, epilogue, params, ins);
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
    maxPooling.forward(spec, x, out, indices);
  }

  @Override
  public void maxPoolBackward(PoolSpec spec, NdArray outGrad, NdArray indices, NdArray xGrad) {
    maxPooling.backward(spec, outGrad, indices, xGrad);
  }

  @Override
  public void avgPool(PoolSpec spec, boolean countPadding, NdArray x, NdArray out) {
    averagePooling.forward(spec, countPadding, x, out);
  }

  @Override
  public void avgPoolBackward(PoolSpec spec, boolean countPadding, NdArray outGrad, NdArray xGrad) {
    averagePooling.backward(spec, countPadding, outGrad, xGrad);
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
  public void copy(NdArray from, NdArray to) {
    Casting.copy(from, to, workers);
  }

  @Override
  public void random(Distribution distribution, long seed, long stream, NdArray out) {
    randomness.fill(distribution, seed, stream, out);
  }

  @Override
  public void softmax(NdArray x, int axis, NdArray out) {
    softmax.softmax(x, axis, out);
  }

  @Override
  public void softmaxBackward(NdArray y, NdArray outGrad, int axis, NdArray xGrad) {
    softmax.softmaxBackward(y, outGrad, axis, xGrad);
  }

  @Override
  public void logSoftmax(NdArray x, int axis, NdArray out) {
    softmax.logSoftmax(x, axis, out);
  }

  @Override
  public void logSoftmaxBackward(NdArray y, NdArray outGrad, int axis, NdArray xGrad) {
    softmax.logSoftmaxBackward(y, outGrad, axis, xGrad);
  }

  @Override
  public void crossEntropy(CrossEntropySpec spec, NdArray x, NdArray labels, NdArray loss) {
    if (!CrossEntropy.canCompareLabels(spec, x.dtype())) {
      Backend.super.crossEntropy(spec, x, labels, loss);
      return;
    }
    crossEntropy.forward(spec, x, labels, loss);
  }

  @Override
  public void crossEntropyWithGradient(
      CrossEntropySpec spec,
      NdArray x,
      NdArray labels,
      NdArray weight,
      NdArray loss,
      NdArray xGrad) {
    if (!CrossEntropy.canCompareLabels(spec, x.dtype())) {
      Backend.super.crossEntropyWithGradient(spec, x, labels, weight, loss, xGrad);
      return;
    }
    crossEntropy.withGradient(spec, x, labels, weight, loss, xGrad);
  }

  @Override
  public void moments(NormSpec spec, NdArray x, NdArray mean, NdArray variance) {
    if (x.size() == 0) {
      Backend.super.moments(spec, x, mean, variance);
      return;
    }
    normalizing.moments(spec, x, mean, variance);
  }

  @Override
  public void normalize(NormSpec spec, NdArray x, NdArray weight, NdArray bias, NdArray out) {
    if (x.size() == 0) {
      Backend.super.normalize(spec, x, weight, bias, out);
      return;
    }
    normalizing.normalize(spec, x, weight, bias, out);
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
    if (x.size() == 0) {
      Backend.super.normalizeBy(spec, x, mean, variance, weight, bias, out);
      return;
    }
    normalizing.normalizeBy(spec, x, mean, variance, weight, bias, out);
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
    if (x.size() == 0) {
      Backend.super.normalizeBackward(spec, x, weight, outGrad, xGrad, weightGrad, biasGrad);
      return;
    }
    normalizing.backward(spec, x, weight, outGrad, xGrad, weightGrad, biasGrad);
  }

  @Override
  public void lstm(NdArray gates, NdArray c, NdArray activations, NdArray cNext, NdArray hNext) {
    cells.lstm(gates, c, activations, cNext, hNext);
  }

  @Override
  public void lstmBackward(
      NdArray activations,
      NdArray c,
      NdArray cNext,
      NdArray hNextGrad,
      NdArray cNextGrad,
      NdArray gatesGrad,
      NdArray cGrad) {
    cells.lstmBackward(activations, c, cNext, hNextGrad, cNextGrad, gatesGrad, cGrad);
  }

  @Override
  public void gru(NdArray xGates, NdArray hGates, NdArray h, NdArray activations, NdArray hNext) {
    cells.gru(xGates, hGates, h, activations, hNext);
  }

  @Override
  public void gruBackward(
      NdArray activations,
      NdArray hGates,
      NdArray h,
      NdArray hNextGrad,
      NdArray xGatesGrad,
      NdArray hGatesGrad,
      NdArray hGrad) {
    cells.gruBackward(activations, hGates, h, hNextGrad, xGatesGrad, hGatesGrad, hGrad);
  }

  @Override
  public void gruGates(NdArray gates, NdArray h, NdArray activations, NdArray resetH) {
    cells.gruGates(gates, h, activations, resetH);
  }

  @Override
  public void gruState(NdArray candidate, NdArray z, NdArray h, NdArray g, NdArray hNext) {
    cells.gruState(candidate, z, h, g, hNext);
  }

  @Override
  public void gruStateBackward(NdArray g, NdArray z, NdArray hNextGrad, NdArray candidateGrad) {
    cells.gruStateBackward(g, z, hNextGrad, candidateGrad);
  }

  @Override
  public void gruGatesBackward(
      NdArray activations,
      NdArray g,
      NdArray h,
      NdArray hNextGrad,
      NdArray resetHGrad,
      NdArray gatesGrad,
      NdArray hGrad) {
    cells.gruGatesBackward(activations, g, h, hNextGrad, resetHGrad, gatesGrad, hGrad);
  }

  @Override
  public void attention(
      AttentionSpec spec,
      NdArray q,
      NdArray k,
      NdArray v,
      NdArray mask,
      NdArray out,
      NdArray logSumExp) {
    attention.forward(spec, q, k, v, mask, out, logSumExp);
  }

  @Override
  public void attentionBackward(
      AttentionSpec spec,
      NdArray q,
      NdArray k,
      NdArray v,
      NdArray mask,
      NdArray out,
      NdArray logSumExp,
      NdArray outGrad,
      NdArray qGrad,
      NdArray kGrad,
      NdArray vGrad) {
    attention.backward(spec, q, k, v, mask, out, logSumExp, outGrad, qGrad, kGrad, vGrad);
  }
}
