package dev.lanewise.simd;

import static dev.lanewise.simd.Allocations.allocatesNothing;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import dev.lanewise.kernel.AttentionSpec;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.ConvSpec;
import dev.lanewise.kernel.CrossEntropySpec;
import dev.lanewise.kernel.Distribution;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.NormSpec;
import dev.lanewise.kernel.PoolSpec;
import dev.lanewise.kernel.ReduceOp;
import dev.lanewise.kernel.Window;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A call that was made before allocates nothing on the Java heap, once it is compiled. */
@Tag("sweep")
class SteadyStateTest {
  private static final Backend BACKEND = new SimdBackend(2);
  private static final Expr BIAS_RELU = Expr.arg(0).add(Expr.arg(1)).relu();
  private static final Expr X = Expr.arg(0);
  private static final double[] NONE = {};

  private static NdArray zeros(int... dims) {
    return zeros(DType.F32, dims);
  }

  private static NdArray zeros(DType dtype, int... dims) {
    return NdArray.zeros(BACKEND, dtype, Shape.of(dims));
  }

  /** {@return a matrix of zeros whose elements do not lie side by side} */
  private static NdArray gaps(DType dtype, int rows, int columns) {
    NdArray apart = zeros(dtype, rows, columns, 2);
    return apart.view(apart.layout().slice(2, 0, 1, 1).reshape(Shape.of(rows, columns)));
  }

  private static void convolutionsAllocateNothing(
      String what, DType dtype, Shape input, Shape filter, Window window, int groups) {
    ConvSpec spec = ConvSpec.of(input, filter, window, groups);
    NdArray x = zeros(dtype, input.dims());
    NdArray w = zeros(dtype, filter.dims());
    NdArray out = zeros(dtype, spec.output().dims());
    NdArray xGrad = zeros(dtype, input.dims());
    NdArray wGrad = zeros(dtype, filter.dims());
    NdArray[] bias = {zeros(dtype, filter.dim(0), 1, 1)};
    allocatesNothing(what, () -> BACKEND.conv(spec, x, w, out));
    allocatesNothing(
        what + ", bias and relu", () -> BACKEND.conv(spec, x, w, out, BIAS_RELU, NONE, bias));
    allocatesNothing(what + ", backward data", () -> BACKEND.convBackwardData(spec, out, w, xGrad));
    allocatesNothing(
        what + ", backward filter", () -> BACKEND.convBackwardFilter(spec, x, out, wGrad));
  }

  @Test
  void convolutionsOverPaddedImages() {
    Window same = Window.of(3, 3).withSamePadding();
    Window steps = Window.of(3, 3).withStride(2, 2);
    Shape few = Shape.of(2, 1, 9, 9);
    Shape many = Shape.of(4, 16, 8, 8);
    convolutionsAllocateNothing("first layer", DType.F32, few, Shape.of(8, 1, 3, 3), same, 1);
    convolutionsAllocateNothing(
        "in tiles", DType.F32, Shape.of(2, 64, 24, 24), Shape.of(64, 64, 3, 3), same, 1);
    convolutionsAllocateNothing("layer", DType.F32, many, Shape.of(16, 16, 3, 3), same, 1);
    Shape odd = Shape.of(2, 16, 9, 9);
    convolutionsAllocateNothing("with steps", DType.F64, odd, Shape.of(8, 16, 3, 3), steps, 1);
    convolutionsAllocateNothing("depthwise", DType.F32, many, Shape.of(16, 1, 3, 3), same, 16);
  }

  @Test
  void convolutionsByMatrices() {
    Shape input = Shape.of(4, 16, 8, 8);
    convolutionsAllocateNothing(
        "of one element", DType.F32, input, Shape.of(8, 16, 1, 1), Window.of(1, 1), 1);
    Window apart = Window.of(3, 3).withStride(20, 20).withDilation(9, 9);
    convolutionsAllocateNothing(
        "far apart", DType.F32, Shape.of(2, 3, 60, 60), Shape.of(4, 3, 3, 3), apart, 1);
  }

