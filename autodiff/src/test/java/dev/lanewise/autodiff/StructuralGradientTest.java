package dev.lanewise.autodiff;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.array.DType;
import dev.lanewise.array.Shape;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.PoolSpec;
import dev.lanewise.kernel.UnaryOp;
import dev.lanewise.kernel.Window;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every operation that is not elementwise against finite differences, first and second order. */
class StructuralGradientTest {

  /** An operation, named by its method, with inputs' shapes. */
  record Case(String op, Function<Tensor[], Tensor> function, int[]... shapes) {
    @Override
    public String toString() {
      StringBuilder text = new StringBuilder(op);
      for (int[] shape : shapes) {
        text.append(' ').append(Shape.of(shape));
      }
      return text.toString();
    }
  }

  private static final Set<Class<?>> RESULTS =
      Set.of(
          Tensor.class,
          List.class,
          ScanOps.Sorted.class,
          RecurrentOps.LstmState.class,
          RecurrentOps.Sequence.class,
          RecurrentOps.LstmSequence.class);
  private static final List<Case> CASES = new ArrayList<>();

  private static void add(String op, Function<Tensor[], Tensor> function, int[]... shapes) {
    CASES.add(new Case(op, function, shapes));
  }

  private static int[] s(int... dims) {
    return dims;
  }

  private static Tensor at(Tensor like, int[] values, int... dims) {
    return Tensor.of(like.backend(), values, dims);
  }

  static {
    reductions();
    shapes();
    scans();
    arrangements();
    products();
    windows();
    pools();
    indices();
    rows();
    normalizations();
    lengths();
    attention();
    CASES.addAll(RecurrentCases.all());
  }

  private static void reductions() {
    for (int[] axes : new int[][] {{}, {0}, {1}, {-1}, {2, 0}}) {
      int[] shape = s(2, 3, 2);
      add("sum", in -> in[0].sum(axes).square(), shape);
      add("sum", in -> in[0].square().sum(true, axes), shape);
      add("mean", in -> in[0].mean(axes).exp(), shape);
      add("mean", in -> in[0].transpose().mean(true, axes).square(), shape);
      add("variance", in -> in[0].variance(axes), shape);
      add("variance", in -> in[0].transpose().variance(true, axes).sqrt(), shape);
      add("max", in -> in[0].max(axes).square(), shape);
      add("max", in -> in[0].transpose().max(true, axes).exp(), shape);
      add("min", in -> in[0].min(axes).square(), shape);
      add("min", in -> in[0].slice(2, 1, 2).min(true, axes).exp(), shape);
      add("prod", in -> in[0].prod(axes), shape);
      add("prod", in -> in[0].transpose().prod(true, axes), shape);
      add("logSumExp", in -> in[0].logSumExp(axes), shape);
      add("logSumExp", in -> in[0].transpose().logSumExp(true, axes).square(), shape);
    }
    for (int[] shape : new int[][] {{}, {1}, {1, 1}}) {
      add("sum", in -> in[0].sum().square(), shape);
      add("mean", in -> in[0].mean().square(), shape);
      add("max", in -> in[0].max().square(), shape);
      add("min", in -> in[0].min().square(), shape);
      add("prod", in -> in[0].prod().square(), shape);
      add("variance", in -> in[0].variance(), shape);
      add("logSumExp", in -> in[0].logSumExp().square(), shape);
    }
    add("sum", in -> in[0].sum(1).square(), s(3, 0));
    add("sum", in -> in[0].sum(0).square(), s(3, 0));
    add("mean", in -> in[0].mean(0), s(3, 0));
    add("prod", in -> in[0].prod(1).mul(in[1]), s(3, 0), s(3));
    add("max", in -> in[0].max(0), s(3, 0));
    // A zero factor: the product's gradient has no division to fail by.
    add("prod", in -> in[0].sub(in[0].slice(0, 1, 2)).prod(), s(5));
    add("argMax", in -> in[0].argMax(1).cast(DType.F64), s(2, 3));
    add("argMin", in -> in[0].argMin(0).cast(DType.F64), s(2, 3));
    add("any", in -> in[0].any(1).cast(DType.F64), s(2, 3));
    add("all", in -> in[0].all(0).cast(DType.F64), s(2, 3));
    for (int[] axes : new int[][] {{}, {0}, {-1}, {2, 0}}) {
      add("std", in -> in[0].std(axes), s(2, 3, 2));
      add("std", in -> in[0].transpose().std(true, axes).square(), s(2, 3, 2));
      for (double p : new double[] {0, 1, 2, 3, 2.5, Double.POSITIVE_INFINITY}) {
        add("norm", in -> in[0].norm(p, axes).square(), s(2, 3, 2));
        add("norm", in -> in[0].transpose().norm(p, true, axes), s(2, 3, 2));
      }
    }
    add("norm", in -> in[0].norm(2, 1), s(3, 0));
    add("norm", in -> in[0].norm(Double.POSITIVE_INFINITY, 1), s(3, 0));
    add("norm", in -> in[0].norm(3, 1), s(3, 0));
  }

