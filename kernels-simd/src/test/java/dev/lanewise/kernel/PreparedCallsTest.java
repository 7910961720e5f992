package dev.lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Scope;
import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Prepared calls do what the calls do, also with other arrays, other scalars and masks. */
class PreparedCallsTest {
  private static final double[] NONE = {};
  private static final Expr X = Expr.arg(0);

  private static NdArray numbers(Backend backend, double seed, int... dims) {
    float[] values = new float[(int) Shape.of(dims).size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) Math.sin(seed + i);
    }
    return NdArray.of(backend, values, dims);
  }

  @ParameterizedTest
  @ValueSource(strings = {"simd", "reference"})
  void elementwise(String name) {
    Backend backend = Backends.named(name);
    List<Expr> exprs = List.of(X.exp().mul(Expr.param(0)), X.add(Expr.arg(1)));
    double[] params = {2};
    NdArray[] outs = {numbers(backend, 0, 5, 7), numbers(backend, 0, 5, 7)};
    NdArray[] ins = {numbers(backend, 1, 5, 7), numbers(backend, 2, 7)};
    NdArray[] expected = {numbers(backend, 0, 5, 7), numbers(backend, 0, 5, 7)};
    Runnable call = backend.prepareElementwise(exprs, outs, params, ins);
    NdArray whole = numbers(backend, 9, 10, 7);
    for (int run = 0; run < 3; run++) {
      params[0] = run;
      ins[0] = whole.slice(0, run, run + 5); // of the same strides, from another offset
      call.run();
      backend.elementwise(exprs, expected, params, ins);
      assertArrayEquals(expected[0].toFloatArray(), outs[0].toFloatArray());
      assertArrayEquals(expected[1].toFloatArray(), outs[1].toFloatArray());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"simd", "reference"})
  void masksAndOverlappingArguments(String name) {
    Backend backend = Backends.named(name);
    NdArray x = numbers(backend, 1, 6, 6);
    NdArray mask = backend.uninitialized(DType.BOOL, Shape.of(6, 6));
    Runnable positive =
        backend.prepareElementwise(
            List.of(X.gt(Expr.constant(0))), new NdArray[] {mask}, NONE, new NdArray[] {x});
    // An output over a transposed argument is written when that was read.
    NdArray y = numbers(backend, 3, 6, 6);
    NdArray[] over = {y};
    NdArray[] transposed = {y.permute(1, 0)};
    Runnable transpose = backend.prepareElementwise(List.of(X), over, NONE, transposed);
    float[] before = y.toFloatArray();
    for (int run = 0; run < 2; run++) {
      positive.run();
      float[] numbers = x.toFloatArray();
      long[] found = mask.toLongArray();
      for (int i = 0; i < found.length; i++) {
        assertEquals(numbers[i] > 0 ? 1 : 0, found[i]);
      }
      transpose.run();
    }
    assertArrayEquals(before, y.toFloatArray(), "transposed twice");
  }

  @ParameterizedTest
  @ValueSource(strings = {"simd", "reference"})
  void reductionsAndProducts(String name) {
    Backend backend = Backends.named(name);
    NdArray[] sum = {numbers(backend, 0, 7)};
    NdArray[] summed = {numbers(backend, 1, 5, 7)};
    Runnable reduce =
        backend.prepareReduce(ReduceOp.SUM, X.square(), new int[] {0}, sum, NONE, summed);
    NdArray[] product = {numbers(backend, 0, 5, 4)};
    NdArray[] factors = {
      numbers(backend, 1, 5, 7), numbers(backend, 2, 7, 4), numbers(backend, 3, 4)
    };
    Expr epilogue = X.add(Expr.arg(1)).relu();
    Runnable affine = backend.prepareMatmul(1, 0, product, epilogue, NONE, factors);
    NdArray[] plain = {numbers(backend, 0, 5, 4)};
    Runnable matmul = backend.prepareMatmul(2, 0, plain, null, NONE, factors.clone());
    NdArray[] expected = {
      numbers(backend, 0, 7), numbers(backend, 0, 5, 4), numbers(backend, 0, 5, 4)
    };
    for (int run = 0; run < 3; run++) {
      summed[0] = numbers(backend, run, 5, 7);
      factors[1] = numbers(backend, 2 + run, 7, 4);
      reduce.run();
      affine.run();
      matmul.run();
      backend.reduce(ReduceOp.SUM, X.square(), new int[] {0}, expected[0], NONE, summed);
      backend.matmul(factors[0], factors[1], 1, 0, expected[1], epilogue, NONE, factors[2]);
      backend.matmul(factors[0], numbers(backend, 2, 7, 4), 2, 0, expected[2]);
      assertArrayEquals(expected[0].toFloatArray(), sum[0].toFloatArray());
      assertArrayEquals(expected[1].toFloatArray(), product[0].toFloatArray());
      assertArrayEquals(expected[2].toFloatArray(), plain[0].toFloatArray());
    }
  }

  /** A gradient and the step that it is for: the product in one block of rows, and in several. */
  @ParameterizedTest
  @CsvSource({"simd,5,4", "simd,17,300", "simd,200,128", "simd,1,9", "simd,9,1", "reference,5,4"})
  void mappedProducts(String name, int m, int n) {
    Backend backend = Backends.named(name);
    Expr moment = Expr.arg(2).add(X.sub(Expr.arg(2)).mul(Expr.param(0)));
    List<Expr> step = List.of(Expr.arg(1).sub(moment.mul(Expr.arg(3))), moment);
    double[] params = {0.25};
    NdArray[] ins = {
      numbers(backend, 1, 7, m).permute(1, 0),
      numbers(backend, 2, 7, n),
      numbers(backend, 3, m, n),
      numbers(backend, 4, m, n),
      numbers(backend, 5, n)
    };
    NdArray[] outs = {ins[2], ins[3]}; // in place
    NdArray[] expected = {numbers(backend, 3, m, n), numbers(backend, 4, m, n)};
    NdArray product = numbers(backend, 0, m, n);
    Runnable call = backend.prepareMappedMatmul(2, step, outs, params, ins);
    for (int run = 0; run < 3; run++) {
      params[0] = 0.25 * run;
      ins[1] = numbers(backend, run, 7, n);
      call.run();
      backend.matmul(ins[0], ins[1], 2, 0, product);
      backend.elementwise(step, expected, params, product, expected[0], expected[1], ins[4]);
      assertArrayEquals(expected[0].toFloatArray(), outs[0].toFloatArray());
      assertArrayEquals(expected[1].toFloatArray(), outs[1].toFloatArray());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"simd", "reference"})
  void wrongMappedProductsAreRefused(String name) {
    Backend backend = Backends.named(name);
    NdArray a = numbers(backend, 1, 4, 4);
    NdArray b = numbers(backend, 2, 4, 4);
    List<Expr> sum = List.of(X.add(Expr.arg(1)));
    NdArray[] over = {a};
    Runnable ontoAMatrix =
        backend.prepareMappedMatmul(
            1, sum, over, NONE, new NdArray[] {a, b, numbers(backend, 3, 4)});
    assertTrue(
        assertThrows(IllegalArgumentException.class, ontoAMatrix::run)
            .getMessage()
            .contains("shares memory"));
    NdArray c = numbers(backend, 3, 4, 4);
    Runnable ontoATransposed =
        backend.prepareMappedMatmul(
            1, sum, new NdArray[] {c}, NONE, new NdArray[] {a, b, c.permute(1, 0)});
    assertTrue(
        assertThrows(IllegalArgumentException.class, ontoATransposed::run)
            .getMessage()
            .contains("argument 1 in another layout"));
    NdArray stack = numbers(backend, 1, 2, 4, 4);
    Runnable batch =
        backend.prepareMappedMatmul(
            1,
            List.of(X),
            new NdArray[] {numbers(backend, 0, 2, 4, 4)},
            NONE,
            new NdArray[] {stack, stack});
    assertThrows(ShapeException.class, batch::run);
  }

  @ParameterizedTest
  @ValueSource(strings = {"simd", "reference"})
  void wrongCallsAndDeadArraysAreRefused(String name) {
    Backend backend = Backends.named(name);
    NdArray[] outs = {numbers(backend, 0, 3)};
    Runnable wrong =
        backend.prepareElementwise(List.of(X), outs, NONE, new NdArray[] {numbers(backend, 0, 4)});
    assertThrows(ShapeException.class, wrong::run);
    NdArray[] ins = {numbers(backend, 0, 3)};
    Runnable call = backend.prepareElementwise(List.of(X), outs, NONE, ins);
    call.run();
    try (Scope _ = Scope.open()) {
      ins[0] = numbers(backend, 0, 3);
      call.run();
    }
    assertThrows(IllegalStateException.class, call::run);
  }
}