  @Test
  void convolutionsOfViews() {
    ConvSpec spec = ConvSpec.of(Shape.of(2, 4, 8, 6), Shape.of(8, 4, 3, 3), Window.of(3, 3), 1);
    NdArray x = zeros(2, 8, 6, 4).permute(0, 3, 1, 2);
    NdArray w = zeros(8, 4, 3, 3);
    NdArray out = zeros(2, 6, 4, 8).permute(0, 3, 1, 2);
    allocatesNothing("conv of views", () -> BACKEND.conv(spec, x, w, out));
  }

  @Test
  void matrixProducts() {
    NdArray a = zeros(32, 48);
    NdArray b = zeros(48, 20);
    NdArray out = zeros(32, 20);
    NdArray[] bias = {zeros(20)};
    NdArray at = zeros(48, 32).permute(1, 0);
    NdArray turned = zeros(20, 32).permute(1, 0);
    NdArray gaps = gaps(DType.F32, 32, 20);
    allocatesNothing("matmul", () -> BACKEND.matmul(a, b, 1, 0, out));
    allocatesNothing("transposed left", () -> BACKEND.matmul(at, b, 1, 1, out));
    allocatesNothing("transposed output", () -> BACKEND.matmul(a, b, 1, 0, turned));
    allocatesNothing("output with gaps", () -> BACKEND.matmul(a, b, 1, 0.5, gaps));
    allocatesNothing("bias and relu", () -> BACKEND.matmul(a, b, 1, 0, out, BIAS_RELU, NONE, bias));
    NdArray many = zeros(6, 5, 48);
    NdArray products = zeros(6, 5, 20);
    allocatesNothing("batch", () -> BACKEND.matmul(many, b, 1, 0, products));
    NdArray large = zeros(300, 300);
    NdArray result = zeros(300, 300);
    allocatesNothing("several threads", () -> BACKEND.matmul(large, large, 1, 0, result));
  }

  @Test
  void averagePoolings() {
    PoolSpec spec = PoolSpec.of(Shape.of(2, 8, 12, 12), Window.of(3, 3).withStride(2, 2));
    NdArray x = zeros(2, 8, 12, 12);
    NdArray out = zeros(spec.output().dims());
    allocatesNothing("avgPool", () -> BACKEND.avgPool(spec, true, x, out));
    allocatesNothing("avgPoolBackward", () -> BACKEND.avgPoolBackward(spec, true, out, x));
  }

  @Test
  void maxPoolings() {
    maxPoolingsAllocateNothing("maxPool", DType.F32, Window.of(2, 2).withStride(2, 2));
    Window near = Window.of(3, 3).withSamePadding();
    maxPoolingsAllocateNothing("padded maxPool", DType.F32, near);
    maxPoolingsAllocateNothing("maxPool of doubles", DType.F64, near);
    maxPoolingsAllocateNothing("far maxPool", DType.F32, Window.of(2, 2).withStride(3, 3));
  }

  @Test
  void maxPoolingsOfManyPlanes() {
    PoolSpec spec = PoolSpec.of(Shape.of(16, 32, 28, 28), Window.of(2, 2).withStride(2, 2));
    NdArray x = zeros(spec.input().dims());
    NdArray out = zeros(spec.output().dims());
    NdArray indices = zeros(DType.I32, spec.output().dims());
    allocatesNothing("maxPool", () -> BACKEND.maxPool(spec, x, out, indices));
  }

  private static void maxPoolingsAllocateNothing(String what, DType dtype, Window window) {
    PoolSpec spec = PoolSpec.of(Shape.of(2, 8, 20, 36), window);
    NdArray x = zeros(dtype, spec.input().dims());
    NdArray out = zeros(dtype, spec.output().dims());
    NdArray indices = zeros(DType.I32, spec.output().dims());
    NdArray xGrad = zeros(dtype, 2, 20, 36, 8).permute(0, 3, 1, 2);
    allocatesNothing(what, () -> BACKEND.maxPool(spec, x, out, indices));
    allocatesNothing(what + ", backward", () -> BACKEND.maxPoolBackward(spec, out, indices, xGrad));
  }

