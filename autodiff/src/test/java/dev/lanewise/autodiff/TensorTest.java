package dev.lanewise.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.DType;
import dev.lanewise.array.DTypeException;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Scope;
import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.Backends;
import dev.lanewise.kernel.Distribution;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.Philox;
import dev.lanewise.kernel.Window;
import dev.lanewise.kernel.reference.ReferenceBackend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Making tensors, reading them, and the values and errors of operations. */
class TensorTest {
  private static final Backend REFERENCE = Backends.named("reference");

  static java.util.stream.Stream<Backend> backends() {
    return Numbers.backends();
  }

  private static void refused(Class<? extends Exception> type, String text, Runnable call) {
    Exception e = assertThrows(type, call::run);
    assertTrue(e.getMessage().contains(text), e.getMessage());
  }

  @Test
  void fromJavaArrays() {
    assertEquals(DType.F32, Tensor.of(new float[] {1, 2}).dtype());
    assertEquals(DType.F64, Tensor.of(new double[] {1, 2}).dtype());
    assertEquals(DType.I32, Tensor.of(new int[] {1, 2}).dtype());
    assertEquals(DType.I64, Tensor.of(new long[] {1, 2}).dtype());
    Tensor x = Tensor.of(REFERENCE, new float[] {1, 2, 3, 4}, 2, 2);
    assertSame(REFERENCE, x.backend());
    assertEquals(Shape.of(2, 2), x.shape());
    assertEquals(4, x.size());
    assertArrayEquals(new double[] {1, 2, 3, 4}, x.toDoubleArray());
    assertArrayEquals(new long[] {1, 2, 3, 4}, x.toLongArray());
    assertSame(x.storage(), Tensor.of(x.data()).storage());
    assertSame(Backends.best(), Tensor.of(new float[] {1}).backend());
    refused(ShapeException.class, "3 values", () -> Tensor.of(new float[3], 2, 2));
  }

  @ParameterizedTest
  @EnumSource(DType.class)
  void filled(DType dtype) {
    Shape shape = Shape.of(2, 3);
    Tensor full = Tensor.full(REFERENCE, dtype, shape, 3);
    double expected = dtype == DType.BOOL ? 1 : 3;
    for (double v : full.toDoubleArray()) {
      assertEquals(expected, v);
    }
    assertEquals(dtype, full.dtype());
    assertEquals(shape, full.shape());
    for (Tensor one : new Tensor[] {Tensor.onesLike(full), Tensor.ones(REFERENCE, dtype, shape)}) {
      assertEquals(6, one.cast(DType.F64).sum().item());
    }
    Tensor zeros = Tensor.zerosLike(full);
    assertEquals(0, zeros.cast(DType.F64).abs().sum().item());
    assertEquals(dtype, zeros.dtype());
  }

  @Test
  void defaults() {
    for (Tensor x :
        new Tensor[] {
          Tensor.zeros(2),
          Tensor.zeros(Shape.of(2)),
          Tensor.ones(2),
          Tensor.ones(Shape.of(2)),
          Tensor.full(Shape.of(2), 7),
          Tensor.randomNormal(new Generator(1), Shape.of(2))
        }) {
      assertEquals(DType.F32, x.dtype());
      assertEquals(Shape.of(2), x.shape());
      assertSame(Backends.best(), x.backend());
    }
    assertEquals(Shape.SCALAR, Tensor.scalar(0.5).shape());
    assertEquals(0.5, Tensor.scalar(0.5).item());
  }

  @Test
  void oneElementIsANumber() {
    assertEquals(4, Tensor.of(new float[] {4}, 1, 1).item());
    refused(ShapeException.class, "2 elements", () -> Tensor.zeros(2).item());
  }

  @Test
  void randomNumbersFollowTheGenerator() {
    Shape shape = Shape.of(5);
    Generator g = new Generator(42);
    float[] first = Tensor.randomUniform(g, shape).toFloatArray();
    float[] second = Tensor.randomUniform(g, shape).toFloatArray();
    assertEquals(2, g.position());
    assertNotEquals(first[0], second[0]);
    Generator again = new Generator(g.seed(), 1);
    assertArrayEquals(second, Tensor.randomUniform(again, shape).toFloatArray());
    Philox philox = new Philox(42);
    for (int i = 0; i < 5; i++) {
      assertEquals((float) philox.sample(Distribution.UNIFORM, 0, i, true), first[i]);
    }
    assertEquals("Generator(seed 42, position 2)", g.toString());
  }

