package dev.lanewise.kernel;

import dev.lanewise.array.Memory;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/** The reference backend, to be made wrong in one place by a subclass. */
class Delegating implements Backend {
  final Backend right = Placed.REFERENCE;

  @Override
  public String name() {
    return "wrong";
  }

  @Override
  public Memory memory() {
    return right.memory();
  }

  @Override
  public void elementwise(List<Expr> exprs, NdArray[] outs, double[] params, NdArray... ins) {
    right.elementwise(exprs, outs, params, ins);
  }

  @Override
  public void reduce(
      ReduceOp op, Expr expr, int[] axes, NdArray out, double[] params, NdArray... ins) {
    right.reduce(op, expr, axes, out, params, ins);
  }

  @Override
  public void argMax(NdArray x, int axis, NdArray out) {
    right.argMax(x, axis, out);
  }

  @Override
  public void argMin(NdArray x, int axis, NdArray out) {
    right.argMin(x, axis, out);
  }

  @Override
  public void sort(NdArray x, int axis, boolean descending, NdArray values, NdArray indices) {
    right.sort(x, axis, descending, values, indices);
  }

  @Override
  public void scan(
      ReduceOp op, NdArray x, int axis, boolean exclusive, boolean reverse, NdArray out) {
    right.scan(op, x, axis, exclusive, reverse, out);
  }

  @Override
  public void matmul(NdArray a, NdArray b, double alpha, double beta, NdArray out) {
    right.matmul(a, b, alpha, beta, out);
  }

  @Override
  public void conv(ConvSpec spec, NdArray x, NdArray filter, NdArray out) {
    right.conv(spec, x, filter, out);
  }

  @Override
  public void convBackwardData(ConvSpec spec, NdArray outGrad, NdArray filter, NdArray xGrad) {
    right.convBackwardData(spec, outGrad, filter, xGrad);
  }

  @Override
  public void convBackwardFilter(ConvSpec spec, NdArray x, NdArray outGrad, NdArray filterGrad) {
    right.convBackwardFilter(spec, x, outGrad, filterGrad);
  }

  @Override
  public void maxPool(PoolSpec spec, NdArray x, NdArray out, NdArray indices) {
    right.maxPool(spec, x, out, indices);
  }

  @Override
  public void maxPoolBackward(PoolSpec spec, NdArray outGrad, NdArray indices, NdArray xGrad) {
    right.maxPoolBackward(spec, outGrad, indices, xGrad);
  }

  @Override
  public void avgPool(PoolSpec spec, boolean countPadding, NdArray x, NdArray out) {
    right.avgPool(spec, countPadding, x, out);
  }

  @Override
  public void avgPoolBackward(PoolSpec spec, boolean countPadding, NdArray outGrad, NdArray xGrad) {
    right.avgPoolBackward(spec, countPadding, outGrad, xGrad);
  }

  @Override
  public void gather(NdArray x, int axis, NdArray indices, NdArray out) {
    right.gather(x, axis, indices, out);
  }

  @Override
  public void scatterAdd(NdArray x, int axis, NdArray indices, NdArray out) {
    right.scatterAdd(x, axis, indices, out);
  }

  @Override
  public void indexSelect(NdArray x, int axis, NdArray indices, NdArray out) {
    right.indexSelect(x, axis, indices, out);
  }

  @Override
  public void indexAdd(NdArray x, int axis, NdArray indices, NdArray out) {
    right.indexAdd(x, axis, indices, out);
  }

  @Override
  public void copy(NdArray from, NdArray to) {
    right.copy(from, to);
  }

  @Override
  public void random(Distribution distribution, long seed, long stream, NdArray out) {
    right.random(distribution, seed, stream, out);
  }

  /** Replaces every number of an array by a function of it. */
  static void change(NdArray array, DoubleUnaryOperator function) {
    Shape shape = array.shape();
    for (long i = 0; i < shape.size(); i++) {
      int[] index = Judge.index(shape, i);
      array.set(function.applyAsDouble(array.get(index)), index);
    }
  }
}