  @Test
  void copies() {
    NdArray x = zeros(30, 50);
    NdArray out = zeros(30, 50);
    NdArray turned = zeros(50, 30).permute(1, 0);
    NdArray doubles = zeros(DType.F64, 30, 50);
    NdArray row = zeros(50);
    allocatesNothing("copy", () -> BACKEND.copy(x, out));
    allocatesNothing("transposition", () -> BACKEND.copy(x, turned));
    allocatesNothing("stretched copy", () -> BACKEND.copy(row, out));
    allocatesNothing("conversion", () -> BACKEND.copy(x, doubles));
    allocatesNothing("conversion and transposition", () -> BACKEND.copy(turned, doubles));
    NdArray large = zeros(400, 400);
    NdArray copy = zeros(400, 400);
    allocatesNothing("several threads", () -> BACKEND.copy(large, copy));
  }

  @Test
  void slices() {
    NdArray table = zeros(40, 16);
    NdArray picked = zeros(6, 16);
    NdArray indices = NdArray.of(BACKEND, new int[] {3, 1, 39, 0, 7, 3});
    allocatesNothing("indexSelect", () -> BACKEND.indexSelect(table, 0, indices, picked));
    allocatesNothing("indexAdd", () -> BACKEND.indexAdd(picked, 0, indices, table));
    NdArray columns = zeros(6, 40).permute(1, 0);
    NdArray some = zeros(40, 6);
    NdArray wide = NdArray.of(BACKEND, new long[] {3, 1, 5, 0, 2, 3});
    allocatesNothing("of views", () -> BACKEND.indexSelect(columns, 1, wide, some));
  }

  private static void reduces(String what, NdArray x, NdArray out, int... axes) {
    NdArray[] ins = {x};
    allocatesNothing(what, () -> BACKEND.reduce(ReduceOp.SUM, X, axes, out, NONE, ins));
  }

  @Test
  void reductions() {
    NdArray total = zeros();
    reduces("one pass", zeros(1_000), total);
    reduces("parts", zeros(16_384), total);
    reduces("parts and a rest", zeros(10_000), total);
    reduces("several threads", zeros(DType.I32, 400_000), zeros(DType.I32));
    reduces("rows", zeros(30, 50), zeros(30), 1);
    reduces("columns", zeros(600, 50), zeros(50), 0);
    reduces("axes apart", zeros(8, 16, 25), zeros(16), 0, 2);
    NdArray gaps = gaps(DType.F32, 30, 50);
    reduces("input with gaps", gaps, zeros(30), -1);
    reduces("output with gaps", zeros(20, 30, 50), gaps, 0);
    reduces("axes of one element", zeros(30, 1), zeros(30), 1);
  }

  @Test
  void elementwiseCalls() {
    NdArray x = zeros(50, 30);
    NdArray out = zeros(50, 30);
    NdArray[] ins = {x, zeros(30)};
    NdArray[] turned = {x, zeros(30, 50).permute(1, 0)};
    NdArray columns = zeros(30, 50).permute(1, 0);
    NdArray[] outs = {out, columns};
    List<Expr> two = List.of(BIAS_RELU, X.neg());
    allocatesNothing("bias and relu", () -> BACKEND.elementwise(BIAS_RELU, out, NONE, ins));
    allocatesNothing("in place", () -> BACKEND.elementwise(BIAS_RELU, x, NONE, ins));
    allocatesNothing("transposed", () -> BACKEND.elementwise(BIAS_RELU, out, NONE, turned));
    allocatesNothing("two outputs", () -> BACKEND.elementwise(two, outs, NONE, ins));
    Expr chain = X;
    for (int i = 0; i < 120; i++) {
      chain = chain.add(Expr.arg(1)).relu();
    }
    Expr several = chain;
    allocatesNothing("a loop in parts", () -> BACKEND.elementwise(several, out, NONE, ins));
    NdArray sums = zeros(30);
    int[] rows = {0};
    allocatesNothing(
        "sum of a loop in parts",
        () -> BACKEND.reduce(ReduceOp.SUM, several, rows, sums, NONE, ins));
  }

