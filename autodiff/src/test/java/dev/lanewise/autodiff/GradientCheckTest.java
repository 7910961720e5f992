package dev.lanewise.autodiff;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.DTypeException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The check must find what is wrong: all other gradient tests rest on it. */
class GradientCheckTest {
  private static final Tensor X = Tensor.of(new double[] {0.5, -1.5, 2, 3}, 2, 2);

  /** x², with a gradient of the caller's. */
  private static Tensor square(Tensor x, Gradient gradient) {
    return Node.record("square", x.detach().square(), gradient, x);
  }

  @Test
  void rightGradientsPass() {
    GradientCheck check = GradientCheck.of(in -> square(in[0], (_, _, up) -> up.mul(in[0]).mul(2)));
    GradientCheck.Report report = check.check(X);
    assertTrue(report.passed());
    assertEquals(4, report.checked());
    assertEquals("gradient check: 0 of 4 elements differ", report.toString());
    check.require(X);
    check.ofGradient().require(X);
  }

  @Test
  void wrongGradientsAreReported() {
    GradientCheck check = GradientCheck.of(in -> square(in[0], (_, _, up) -> up.mul(in[0])));
    GradientCheck.Report report = check.check(X);
    assertFalse(report.passed());
    assertEquals(4, report.mismatches().size());
    GradientCheck.Mismatch third = report.mismatches().get(2);
    assertEquals(0, third.input());
    assertEquals(List.of(1, 0), third.index());
    assertEquals(third.numeric(), 2 * third.analytic(), 1e-8);
    GradientException e = assertThrows(GradientException.class, () -> check.require(X));
    assertTrue(e.getMessage().contains("input 0 at [1, 0]: the gradient is "), e.getMessage());
  }

  @Test
  void oneWrongElementIsFound() {
    Tensor wrong = Tensor.of(new double[] {2, 2, 2, 2.001}, 2, 2);
    GradientCheck check =
        GradientCheck.of(in -> square(in[0], (_, _, up) -> up.mul(in[0]).mul(wrong)));
    assertEquals(1, check.check(X).mismatches().size());
    assertTrue(check.withTolerance(1e-2).check(X).passed());
  }

  @Test
  void missingAndUndefinedGradientsAreFound() {
    assertEquals(4, GradientCheck.of(in -> in[0].detach().square()).check(X).mismatches().size());
    GradientCheck nan = GradientCheck.of(in -> square(in[0], (_, _, up) -> up.mul(Double.NaN)));
    assertEquals(4, nan.check(X).mismatches().size());
  }

  @Test
  void gradientsThatCanNotBeDifferentiatedAreFound() {
    GradientCheck check =
        GradientCheck.of(in -> square(in[0], (_, _, up) -> up.mul(in[0].detach()).mul(2)));
    check.require(X);
    assertFalse(check.ofGradient().check(X).passed());
  }

  @Test
  void errorsThatCancelInASumAreFound() {
    // Exchanged elements: with equal weights their sum would be right.
    GradientCheck check =
        GradientCheck.of(in -> square(in[0], (_, _, up) -> up.transpose().mul(in[0]).mul(2)));
    assertFalse(check.check(X).passed());
  }

  @Test
  void longReportsAreCut() {
    Tensor many = Tensor.of(new double[20]);
    String text = GradientCheck.of(in -> in[0].detach().exp()).check(many).toString();
    assertTrue(text.contains("20 of 20"), text);
    assertTrue(text.endsWith("and 10 more"), text);
  }

  @Test
  void integersPassThroughAndSinglesAreRefused() {
    Tensor labels = Tensor.of(new int[] {0, 1});
    GradientCheck.of(in -> in[0].crossEntropy(in[1])).require(X, labels);
    DTypeException e =
        assertThrows(
            DTypeException.class, () -> GradientCheck.of(in -> in[0].exp()).check(Tensor.ones(2)));
    assertTrue(e.getMessage().contains("input 0 is f32"), e.getMessage());
  }

  @Test
  void stepCanBeChosen() {
    GradientCheck check = GradientCheck.of(in -> in[0].exp());
    assertFalse(check.withStep(0.1).check(X).passed());
    assertTrue(check.withStep(1e-4).check(X).passed());
  }
}
