package dev.lanewise.simd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Scope;
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
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Results have the same bits with 1, 2 and 5 threads, at sizes that are really split. */
class ThreadsTest {
  private static final Backend[] BACKENDS = {
    new SimdBackend(1), new SimdBackend(2), new SimdBackend(5)
  };
  private static final double[] NONE = {};

  private static NdArray random(Backend b, DType dtype, int stream, int... dims) {
    NdArray x = b.uninitialized(dtype, Shape.of(dims));
    b.random(Distribution.NORMAL, 7, stream, x);
    return x;
  }

  private static void assertSameBits(String what, Function<Backend, NdArray> result) {
    double[] expected = null;
    for (Backend b : BACKENDS) {
      try (Scope _ = Scope.open(what)) {
        double[] actual = result.apply(b).toDoubleArray();
        expected = expected == null ? actual : expected;
        assertArrayEquals(expected, actual, what); // bits: −0 is not 0
      }
    }
  }

  @Test
  void elementwise() {
    Expr e = Expr.arg(0).exp().add(Expr.arg(1).sigmoid()).mul(Expr.arg(2));
    for (DType dtype : new DType[] {DType.F32, DType.F64}) {
      assertSameBits(
          "elementwise " + dtype,
          b -> {
            NdArray out = b.uninitialized(dtype, Shape.of(701, 397));
            b.elementwise(
                e,
                out,
                NONE,
                random(b, dtype, 1, 701, 397),
                random(b, dtype, 2, 397),
                random(b, dtype, 3, 701, 1));
            return out;
          });
    }
  }

  @Test
  void reductions() {
    int[][] axes = {{}, {0}, {1}, {0, 1}, {1, 2}, {0, 2}};
    for (int[] over : axes) {
      assertSameBits(
          "sum over " + java.util.Arrays.toString(over),
          b -> {
            NdArray x = random(b, DType.F32, 4, 130, 71, 53);
            Shape shape = x.shape();
            NdArray out = b.uninitialized(DType.F32, shape.reduced(shape.axes("sum", over), false));
            b.reduce(ReduceOp.SUM, Expr.arg(0).square(), over, out, NONE, x);
            return out;
          });
    }
  }

  @Test
  void matmul() {
    int[][] sizes = {
      {64, 784, 128}, {784, 64, 128}, {257, 300, 1000}, {1000, 300, 10}, {3, 999, 2000}
    };
    for (int[] s : sizes) {
      for (DType dtype : new DType[] {DType.F32, DType.F64}) {
        assertSameBits(
            "matmul " + dtype + java.util.Arrays.toString(s),
            b -> {
              NdArray out = b.uninitialized(dtype, Shape.of(s[0], s[2]));
              b.matmul(random(b, dtype, 5, s[0], s[1]), random(b, dtype, 6, s[1], s[2]), 1, 0, out);
              return out;
            });
      }
    }
  }

  @Test
  void matmulWithEpilogue() {
    Expr sum = Expr.arg(0).add(Expr.arg(1));
    Expr silu = sum.mul(sum.sigmoid());
    for (int[] s : new int[][] {{64, 784, 128}, {257, 300, 1000}, {1000, 300, 10}}) {
      assertSameBits(
          "matmul and silu " + java.util.Arrays.toString(s),
          b -> {
            NdArray out = b.uninitialized(DType.F32, Shape.of(s[0], s[2]));
            NdArray x = random(b, DType.F32, 5, s[0], s[1]);
            NdArray w = random(b, DType.F32, 6, s[1], s[2]);
            b.matmul(x, w, 1, 0, out, silu, NONE, random(b, DType.F32, 7, s[2]));
            return out;
          });
    }
  }

  @Test
  void convolution() {
    Window window = Window.of(3, 3).withSamePadding();
    ConvSpec spec = ConvSpec.of(Shape.of(13, 8, 20, 22), Shape.of(12, 4, 3, 3), window, 2);
    assertSameBits(
        "conv",
        b -> {
          NdArray out = b.uninitialized(DType.F32, spec.output());
          b.conv(
              spec,
              random(b, DType.F32, 1, 13, 8, 20, 22),
              random(b, DType.F32, 2, 12, 4, 3, 3),
              out);
          return out;
        });
    assertSameBits(
        "convBackwardData",
        b -> {
          NdArray out = b.uninitialized(DType.F32, spec.input());
          b.convBackwardData(
              spec,
              random(b, DType.F32, 1, 13, 12, 20, 22),
              random(b, DType.F32, 2, 12, 4, 3, 3),
              out);
          return out;
        });
    assertSameBits(
        "convBackwardFilter",
        b -> {
          NdArray out = b.uninitialized(DType.F32, spec.filter());
          b.convBackwardFilter(
              spec,
              random(b, DType.F32, 1, 13, 8, 20, 22),
              random(b, DType.F32, 2, 13, 12, 20, 22),
              out);
          return out;
        });
  }

  @Test
  void pooling() {
    PoolSpec spec = PoolSpec.of(Shape.of(9, 16, 40, 40), Window.of(2, 2).withStride(2, 2));
    assertSameBits(
        "maxPool and back",
        b -> {
          NdArray out = b.uninitialized(DType.F32, spec.output());
          NdArray indices = b.uninitialized(DType.I32, spec.output());
          NdArray grad = b.uninitialized(DType.F32, spec.input());
          b.maxPool(spec, random(b, DType.F32, 1, 9, 16, 40, 40), out, indices);
          b.maxPoolBackward(spec, out, indices, grad);
          return grad;
        });
  }

