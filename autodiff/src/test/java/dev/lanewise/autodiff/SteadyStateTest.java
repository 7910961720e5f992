package dev.lanewise.autodiff;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.HostMemory;
import dev.lanewise.array.Scope;
import dev.lanewise.array.Shape;
import dev.lanewise.kernel.Expr;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** A training loop asks for no more memory once it has warmed up. */
class SteadyStateTest {
  private static final Expr DESCENT = Expr.arg(0).sub(Expr.arg(1).mul(Expr.param(0)));

  private final Generator generator = new Generator(3);
  private final Tensor x = Tensor.randomNormal(generator, Shape.of(16, 8));
  private final Tensor labels =
      Tensor.of(new int[] {0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3});
  private final Tensor[] parameters = {
    Tensor.randomNormal(generator, 0, 0.5, Shape.of(8, 16)).requiresGrad(true),
    Tensor.zeros(16).requiresGrad(true),
    Tensor.randomNormal(generator, 0, 0.5, Shape.of(16, 4)).requiresGrad(true),
    Tensor.zeros(4).requiresGrad(true),
  };

  private final Tensor sequence = Tensor.randomNormal(generator, Shape.of(16, 5, 8));
  private final Tensor[] recurrent = {
    Tensor.randomNormal(generator, 0, 0.3, Shape.of(64, 8)).requiresGrad(true),
    Tensor.randomNormal(generator, 0, 0.3, Shape.of(64, 16)).requiresGrad(true),
    Tensor.zeros(64).requiresGrad(true),
  };
  private final RecurrentLayers layers =
      RecurrentLayers.of(new RecurrentWeights(recurrent[0], recurrent[1], recurrent[2], null))
          .batchFirst();

  private double step(Tensor[] learned, Supplier<Tensor> hidden) {
    try (Scope _ = Scope.open("step")) {
      for (Tensor p : learned) {
        p.zeroGrad();
      }
      Tensor scores = hidden.get().matmul(parameters[2]).add(parameters[3]);
      Tensor loss = scores.crossEntropy(labels).mean();
      loss.backward();
      for (Tensor p : learned) {
        p.backend().elementwise(DESCENT, p.data(), new double[] {0.1}, p.data(), p.grad().data());
      }
      return loss.item();
    }
  }

  @Test
  void stepsTakeNoMoreMemory() {
    require(1000, 0.1, parameters, () -> x.matmul(parameters[0]).add(parameters[1]).relu());
  }

  @Test
  void stepsOfRecurrentLayersTakeNoMoreMemory() {
    Tensor[] learned = {recurrent[0], recurrent[1], recurrent[2], parameters[2], parameters[3]};
    require(200, 0.9, learned, () -> sequence.lstm(layers).hidden().squeeze(0));
  }

  private void require(int steps, double share, Tensor[] learned, Supplier<Tensor> hidden) {
    double first = step(learned, hidden);
    for (int i = 0; i < 10; i++) {
      step(learned, hidden);
    }
    long mapped = HostMemory.INSTANCE.pool().mappedBytes();
    double last = 0;
    for (int i = 0; i < steps; i++) {
      last = step(learned, hidden);
    }
    // Other tests share the pool, and what they leave may be unmapped meanwhile.
    long late = HostMemory.INSTANCE.pool().mappedBytes();
    assertTrue(late <= mapped, mapped + " -> " + late + " bytes");
    assertTrue(last < share * first, first + " -> " + last);
  }
}
