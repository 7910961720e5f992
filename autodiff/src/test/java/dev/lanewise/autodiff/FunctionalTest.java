package dev.lanewise.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.DTypeException;
import dev.lanewise.array.Shape;
import dev.lanewise.kernel.Backends;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Jacobian and Hessian matrices, and their products with vectors. */
class FunctionalTest {
  private static Tensor f64(double... values) {
    return Tensor.of(values);
  }

  /** (x₀x₁, x₁², sin x₂), whose Jacobian matrix is known. */
  private static Tensor curve(Tensor x) {
    Tensor a = x.slice(0, 0, 1);
    Tensor b = x.slice(0, 1, 2);
    return Tensor.concat(0, a.mul(b), b.square(), x.slice(0, 2, 3).sin());
  }

  private static double[] curveJacobian(double... x) {
    return new double[] {x[1], x[0], 0, 0, 2 * x[1], 0, 0, 0, Math.cos(x[2])};
  }

  /** x₀²x₁ + x₁³. */
  private static Tensor hill(Tensor x) {
    Tensor a = x.slice(0, 0, 1);
    Tensor b = x.slice(0, 1, 2);
    return a.square().mul(b).add(b.square().mul(b)).sum();
  }

  private static double[] hillHessian(double a, double b) {
    return new double[] {2 * b, 2 * a, 2 * a, 6 * b};
  }

  private static double[] product(double[] matrix, double... v) {
    double[] out = new double[matrix.length / v.length];
    for (int i = 0; i < matrix.length; i++) {
      out[i / v.length] += matrix[i] * v[i % v.length];
    }
    return out;
  }

  private static double[] transposed(int columns, double... matrix) {
    double[] out = new double[matrix.length];
    int rows = matrix.length / columns;
    for (int i = 0; i < matrix.length; i++) {
      out[i % columns * rows + i / columns] = matrix[i];
    }
    return out;
  }

  @Test
  void jacobianOfAKnownFunction() {
    Tensor x = f64(2, 3, 0.5);
    Tensor j = Functional.jacobian(FunctionalTest::curve, x);
    assertEquals(Shape.of(3, 3), j.shape());
    assertArrayEquals(curveJacobian(2, 3, 0.5), j.toDoubleArray(), 1e-12);
    assertFalse(j.requiresGrad());
    assertFalse(x.requiresGrad());
  }

  @Test
  void jacobianHasTheAxesOfBoth() {
    Tensor x = Numbers.signed(Backends.best(), 1, 2, 3);
    Tensor j = Functional.jacobian(t -> t.sum(0), x);
    assertEquals(Shape.of(3, 2, 3), j.shape());
    for (int i = 0; i < 18; i++) {
      assertEquals(i / 6 == i % 3 ? 1 : 0, j.toDoubleArray()[i]);
    }
    assertEquals(Shape.of(2, 3), Functional.jacobian(Tensor::sum, x).shape());
    assertEquals(Shape.of(0, 3, 2, 3), Functional.jacobian(t -> t.slice(0, 0, 0), x).shape());
    Tensor scalar = f64(3).reshape(new int[0]);
    assertEquals(6, Functional.jacobian(Tensor::square, scalar).item());
  }

  @Test
  void jacobiansOfSeveralArguments() {
    Tensor a = Numbers.signed(Backends.best(), 1, 2, 2);
    Tensor b = Numbers.signed(Backends.best(), 2, 2, 1);
    Tensor[] js = Functional.jacobians(in -> in[0].matmul(in[1]), a, b);
    assertEquals(Shape.of(2, 1, 2, 2), js[0].shape());
    assertEquals(Shape.of(2, 1, 2, 1), js[1].shape());
    double[] column = b.toDoubleArray();
    assertArrayEquals(
        new double[] {column[0], column[1], 0, 0, 0, 0, column[0], column[1]},
        js[0].toDoubleArray());
    assertArrayEquals(a.toDoubleArray(), js[1].toDoubleArray());
  }

  @Test
  void productsAreThoseOfTheMatrix() {
    Tensor x = f64(2, 3, 0.5);
    double[] v = {0.5, -1, 2};
    double[] j = curveJacobian(2, 3, 0.5);
    Tensor forward = Functional.jvp(FunctionalTest::curve, x, f64(v));
    assertArrayEquals(product(j, v), forward.toDoubleArray(), 1e-12);
    Tensor backward = Functional.vjp(FunctionalTest::curve, x, f64(v));
    assertArrayEquals(product(transposed(3, j), v), backward.toDoubleArray(), 1e-12);
    assertFalse(forward.requiresGrad() || backward.requiresGrad());
  }

