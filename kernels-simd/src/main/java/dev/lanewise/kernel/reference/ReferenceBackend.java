package dev.lanewise.kernel.reference;

import dev.lanewise.array.DType;
import dev.lanewise.array.HostMemory;
import dev.lanewise.array.Memory;
import dev.lanewise.array.NdArray;
import dev.lanewise.kernel.ArgMaxSpec;
import dev.lanewise.kernel.AttentionSpec;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.CellSpec;
import dev.lanewise.kernel.ConvSpec;
import dev.lanewise.kernel.CopySpec;
import dev.lanewise.kernel.CrossEntropySpec;
import dev.lanewise.kernel.Distribution;
import dev.lanewise.kernel.ElementwiseSpec;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.IndexSelectSpec;
import dev.lanewise.kernel.IndexSpec;
import dev.lanewise.kernel.MatmulSpec;
import dev.lanewise.kernel.NormSpec;
import dev.lanewise.kernel.Philox;
import dev.lanewise.kernel.PoolSpec;
import dev.lanewise.kernel.RandomSpec;
import dev.lanewise.kernel.ReduceOp;
import dev.lanewise.kernel.ReduceSpec;
import dev.lanewise.kernel.ScanSpec;
import dev.lanewise.kernel.SoftmaxSpec;
import dev.lanewise.kernel.SortSpec;
import java.util.List;

/**
 * The judge of every other backend: scalar loops that follow the definitions word by word.
 *
 * <p>Elementwise, each function is computed in double and rounded to the arrays' type, so that a
 * fast kernel of {@code + − · ÷ √} in that type gives the same bits. Sums and products over axes,
 * matrix products and convolutions are accumulated in double and rounded once, at the end.
 */
public final class ReferenceBackend implements Backend {
  static final String NAME = "reference";