  private static void scans() {
    for (int axis : new int[] {0, 1, -1}) {
      add("cumSum", in -> in[0].cumSum(axis).square(), s(2, 5));
      add("cumSum", in -> in[0].transpose().cumSum(axis).exp(), s(2, 5));
      add("cumProd", in -> in[0].cumProd(axis), s(2, 5));
      add("cumProd", in -> in[0].transpose().cumProd(axis).exp(), s(2, 5));
      add("sort", in -> in[0].sort(axis, true).values().cumSum(axis).square(), s(2, 5));
      add("sort", in -> in[0].transpose().sort(axis).values().cumSum(axis).exp(), s(2, 5));
      add("topK", in -> in[0].topK(2, axis).values().cumSum(axis).square(), s(2, 5));
      add("topK", in -> in[0].topK(1, axis, false).values().exp(), s(2, 5));
    }
    // A zero factor: no division, here too.
    add("cumProd", in -> in[0].sub(in[0].slice(0, 1, 2)).cumProd(0), s(5));
    add("cumProd", in -> in[0].cumProd(0).square(), s(1));
    add("cumProd", in -> in[0].cumProd(1), s(2, 0));
    add("cumSum", in -> in[0].cumSum(0), s(0, 2));
    add("topK", in -> in[0].topK(0, 1).values(), s(2, 3));
  }

