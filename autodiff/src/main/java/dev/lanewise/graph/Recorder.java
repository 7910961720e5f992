package dev.lanewise.graph;

import dev.lanewise.array.DType;
import dev.lanewise.array.Memory;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import dev.lanewise.array.Storage;
import dev.lanewise.kernel.ArgMaxSpec;
import dev.lanewise.kernel.AttentionSpec;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.CellSpec;
import dev.lanewise.kernel.ConvSpec;
import dev.lanewise.kernel.CopySpec;
import dev.lanewise.kernel.CrossEntropySpec;
import dev.lanewise.kernel.Distribution;
import dev.lanewise.kernel.ElementwiseSpec;
import dev.lanewise.kernel.EpilogueSpec;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.MatmulSpec;
import dev.lanewise.kernel.NormSpec;
import dev.lanewise.kernel.PoolSpec;
import dev.lanewise.kernel.ReduceOp;
import dev.lanewise.kernel.ReduceSpec;
import dev.lanewise.kernel.ScanSpec;
import dev.lanewise.kernel.SoftmaxSpec;
import dev.lanewise.kernel.SortSpec;
import java.util.Arrays;
import java.util.List;

/**
 * Stands in for a backend and records the calls of its contract instead of computing: one method
 * for each of the contract's. What a backend checks before it computes is checked here too, but for
 * the values of indices and labels, which a run checks.
 */
final class Recorder implements Backend {
  private final Backend backend;
  private final Trace trace;

  Recorder(Backend backend, Trace trace) {
    this.backend = backend;
    this.trace = trace;
  }

  @Override
  public String name() {
    return backend.name();
  }

  @Override
  public Memory memory() {
    return backend.memory();
  }

  @Override
  public Storage storage(long byteSize) {
    return trace.imagine(byteSize);
  }

  @Override
  public NdArray uninitialized(DType dtype, Shape shape) {
    return NdArray.over(storage(shape.size() * dtype.byteSize()), dtype, shape);
  }

  @Override
  public boolean roundsParts() {
    return backend.roundsParts();
  }

  private static NdArray[] arrays(NdArray... arrays) {
    return arrays;
  }

  /** {@return two arrays and more} */
  private static NdArray[] together(NdArray first, NdArray second, NdArray... more) {
    NdArray[] all = new NdArray[more.length + 2];
    all[0] = first;
    all[1] = second;
    System.arraycopy(more, 0, all, 2, more.length);
    return all;
  }

  private static Op fixed(Kernel kernel, Object... attributes) {
    return new Op.Fixed(kernel, List.of(attributes));
  }

  @Override
  public void elementwise(List<Expr> exprs, NdArray[] outs, double[] params, NdArray... ins) {
    ElementwiseSpec spec = ElementwiseSpec.of(exprs, outs, params, ins);
    trace.add(new Op.Elementwise(List.copyOf(exprs), trace.scalars(params)), outs, spec.ins());
  }

  @Override
  public void reduce(
      ReduceOp op, Expr expr, int[] axes, NdArray out, double[] params, NdArray... ins) {
    ReduceSpec spec = ReduceSpec.of(op, expr, axes, out, params, ins);
    trace.add(
        new Op.Reduce(op, expr, Arrays.stream(axes).boxed().toList(), trace.scalars(params)),
        arrays(out),
        spec.ins());
  }

  @Override
  public void argMax(NdArray x, int axis, NdArray out) {
    ArgMaxSpec.of("argMax", x, axis, out);
    trace.add(fixed(Kernel.ARG_MAX, axis), arrays(out), x);
  }

  @Override
  public void argMin(NdArray x, int axis, NdArray out) {
    ArgMaxSpec.of("argMin", x, axis, out);
    trace.add(fixed(Kernel.ARG_MIN, axis), arrays(out), x);
  }

  @Override
  public void sort(NdArray x, int axis, boolean descending, NdArray values, NdArray indices) {
    SortSpec.of(x, axis, descending, values, indices);
    trace.add(fixed(Kernel.SORT, axis, descending), arrays(values, indices), x);
  }

  @Override
  public void scan(
      ReduceOp op, NdArray x, int axis, boolean exclusive, boolean reverse, NdArray out) {
    ScanSpec.of(op, x, axis, exclusive, reverse, out);
    trace.add(fixed(Kernel.SCAN, op, axis, exclusive, reverse), arrays(out), x);
  }