  /** Makes the backend; it has no state. */
  public ReferenceBackend() {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Memory memory() {
    return HostMemory.INSTANCE;
  }

  /** Computes expressions in double. */
  @Override
  public boolean roundsParts() {
    return false;
  }

  @Override
  public void elementwise(List<Expr> exprs, NdArray[] outs, double[] params, NdArray... ins) {
    Elementwise.compute(ElementwiseSpec.of(exprs, outs, params, ins));
  }

  @Override
  public void reduce(
      ReduceOp op, Expr expr, int[] axes, NdArray out, double[] params, NdArray... ins) {
    Reductions.reduce(ReduceSpec.of(op, expr, axes, out, params, ins));
  }

  @Override
  public void argMax(NdArray x, int axis, NdArray out) {
    Ordering.argMax(ArgMaxSpec.of("argMax", x, axis, out), false);
  }

  @Override
  public void argMin(NdArray x, int axis, NdArray out) {
    Ordering.argMax(ArgMaxSpec.of("argMin", x, axis, out), true);
  }

  @Override
  public void sort(NdArray x, int axis, boolean descending, NdArray values, NdArray indices) {
    Ordering.sort(SortSpec.of(x, axis, descending, values, indices));
  }

  @Override
  public void scan(
      ReduceOp op, NdArray x, int axis, boolean exclusive, boolean reverse, NdArray out) {
    Scans.scan(ScanSpec.of(op, x, axis, exclusive, reverse, out));
  }

  @Override
  public void matmul(NdArray a, NdArray b, double alpha, double beta, NdArray out) {
    Matmul.multiply(MatmulSpec.of(a, b, out), alpha, beta);
  }

  @Override
  public void conv(ConvSpec spec, NdArray x, NdArray filter, NdArray out) {
    spec.checkForward(x, filter, out);
    Convolution.forward(spec, x, filter, out);
  }

  @Override
  public void convBackwardData(ConvSpec spec, NdArray outGrad, NdArray filter, NdArray xGrad) {
    spec.checkBackwardData(outGrad, filter, xGrad);
    Convolution.backwardData(spec, outGrad, filter, xGrad);
  }

  @Override
  public void convBackwardFilter(ConvSpec spec, NdArray x, NdArray outGrad, NdArray filterGrad) {
    spec.checkBackwardFilter(x, outGrad, filterGrad);
    Convolution.backwardFilter(spec, x, outGrad, filterGrad);
  }

  @Override
  public void maxPool(PoolSpec spec, NdArray x, NdArray out, NdArray indices) {
    spec.checkForward(x, out, indices);
    MaxPool.forward(spec, x, out, indices);
  }

  @Override
  public void maxPoolBackward(PoolSpec spec, NdArray outGrad, NdArray indices, NdArray xGrad) {
    spec.checkBackward(outGrad, indices, xGrad);
    MaxPool.backward(spec, outGrad, indices, xGrad);
  }

  @Override
  public void avgPool(PoolSpec spec, boolean countPadding, NdArray x, NdArray out) {
    spec.checkAverage(x, out);
    AveragePool.forward(spec, countPadding, x, out);
  }

  @Override
  public void avgPoolBackward(PoolSpec spec, boolean countPadding, NdArray outGrad, NdArray xGrad) {
    spec.checkAverageBackward(outGrad, xGrad);
    AveragePool.backward(spec, countPadding, outGrad, xGrad);
  }

  @Override
  public void gather(NdArray x, int axis, NdArray indices, NdArray out) {
    Picking.gather(IndexSpec.of("gather", axis, x, indices, out, out));
  }

  @Override
  public void scatterAdd(NdArray x, int axis, NdArray indices, NdArray out) {
    Picking.scatterAdd(IndexSpec.of("scatterAdd", axis, out, indices, x, out));
  }

  @Override
  public void indexSelect(NdArray x, int axis, NdArray indices, NdArray out) {
    Picking.indexSelect(IndexSelectSpec.of("indexSelect", axis, x, indices, out, out));
  }

  @Override
  public void indexAdd(NdArray x, int axis, NdArray indices, NdArray out) {
    Picking.indexAdd(IndexSelectSpec.of("indexAdd", axis, out, indices, x, out));
  }

  @Override
  public void copy(NdArray from, NdArray to) {
    Conversion.copy(CopySpec.of(from, to));
  }

  @Override
  public void random(Distribution distribution, long seed, long stream, NdArray out) {
    RandomSpec spec = RandomSpec.of(distribution, seed, stream, out);
    Elements to = new Elements(spec.out());
    Philox philox = new Philox(spec.seed());
    boolean single = out.dtype() == DType.F32;
    long position = 0;
    for (Index i = new Index(out.shape()); i.inside(); i.next()) {
      to.set(i.at(), philox.sample(spec.distribution(), spec.stream(), position++, single));
    }
  }

  @Override
  public void softmax(NdArray x, int axis, NdArray out) {
    Rows.softmax(SoftmaxSpec.of("softmax", axis, out, x));
  }

  @Override
  public void softmaxBackward(NdArray y, NdArray outGrad, int axis, NdArray xGrad) {
    Rows.softmaxBackward(SoftmaxSpec.of("softmaxBackward", axis, xGrad, y, outGrad));
  }

  @Override
  public void logSoftmax(NdArray x, int axis, NdArray out) {
    Rows.logSoftmax(SoftmaxSpec.of("logSoftmax", axis, out, x));
  }

  @Override
  public void logSoftmaxBackward(NdArray y, NdArray outGrad, int axis, NdArray xGrad) {
    Rows.logSoftmaxBackward(SoftmaxSpec.of("logSoftmaxBackward", axis, xGrad, y, outGrad));
  }

  @Override
  public void crossEntropy(CrossEntropySpec spec, NdArray x, NdArray labels, NdArray loss) {
    spec.checkForward(x, labels, loss);
    Rows.crossEntropy(spec, x, labels, null, loss, null);
  }

  @Override
  public void crossEntropyWithGradient(
      CrossEntropySpec spec,
      NdArray x,
      NdArray labels,
      NdArray weight,
      NdArray loss,
      NdArray xGrad) {
    NdArray stretched = spec.checkGradient(x, labels, weight, loss, xGrad);
    Rows.crossEntropy(spec, x, labels, stretched, loss, xGrad);
  }

  @Override
  public void moments(NormSpec spec, NdArray x, NdArray mean, NdArray variance) {
    spec.checkMoments(x, mean, variance);
    Norms.moments(spec, x, mean, variance);
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
    spec.checkForward("normalizeBy", x, weight, bias, out, mean, variance);
    Norms.normalize(spec, x, mean, variance, weight, bias, out);
  }

  @Override
  public void normalize(NormSpec spec, NdArray x, NdArray weight, NdArray bias, NdArray out) {
    spec.checkForward("normalize", x, weight, bias, out);
    Norms.normalize(spec, x, null, null, weight, bias, out);
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
    spec.checkBackward(x, weight, outGrad, xGrad, weightGrad, biasGrad);
    Norms.backward(spec, x, weight, outGrad, xGrad, weightGrad, biasGrad);
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
    NdArray stretched = spec.checkForward(q, k, v, mask, out, logSumExp);
    ScaledDotProduct.forward(spec, q, k, v, stretched, out, logSumExp);
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
    NdArray stretched =
        spec.checkBackward(q, k, v, mask, out, logSumExp, outGrad, qGrad, kGrad, vGrad);
    ScaledDotProduct.backward(spec, q, k, v, stretched, outGrad, qGrad, kGrad, vGrad);
  }

  @Override
  public void lstm(NdArray gates, NdArray c, NdArray activations, NdArray cNext, NdArray hNext) {
    CellSpec spec = CellSpec.lstm(gates, c, activations, cNext, hNext);
    Cells.lstm(spec, gates, c, activations, cNext, hNext);
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
    NdArray[] states = {c, cNext, hNextGrad, cNextGrad};
    CellSpec spec = CellSpec.lstmBackward(activations, states, gatesGrad, cGrad);
    Cells.lstmBackward(spec, activations, states, gatesGrad, cGrad);
  }

  @Override
  public void gru(NdArray xGates, NdArray hGates, NdArray h, NdArray activations, NdArray hNext) {
    CellSpec spec = CellSpec.gru(xGates, hGates, h, activations, hNext);
    Cells.gru(spec, xGates, hGates, h, activations, hNext);
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
    NdArray[] gateIns = {activations, hGates};
    NdArray[] states = {h, hNextGrad};
    NdArray[] gateGrads = {xGatesGrad, hGatesGrad};
    CellSpec spec = CellSpec.gruBackward(gateIns, states, gateGrads, hGrad);
    Cells.gruBackward(spec, gateIns, states, gateGrads, hGrad);
  }

  @Override
  public void gruGates(NdArray gates, NdArray h, NdArray activations, NdArray resetH) {
    CellSpec spec = CellSpec.gruGates(gates, h, activations, resetH);
    Cells.gruGates(spec, gates, h, activations, resetH);
  }

  @Override
  public void gruState(NdArray candidate, NdArray z, NdArray h, NdArray g, NdArray hNext) {
    CellSpec spec = CellSpec.gruState(candidate, z, h, g, hNext);
    Cells.gruState(spec, candidate, z, h, g, hNext);
  }

  @Override
  public void gruStateBackward(NdArray g, NdArray z, NdArray hNextGrad, NdArray candidateGrad) {
    CellSpec spec = CellSpec.gruStateBackward(g, z, hNextGrad, candidateGrad);
    Cells.gruStateBackward(spec, g, z, hNextGrad, candidateGrad);
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
    NdArray[] states = {g, h, hNextGrad, resetHGrad};
    CellSpec spec = CellSpec.gruGatesBackward(activations, states, gatesGrad, hGrad);
    Cells.gruGatesBackward(spec, activations, states, gatesGrad, hGrad);
  }
}