  private static void arrangements() {
    add("flip", in -> in[0].flip(0, -1).mul(in[1]), s(2, 3, 2), s(2, 3, 2));
    add("flip", in -> in[0].transpose().flip(1).square(), s(2, 3));
    add("roll", in -> in[0].roll(1, 0).mul(in[1]), s(3, 2), s(3, 2));
    add("roll", in -> in[0].transpose().roll(-5, -1).square(), s(3, 2));
    add("roll", in -> in[0].roll(2, 0), s(0, 2));
    add("pad", in -> in[0].pad(1, 2, 1, 3).square(), s(2, 3));
    add("pad", in -> in[0].transpose().pad(-1, 0, 1, -1).exp(), s(2, 3));
    add("pad", in -> in[0].pad(0, 1, 1, 2).square(), s(0, 3));
    for (Padding padding : Padding.values()) {
      add("pad", in -> in[0].pad(1, 2, 1, padding).square(), s(2, 3));
      add("pad", in -> in[0].transpose().pad(0, 0, 2, padding).exp(), s(2, 3));
    }
    add("tile", in -> in[0].tile(2, 3).square(), s(2, 2));
    add("tile", in -> in[0].tile(2, 1, 2).exp(), s(2, 2));
    add("tile", in -> in[0].transpose().tile(2).square(), s(2, 3));
    add("tile", in -> in[0].tile().square(), s(2));
    add("tile", in -> in[0].tile(0).square(), s(2, 2));
    add("repeat", in -> in[0].repeat(3, 0).square(), s(2, 2));
    add("repeat", in -> in[0].transpose().repeat(2, -1).exp(), s(2, 3));
    add("pixelShuffle", in -> in[0].pixelShuffle(2).square(), s(1, 8, 2, 3));
    add("pixelShuffle", in -> in[0].transpose().pixelShuffle(3).exp(), s(9, 1, 2));
    add("pixelShuffle", in -> in[0].pixelShuffle(1).square(), s(2, 0, 2, 1, 2));
    add("pixelUnshuffle", in -> in[0].pixelUnshuffle(2).square(), s(1, 2, 4, 2));
    add("pixelUnshuffle", in -> in[0].transpose().pixelUnshuffle(3).exp(), s(1, 3, 3));
    add("split", in -> in[0].split(1, 2, 0, 1).get(2).mul(in[0]), s(2, 3));
    add("split", in -> in[0].split(0, 1, 1).get(0).square(), s(2, 3));
    add("unstack", in -> in[0].unstack(1).get(2).mul(in[0].unstack(-1).get(0)), s(2, 3));
    for (int diagonal : new int[] {-1, 0, 2, 9}) {
      add("tril", in -> in[0].tril(diagonal).square(), s(3, 4));
      add("triu", in -> in[0].transpose().triu(diagonal).exp(), s(2, 3, 4));
    }
    add("diagonal", in -> in[0].diagonal().square(), s(3, 4));
    add("diagonal", in -> in[0].transpose().diagonal().exp(), s(2, 4, 3));
    add("diagonal", in -> in[0].diagonal(), s(0, 3));
    add(
        "maskedFill",
        in -> in[0].maskedFill(at(in[0], new int[] {1, 0, 1}, 3).cast(DType.BOOL), 2).square(),
        s(2, 3));
  }

  private static void shapes() {
    add("reshape", in -> in[0].reshape(3, 2).square(), s(2, 3));
    add("reshape", in -> in[0].transpose().reshape(2, -1).square(), s(2, 3));
    add("reshape", in -> in[0].broadcastTo(2, 3).reshape(-1).square(), s(3));
    add("reshape", in -> in[0].square().reshape(Shape.of(3, 0)), s(0, 2));
    add("flatten", in -> in[0].flatten(1).square(), s(2, 3, 2));
    add("flatten", in -> in[0].permute(2, 0, 1).flatten(0).square(), s(2, 3, 2));
    add("expandDims", in -> in[0].expandDims(-1).mul(in[0].expandDims(0)), s(3));
    add("squeeze", in -> in[0].squeeze().square(), s(1, 3, 1));
    add("squeeze", in -> in[0].squeeze(-1).square(), s(1, 3, 1));
    add("permute", in -> in[0].permute(2, 0, -2).square(), s(2, 3, 4));
    add("transpose", in -> in[0].transpose().square(), s(2, 3));
    add("transpose", in -> in[0].transpose(0, -1).exp(), s(2, 3, 2));
    add("slice", in -> in[0].slice(1, 1, 3).square(), s(2, 4));
    add("slice", in -> in[0].slice(-1, 1, 5, 3).square(), s(2, 5));
    add("slice", in -> in[0].square().slice(0, 1, 1), s(2, 3));
    add("broadcastTo", in -> in[0].broadcastTo(4, 2, 3).square(), s(2, 1));
    add("broadcastTo", in -> in[0].square().broadcastTo(Shape.of(2, 2)), s());
    add("broadcastTo", in -> in[0].square().broadcastTo(0, 3), s(3));
    add("copy", in -> in[0].transpose().copy().square(), s(2, 3));
    add("concat", in -> Tensor.concat(1, in[0], in[1].square(), in[0]).exp(), s(2, 3), s(2, 1));
    add("concat", in -> Tensor.concat(-1, in[0].transpose(), in[1]).exp(), s(2, 3), s(3, 0));
    add("stack", in -> Tensor.stack(-1, in[0], in[1]).square(), s(2, 3), s(2, 3));
    add("cast", in -> in[0].cast(DType.F64).square(), s(2, 3));
    add("to", in -> in[0].to(in[0].backend()).square(), s(2, 3));
  }

