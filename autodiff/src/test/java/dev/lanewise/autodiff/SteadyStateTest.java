package dev.lanewise.autodiff;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.HostMemory;
import dev.lanewise.array.Scope;
import dev.lanewise.array.Shape;
import dev.lanewise.kernel.Expr;
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

  private double step() {
    try (Scope _ = Scope.open("step")) {
      for (Tensor p : parameters) {
        p.zeroGrad();
      }
      Tensor hidden = x.matmul(parameters[0]).add(parameters[1]).relu();
      Tensor loss = hidden.matmul(parameters[2]).add(parameters[3]).crossEntropy(labels).mean();
      loss.backward();
      for (Tensor p : parameters) {
        p.backend().elementwise(DESCENT, p.data(), new double[] {0.1}, p.data(), p.grad().data());
      }
      return loss.item();
    }
  }

  @Test
  void stepsTakeNoMoreMemory() {
    double first = step();
    for (int i = 0; i < 10; i++) {
      step();
    }
    long mapped = HostMemory.INSTANCE.pool().mappedBytes();
    double last = 0;
    for (int i = 0; i < 1000; i++) {
      last = step();
    }
    // Other tests share the pool, and what they leave may be unmapped meanwhile.
    long late = HostMemory.INSTANCE.pool().mappedBytes();
    assertTrue(late <= mapped, mapped + " -> " + late + " bytes");
    assertTrue(last < 0.1 * first, first + " -> " + last);
  }
}