  @Test
  void directionsAreDifferencesAlongThem() {
    Tensor x = Numbers.signed(Backends.best(), 1, 3, 2);
    Tensor w = Numbers.signed(Backends.best(), 2, 2, 4);
    Tensor dx = Numbers.signed(Backends.best(), 3, 3, 2);
    Tensor dw = Numbers.signed(Backends.best(), 4, 2, 4);
    Function<Tensor[], Tensor> layer = in -> in[0].matmul(in[1]).tanh().softmax(1);
    Tensor jvp = Functional.jvp(layer, new Tensor[] {x, w}, dx, dw);
    double h = 1e-5;
    Tensor up = layer.apply(new Tensor[] {x.add(dx.mul(h)), w.add(dw.mul(h))});
    Tensor down = layer.apply(new Tensor[] {x.sub(dx.mul(h)), w.sub(dw.mul(h))});
    assertArrayEquals(up.sub(down).div(2 * h).toDoubleArray(), jvp.toDoubleArray(), 1e-8);
    // ⟨v, J·d⟩ = ⟨vᵀ·J, d⟩
    Tensor v = Numbers.signed(Backends.best(), 5, 3, 4);
    Tensor[] vjp = Functional.vjp(layer, new Tensor[] {x, w}, v);
    double left = jvp.mul(v).sum().item();
    assertEquals(left, vjp[0].mul(dx).sum().add(vjp[1].mul(dw).sum()).item(), 1e-12);
  }

  @Test
  void hessianOfAKnownFunction() {
    Tensor x = f64(2, 3);
    Tensor h = Functional.hessian(FunctionalTest::hill, x);
    assertEquals(Shape.of(2, 2), h.shape());
    assertArrayEquals(hillHessian(2, 3), h.toDoubleArray(), 1e-12);
    Tensor hv = Functional.hessianVectorProduct(FunctionalTest::hill, x, f64(1, -2));
    assertArrayEquals(product(hillHessian(2, 3), 1, -2), hv.toDoubleArray(), 1e-12);
    assertFalse(h.requiresGrad() || hv.requiresGrad());
  }

  @Test
  void hessianVectorProductOfSeveralArguments() {
    // f = Σ a²b: the blocks of the Hessian matrix are 2b, 2a and 0.
    Tensor a = f64(1, 2);
    Tensor b = f64(3, 4);
    Tensor[] product =
        Functional.hessianVectorProduct(
            in -> in[0].square().mul(in[1]).sum(), new Tensor[] {a, b}, f64(1, 1), f64(0.5, 2));
    assertArrayEquals(new double[] {6 + 2 * 0.5, 8 + 4 * 2}, product[0].toDoubleArray(), 1e-12);
    assertArrayEquals(new double[] {2, 4}, product[1].toDoubleArray(), 1e-12);
  }

  @Test
  void whatDoesNotDependIsZero() {
    Tensor x = f64(1, 2);
    Tensor other = f64(5, 6, 7);
    assertArrayEquals(new double[6], Functional.jacobian(t -> other, x).toDoubleArray());
    assertArrayEquals(new double[3], Functional.jvp(t -> other, x, f64(1, 1)).toDoubleArray());
    assertArrayEquals(new double[2], Functional.vjp(t -> other, x, other).toDoubleArray());
    assertArrayEquals(new double[4], Functional.hessian(t -> t.mul(3).sum(), x).toDoubleArray());
    assertArrayEquals(
        new double[2], Functional.hessianVectorProduct(t -> t.mul(3).sum(), x, x).toDoubleArray());
    Tensor[] js = Functional.jacobians(in -> in[0].square(), x, other);
    assertArrayEquals(new double[] {2, 0, 0, 4}, js[0].toDoubleArray());
    assertArrayEquals(new double[6], js[1].toDoubleArray());
  }

  @Test
  void otherTensorsAreConstants() {
    Tensor x = f64(1, 2).requiresGrad(true);
    Tensor p = f64(3, 4).requiresGrad(true);
    try (Grad _ = Grad.off()) {
      Tensor j = Functional.jacobian(t -> t.mul(p).mul(x), x);
      assertArrayEquals(new double[] {3, 0, 0, 8}, j.toDoubleArray());
      assertFalse(j.requiresGrad());
    }
    assertNull(x.grad());
    assertNull(p.grad());
  }