  private static void products() {
    add("matmul", in -> in[0].matmul(in[1]), s(2, 3), s(3, 4));
    add("matmul", in -> in[0].transpose().matmul(in[1].transpose()), s(3, 2), s(4, 3));
    add("matmul", in -> in[0].matmul(in[1]), s(2, 2, 3), s(2, 3, 2));
    add("matmul", in -> in[0].matmul(in[1]), s(2, 2, 3), s(3, 2));
    add("matmul", in -> in[0].permute(1, 0, 2).matmul(in[1]), s(2, 2, 3), s(3, 2));
    add("matmul", in -> in[0].matmul(in[1]), s(2, 3), s(4, 3, 2));
    add("matmul", in -> in[0].matmul(in[1]), s(2, 1, 1, 3), s(3, 3, 2));
    add("matmul", in -> in[0].slice(1, 0, 6, 2).matmul(in[1]), s(2, 6), s(3, 1));
    add("matmul", in -> in[0].matmul(in[1]), s(1, 1), s(1, 1));
    add("matmul", in -> in[0].matmul(in[1]), s(0, 3), s(3, 2));
    add("matmul", in -> in[0].matmul(in[1]), s(2, 0), s(0, 2));
    add("matmul", in -> in[0].matmul(in[1]), s(0, 2, 3), s(3, 2));
    add("matmul", in -> in[0].matmul(in[0].transpose()), s(2, 3));
    add("matmul", in -> in[0].matmul(in[1]), s(3), s(3));
    add("matmul", in -> in[0].matmul(in[1]), s(3), s(3, 2));
    add("matmul", in -> in[0].matmul(in[1]), s(3), s(2, 3, 2));
    add("matmul", in -> in[0].matmul(in[1]), s(2, 2, 3), s(3));
    add("affine", in -> in[0].affine(in[1], in[2]), s(3), s(3, 2), s(2));
    add("affine", in -> in[0].affine(in[1], in[2]), s(3), s(2, 3, 2), s(2));
    add("outer", in -> in[0].outer(in[1]).square(), s(2), s(3));
    add("einsum", in -> Tensor.einsum("ij,jk->ik", in[0], in[1]), s(2, 3), s(3, 4));
    add("einsum", in -> Tensor.einsum("bij,bkj", in[0], in[1]), s(2, 2, 3), s(2, 2, 3));
    add("einsum", in -> Tensor.einsum("ii,i->i", in[0], in[1]).square(), s(3, 3), s(3));
    add("einsum", in -> Tensor.einsum("i,i,ij->j", in[0], in[1], in[2]), s(2), s(2), s(2, 3));
    add("einsum", in -> Tensor.einsum("...i,i...->...", in[0], in[1]), s(2, 1, 3), s(3, 4));
    add("affine", in -> in[0].affine(in[1], in[2]), s(2, 3), s(3, 4), s(4));
    add("affine", in -> in[0].affine(in[1], in[2]), s(2, 2, 3), s(3, 2), s(2));
    add("affine", in -> in[0].affine(in[1], in[2]), s(2, 2, 3), s(3, 2), s(2, 2, 1));
    for (UnaryOp op : new UnaryOp[] {UnaryOp.RELU, UnaryOp.TANH, UnaryOp.SILU}) {
      add("affine", in -> in[0].affine(in[1], in[2], op), s(2, 3), s(3, 4), s(4));
    }
    add("affine", in -> in[0].affine(in[0].transpose(), in[0].sum(1), UnaryOp.EXP), s(2, 3));
  }