  @Test
  void softmaxes() {
    NdArray x = zeros(30, 50);
    NdArray grad = zeros(30, 50);
    NdArray out = zeros(30, 50);
    allocatesNothing("softmax", () -> BACKEND.softmax(x, -1, out));
    allocatesNothing("down columns", () -> BACKEND.softmax(x, 0, out));
    allocatesNothing("in place", () -> BACKEND.softmax(x, 1, x));
    allocatesNothing("backward", () -> BACKEND.softmaxBackward(x, grad, 1, out));
    allocatesNothing("logSoftmax", () -> BACKEND.logSoftmax(x, 1, out));
    allocatesNothing("logSoftmaxBackward", () -> BACKEND.logSoftmaxBackward(x, grad, 1, out));
    NdArray gaps = gaps(DType.F32, 30, 50);
    allocatesNothing("from and to gaps", () -> BACKEND.softmax(gaps, 1, gaps));
    NdArray large = zeros(DType.F64, 400, 400);
    NdArray result = zeros(DType.F64, 400, 400);
    allocatesNothing("several threads", () -> BACKEND.softmax(large, 1, result));
  }

  @Test
  void crossEntropies() {
    NdArray x = zeros(30, 10);
    NdArray loss = zeros(30);
    NdArray weight = zeros();
    NdArray xGrad = zeros(30, 10);
    CrossEntropySpec spec = CrossEntropySpec.of(x.shape(), -1);
    NdArray labels = zeros(DType.I32, 30);
    allocatesNothing("crossEntropy", () -> BACKEND.crossEntropy(spec, x, labels, loss));
    allocatesNothing(
        "with gradient",
        () -> BACKEND.crossEntropyWithGradient(spec, x, labels, weight, loss, xGrad));
    CrossEntropySpec smooth = spec.withLabelSmoothing(0.1).withIgnoredLabel(-100);
    NdArray wide = zeros(DType.I64, 30);
    allocatesNothing("smoothed", () -> BACKEND.crossEntropy(smooth, x, wide, loss));
    NdArray apart = gaps(DType.I64, 30, 1);
    NdArray some = apart.view(apart.layout().reshape(Shape.of(30)));
    allocatesNothing("labels with gaps", () -> BACKEND.crossEntropy(spec, x, some, loss));
    allocatesNothing(
        "smoothed, with gradient",
        () -> BACKEND.crossEntropyWithGradient(smooth, x, wide, weight, loss, xGrad));
  }

  private static void normsAllocateNothing(String what, DType dtype, NormSpec spec) {
    NdArray x = zeros(dtype, spec.shape().dims());
    NdArray out = zeros(dtype, spec.shape().dims());
    NdArray up = zeros(dtype, spec.shape().dims());
    NdArray weight = zeros(dtype, spec.weights().dims());
    NdArray bias = zeros(dtype, spec.weights().dims());
    NdArray ofWeight = zeros(dtype, spec.weights().dims());
    NdArray ofBias = zeros(dtype, spec.weights().dims());
    NdArray mean = zeros(dtype, spec.moments().dims());
    NdArray variance = zeros(dtype, spec.moments().dims());
    allocatesNothing(what + ", moments", () -> BACKEND.moments(spec, x, mean, variance));
    allocatesNothing(what, () -> BACKEND.normalize(spec, x, weight, bias, out));
    allocatesNothing(what + ", in place", () -> BACKEND.normalize(spec, x, weight, bias, x));
    allocatesNothing(what + ", plain", () -> BACKEND.normalize(spec, x, null, null, out));
    allocatesNothing(
        what + ", given moments",
        () -> BACKEND.normalizeBy(spec, x, mean, variance, weight, bias, out));
    allocatesNothing(
        what + ", backward",
        () -> BACKEND.normalizeBackward(spec, x, weight, up, out, ofWeight, ofBias));
    allocatesNothing(
        what + ", backward, plain",
        () -> BACKEND.normalizeBackward(spec, x, null, up, out, null, null));
  }

  @Test
  void normsOfRows() {
    Shape rows = Shape.of(20, 3, 8);
    normsAllocateNothing("layer norm", DType.F32, NormSpec.layer(rows, 1, 1e-5));
    normsAllocateNothing("rms norm", DType.F64, NormSpec.rms(rows, 1, 1e-5));
  }

  @Test
  void normsOfImages() {
    Shape images = Shape.of(8, 6, 5, 5);
    normsAllocateNothing("group norm", DType.F32, NormSpec.group(images, 3, 1e-5));
    normsAllocateNothing("batch norm", DType.F32, NormSpec.batch(images, 1e-5));
    normsAllocateNothing("of columns", DType.F64, NormSpec.batch(Shape.of(30, 6), 1e-5));
  }

