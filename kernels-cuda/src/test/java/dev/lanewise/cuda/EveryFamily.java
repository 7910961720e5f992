package dev.lanewise.cuda;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.ConvSpec;
import dev.lanewise.kernel.CrossEntropySpec;
import dev.lanewise.kernel.Distribution;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.NormSpec;
import dev.lanewise.kernel.PoolSpec;
import dev.lanewise.kernel.ReduceOp;
import dev.lanewise.kernel.Window;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Calls of every operation of the contract, on small arrays that stay the same. */
final class EveryFamily {
  /** What looks at indices on the device, and waits for what it finds. */
  static final Set<String> LOOKING =
      Set.of(
          "maxPoolBackward",
          "gather",
          "scatterAdd",
          "indexSelect",
          "indexAdd",
          "crossEntropy",
          "crossEntropyWithGradient");

  private static final double[] NONE = {};
  private static final Expr RELU_OF_SUM = Expr.arg(0).add(Expr.arg(1)).relu();

  private final Backend backend;
  private final Map<String, Runnable> calls = new LinkedHashMap<>();

  EveryFamily(Backend backend) {
    this.backend = backend;
    loops();
    products();
    windows();
    rows();
    order();
    picking();
  }

  /** {@return the calls by the names of the operations, to be made in this order} */
  Map<String, Runnable> calls() {
    return calls;
  }

  private NdArray zeros(int... dims) {
    return NdArray.zeros(backend, DType.F32, Shape.of(dims));
  }

  private void loops() {
    NdArray x = zeros(2, 4, 6, 6);
    NdArray y = zeros(2, 4, 6, 6);
    NdArray sums = zeros(2);
    NdArray wide = backend.uninitialized(DType.F64, x.shape());
    calls.put("random", () -> backend.random(Distribution.NORMAL, 1, 2, x));
    calls.put("elementwise", () -> backend.elementwise(RELU_OF_SUM, y, NONE, x, x));
    calls.put(
        "reduce",
        () -> backend.reduce(ReduceOp.SUM, Expr.arg(0), new int[] {1, 2, 3}, sums, NONE, y));
    calls.put("copy", () -> backend.copy(x.permute(0, 1, 3, 2), wide));
  }

  private void products() {
    NdArray a = zeros(64, 32);
    NdArray b = zeros(32, 16);
    NdArray c = zeros(64, 16);
    NdArray bias = zeros(16);
    NdArray square = NdArray.zeros(backend, DType.F64, Shape.of(3, 3));
    NdArray product = NdArray.zeros(backend, DType.F64, Shape.of(3, 3));
    calls.put("matmul", () -> backend.matmul(a, b, 1, 0, c));
    calls.put("matmul f64", () -> backend.matmul(square, square, 2, 1, product));
    Expr sum = Expr.arg(0).add(Expr.arg(1));
    calls.put("matmul and bias", () -> backend.matmul(a, b, 1, 0, c, sum, NONE, bias));
    calls.put("matmul and ReLU", () -> backend.matmul(a, b, 1, 0, c, RELU_OF_SUM, NONE, bias));
  }

  private void windows() {
    NdArray x = zeros(2, 4, 6, 6);
    NdArray xGrad = zeros(2, 4, 6, 6);
    NdArray filter = zeros(8, 4, 3, 3);
    ConvSpec conv = ConvSpec.of(x.shape(), filter.shape(), Window.of(3, 3).withPadding(1, 1), 1);
    NdArray out = backend.uninitialized(DType.F32, conv.output());
    calls.put("conv", () -> backend.conv(conv, x, filter, out));
    calls.put("convBackwardData", () -> backend.convBackwardData(conv, out, filter, xGrad));
    calls.put("convBackwardFilter", () -> backend.convBackwardFilter(conv, x, out, filter));
    PoolSpec pool = PoolSpec.of(x.shape(), Window.of(2, 2).withStride(2, 2));
    NdArray pooled = backend.uninitialized(DType.F32, pool.output());
    NdArray places = backend.uninitialized(DType.I32, pool.output());
    calls.put("maxPool", () -> backend.maxPool(pool, x, pooled, places));
    calls.put("maxPoolBackward", () -> backend.maxPoolBackward(pool, pooled, places, xGrad));
    calls.put("avgPool", () -> backend.avgPool(pool, false, x, pooled));
    calls.put("avgPoolBackward", () -> backend.avgPoolBackward(pool, false, pooled, xGrad));
    PoolSpec global = PoolSpec.global(x.shape());
    NdArray means = backend.uninitialized(DType.F32, global.output());
    calls.put("avgPool global", () -> backend.avgPool(global, false, x, means));
    NormSpec norm = NormSpec.batch(x.shape(), 1e-5);
    NdArray mean = backend.uninitialized(DType.F32, norm.moments());
    NdArray variance = backend.uninitialized(DType.F32, norm.moments());
    NdArray weightGrad = backend.uninitialized(DType.F32, norm.weights());
    calls.put("moments", () -> backend.moments(norm, x, mean, variance));
    calls.put("normalize", () -> backend.normalize(norm, x, null, null, xGrad));
    calls.put("normalizeBy", () -> backend.normalizeBy(norm, x, mean, variance, null, null, xGrad));
    calls.put(
        "normalizeBackward",
        () -> backend.normalizeBackward(norm, x, null, x, xGrad, weightGrad, null));
  }

  private void rows() {
    NdArray x = zeros(64, 16);
    NdArray y = zeros(64, 16);
    NdArray grad = zeros(64, 16);
    calls.put("softmax", () -> backend.softmax(x, 1, y));
    calls.put("softmaxBackward", () -> backend.softmaxBackward(y, x, 1, grad));
    calls.put("logSoftmax", () -> backend.logSoftmax(x, 1, y));
    calls.put("logSoftmaxBackward", () -> backend.logSoftmaxBackward(y, x, 1, grad));
    CrossEntropySpec spec = CrossEntropySpec.of(x.shape(), 1);
    NdArray labels = NdArray.of(backend, new long[64]);
    NdArray loss = zeros(64);
    NdArray one = NdArray.of(backend, new float[] {1});
    calls.put("crossEntropy", () -> backend.crossEntropy(spec, x, labels, loss));
    calls.put(
        "crossEntropyWithGradient",
        () -> backend.crossEntropyWithGradient(spec, x, labels, one, loss, grad));
  }

  private void order() {
    NdArray x = zeros(64, 16);
    NdArray y = zeros(64, 16);
    NdArray places = backend.uninitialized(DType.I64, Shape.of(64, 16));
    NdArray largest = backend.uninitialized(DType.I64, Shape.of(64));
    calls.put("sort", () -> backend.sort(x, 1, true, y, places));
    calls.put("argMax", () -> backend.argMax(x, 1, largest));
    calls.put("argMin", () -> backend.argMin(x, 1, largest));
    calls.put("scan", () -> backend.scan(ReduceOp.SUM, x, 0, false, false, y));
  }

  private void picking() {
    NdArray table = zeros(64, 16);
    NdArray rows = NdArray.of(backend, new int[] {3, 0, 1});
    NdArray picked = zeros(3, 16);
    NdArray places = NdArray.zeros(backend, DType.I64, Shape.of(3, 16));
    calls.put("indexSelect", () -> backend.indexSelect(table, 0, rows, picked));
    calls.put("indexAdd", () -> backend.indexAdd(picked, 0, rows, table));
    calls.put("gather", () -> backend.gather(table, 0, places, picked));
    calls.put("scatterAdd", () -> backend.scatterAdd(picked, 0, places, table));
  }
}