  private static void windows() {
    Window plain = Window.of(2);
    add("conv", in -> in[0].conv(in[1], plain, 1), s(2, 2, 5), s(3, 2, 2));
    Window rich =
        Window.of(3, 2).withStride(2, 1).withPadding(1, 0).withDilation(1, 2).withStride(2, 1);
    add("conv", in -> in[0].conv(in[1], rich, 2), s(1, 4, 5, 4), s(2, 2, 3, 2));
    add(
        "conv",
        in -> in[0].transpose().conv(in[1].transpose(), Window.of(2, 2).withSamePadding(), 1),
        s(2, 1, 3, 4),
        s(2, 1, 2, 2));
    add("conv", in -> in[0].conv(in[1], Window.of(1, 2, 1), 1), s(1, 1, 2, 3, 2), s(1, 1, 1, 2, 1));
    add("conv", in -> in[0].conv(in[1], plain, 1), s(0, 2, 5), s(3, 2, 2));
    add("conv", in -> in[0].conv(in[1], in[2], plain, 1), s(2, 2, 5), s(3, 2, 2), s(3));
    for (UnaryOp op : new UnaryOp[] {UnaryOp.RELU, UnaryOp.SIGMOID, UnaryOp.SILU}) {
      add("conv", in -> in[0].conv(in[1], in[2], op, rich, 2), s(1, 4, 5, 4), s(2, 2, 3, 2), s(2));
    }
    Window strided = Window.of(3, 3).withStride(2, 2).withPadding(1, 1);
    add(
        "convTranspose",
        in -> in[0].convTranspose(in[1], strided, 1, 6, 5),
        s(1, 2, 3, 3),
        s(2, 1, 3, 3));
  }

  private static void pools() {
    Window halves = Window.of(2, 2).withStride(2, 2);
    add("maxPool", in -> in[0].maxPool(halves).square(), s(1, 2, 4, 5));
    Window overlapping = Window.of(3, 3).withStride(1, 2).withPadding(1, 1);
    add("maxPool", in -> in[0].transpose().maxPool(overlapping).square(), s(1, 2, 4, 3));
    add("maxPool", in -> in[0].maxPool(Window.of(2)).exp(), s(2, 1, 4));
    add("maxPool", in -> in[0].maxPool(ceil(in[0], halves)).square(), s(2, 1, 3, 5));
    add("avgPool", in -> in[0].avgPool(overlapping).square(), s(1, 2, 4, 3));
    add("avgPool", in -> in[0].transpose().avgPool(overlapping, false).exp(), s(1, 2, 4, 3));
    add("avgPool", in -> in[0].avgPool(ceil(in[0], overlapping), true).square(), s(2, 1, 3, 4));
    add("avgPool", in -> in[0].avgPool(ceil(in[0], halves), false).square(), s(1, 2, 3, 5));
    add("avgPool", in -> in[0].avgPool(Window.of(2, 1, 2)).square(), s(1, 1, 2, 2, 3));
    add("avgPool", in -> in[0].broadcastTo(2, 2, 4).avgPool(Window.of(2)).square(), s(2, 1));
    add("avgPool", in -> in[0].avgPool(Window.of(2)), s(0, 2, 4));
    for (int[] output : new int[][] {{2, 3}, {1, 1}, {5, 2}}) {
      add("adaptiveAvgPool", in -> in[0].adaptiveAvgPool(output).square(), s(1, 2, 3, 4));
      add("adaptiveMaxPool", in -> in[0].adaptiveMaxPool(output).square(), s(1, 2, 3, 4));
    }
    for (int[] shape : new int[][] {{2, 2, 3, 2}, {2, 1, 4}, {1, 2, 2, 1, 2}, {1, 1, 1}}) {
      add("globalAvgPool", in -> in[0].globalAvgPool().square(), shape);
      add("globalMaxPool", in -> in[0].transpose().globalMaxPool().square(), shape);
    }
    add("upsampleNearest", in -> in[0].upsampleNearest(2, 3).square(), s(1, 2, 2, 3));
    add("upsampleNearest", in -> in[0].transpose().upsampleNearest(1, 2).exp(), s(2, 1, 3, 2));
    add("upsampleNearest", in -> in[0].upsampleNearest(3).square(), s(2, 1, 2));
    add("upsampleNearest", in -> in[0].upsampleNearest(2, 1, 2).square(), s(1, 1, 2, 1, 2));
    add("upsampleNearest", in -> in[0].upsampleNearest(1).square(), s(2, 1, 0));
    for (boolean aligned : new boolean[] {true, false}) {
      add("upsampleBilinear", in -> in[0].upsampleBilinear(2, 3, aligned).square(), s(1, 2, 3, 2));
      add(
          "upsampleBilinear",
          in -> in[0].transpose().upsampleBilinear(1, 4, aligned).exp(),
          s(2, 1, 3, 1));
      add("upsampleBilinear", in -> in[0].upsampleBilinear(1, 1, aligned), s(1, 1, 2, 2));
      add("upsampleBilinear", in -> in[0].upsampleBilinear(2, 2, aligned), s(1, 1, 0, 2));
    }
  }