  @Test
  void randomNumbersAreSpreadAsAsked() {
    Generator g = new Generator(7);
    Tensor uniform = Tensor.randomUniform(g, -1, 3, Shape.of(10_000));
    assertTrue(uniform.min().item() >= -1 && uniform.max().item() < 3);
    assertEquals(1, uniform.mean().item(), 0.05);
    Tensor normal = Tensor.randomNormal(g, 5, 2, Shape.of(10_000));
    // Five standard errors of the mean and of the deviation.
    assertEquals(5, normal.mean().item(), 0.1);
    assertEquals(2, normal.variance().sqrt().item(), 0.08);
  }

  @Test
  void scopesFreeAndKeep() {
    Tensor kept;
    Tensor lost;
    try (Scope scope = Scope.open("step")) {
      lost = Tensor.ones(3);
      kept = scope.keep(lost.add(1));
    }
    assertArrayEquals(new float[] {2, 2, 2}, kept.toFloatArray());
    refused(IllegalStateException.class, "scope 'step'", lost::toFloatArray);
    refused(IllegalStateException.class, "scope 'step'", () -> lost.add(1));
  }

  @Test
  void gradientsThatDiedWithTheirScopeAreNotAddedTo() {
    Tensor x = Tensor.ones(3).requiresGrad(true);
    try (Scope _ = Scope.open("step")) {
      x.square().sum().backward();
    }
    refused(GradientException.class, "zeroGrad()", () -> x.square().sum().backward());
    x.zeroGrad();
    try (Scope scope = Scope.open("step")) {
      x.square().sum().backward();
      scope.keep(x.grad());
    }
    x.square().sum().backward();
    assertArrayEquals(new float[] {4, 4, 4}, x.grad().toFloatArray());
  }

  @ParameterizedTest
  @MethodSource("backends")
  void reductionsOfNothingAndOfTheUnusual(Backend backend) {
    double inf = Double.POSITIVE_INFINITY;
    Tensor empty = Tensor.zeros(backend, DType.F64, Shape.of(0));
    assertEquals(0, empty.sum().item());
    assertEquals(1, empty.prod().item());
    assertEquals(1, empty.requiresGrad(true).prod().item());
    assertEquals(Double.NaN, empty.mean().item());
    assertEquals(Double.NaN, empty.variance().item());
    assertEquals(-inf, empty.max().item());
    assertEquals(inf, empty.min().item());
    assertEquals(-inf, empty.logSumExp().item());
    Tensor extremes = Tensor.of(backend, new double[] {-inf, -inf, 1000, 999, inf, 0}, 3, 2);
    assertArrayEquals(
        new double[] {-inf, 1000 + Math.log1p(Math.exp(-1)), inf},
        extremes.logSumExp(1).toDoubleArray(),
        1e-12);
    assertArrayEquals(
        new long[] {1, 0},
        Tensor.of(backend, new double[] {1, 2, 4, 3}, 2, 2).argMax(1).toLongArray());
  }

  @ParameterizedTest
  @MethodSource("backends")
  void extremesShareTheGradient(Backend backend) {
    Tensor x = Tensor.of(backend, new double[] {3, 1, 3, 3}).requiresGrad(true);
    x.max().backward();
    assertArrayEquals(new double[] {1 / 3.0, 0, 1 / 3.0, 1 / 3.0}, x.grad().toDoubleArray(), 1e-15);
  }

  @ParameterizedTest
  @MethodSource("backends")
  void rowsAreStableFarFromZero(Backend backend) {
    Tensor x = Tensor.of(backend, new double[] {1000, 1001, 1002, -1000, -1001, -1002}, 2, 3);
    Tensor p = x.softmax(-1);
    assertArrayEquals(new double[] {1, 1}, p.sum(1).toDoubleArray(), 1e-15);
    assertArrayEquals(x.logSoftmax(1).toDoubleArray(), p.log().toDoubleArray(), 1e-12);
    Tensor labels = Tensor.of(backend, new int[] {0, 2});
    double loss = Math.log(1 + Math.exp(1) + Math.exp(2));
    assertArrayEquals(new double[] {loss, loss}, x.crossEntropy(labels).toDoubleArray(), 1e-12);
    Tensor wide = labels.cast(DType.I64);
    assertArrayEquals(new double[] {loss, loss}, x.crossEntropy(wide).toDoubleArray(), 1e-12);
  }

