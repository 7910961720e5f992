package dev.lanewise.nn.data;

import static dev.lanewise.nn.data.SyntheticPointsTest.assertIllegal;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class SyntheticRegressionTest {
  /** A file that scikit-learn 1.9 has made with these settings: 5 features, 2 targets. */
  @Test
  void theNumbersAreThoseOfScikitLearn() throws IOException {
    RegressionData data =
        SyntheticRegression.of(20, 5)
            .withInformative(3)
            .withTargets(2)
            .withBias(7)
            .withNoise(2)
            .draw(8);
    double[][] rows = SyntheticPointsTest.numbers("regression.csv");
    float[][] x = data.x().toFloatMatrix();
    float[][] y = data.y().toFloatMatrix();
    assertEquals(rows.length, data.size());
    for (int i = 0; i < rows.length; i++) {
      for (int j = 0; j < 7; j++) {
        double found = j < 5 ? x[i][j] : y[i][j - 5];
        assertEquals(rows[i][j], found, 1e-6 * Math.max(1, Math.abs(rows[i][j])), "row " + i);
      }
    }
    double[] coefficients = {
      0, 0, 3.28658109, 42.80219015, 63.7840862, 88.29061404, 0, 0, 87.78930733, 47.65070795
    };
    assertArrayEquals(coefficients, data.coefficients().toDoubleArray(), 1e-5);
    assertEquals(7, data.bias());
  }

  @Test
  void withoutNoiseTheRuleHoldsAndNoNoiseIsDrawn() {
    RegressionData data = SyntheticRegression.of(10, 2).draw(0);
    // scikit-learn's first row, which noise of 0 must not shift.
    assertArrayEquals(new double[] {2.2408932, 0.97873798}, data.x().at(0).toDoubleArray(), 1e-6);
    assertEquals(225.720745924, data.y().at(0, 0).item(), 1e-4);
    Tensor error = data.x().matmul(data.coefficients()).sub(data.y());
    assertEquals(0, error.abs().max().item(), 1e-4);
    assertEquals("[10, 2] -> [10, 1]", data.toString());
  }

  @Test
  void leastSquaresFindTheCoefficients() {
    RegressionData data =
        SyntheticRegression.of(5000, 2).withInformative(1).withBias(-3).withNoise(1).draw(2);
    double[][] x = data.x().toDoubleMatrix();
    double[] y = data.y().toDoubleArray();
    double xx = 0;
    double xz = 0;
    double zz = 0;
    double xy = 0;
    double zy = 0;
    for (int i = 0; i < y.length; i++) {
      xx += x[i][0] * x[i][0];
      xz += x[i][0] * x[i][1];
      zz += x[i][1] * x[i][1];
      xy += x[i][0] * (y[i] + 3);
      zy += x[i][1] * (y[i] + 3);
    }
    double det = xx * zz - xz * xz;
    double[] expected = data.coefficients().toDoubleArray();
    // The standard error is 1/sqrt(5000), and the tolerance more than 5 of it.
    assertEquals(expected[0], (xy * zz - zy * xz) / det, 0.08);
    assertEquals(expected[1], (zy * xx - xy * xz) / det, 0.08);
    assertEquals(1, data.coefficients().ne(0).cast(data.x().dtype()).sum().item());
  }

  /**
   * np.random.seed(13); x = np.linspace(0, 3, 120); y = 2 * x + 0.9 + 0.5 * np.random.randn(120).
   */
  @Test
  void aLineIsThatOfNumpy() {
    RegressionData data = SyntheticLine.of(2, 0.9).withPoints(120, 0, 3).withNoise(0.5).draw(13);
    double[] first = {0.54380467, 1.32730336, 0.9785888, 1.27716667, 1.77423153};
    assertArrayEquals(first, data.y().slice(0, 0, 5).toDoubleArray(), 1e-6);
    double[] x = data.x().toDoubleArray();
    assertEquals(120, x.length);
    assertEquals(0, x[0]);
    assertEquals(3.0 * 50 / 119, x[50], 1e-6);
    assertEquals(3, x[119]);
    assertEquals(2, data.coefficients().item());
  }

  @Test
  void aLineOfOnePoint() {
    RegressionData data = SyntheticLine.of(2, 1).withPoints(1, 3, 9).draw(0);
    assertEquals(3, data.x().item());
    assertEquals(7, data.y().item());
  }

  @Test
  void wrongSettingsAreNamed() {
    SyntheticRegression settings = SyntheticRegression.of(10, 3);
    assertIllegal(
        "SyntheticRegression: needs at least 1 samples and 1 feature, in one Java array, not 0 and"
            + " 1",
        () -> SyntheticRegression.of(0, 1));
    assertIllegal(
        "SyntheticRegression: there must be 0 to 3 informative features, not 4",
        () -> settings.withInformative(4));
    assertIllegal(
        "SyntheticRegression: there must be at least 1 target, of all samples in one Java array,"
            + " not 0",
        () -> settings.withTargets(0));
    assertIllegal(
        "SyntheticRegression: the bias must be a number, not Infinity",
        () -> settings.withBias(Double.POSITIVE_INFINITY));
    assertIllegal(
        "SyntheticRegression: the deviation of the noise must be a number of at least 0, not -1.0",
        () -> settings.withNoise(-1));
    assertIllegal(
        "SyntheticLine: slope and intercept must be finite numbers, not NaN and 0.0",
        () -> SyntheticLine.of(Double.NaN, 0));
    assertIllegal(
        "SyntheticLine: needs at least 1 samples and 1 feature, in one Java array, not 0 and 1",
        () -> SyntheticLine.of(1, 0).withPoints(0, 0, 1));
    assertIllegal(
        "SyntheticLine: bounds must be finite numbers, not 0.0 and Infinity",
        () -> SyntheticLine.of(1, 0).withPoints(2, 0, Double.POSITIVE_INFINITY));
    Tensor x = Tensor.zeros(3, 2);
    var error =
        assertThrows(ShapeException.class, () -> new RegressionData(x, Tensor.zeros(3), x, 0));
    assertEquals(
        "RegressionData: x must be [n, features], y [n, targets] and the coefficients"
            + " [features, targets], not [3, 2], [3] and [3, 2]",
        error.getMessage());
  }
}