  @Test
  void derivativesOfDerivatives() {
    Tensor x = f64(2, 3);
    Tensor v = f64(1, -2);
    Tensor nested = Functional.jacobian(t -> Functional.jacobian(FunctionalTest::hill, t), x);
    assertArrayEquals(hillHessian(2, 3), nested.toDoubleArray(), 1e-12);
    Tensor product =
        Functional.vjp(
            t -> Functional.vjp(s -> hill(s), t, Tensor.scalar(t.backend(), t.dtype(), 1)), x, v);
    assertArrayEquals(product(hillHessian(2, 3), 1, -2), product.toDoubleArray(), 1e-12);
    // The third derivative of x³ is 6.
    Tensor third =
        Functional.jacobian(t -> Functional.hessian(s -> s.square().mul(s).sum(), t), f64(5));
    assertEquals(6, third.item(), 1e-12);
    Tensor mixed = Functional.jacobian(t -> Functional.jvp(FunctionalTest::hill, t, v), x);
    assertArrayEquals(product(hillHessian(2, 3), 1, -2), mixed.toDoubleArray(), 1e-12);
    GradientCheck.of(in -> Functional.hessianVectorProduct(FunctionalTest::hill, in[0], v))
        .require(x);
  }

  @Test
  void derivativesInALoss() {
    Tensor x = f64(2).requiresGrad(true);
    Tensor slope = Functional.vjp(t -> t.square().mul(t), x, f64(1)); // 3x²
    slope.backward();
    assertEquals(12, x.grad().item());
  }

  @Test
  void wrongUse() {
    Tensor x = f64(1, 2);
    String shape =
        assertThrows(GradientException.class, () -> Functional.hessian(Tensor::square, x))
            .getMessage();
    assertTrue(shape.startsWith("hessian: ") && shape.contains("[2]"), shape);
    assertThrows(GradientException.class, () -> Functional.vjp(Tensor::square, x, f64(1, 2, 3)));
    String direction =
        assertThrows(GradientException.class, () -> Functional.jvp(Tensor::square, x, f64(1)))
            .getMessage();
    assertTrue(direction.contains("direction"), direction);
    assertThrows(
        GradientException.class, () -> Functional.jvp(in -> in[0], new Tensor[] {x}, x, x));
    assertThrows(
        GradientException.class,
        () ->
            Functional.hessianVectorProduct(Tensor::sum, x, x.cast(dev.lanewise.array.DType.F32)));
    assertThrows(DTypeException.class, () -> Functional.jacobian(t -> t, Tensor.of(new int[] {1})));
  }

  // The identities of an introduction to gradients.

  @Test
  void gradientOfTheMeanOfRoots() {
    Tensor a = Tensor.of(new float[] {3, 6}).requiresGrad(true);
    Tensor b = Tensor.of(new float[] {4, 8}).requiresGrad(true);
    Tensor c = a.square().add(b.square()).sqrt().mean(); // the mean of 5 and 10
    c.backward(true);
    assertEquals(7.5, c.item());
    assertArrayEquals(new float[] {0.3f, 0.3f}, a.grad().toFloatArray(), 1e-6f);
    assertArrayEquals(new float[] {0.4f, 0.4f}, b.grad().toFloatArray(), 1e-6f);
    c.backward(true);
    c.backward(true);
    assertArrayEquals(new float[] {0.9f, 0.9f}, a.grad().toFloatArray(), 1e-6f);
    a.grad().zero();
    c.backward();
    assertArrayEquals(new float[] {0.3f, 0.3f}, a.grad().toFloatArray(), 1e-6f);
    assertArrayEquals(new float[] {1.6f, 1.6f}, b.grad().toFloatArray(), 1e-6f);
  }

  @Test
  void backwardByTheIdentityAddsTheTransposedJacobian() {
    Tensor a = Tensor.of(new float[] {1, 2, 3, 4}, 2, 2).requiresGrad(true);
    Tensor eye = Tensor.of(new float[] {1, 0, 0, 1}, 2, 2);
    Tensor c = a.square().mul(a); // 3a² on the diagonal
    c.backward(eye);
    assertArrayEquals(new float[] {3, 0, 0, 48}, a.grad().toFloatArray());
    Tensor x = Tensor.of(new float[] {1, 2, 3, 4}, 2, 2).requiresGrad(true);
    Tensor w = Tensor.of(new float[] {5, 6, 7, 8}, 2, 2);
    w.matmul(x).backward(eye); // Jᵀ · v = wᵀ · 1
    assertArrayEquals(new float[] {5, 7, 6, 8}, x.grad().toFloatArray());
  }
}