  private static PoolSpec ceil(Tensor x, Window window) {
    return PoolSpec.of(x.shape(), window, true);
  }

  private static void indices() {
    add("gather", in -> in[0].gather(0, at(in[0], new int[] {2, 0, 2, 1}, 2, 2)).square(), s(3, 2));
    add(
        "gather",
        in -> in[0].transpose().gather(-1, at(in[0], new int[] {1, 0, 1}, 3, 1)).exp(),
        s(2, 3));
    add("gather", in -> in[0].square().gather(0, at(in[0], new int[0], 0, 2)), s(3, 2));
    add("gather", in -> in[0].gather(1, at(in[0], new int[] {2, 0}, 1, 2)).square(), s(3, 3));
    add(
        "scatterAdd",
        in -> in[0].scatterAdd(1, at(in[0], new int[] {2, 2, 0, 1}, 2, 2), in[1]).square(),
        s(2, 3),
        s(2, 2));
    add(
        "indexSelect",
        in -> in[0].indexSelect(0, at(in[0], new int[] {1, 1, 0, 2}, 4)).square(),
        s(3, 2));
    add(
        "indexSelect",
        in -> in[0].indexSelect(-1, at(in[0], new int[] {1, 1, 0}, 3)).exp(),
        s(2, 2, 2));
    add(
        "indexAdd",
        in -> in[0].indexAdd(1, at(in[0], new int[] {2, 2, 0}, 3), in[1]).square(),
        s(2, 3),
        s(2, 3));
    for (String text :
        new String[] {"1", "..., 0", "::-1, None, 1:", ":0, ::2", "1:, -1::-2", "1, 0"}) {
      add("at", in -> in[0].at(text).square(), s(2, 3));
      add("at", in -> in[0].transpose().exp().at(text), s(3, 3));
    }
    Index rows = Index.of(new int[] {1, 0, 1});
    Index columns = Index.of(new int[] {-1, 0, 2});
    Index some = Index.where(Tensor.of(new int[] {1, 0, 1}).cast(DType.BOOL));
    add("at", in -> in[0].at(rows, columns).square(), s(2, 3));
    Index pair = Index.of(new int[] {1, 0});
    add("at", in -> in[0].transpose().at(some, pair).at("::-1").square(), s(3, 2, 2));
    add("at", in -> in[0].at(rows, Index.ALL.step(-1), columns).exp(), s(2, 2, 3));
    add("at", in -> in[0].at(Index.of(new int[0])).square(), s(2, 3));
    add("maskedSelect", in -> in[0].maskedSelect(in[0].gt(0).cast(DType.BOOL)).square(), s(2, 3));
    add(
        "maskedSelect",
        in -> in[0].square().maskedSelect(in[0].slice(1, 0, 1).lt(0).cast(DType.BOOL)),
        s(3, 2));
    add("nonzero", in -> in[0].nonzero().cast(DType.F64), s(2, 3));
    add(
        "oneHot",
        in -> at(in[0], new int[] {1, 0}, 2).oneHot(3, DType.F64).mul(in[0].square()),
        s(2, 3));
  }

