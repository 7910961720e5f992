package dev.lanewise.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.DType;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.Backends;
import dev.lanewise.kernel.BinaryOp;
import dev.lanewise.kernel.UnaryOp;
import dev.lanewise.kernel.Window;
import java.util.Arrays;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever is written to after an operation: its gradient is refused, or it is exactly the one of
 * the numbers before. No operation can forget to say what it keeps.
 */
class SavedTensorsTest {

  /** What was computed once, with its gradients of both orders. */
  private record Run(Tensor[] inputs, Tensor y, Tensor seed, Tensor[] first, Tensor loss) {
    static Run of(Function<Tensor[], Tensor> function, Tensor... values) {
      Tensor[] inputs = new Tensor[values.length];
      for (int i = 0; i < inputs.length; i++) {
        inputs[i] = values[i].copy();
        if (values[i].dtype().isFloating()) {
          inputs[i].requiresGrad(true);
        }
      }
      Tensor y = function.apply(inputs);
      if (!y.requiresGrad()) {
        return null;
      }
      Tensor seed = y.detach().mul(0.25).add(1);
      Tensor[] first = Gradients.of(y, seed, inputs, true, true);
      Tensor loss = Tensor.scalar(y.backend(), DType.F64, 0);
      for (Tensor gradient : first) {
        loss = gradient == null ? loss : loss.add(gradient.square().sum());
      }
      return new Run(inputs, y, seed, first, loss);
    }

    double[][] gradients() {
      return numbers(Gradients.of(y, seed, inputs, true, false));
    }

    double[][] gradientsOfGradients() {
      return loss.requiresGrad()
          ? numbers(Gradients.of(loss, Tensor.onesLike(loss), inputs, true, false))
          : new double[0][];
    }

    private static double[][] numbers(Tensor... gradients) {
      return Arrays.stream(gradients)
          .map(g -> g == null ? new double[0] : g.toDoubleArray())
          .toArray(double[][]::new);
    }
  }

  private static int refusals(Function<Tensor[], Tensor> function, Tensor... values) {
    Run run = Run.of(function, values);
    if (run == null) {
      return 0;
    }
    int refusals = 0;
    double[][] first = run.gradients();
    double[][] second = run.gradientsOfGradients();
    for (int written = 0; written <= values.length; written++) {
      Run again = Run.of(function, values);
      Tensor target = written < values.length ? again.inputs[written] : again.y;
      if (target.data().layout().repeats() || !target.dtype().isFloating()) {
        continue;
      }
      try (Grad _ = Grad.off()) {
        target.assign(target.mul(1.5).add(0.25));
      }
      refusals += sameOrRefused(first, again::gradients);
      refusals += sameOrRefused(second, again::gradientsOfGradients);
    }
    return refusals;
  }

  private static int sameOrRefused(double[][] expected, Supplier<double[][]> gradients) {
    double[][] found;
    try {
      found = gradients.get();
    } catch (GradientException e) {
      assertTrue(e.getMessage().contains("'assign' changed its numbers"), e.getMessage());
      return 1;
    }
    assertEquals(expected.length, found.length);
    for (int i = 0; i < expected.length; i++) {
      assertArrayEquals(expected[i], found[i], "input " + i);
    }
    return 0;
  }

  static Stream<StructuralGradientTest.Case> structural() {
    return StructuralGradientTest.cases()
        .filter(a -> a.get()[0] == Backends.best())
        .map(a -> (StructuralGradientTest.Case) a.get()[1]);
  }

  @ParameterizedTest
  @MethodSource("structural")
  void structuralOperations(StructuralGradientTest.Case c) {
    Tensor[] inputs = new Tensor[c.shapes().length];
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] = Numbers.signed(Backends.best(), i + 1, c.shapes()[i]);
    }
    refusals(c.function(), inputs);
  }

  @ParameterizedTest
  @EnumSource
  void unaryOperations(UnaryOp op) {
    Tensor x = Numbers.positive(Backends.best(), 1, 2, 3).mul(0.4);
    refusals(in -> in[0].apply(op), op == UnaryOp.ACOSH ? x.add(1) : x);
  }

  @ParameterizedTest
  @EnumSource
  void binaryOperations(BinaryOp op) {
    Backend backend = Backends.best();
    Tensor x = Numbers.positive(backend, 1, 2, 3);
    refusals(in -> in[0].apply(op, in[1]), x, Numbers.positive(backend, 2, 3));
    refusals(in -> in[0].apply(op, 0.75), x);
  }

  @ParameterizedTest
  @EnumSource
  void fusedOperations(UnaryOp op) {
    Backend backend = Backends.best();
    Tensor x = Numbers.positive(backend, 1, 2, 3).mul(0.1);
    Tensor weights = Numbers.positive(backend, 2, 3, 2).mul(0.1);
    Tensor bias = Numbers.positive(backend, 3, 2).mul(op == UnaryOp.ACOSH ? 10 : 0.1);
    refusals(in -> in[0].affine(in[1], in[2], op), x, weights, bias);
    refusals(
        in ->
            in[0]
                .reshape(1, 2, 3)
                .conv(in[1].reshape(3, 2, 1), in[2].sum().broadcastTo(3), op, Window.of(1), 1),
        x,
        weights,
        bias);
  }

  /** The test itself finds what is kept: otherwise it would prove nothing. */
  @Test
  void keptNumbersAreFound() {
    Tensor x = Numbers.positive(Backends.best(), 1, 2, 3);
    Tensor image = Numbers.signed(Backends.best(), 1, 1, 1, 4, 4);
    assertTrue(refusals(in -> in[0].square(), x) >= 1, "an input");
    assertTrue(refusals(in -> in[0].exp(), x) >= 1, "a result");
    assertTrue(refusals(in -> in[0].matmul(in[1].transpose()), x, x) >= 1);
    assertTrue(refusals(in -> in[0].softmax(1), x) >= 1);
    assertTrue(refusals(in -> in[0].norm(2), x) >= 1);
    assertTrue(refusals(in -> in[0].attention(in[1], in[2]), x, x, x) >= 1);
    assertEquals(0, refusals(in -> in[0].maxPool(Window.of(2, 2)), image));
    assertEquals(0, refusals(in -> in[0].add(in[1]), x, x));
    assertEquals(0, refusals(in -> in[0].transpose().slice(0, 1, 2).sum(), x));
  }
}