  private static void attentionAllocatesNothing(
      String what, AttentionSpec spec, NdArray q, NdArray k, NdArray v, NdArray mask) {
    DType dtype = q.dtype();
    NdArray out = zeros(dtype, spec.output().dims());
    NdArray logSumExp = zeros(dtype, spec.rows().dims());
    NdArray up = zeros(dtype, spec.output().dims());
    NdArray ofQ = zeros(dtype, q.shape().dims());
    NdArray ofK = zeros(dtype, k.shape().dims());
    NdArray ofV = zeros(dtype, v.shape().dims());
    allocatesNothing(what, () -> BACKEND.attention(spec, q, k, v, mask, out, logSumExp));
    allocatesNothing(
        what + ", backward",
        () -> BACKEND.attentionBackward(spec, q, k, v, mask, out, logSumExp, up, ofQ, ofK, ofV));
  }

  @Test
  void attention() {
    NdArray x = zeros(2, 70, 3, 16).permute(0, 2, 1, 3);
    AttentionSpec heads = AttentionSpec.of(x.shape(), x.shape(), x.shape());
    attentionAllocatesNothing("attention", heads, x, x, x, null);
    NdArray q = zeros(DType.F64, 4, 20, 8);
    NdArray k = zeros(DType.F64, 4, 300, 8);
    NdArray v = zeros(DType.F64, 4, 300, 12);
    AttentionSpec some = AttentionSpec.of(q.shape(), k.shape(), v.shape()).causal();
    attentionAllocatesNothing("causal", some, q, k, v, null);
    attentionAllocatesNothing("masked", some, q, k, v, zeros(DType.F64, 300, 20).permute(1, 0));
  }

  private static void cellsAllocateNothing(DType dtype) {
    int n = 8;
    int u = 12;
    NdArray gates = zeros(dtype, n, 4 * u);
    NdArray activations = zeros(dtype, n, 4 * u);
    NdArray cells = zeros(dtype, 2, n, u);
    NdArray c = cells.view(cells.layout().slice(0, 0, 1, 1).reshape(Shape.of(n, u)));
    NdArray cNext = cells.view(cells.layout().slice(0, 1, 2, 1).reshape(Shape.of(n, u)));
    NdArray h = zeros(dtype, n, u);
    NdArray next = zeros(dtype, n, u);
    NdArray up = zeros(dtype, n, u);
    NdArray ofC = zeros(dtype, n, u);
    allocatesNothing("lstm", () -> BACKEND.lstm(gates, c, activations, cNext, h));
    allocatesNothing("lstm in place", () -> BACKEND.lstm(gates, c, gates, cNext, h));
    allocatesNothing(
        "lstmBackward", () -> BACKEND.lstmBackward(activations, c, cNext, up, next, gates, ofC));
    NdArray ofX = zeros(dtype, n, 3 * u);
    NdArray ofH = zeros(dtype, n, 3 * u);
    NdArray three = zeros(dtype, n, 3 * u);
    NdArray grad = zeros(dtype, n, 3 * u);
    allocatesNothing("gru", () -> BACKEND.gru(ofX, ofH, h, three, next));
    allocatesNothing("gruBackward", () -> BACKEND.gruBackward(three, ofH, h, up, ofX, grad, ofC));
    NdArray rz = three.slice(1, 0, 2 * u);
    NdArray z = three.slice(1, u, 2 * u);
    NdArray g = three.slice(1, 2 * u, 3 * u);
    NdArray two = zeros(dtype, n, 2 * u);
    allocatesNothing("gruGates", () -> BACKEND.gruGates(rz, h, rz, next));
    allocatesNothing("gruState", () -> BACKEND.gruState(g, z, h, g, next));
    allocatesNothing("gruStateBackward", () -> BACKEND.gruStateBackward(g, z, up, next));
    allocatesNothing(
        "gruGatesBackward", () -> BACKEND.gruGatesBackward(rz, g, h, up, next, two, ofC));
  }

  @Test
  void cells() {
    cellsAllocateNothing(DType.F32);
    cellsAllocateNothing(DType.F64);
  }