  @ParameterizedTest
  @MethodSource("backends")
  void maskedLogitsHaveNoShare(Backend backend) {
    Tensor x = Tensor.of(backend, new double[] {1, Double.NEGATIVE_INFINITY, 1}, 1, 3);
    x.requiresGrad(true);
    assertArrayEquals(new double[] {0.5, 0, 0.5}, x.softmax(1).toDoubleArray(), 1e-15);
    x.crossEntropy(Tensor.of(backend, new int[] {0})).backward();
    assertArrayEquals(new double[] {-0.5, 0, 0.5}, x.grad().toDoubleArray(), 1e-15);
  }

  @ParameterizedTest
  @MethodSource("backends")
  void averagesOfWindows(Backend backend) {
    Tensor x = Tensor.of(backend, new double[] {1, 2, 3, 4, 5, 6, 7, 8}, 1, 2, 4);
    Tensor mean = x.avgPool(Window.of(2).withStride(2));
    assertArrayEquals(new double[] {1.5, 3.5, 5.5, 7.5}, mean.toDoubleArray());
  }

  @Test
  void oneHotRows() {
    Tensor rows = Tensor.of(new long[] {2, 0}, 1, 2).oneHot(3, DType.F32);
    assertEquals(Shape.of(1, 2, 3), rows.shape());
    assertArrayEquals(new float[] {0, 0, 1, 1, 0, 0}, rows.toFloatArray());
    refused(ShapeException.class, "3", () -> Tensor.of(new int[] {3}).oneHot(3, DType.F32));
    refused(DTypeException.class, "oneHot", () -> Tensor.ones(2).oneHot(3, DType.F32));
  }

  @Test
  void viewsShareMemory() {
    Tensor x = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
    assertSame(x.storage(), x.reshape(3, 2).storage());
    assertSame(x.storage(), x.transpose().storage());
    assertSame(x.storage(), x.transpose().expandDims(0).storage());
    assertSame(x, x.reshape(2, 3));
    assertArrayEquals(new float[] {1, 4, 2, 5, 3, 6}, x.transpose().reshape(6).toFloatArray());
    assertArrayEquals(new float[] {2, 5}, x.slice(1, 1, 2).flatten(0).toFloatArray());
    assertEquals(Shape.of(2, 0), Tensor.zeros(0, 2).reshape(2, 0).shape());
    Tensor ints = Tensor.of(new int[] {1, 2, 3, 4}, 2, 2).transpose();
    assertArrayEquals(new long[] {1, 3, 2, 4}, ints.reshape(4).toLongArray());
  }

  @Test
  void wrongShapesAreNamed() {
    Tensor x = Tensor.zeros(2, 3);
    Tensor y = Tensor.zeros(4, 5);
    refused(ShapeException.class, "add: shapes [2, 3] and [4, 5]", () -> x.add(y));
    refused(ShapeException.class, "matmul: inner dimensions differ", () -> x.matmul(y));
    refused(ShapeException.class, "matmul", () -> x.matmul(Tensor.scalar(3)));
    refused(ShapeException.class, "reshape", () -> x.reshape(4, 2));
    refused(ShapeException.class, "reshape: -1", () -> x.reshape(4, -1));
    refused(ShapeException.class, "reshape", () -> x.reshape(-1, -1));
    refused(ShapeException.class, "squeeze: axis 0", () -> x.squeeze(0));
    refused(ShapeException.class, "expandDims: no place 4", () -> x.expandDims(4));
    refused(ShapeException.class, "sum: no axis 2", () -> x.sum(2));
    refused(ShapeException.class, "mean: axis 0 is named twice", () -> x.mean(0, 0));
    refused(ShapeException.class, "max: no axis 2", () -> x.max(2));
    refused(ShapeException.class, "prod: no axis -3", () -> x.prod(-3));
    refused(ShapeException.class, "argMax: no axis 2", () -> x.argMax(2));
    refused(ShapeException.class, "softmax: no axis 2", () -> x.softmax(2));
    refused(ShapeException.class, "logSoftmax: no axis 2", () -> x.logSoftmax(2));
    refused(ShapeException.class, "flatten: no axis 2", () -> x.flatten(2));
    refused(ShapeException.class, "slice", () -> x.slice(0, 1, 3));
    refused(ShapeException.class, "transpose: no axis", () -> Tensor.zeros(3).transpose());
    refused(ShapeException.class, "permute", () -> x.permute(0));
    refused(ShapeException.class, "broadcastTo", () -> x.broadcastTo(3));
    refused(ShapeException.class, "concat: shapes", () -> Tensor.concat(0, x, y));
    refused(ShapeException.class, "stack: shapes", () -> Tensor.stack(0, x, y));
    refused(ShapeException.class, "indexSelect", () -> x.indexSelect(0, x));
    refused(
        ShapeException.class,
        "crossEntropy: logits must be [n, c]",
        () -> x.crossEntropy(Tensor.of(new int[] {1})));
    Tensor image = Tensor.zeros(1, 3, 8, 8);
    refused(
        ShapeException.class,
        "conv: input has 3 channels but the filter expects 4",
        () -> image.conv(Tensor.zeros(16, 4, 3, 3), Window.of(3, 3), 1));
    refused(ShapeException.class, "pool", () -> image.maxPool(Window.of(9, 9)));
    refused(ShapeException.class, "pool", () -> image.avgPool(Window.of(9)));
    refused(
        ShapeException.class,
        "convTranspose: a convolution of [1, 2, 3, 3] gives [1, 3, 1, 1]",
        () -> image.convTranspose(Tensor.zeros(3, 2, 3, 3), Window.of(3, 3), 1, 3, 3));
  }