  private static void rows() {
    for (int axis : new int[] {0, 1, -1}) {
      add("softmax", in -> in[0].softmax(axis), s(2, 3));
      add("softmax", in -> in[0].transpose().softmax(axis).square(), s(2, 3));
      add("logSoftmax", in -> in[0].logSoftmax(axis), s(2, 3));
      add("logSoftmax", in -> in[0].transpose().logSoftmax(axis).exp(), s(2, 3));
    }
    add("softmax", in -> in[0].softmax(1), s(2, 1));
    add("softmax", in -> in[0].softmax(1), s(0, 3));
    add("logSoftmax", in -> in[0].logSoftmax(1), s(0, 3));
    add("crossEntropy", in -> in[0].crossEntropy(at(in[0], new int[] {2, 0, 1}, 3)), s(3, 4));
    add(
        "crossEntropy",
        in -> in[0].transpose().crossEntropy(at(in[0], new int[] {2, 0}, 2)).square(),
        s(3, 2));
    add("crossEntropy", in -> in[0].crossEntropy(at(in[0], new int[] {0}, 1)).mean(), s(1, 1));
    add("crossEntropy", in -> in[0].crossEntropy(at(in[0], new int[0], 0)).sum(), s(0, 3));
  }

  private static void normalizations() {
    add("layerNorm", in -> in[0].layerNorm(1, in[1], in[2], 0.1).square(), s(3, 4), s(4), s(4));
    add("layerNorm", in -> in[0].transpose().layerNorm(2, in[1], null, 0.1), s(2, 4, 3), s(3, 4));
    add("layerNorm", in -> in[0].layerNorm(1, null, in[1], 0.1).square(), s(3, 4), s(4));
    add("layerNorm", in -> in[0].layerNorm(1, null, null, 0.1).exp(), s(3, 4));
    add("layerNorm", in -> in[0].layerNorm(1, in[1], in[2], 0.1), s(0, 4), s(4), s(4));
    add("rmsNorm", in -> in[0].rmsNorm(1, in[1], 0.1).square(), s(3, 4), s(4));
    add("rmsNorm", in -> in[0].transpose().rmsNorm(2, null, 0.1).exp(), s(2, 3, 2));
    add("groupNorm", in -> in[0].groupNorm(2, in[1], in[2], 0.1), s(2, 4, 3), s(4), s(4));
    add("groupNorm", in -> in[0].transpose().groupNorm(1, in[1], null, 0.1), s(2, 3, 2), s(2));
    add("instanceNorm", in -> in[0].instanceNorm(in[1], in[2], 0.1), s(2, 2, 3), s(2), s(2));
    add("instanceNorm", in -> in[0].instanceNorm(null, null, 0.1).exp(), s(2, 2, 3));
    add("batchNorm", in -> in[0].batchNorm(in[1], in[2], 0.1), s(3, 2, 2), s(2), s(2));
    add("batchNorm", in -> in[0].batchNorm(null, in[1], 0.1).square(), s(4, 2), s(2));
    add(
        "batchNorm",
        in -> in[0].batchNorm(in[1], in[2].square(), in[3], in[4], 0.1).square(),
        s(2, 3, 2),
        s(3),
        s(3),
        s(3),
        s(3));
    add(
        "batchNorm",
        in -> {
          Tensor all = in[1].square();
          return in[0].batchNorm(all, all, all, all, 0.1);
        },
        s(1, 3),
        s(3));
    add(
        "batchNorm",
        in -> in[0].batchNorm(in[1], in[2].square(), null, null, 0.1),
        s(2, 3),
        s(3),
        s(3));
  }