  @Test
  void randomNumbers() {
    for (Distribution distribution : Distribution.values()) {
      for (DType dtype : new DType[] {DType.F32, DType.F64}) {
        NdArray out = zeros(dtype, 100, 101);
        NdArray gaps = gaps(dtype, 30, 50);
        allocatesNothing(dtype + " " + distribution, () -> BACKEND.random(distribution, 1, 2, out));
        allocatesNothing(distribution + " to gaps", () -> BACKEND.random(distribution, 1, 2, gaps));
      }
    }
  }

  @Test
  void elementsByIndex() {
    NdArray table = zeros(40, 16);
    NdArray picked = zeros(3, 16);
    NdArray indices = zeros(DType.I32, 3, 16);
    NdArray wide = zeros(DType.I64, 3, 16);
    allocatesNothing("gather", () -> BACKEND.gather(table, 0, indices, picked));
    allocatesNothing("gather by longs", () -> BACKEND.gather(table, 0, wide, picked));
    allocatesNothing("scatterAdd", () -> BACKEND.scatterAdd(picked, 0, indices, table));
    NdArray apart = gaps(DType.F32, 40, 16);
    NdArray some = gaps(DType.F32, 3, 16);
    NdArray turned = zeros(DType.I64, 16, 3).permute(1, 0);
    allocatesNothing("gather with gaps", () -> BACKEND.gather(apart, 0, turned, some));
    allocatesNothing("scatterAdd with gaps", () -> BACKEND.scatterAdd(some, 0, turned, apart));
  }

  @Test
  void places() {
    NdArray x = zeros(30, 50);
    NdArray ofRows = zeros(DType.I64, 30);
    NdArray ofColumns = zeros(DType.I64, 50);
    NdArray turned = zeros(50, 30).permute(1, 0);
    allocatesNothing("argMax", () -> BACKEND.argMax(x, 1, ofRows));
    allocatesNothing("argMin of columns", () -> BACKEND.argMin(x, 0, ofColumns));
    allocatesNothing("argMax of a view", () -> BACKEND.argMax(turned, 1, ofRows));
  }

  @Test
  void scans() {
    NdArray x = zeros(30, 50);
    NdArray out = zeros(30, 50);
    NdArray turned = zeros(50, 30).permute(1, 0);
    allocatesNothing("scan", () -> BACKEND.scan(ReduceOp.SUM, x, 1, false, false, out));
    allocatesNothing("of columns", () -> BACKEND.scan(ReduceOp.MAX, x, 0, true, true, out));
    allocatesNothing("of a view", () -> BACKEND.scan(ReduceOp.SUM, x, 1, false, true, turned));
  }

  @Test
  void sorts() {
    NdArray x = zeros(30, 50);
    NdArray values = zeros(30, 50);
    NdArray indices = zeros(DType.I64, 30, 50);
    allocatesNothing("sort", () -> BACKEND.sort(x, 1, false, values, indices));
    allocatesNothing("of columns", () -> BACKEND.sort(x, 0, true, values, indices));
    NdArray doubles = zeros(DType.F64, 30, 50);
    NdArray first = zeros(DType.F64, 30, 5);
    NdArray places = zeros(DType.I64, 30, 5);
    allocatesNothing("the first", () -> BACKEND.sort(doubles, 1, true, first, places));
  }

  private static void longSortsAllocateNothing(DType dtype, int length) {
    NdArray x = zeros(dtype, 3, length);
    BACKEND.random(Distribution.UNIFORM, 1, 2, x);
    NdArray values = zeros(dtype, 3, length);
    NdArray indices = zeros(DType.I64, 3, length);
    NdArray first = zeros(dtype, 3, 10);
    NdArray places = zeros(DType.I64, 3, 10);
    String what = dtype + ", of " + length;
    allocatesNothing(what, () -> BACKEND.sort(x, 1, false, values, indices));
    allocatesNothing("the first, " + what, () -> BACKEND.sort(x, 1, true, first, places));
  }

  @Test
  void sortsOfLongLines() {
    longSortsAllocateNothing(DType.F32, 5_000);
    longSortsAllocateNothing(DType.F32, 70_000);
    longSortsAllocateNothing(DType.F64, 70_000);
  }
}
