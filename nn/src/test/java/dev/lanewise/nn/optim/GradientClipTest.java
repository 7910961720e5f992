package dev.lanewise.nn.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.DType;
import dev.lanewise.array.DTypeException;
import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.GradientException;
import dev.lanewise.autodiff.Gradients;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.Backends;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Clipping in place. */
class GradientClipTest {

  @Test
  void byNorm() {
    for (DType dtype : new DType[] {DType.F32, DType.F64}) {
      Tensor a = Tensor.of(new double[] {1, -2, 2, 0}, 2, 2).cast(dtype);
      Tensor b = Tensor.of(new double[] {4}).cast(dtype);
      Tensor norm = GradientClip.byNorm(2.5, a, null, b);
      assertEquals(Shape.SCALAR, norm.shape());
      assertEquals(dtype, norm.dtype());
      assertEquals(5, norm.item());
      assertArrayEquals(new double[] {0.5, -1, 1, 0}, a.toDoubleArray());
      assertArrayEquals(new double[] {2}, b.toDoubleArray());
    }
  }

  @Test
  void shortOnesKeepTheirBits() {
    Tensor a = Tensor.of(new float[] {0.1f, -0.7f});
    GradientClip.byNorm(0.75, a);
    assertArrayEquals(new float[] {0.1f, -0.7f}, a.toFloatArray());
    Tensor zero = Tensor.zeros(3);
    assertEquals(0, GradientClip.byNorm(1e-30, zero).item());
    assertArrayEquals(new float[3], zero.toFloatArray());
  }

  @Test
  void aNormThatIsNoNumberMakesAllNaN() {
    double[] wrong = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY};
    for (double value : wrong) {
      Tensor a = Tensor.of(new double[] {1, 2});
      Tensor b = Tensor.of(new double[] {value});
      double norm = GradientClip.byNorm(1, a, b).item();
      assertEquals(Math.abs(value), norm);
      assertTrue(Arrays.stream(a.toDoubleArray()).allMatch(Double::isNaN), () -> "" + a);
      assertTrue(Double.isNaN(b.item()));
    }
    Tensor large = Tensor.of(new float[] {2e19f});
    assertEquals(Double.POSITIVE_INFINITY, GradientClip.byNorm(1, large).item());
  }

  @Test
  void byValue() {
    double inf = Double.POSITIVE_INFINITY;
    Tensor a = Tensor.of(new double[] {-3, -0.5, -0.0, 0.25, 7, inf, -inf, Double.NaN});
    Tensor b = Tensor.of(new double[] {1});
    GradientClip.byValue(0.5, a, null, b);
    assertArrayEquals(
        new double[] {-0.5, -0.5, -0.0, 0.25, 0.5, 0.5, -0.5, Double.NaN}, a.toDoubleArray());
    assertArrayEquals(new double[] {0.5}, b.toDoubleArray());
  }

  @Test
  void viewsAndEmptyOnes() {
    Tensor base = Tensor.of(new float[] {3, 1, 4, 1}, 2, 2);
    Tensor column = Tensor.of(base.data().slice(1, 0, 1));
    assertEquals(5, GradientClip.byNorm(1, column, Tensor.zeros(0, 3)).item());
    assertArrayEquals(new float[] {0.6f, 1, 0.8f, 1}, base.toFloatArray(), 1e-7f);
    GradientClip.byValue(0.75, column, Tensor.zeros(0, 3));
    assertArrayEquals(new float[] {0.6f, 1, 0.75f, 1}, base.toFloatArray(), 1e-7f);
  }

  @Test
  void oneThatIsGivenTwiceIsScaledOnce() {
    Tensor a = Tensor.of(new float[] {3});
    Tensor b = Tensor.of(a.data());
    assertEquals(Math.sqrt(18), GradientClip.byNorm(Math.sqrt(4.5), a, b).item(), 1e-6);
    assertEquals(1.5, a.item(), 1e-6);
  }

  @Test
  void gradientsOfTensors() {
    Tensor w = Tensor.of(new float[] {3, 4}).requiresGrad(true);
    w.square().sum().backward();
    assertEquals(10, GradientClip.byNorm(1, w.grad()).item(), 1e-6);
    assertArrayEquals(new float[] {0.6f, 0.8f}, w.grad().toFloatArray(), 1e-7f);
    Tensor[] gradients = Gradients.of(w.square().sum(), w);
    GradientClip.byValue(7, gradients);
    assertArrayEquals(new float[] {6, 7}, gradients[0].toFloatArray());
  }

  @Test
  void whatCanNotBeClippedIsRefusedBeforeAnythingChanges() {
    Tensor fits = Tensor.of(new float[] {3, 4});
    Tensor stretched = Tensor.of(new float[] {1}).broadcastTo(Shape.of(2));
    assertTrue(
        assertThrows(ShapeException.class, () -> GradientClip.byNorm(1, fits, stretched))
            .getMessage()
            .startsWith("GradientClip.byNorm: gradient 1 is a broadcast view"));
    assertEquals(
        "GradientClip.byValue: gradients must be all f32 or all f64; gradient 1 is f64, the first"
            + " f32",
        assertThrows(
                DTypeException.class,
                () -> GradientClip.byValue(1, fits, Tensor.of(new double[] {3})))
            .getMessage());
    assertThrows(DTypeException.class, () -> GradientClip.byNorm(1, Tensor.of(new int[] {1, 2})));
    assertEquals(
        "GradientClip.byNorm: gradients 0 and 2 share a part of their memory; copy one",
        assertThrows(
                IllegalArgumentException.class,
                () -> GradientClip.byNorm(1, fits, null, Tensor.of(fits.data().slice(0, 1, 2))))
            .getMessage());
    Tensor elsewhere = fits.to(Backends.named("reference"));
    assertThrows(IllegalArgumentException.class, () -> GradientClip.byNorm(1, fits, elsewhere));
    Tensor x = Tensor.scalar(2).requiresGrad(true);
    Tensor recorded = Gradients.of(x.square().mul(x), new Tensor[] {x}, true)[0];
    assertThrows(GradientException.class, () -> GradientClip.byNorm(1, recorded));
    assertArrayEquals(new float[] {3, 4}, fits.toFloatArray());
  }

  @Test
  void boundsAreChecked() {
    Tensor a = Tensor.ones(1);
    for (double bound : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThrows(IllegalArgumentException.class, () -> GradientClip.byNorm(bound, a));
      assertThrows(IllegalArgumentException.class, () -> GradientClip.byValue(bound, a));
    }
    assertThrows(IllegalArgumentException.class, () -> GradientClip.byNorm(1));
    assertThrows(IllegalArgumentException.class, () -> GradientClip.byValue(1, (Tensor) null));
  }
}