  private static void lengths() {
    for (int size : new int[] {1, 2, 3, 6}) {
      add("localResponseNorm", in -> in[0].localResponseNorm(size, 2, 0.75, 1), s(2, 4, 2, 1));
    }
    add(
        "localResponseNorm",
        in -> in[0].transpose(0, 1).localResponseNorm(3, 0.5, 2, 0.5).square(),
        s(3, 2));
    add("localResponseNorm", in -> in[0].localResponseNorm(3, 1, 1, 1), s(2, 0, 2));
    add("localResponseNorm", in -> in[0].localResponseNorm(3, 1, 1, 1), s(0, 2, 2));
    for (int[] axes : new int[][] {{}, {1}, {0, -1}}) {
      add("l2Normalize", in -> in[0].l2Normalize(axes), s(2, 3, 2));
      add("l2Normalize", in -> in[0].transpose().l2Normalize(axes, 0).exp(), s(2, 3, 2));
      add("l2Normalize", in -> in[0].l2Normalize(axes, 50).square(), s(2, 3, 2));
    }
    add("l2Normalize", in -> in[0].l2Normalize(1), s(3, 0));
    add("l2Normalize", in -> in[0].l2Normalize(), s());
  }

  private static void attention() {
    int[][] shapes = {s(2, 3, 4), s(2, 5, 4), s(2, 5, 2)};
    add("attention", in -> in[0].attention(in[1], in[2]), shapes);
    add("attention", in -> in[0].attention(in[0], in[0].square()), s(3, 2));
    add(
        "attention",
        in -> {
          Tensor mask = Numbers.signed(in[0].backend(), 9, 3, 4);
          return in[0].transpose().attention(in[1].transpose(), in[2], mask).square();
        },
        s(2, 3),
        s(2, 4),
        s(4, 2));
    add(
        "attention",
        in -> in[0].attention(in[1], in[2], masked(in[0], 3, 4)),
        s(3, 2),
        s(4, 2),
        s(4, 2));
    add("causalAttention", in -> in[0].causalAttention(in[1], in[2]).square(), shapes);
    add("causalAttention", in -> in[0].causalAttention(in[0], in[1]), s(4, 2), s(4, 3));
    add("causalAttention", in -> in[0].causalAttention(in[1], in[2]), s(3, 2), s(1, 2), s(1, 2));
  }

  /** {@return a mask by which the first query sees nothing, and the others not the last key} */
  private static Tensor masked(Tensor like, int queries, int keys) {
    Tensor mask = Tensor.zeros(like.backend(), like.dtype(), Shape.of(queries, keys));
    for (int i = 0; i < keys; i++) {
      mask.data().set(Double.NEGATIVE_INFINITY, 0, i);
    }
    for (int i = 0; i < queries; i++) {
      mask.data().set(Double.NEGATIVE_INFINITY, i, keys - 1);
    }
    return mask;
  }

  /** {@return a case of each operation at least} */
  static List<Case> all() {
    return List.copyOf(CASES);
  }

  static Stream<Arguments> cases() {
    return Numbers.backends().flatMap(b -> CASES.stream().map(c -> Arguments.of(b, c)));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void gradients(Backend backend, Case c) {
    Tensor[] inputs = new Tensor[c.shapes.length];
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] = Numbers.signed(backend, i + 1, c.shapes[i]);
    }
    GradientCheck check = GradientCheck.of(c.function);
    check.require(inputs);
    check.ofGradient().require(inputs);
  }

  @Test
  void everyOperationIsChecked() {
    Set<String> checked = new TreeSet<>();
    CASES.forEach(c -> checked.add(c.op));
    Set<String> operations = new TreeSet<>();
    List<Class<?>> families = new ArrayList<>(List.of(Tensor.class.getInterfaces()));
    families.removeAll(
        List.of(
            ElementwiseOps.class,
            FunctionOps.class,
            ActivationOps.class,
            GradOps.class,
            InPlaceOps.class));
    for (Class<?> family : families) {
      for (Method m : family.getDeclaredMethods()) {
        boolean open = Modifier.isPublic(m.getModifiers()) && !m.isSynthetic();
        if (open && RESULTS.contains(m.getReturnType())) {
          operations.add(m.getName());
        }
      }
    }
    operations.addAll(Set.of("concat", "stack", "einsum"));
    assertEquals(operations, checked);
  }
}