  @Override
  public void matmul(NdArray a, NdArray b, double alpha, double beta, NdArray out) {
    MatmulSpec.of(a, b, out);
    trace.add(new Op.Matmul(alpha, beta, null, Scalars.NONE), arrays(out), a, b);
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
    EpilogueSpec spec = EpilogueSpec.of(a, b, out, epilogue, params, ins);
    trace.add(
        new Op.Matmul(alpha, beta, epilogue, trace.scalars(params)),
        arrays(out),
        together(a, b, spec.ins()));
  }

  @Override
  public void conv(ConvSpec spec, NdArray x, NdArray filter, NdArray out) {
    spec.checkForward(x, filter, out);
    trace.add(new Op.Conv(spec, null, Scalars.NONE), arrays(out), x, filter);
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
    spec.checkForward(x, filter, out, epilogue, params, ins);
    trace.add(
        new Op.Conv(spec, epilogue, trace.scalars(params)), arrays(out), together(x, filter, ins));
  }

  @Override
  public void convBackwardData(ConvSpec spec, NdArray outGrad, NdArray filter, NdArray xGrad) {
    spec.checkBackwardData(outGrad, filter, xGrad);
    trace.add(fixed(Kernel.CONV_BACKWARD_DATA, spec), arrays(xGrad), outGrad, filter);
  }

  @Override
  public void convBackwardFilter(ConvSpec spec, NdArray x, NdArray outGrad, NdArray filterGrad) {
    spec.checkBackwardFilter(x, outGrad, filterGrad);
    trace.add(fixed(Kernel.CONV_BACKWARD_FILTER, spec), arrays(filterGrad), x, outGrad);
  }

  @Override
  public void maxPool(PoolSpec spec, NdArray x, NdArray out, NdArray indices) {
    spec.checkForward(x, out, indices);
    trace.add(fixed(Kernel.MAX_POOL, spec), arrays(out, indices), x);
  }

  @Override
  public void maxPoolBackward(PoolSpec spec, NdArray outGrad, NdArray indices, NdArray xGrad) {
    trace.add(fixed(Kernel.MAX_POOL_BACKWARD, spec), arrays(xGrad), outGrad, indices);
  }

  @Override
  public void avgPool(PoolSpec spec, boolean countPadding, NdArray x, NdArray out) {
    spec.checkAverage(x, out);
    trace.add(fixed(Kernel.AVG_POOL, spec, countPadding), arrays(out), x);
  }

  @Override
  public void avgPoolBackward(PoolSpec spec, boolean countPadding, NdArray outGrad, NdArray xGrad) {
    spec.checkAverageBackward(outGrad, xGrad);
    trace.add(fixed(Kernel.AVG_POOL_BACKWARD, spec, countPadding), arrays(xGrad), outGrad);
  }

  @Override
  public void gather(NdArray x, int axis, NdArray indices, NdArray out) {
    trace.add(fixed(Kernel.GATHER, axis), arrays(out), x, indices);
  }

  @Override
  public void scatterAdd(NdArray x, int axis, NdArray indices, NdArray out) {
    trace.add(fixed(Kernel.SCATTER_ADD, axis), arrays(out), x, indices);
  }

  @Override
  public void indexSelect(NdArray x, int axis, NdArray indices, NdArray out) {
    trace.add(fixed(Kernel.INDEX_SELECT, axis), arrays(out), x, indices);
  }

  @Override
  public void indexAdd(NdArray x, int axis, NdArray indices, NdArray out) {
    trace.add(fixed(Kernel.INDEX_ADD, axis), arrays(out), x, indices);
  }

  @Override
  public void copy(NdArray from, NdArray to) {
    CopySpec spec = CopySpec.of(from, to);
    trace.add(new Op.Copy(), arrays(to), spec.from());
  }

  @Override
  public void random(Distribution distribution, long seed, long stream, NdArray out) {
    trace.add(new Op.Random(distribution, seed, trace.stream(stream)), arrays(out));
  }

  @Override
  public void softmax(NdArray x, int axis, NdArray out) {
    SoftmaxSpec.of("softmax", axis, out, x);
    trace.add(fixed(Kernel.SOFTMAX, axis), arrays(out), x);
  }

  @Override
  public void softmaxBackward(NdArray y, NdArray outGrad, int axis, NdArray xGrad) {
    SoftmaxSpec.of("softmaxBackward", axis, xGrad, y, outGrad);
    trace.add(fixed(Kernel.SOFTMAX_BACKWARD, axis), arrays(xGrad), y, outGrad);
  }

  @Override
  public void logSoftmax(NdArray x, int axis, NdArray out) {
    SoftmaxSpec.of("logSoftmax", axis, out, x);
    trace.add(fixed(Kernel.LOG_SOFTMAX, axis), arrays(out), x);
  }

