package dev.lanewise.nn.data;

import static dev.lanewise.nn.data.SyntheticPointsTest.assertIllegal;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.DType;
import dev.lanewise.array.DTypeException;
import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class ScalerTest {
  private static final float NAN = Float.NaN;
  private static final float[][] TABLE = {{1, 100, 5}, {2, NAN, 5}, {4, 300, 5}};

  /** The numbers that scikit-learn 1.9 gives for this table. */
  @Test
  void tablesAreScaledByColumnAsScikitLearnDoes() {
    FittedScaler standard = new StandardScaler().fit(TABLE);
    assertArrayEquals(new double[] {7 / 3.0, 200, 5}, standard.centers(), 1e-12);
    assertArrayEquals(new double[] {Math.sqrt(14) / 3, 100, 1}, standard.spreads(), 1e-12);
    float[][] scaled = standard.transform(TABLE);
    assertArrayEquals(new float[] {-1.0690449f, -1, 0}, scaled[0], 1e-6f);
    assertArrayEquals(new float[] {-0.26726124f, NAN, 0}, scaled[1], 1e-6f);
    assertArrayEquals(new float[] {1.3363062f, 1, 0}, scaled[2], 1e-6f);

    FittedScaler bounds = new MinMaxScaler(-1, 1).fit(TABLE);
    scaled = bounds.transform(TABLE);
    assertArrayEquals(new float[] {-1, -1, -1}, scaled[0]);
    assertArrayEquals(new float[] {-1 / 3f, NAN, -1}, scaled[1], 1e-6f);
    assertArrayEquals(new float[] {1, 1, -1}, scaled[2]);
    assertArrayEquals(new float[] {3, 0, 0}, bounds.transform(new float[][] {{7, 200, 5.5f}})[0]);
    for (int i = 0; i < 3; i++) {
      assertArrayEquals(TABLE[i], bounds.inverseTransform(scaled)[i], 1e-5f);
    }
    assertArrayEquals(new float[0][], bounds.transform(new float[0][]));
  }

  @Test
  void irisIsScaledAsScikitLearnDoes() {
    FittedScaler fitted = new StandardScaler().fit(Iris.load());
    double[] means = {5.84333333, 3.05733333, 3.758, 1.19933333};
    double[] deviations = {0.82530129, 0.43441097, 1.75940407, 0.75969263};
    assertArrayEquals(means, fitted.centers(), 1e-6);
    assertArrayEquals(deviations, fitted.spreads(), 1e-6);
  }

  @Property(tries = 200)
  void allWaysGiveTheSameAndLeadBack(
      @ForAll @Size(min = 2, max = 20) List<@FloatRange(min = -1000, max = 1000) Float> values) {
    int n = values.size() / 2;
    float[] all = new float[2 * n];
    float[][] rows = new float[n][2];
    for (int i = 0; i < 2 * n; i++) {
      all[i] = values.get(i);
      rows[i / 2][i % 2] = all[i];
    }
    LabeledDataset data = LabeledDataset.of(all, new int[] {2}, new int[n], List.of("a"));
    Tensor x = data.x();
    for (Scaler scaler :
        List.of(new StandardScaler(), new MinMaxScaler(), new MinMaxScaler(5, 9))) {
      FittedScaler fitted = scaler.fit(data);
      assertEquals(fitted.toString(), scaler.fit(rows).toString());
      assertEquals(fitted.toString(), scaler.fit(x).toString());
      assertEquals(fitted.toString(), scaler.fit(x.cast(DType.F64)).toString());
      float[] scaled = fitted.transform(data).features();
      assertArrayEquals(scaled, fitted.transform(x).toFloatArray());
      assertArrayEquals(scaled, Tensor.of(fitted.transform(rows)).toFloatArray());
      Tensor back = fitted.inverseTransform(fitted.transform(x));
      assertArrayEquals(all, back.toFloatArray(), 1e-3f);
      assertArrayEquals(
          back.toFloatArray(), fitted.inverseTransform(fitted.transform(data)).features());
      if (scaler instanceof MinMaxScaler(double low, double high)) {
        for (float value : scaled) {
          assertTrue(value >= low && value <= high, value + " for " + Arrays.toString(all));
        }
      }
    }
  }

  @Test
  void imagesAreScaledByChannelOrAltogether() {
    float[] pixels = {0, 1, 2, 3, 10, 20, 30, 40};
    Tensor twoChannels = Tensor.of(pixels, 1, 2, 1, 4);
    assertArrayEquals(
        new double[] {0, 1 / 3.0, 2 / 3.0, 1, 0, 1 / 3.0, 2 / 3.0, 1},
        new MinMaxScaler().fit(twoChannels).transform(twoChannels).toDoubleArray(),
        1e-7);
    LabeledDataset channels =
        LabeledDataset.of(pixels, new int[] {2, 2, 1}, new int[2], List.of("a"));
    assertThrows(IllegalArgumentException.class, () -> channels.reshape(2, 2, 2));
    // Sample 0 has the channels (0, 1) and (2, 3), sample 1 (10, 20) and (30, 40).
    assertArrayEquals(new double[] {7.75, 18.75}, new StandardScaler().fit(channels).centers());
    LabeledDataset gray = channels.reshape(2, 2);
    assertArrayEquals(new double[] {0}, new MinMaxScaler().fit(gray).centers());
    assertArrayEquals(new double[] {40}, new MinMaxScaler().fit(gray).spreads());
    assertArrayEquals(
        new double[] {10, 19, 28, 37}, new MinMaxScaler().fit(gray.flatten()).spreads());
    assertArrayEquals(new double[] {13.25}, new StandardScaler().fit(Tensor.of(pixels)).centers());
    // A larger image of as many channels fits.
    FittedScaler fitted = new MinMaxScaler(0, 2).fit(channels);
    Tensor larger = Tensor.full(Shape.of(1, 2, 1, 1), 20);
    assertArrayEquals(new float[] {2, 36 / 38f}, fitted.transform(larger).toFloatArray(), 1e-6f);
  }

  @Test
  void constantsAreNotDivided() {
    // 0.1 three times is more than 3 * 0.1 in double: the mean must not leave the numbers.
    Tensor constant = Tensor.of(new double[] {0.1, 0.1, 0.1}, 3, 1);
    FittedScaler standard = new StandardScaler().fit(constant);
    assertArrayEquals(new double[] {1}, standard.spreads());
    assertArrayEquals(new double[3], standard.transform(constant).toDoubleArray());
    assertArrayEquals(
        new double[] {0.1, 0.1, 0.1},
        standard.inverseTransform(Tensor.zerosLike(constant)).toDoubleArray());
    // Numbers that differ by less than rounding moves their mean are a constant as well.
    double big = 1e9;
    Tensor nearly = Tensor.of(new double[] {big, Math.nextUp(big), big, big}, 4, 1);
    assertArrayEquals(new double[] {1}, new StandardScaler().fit(nearly).spreads());
    assertArrayEquals(
        new float[] {-3, -3},
        new MinMaxScaler(-3, 4)
            .fit(new float[][] {{7}})
            .transform(Tensor.of(new float[][] {{7}, {7}}))
            .toFloatArray());
  }

  @Test
  void smallAndLargeNumbersAreScaledWhole() {
    Tensor years = Tensor.of(new float[][] {{2000}, {2001}, {2002}});
    assertArrayEquals(
        new float[] {-1.2247449f, 0, 1.2247449f},
        new StandardScaler().fit(years).transform(years).toFloatArray(),
        1e-7f);
    Tensor tiny = Tensor.of(new double[] {1e-20, 2e-20}, 2, 1);
    assertArrayEquals(
        new double[] {0, 1}, new MinMaxScaler().fit(tiny).transform(tiny).toDoubleArray());
    Tensor huge = Tensor.of(new double[] {-1e308, 1e308}, 2, 1);
    assertIllegal(
        "fit: the numbers of feature 0, from -1.0E308 to 1.0E308, are too far apart",
        () -> new MinMaxScaler().fit(huge));
    assertIllegal(
        "fit: the numbers of feature 0, from -1.0E308 to 1.0E308, are too far apart",
        () -> new StandardScaler().fit(huge));
  }

  @Test
  void gradientsFlow() {
    Tensor x = Tensor.of(new float[][] {{1, 5}, {3, 9}}).requiresGrad(true);
    new MinMaxScaler().fit(x).transform(x).sum().backward();
    assertArrayEquals(new float[] {0.5f, 0.25f, 0.5f, 0.25f}, x.grad().toFloatArray());
  }

  @Test
  void partsAreScaledByTheNumbersOfTheTrainPart() {
    LabeledDataset train =
        LabeledDataset.of(new float[] {2, 4}, new int[] {1}, new int[2], List.of("a"));
    LabeledDataset other =
        LabeledDataset.of(new float[] {3, 8}, new int[] {1}, new int[2], List.of("a"));
    TrainTestSplit two = new TrainTestSplit(train, other).scaled(new MinMaxScaler());
    assertArrayEquals(new float[] {0, 1}, two.train().features());
    assertArrayEquals(new float[] {0.5f, 3}, two.test().features());
    var three = new TrainValidationTestSplit(train, other, train).scaled(new StandardScaler());
    assertArrayEquals(new float[] {-1, 1}, three.train().features());
    assertArrayEquals(new float[] {0, 5}, three.validation().features());
    assertArrayEquals(new float[] {-1, 1}, three.test().features());
    assertArrayEquals(new float[] {2, 4}, train.features());
  }

  @Test
  void wrongDataAreNamed() {
    assertIllegal(
        "MinMaxScaler: the bounds must be a number and one above it, not 1.0 and 1.0",
        () -> new MinMaxScaler(1, 1));
    Scaler scaler = new StandardScaler();
    assertIllegal(
        "fit: feature 1 of sample 1 is Infinity; there must be numbers, or NaN where one is"
            + " missing",
        () -> scaler.fit(new float[][] {{1, 2}, {3, Float.POSITIVE_INFINITY}}));
    assertIllegal(
        "fit: feature 0 has no number in any sample, only NaN; leave it out or fill it in",
        () -> scaler.fit(new float[][] {{NAN, 2}, {NAN, 3}}));
    assertThrows(ShapeException.class, () -> scaler.fit(new float[0][]));
    assertThrows(ShapeException.class, () -> scaler.fit(new float[][] {{1}, {1, 2}}));
    assertThrows(ShapeException.class, () -> scaler.fit(Tensor.scalar(1)));
    var type = assertThrows(DTypeException.class, () -> scaler.fit(Tensor.of(new int[] {1, 2})));
    assertEquals("fit: features must be f32 or f64, not i32", type.getMessage());

    FittedScaler fitted = scaler.fit(new float[][] {{1, 2}, {3, 4}});
    String wrong = "transform: the scaler was fitted to samples [2], which these, [3], do not fit";
    assertShape(wrong, () -> fitted.transform(Tensor.ones(4, 3)));
    assertShape(wrong, () -> fitted.transform(new float[][] {{1, 2}, {1, 2, 3}}));
    assertShape(
        "inverseTransform: the scaler was fitted to samples [2], which these, [4], do not fit",
        () -> fitted.inverseTransform(Iris.load()));
    assertShape(
        "transform: the scaler was fitted to samples [2], which these, [2, 1], do not fit",
        () -> fitted.transform(Tensor.ones(4, 2, 1)));
    assertShape(
        "transform: samples must be [n, …], not a scalar",
        () -> fitted.transform(Tensor.scalar(1)));
    assertThrows(DTypeException.class, () -> fitted.transform(Tensor.of(new int[][] {{1, 2}})));
  }

  private static void assertShape(String message, Executable action) {
    assertEquals(message, assertThrows(ShapeException.class, action).getMessage());
  }
}