  @Test
  void integersAreComputedWithExactly() {
    Tensor large = Tensor.of(new long[] {(1L << 53) + 1, -7});
    assertArrayEquals(new long[] {(1L << 53) + 3, -5}, large.add(2).toLongArray());
    assertEquals(DType.I64, large.mul(large).dtype());
    assertArrayEquals(new long[] {(1L << 53) - 6}, large.sum().toLongArray());
    assertArrayEquals(new long[] {1, 0}, large.gt((1L << 53)).toLongArray());
  }

  @Test
  void comparisonsGiveMasks() {
    Tensor x = Tensor.of(new float[] {-1, 0, 2}).requiresGrad(true);
    Tensor positive = x.gt(0);
    assertEquals(DType.BOOL, positive.dtype());
    assertFalse(positive.requiresGrad());
    assertArrayEquals(new long[] {0, 0, 1}, positive.toLongArray());
    assertArrayEquals(new long[] {1, 1, 0}, positive.not().toLongArray());
    assertArrayEquals(new long[] {0, 1, 1}, positive.or(x.eq(0)).toLongArray());
    assertArrayEquals(new long[] {1, 0, 1}, positive.xor(x.lt(0)).toLongArray());
    assertArrayEquals(new long[] {2}, positive.or(x.eq(0)).sum().toLongArray());
    // Beside numbers a mask counts as 0 and 1, and the numbers have their gradient.
    x.mul(positive).sum().backward();
    assertArrayEquals(new float[] {0, 0, 1}, x.grad().toFloatArray());
    assertArrayEquals(
        new float[] {0, 0, 2}, Tensor.where(positive, x, Tensor.zeros(3)).toFloatArray());
    Tensor tiny = Tensor.of(new double[] {1e-300, 0, 1});
    assertArrayEquals(
        new long[] {1, 2, 1},
        Tensor.where(tiny, Tensor.of(new long[] {1, 1, 1}), Tensor.of(new long[] {2, 2, 2}))
            .toLongArray());
  }

  @Test
  void wrongTypesAndBackendsAreNamed() {
    Tensor x = Tensor.zeros(2);
    refused(DTypeException.class, "mul: ", () -> x.mul(Tensor.of(new double[2])));
    refused(DTypeException.class, "exp: EXP has no meaning in i32", () -> labels().exp());
    refused(DTypeException.class, "mul: the value 0.5", () -> labels().mul(0.5));
    refused(DTypeException.class, "add: computes in f32", () -> x.gt(0).add(x.gt(1)));
    refused(DTypeException.class, "add: computes in f32", () -> x.cast(DType.F16).add(1));
    refused(DTypeException.class, "concat: ", () -> Tensor.concat(0, x, labels()));
    refused(DTypeException.class, "indices", () -> x.gather(0, x));
    refused(DTypeException.class, "crossEntropy", () -> Tensor.zeros(2, 2).crossEntropy(x));
    refused(IllegalArgumentException.class, "concat", () -> Tensor.concat(0));
    refused(IllegalArgumentException.class, "map", () -> Tensor.map(Expr.arg(0), new double[0]));
    refused(IllegalArgumentException.class, "x1", () -> Tensor.map(Expr.arg(1), new double[0], x));
    Tensor there = Tensor.of(NdArray.zeros(new ReferenceBackend(), DType.F32, Shape.of(2)));
    refused(IllegalArgumentException.class, "to(backend)", () -> x.add(there));
  }

  private static Tensor labels() {
    return Tensor.of(new int[] {1, 2});
  }
}