  @Test
  void softmaxAndCrossEntropy() {
    for (int axis = 0; axis < 3; axis++) {
      int along = axis;
      CrossEntropySpec spec = CrossEntropySpec.of(Shape.of(37, 700, 41), axis);
      assertSameBits(
          "softmax along axis " + axis,
          b -> {
            NdArray out = b.uninitialized(DType.F32, spec.logits());
            b.softmax(random(b, DType.F32, 1, 37, 700, 41), along, out);
            return out;
          });
      assertSameBits(
          "crossEntropyWithGradient along axis " + axis,
          b -> {
            NdArray labels = NdArray.zeros(b, DType.I32, spec.rows());
            NdArray loss = b.uninitialized(DType.F32, spec.rows());
            NdArray out = b.uninitialized(DType.F32, spec.logits());
            NdArray x = random(b, DType.F32, 1, 37, 700, 41);
            b.crossEntropyWithGradient(spec, x, labels, random(b, DType.F32, 2, 1), loss, out);
            return out;
          });
    }
  }

  @Test
  void scans() {
    for (int axis = 0; axis < 2; axis++) {
      int along = axis;
      assertSameBits(
          "scan along axis " + axis,
          b -> {
            NdArray x = random(b, DType.F32, 8, 301, 1401);
            NdArray out = b.uninitialized(DType.F32, x.shape());
            b.scan(ReduceOp.SUM, x, along, false, true, out);
            return out;
          });
    }
  }

  @Test
  void sorting() {
    for (int axis = 0; axis < 2; axis++) {
      int along = axis;
      assertSameBits(
          "sort and argMax along axis " + axis,
          b -> {
            NdArray x = random(b, DType.F32, 8, 301, 401);
            NdArray values = b.uninitialized(DType.F32, x.shape());
            NdArray places = b.uninitialized(DType.I64, x.shape());
            NdArray largest =
                b.uninitialized(DType.I64, x.shape().reduced(new int[] {along}, false));
            b.sort(x, along, true, values, places);
            b.argMax(x, along, largest);
            NdArray all = b.uninitialized(DType.F64, x.shape());
            b.elementwise(
                Expr.arg(0).add(Expr.arg(1)).add(Expr.arg(2)),
                all,
                NONE,
                copy(b, values),
                copy(b, places),
                copy(b, along == 0 ? largest : column(largest)));
            return all;
          });
    }
  }

  private static NdArray copy(Backend b, NdArray x) {
    NdArray copy = b.uninitialized(DType.F64, x.shape());
    b.copy(x, copy);
    return copy;
  }

  private static NdArray column(NdArray x) {
    return x.view(x.layout().reshape(Shape.of(x.shape().dim(0), 1)));
  }

  @Test
  void slicesAndElementsAddedByIndex() {
    for (int width : new int[] {1, 300, 1000}) {
      assertSameBits(
          "indexAdd and scatterAdd",
          b -> {
            NdArray out = NdArray.zeros(b, DType.F32, Shape.of(37, width));
            NdArray places = b.uninitialized(DType.I32, Shape.of(3001));
            NdArray uniform = b.uninitialized(DType.F32, Shape.of(3001));
            b.random(Distribution.UNIFORM, 3, 3, uniform);
            b.elementwise(Expr.arg(0).mul(Expr.constant(37)), uniform, NONE, uniform);
            b.copy(uniform, places);
            NdArray x = random(b, DType.F32, 1, 3001, width);
            b.indexAdd(x, 0, places, out);
            NdArray each = b.uninitialized(DType.I32, x.shape());
            b.copy(places.view(places.layout().reshape(Shape.of(3001, 1))), each);
            b.scatterAdd(x, 0, each, out);
            return out;
          });
    }
  }

  @Test
  void normalizationAndAttention() {
    NormSpec layer = NormSpec.layer(Shape.of(300, 700), 1, 1e-5);
    assertSameBits(
        "normalizeBackward",
        b -> {
          NdArray x = random(b, DType.F32, 1, 300, 700);
          NdArray grad = b.uninitialized(DType.F32, layer.shape());
          NdArray all = b.uninitialized(DType.F32, Shape.of(302, 700));
          NdArray up = random(b, DType.F32, 2, 300, 700);
          NdArray sums = all.slice(0, 300, 302);
          NdArray first = sums.slice(0, 0, 1);
          NdArray second = sums.slice(0, 1, 2);
          b.normalizeBackward(
              layer,
              x,
              null,
              up,
              grad,
              first.view(first.layout().reshape(Shape.of(700))),
              second.view(second.layout().reshape(Shape.of(700))));
          b.copy(grad, all.slice(0, 0, 300));
          return all;
        });
    Shape heads = Shape.of(6, 300, 24);
    AttentionSpec spec = AttentionSpec.of(heads, heads, heads).causal();
    assertSameBits(
        "attention and back",
        b -> {
          NdArray all = b.uninitialized(DType.F32, Shape.of(4, 6, 300, 24));
          NdArray log = b.uninitialized(DType.F32, spec.rows());
          NdArray[] x = new NdArray[4];
          NdArray[] out = new NdArray[4];
          for (int i = 0; i < 4; i++) {
            x[i] = random(b, DType.F32, i, 6, 300, 24);
            NdArray part = all.slice(0, i, i + 1);
            out[i] = part.view(part.layout().reshape(heads));
          }
          b.attention(spec, x[0], x[1], x[2], null, out[0], log);
          b.attentionBackward(
              spec, x[0], x[1], x[2], null, out[0], log, x[3], out[1], out[2], out[3]);
          return all;
        });
  }

  @Test
  void random() {
    assertSameBits("random", b -> random(b, DType.F64, 9, 100, 1001));
    assertSameBits("random", b -> random(b, DType.F32, 9, 100, 1001));
  }
}
