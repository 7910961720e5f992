package dev.lanewise.autodiff;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.DType;
import dev.lanewise.array.Shape;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The search for the first NaN. */
class AnomalyTest {
  private static Tensor leaf(float... values) {
    return Tensor.of(values).requiresGrad(true);
  }

  /** 0 · √x: at 0 the slope is 0 · ∞. */
  private static Tensor flat(Tensor x) {
    return x.sqrt().mul(0).sum();
  }

  private static boolean names(Throwable place, String method) {
    return Arrays.stream(place.getStackTrace()).anyMatch(f -> f.getMethodName().equals(method));
  }

  @Test
  void theFirstGradientWithNaNIsNamed() {
    Tensor x = leaf(4, 0, 9);
    try (Grad _ = Grad.detectAnomaly()) {
      Tensor loss = flat(x.mul(1));
      GradientException e = assertThrows(GradientException.class, loss::backward);
      String text = e.getMessage();
      assertTrue(text.contains("'sqrt' by its input 0, of shape [3]"), text);
      assertTrue(text.contains("1 NaN among 3 numbers"), text);
      assertTrue(names(e.getCause(), "flat"));
    }
    assertNull(x.grad());
    flat(x).backward(); // nobody looks
    assertTrue(Float.isNaN(x.grad().toFloatArray()[1]));
  }

  @Test
  void theInputIsNumbered() {
    Tensor x = leaf(1, 1);
    Tensor y = leaf(2, 0);
    try (Grad _ = Grad.detectAnomaly()) {
      // By the factor 0 it is 0 · 1 / 0 by x; by y it would be NaN as well, but later.
      Tensor loss = x.div(y).mul(Tensor.of(new float[] {1, 0})).sum();
      String text = assertThrows(GradientException.class, loss::backward).getMessage();
      assertTrue(text.contains("'div' by its input 0, of shape [2]"), text);
      Tensor other = x.detach().div(y).mul(Tensor.of(new float[] {1, 0})).sum();
      String byDivisor = assertThrows(GradientException.class, other::backward).getMessage();
      assertTrue(byDivisor.contains("'div' by its input 1, of shape [2]"), byDivisor);
    }
  }

  @Test
  void whatWasRecordedBeforeHasNoPlace() {
    Tensor loss = flat(leaf(0));
    try (Grad _ = Grad.detectAnomaly()) {
      GradientException e = assertThrows(GradientException.class, loss::backward);
      assertNull(e.getCause());
      assertTrue(e.getMessage().contains("inside of Grad.detectAnomaly()"), e.getMessage());
    }
  }

  @Test
  void aSeedWithNaNIsNoOperationsFault() {
    Tensor x = leaf(1, 2);
    Tensor y = x.square();
    try (Grad _ = Grad.detectAnomaly()) {
      String text =
          assertThrows(
                  GradientException.class, () -> y.backward(Tensor.of(new float[] {Float.NaN, 1})))
              .getMessage();
      assertTrue(text.contains("starts from"), text);
    }
  }

  @Test
  void resultsAreSearchedOnDemand() {
    Tensor x = leaf(1, -1);
    try (Grad _ = Grad.detectAnomaly()) {
      assertNotNull(x.log().node);
    }
    try (Grad _ = Grad.detectAnomaly(true)) {
      String text = assertThrows(GradientException.class, x::log).getMessage();
      assertEquals("log: the result of shape [2] has 1 NaN among 2 numbers", text);
      Tensor infinite = leaf(0).log(); // an infinity is a number
      assertEquals(Float.NEGATIVE_INFINITY, infinite.item());
      Tensor row = x.reshape(1, 2);
      Tensor unknown = Tensor.full(Shape.of(2, 2), Double.NaN);
      assertThrows(GradientException.class, () -> row.affine(unknown, leaf(0, 0)));
      Tensor y = x.mul(1);
      assertThrows(GradientException.class, () -> y.divInPlace(Tensor.zeros(2)).subInPlace(y));
      try (Grad _ = Grad.off()) {
        assertFalse(x.log().requiresGrad()); // not recorded
      }
    }
    assertTrue(x.log().requiresGrad());
  }

  @Test
  void otherTypesAndHealthyGradients() {
    Tensor x = leaf(1, 4);
    try (Grad _ = Grad.detectAnomaly(true)) {
      x.cast(DType.BF16).cast(DType.F64).sqrt().sum().backward();
    }
    assertEquals(0.25, x.grad().toFloatArray()[1]);
  }

  @Test
  void stretchesNest() {
    Tensor x = leaf(-1);
    try (Grad _ = Grad.detectAnomaly(true)) {
      try (Grad _ = Grad.detectAnomaly()) {
        assertTrue(Double.isNaN(x.log().item()));
      }
      assertThrows(GradientException.class, x::log);
      try (Grad _ = Grad.off()) {
        try (Grad _ = Grad.on()) {
          assertThrows(GradientException.class, x::log);
        }
      }
    }
    assertTrue(Double.isNaN(x.log().item()));
  }

  @Test
  void changesTellTheirPlacesToo() {
    Tensor x = leaf(1, 2);
    try (Grad _ = Grad.detectAnomaly()) {
      Tensor y = x.mul(1);
      Tensor loss = squared(y);
      written(y);
      GradientException e = assertThrows(GradientException.class, loss::backward);
      assertTrue(names(e.getCause(), "squared"));
      assertTrue(names(e.getSuppressed()[0], "written"));
    }
  }

  private static Tensor squared(Tensor y) {
    return y.square().sum();
  }

  private static void written(Tensor y) {
    y.addInPlace(1);
  }
}