  @Override
  public void logSoftmaxBackward(NdArray y, NdArray outGrad, int axis, NdArray xGrad) {
    SoftmaxSpec.of("logSoftmaxBackward", axis, xGrad, y, outGrad);
    trace.add(fixed(Kernel.LOG_SOFTMAX_BACKWARD, axis), arrays(xGrad), y, outGrad);
  }

  @Override
  public void crossEntropy(CrossEntropySpec spec, NdArray x, NdArray labels, NdArray loss) {
    trace.add(fixed(Kernel.CROSS_ENTROPY, spec), arrays(loss), x, labels);
  }

  @Override
  public void crossEntropyWithGradient(
      CrossEntropySpec spec,
      NdArray x,
      NdArray labels,
      NdArray weight,
      NdArray loss,
      NdArray xGrad) {
    trace.add(
        fixed(Kernel.CROSS_ENTROPY_WITH_GRADIENT, spec), arrays(loss, xGrad), x, labels, weight);
  }

  @Override
  public void moments(NormSpec spec, NdArray x, NdArray mean, NdArray variance) {
    spec.checkMoments(x, mean, variance);
    trace.add(fixed(Kernel.MOMENTS, spec), arrays(mean, variance), x);
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
    trace.add(fixed(Kernel.NORMALIZE_BY, spec), arrays(out), x, mean, variance, weight, bias);
  }

  @Override
  public void normalize(NormSpec spec, NdArray x, NdArray weight, NdArray bias, NdArray out) {
    spec.checkForward("normalize", x, weight, bias, out);
    trace.add(fixed(Kernel.NORMALIZE, spec), arrays(out), x, weight, bias);
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
    trace.add(
        fixed(Kernel.NORMALIZE_BACKWARD, spec),
        arrays(xGrad, weightGrad, biasGrad),
        x,
        weight,
        outGrad);
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
    spec.checkForward(q, k, v, mask, out, logSumExp);
    trace.add(fixed(Kernel.ATTENTION, spec), arrays(out, logSumExp), q, k, v, mask);
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
    spec.checkBackward(q, k, v, mask, out, logSumExp, outGrad, qGrad, kGrad, vGrad);
    trace.add(
        fixed(Kernel.ATTENTION_BACKWARD, spec),
        arrays(qGrad, kGrad, vGrad),
        q,
        k,
        v,
        mask,
        out,
        logSumExp,
        outGrad);
  }

  @Override
  public void lstm(NdArray gates, NdArray c, NdArray activations, NdArray cNext, NdArray hNext) {
    CellSpec.lstm(gates, c, activations, cNext, hNext);
    trace.add(fixed(Kernel.LSTM), arrays(activations, cNext, hNext), gates, c);
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
    trace.add(
        fixed(Kernel.LSTM_BACKWARD),
        arrays(gatesGrad, cGrad),
        activations,
        c,
        cNext,
        hNextGrad,
        cNextGrad);
  }

  @Override
  public void gru(NdArray xGates, NdArray hGates, NdArray h, NdArray activations, NdArray hNext) {
    CellSpec.gru(xGates, hGates, h, activations, hNext);
    trace.add(fixed(Kernel.GRU), arrays(activations, hNext), xGates, hGates, h);
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
    trace.add(
        fixed(Kernel.GRU_BACKWARD),
        arrays(xGatesGrad, hGatesGrad, hGrad),
        activations,
        hGates,
        h,
        hNextGrad);
  }

  @Override
  public void gruGates(NdArray gates, NdArray h, NdArray activations, NdArray resetH) {
    CellSpec.gruGates(gates, h, activations, resetH);
    trace.add(fixed(Kernel.GRU_GATES), arrays(activations, resetH), gates, h);
  }

  @Override
  public void gruState(NdArray candidate, NdArray z, NdArray h, NdArray g, NdArray hNext) {
    CellSpec.gruState(candidate, z, h, g, hNext);
    trace.add(fixed(Kernel.GRU_STATE), arrays(g, hNext), candidate, z, h);
  }

  @Override
  public void gruStateBackward(NdArray g, NdArray z, NdArray hNextGrad, NdArray candidateGrad) {
    CellSpec.gruStateBackward(g, z, hNextGrad, candidateGrad);
    trace.add(fixed(Kernel.GRU_STATE_BACKWARD), arrays(candidateGrad), g, z, hNextGrad);
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
    trace.add(
        fixed(Kernel.GRU_GATES_BACKWARD),
        arrays(gatesGrad, hGrad),
        activations,
        g,
        h,
        hNextGrad,
        resetHGrad);
  }
}
