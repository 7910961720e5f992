package dev.lanewise.nn.init;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Generator;
import dev.lanewise.kernel.Backends;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class InitializerTest {
  private static final Fans FANS = new Fans(30, 20);
  private static final double SQRT5 = Math.sqrt(5);

  private static double[] draw(Initializer initializer, Generator generator) {
    NdArray out = Backends.best().uninitialized(DType.F32, Shape.of(200, 200));
    initializer.fill(out, FANS, generator);
    return out.toDoubleArray();
  }

  private static double[] draw(Initializer initializer) {
    return draw(initializer, new Generator(3));
  }

  private static double variance(double[] values) {
    double mean = Arrays.stream(values).average().orElseThrow();
    return Arrays.stream(values).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
  }

  /** 40,000 numbers: the mean strays by σ/200, the variance by at most 1/140 of itself; 5 sigma. */
  private static void assertSpread(double variance, double limit, double[] values) {
    assertEquals(0, Arrays.stream(values).average().orElseThrow(), 5 * Math.sqrt(variance) / 200);
    assertEquals(variance, variance(values), 5 * variance / 140);
    assertTrue(Arrays.stream(values).allMatch(v -> Math.abs(v) <= limit));
  }

  /** Two of the standard deviations that have a variance after the tails are cut off. */
  private static double cut(double variance) {
    return 2 * Math.sqrt(variance) / 0.8796256610342398 + 1e-6;
  }

  @Test
  void spreadsAreThoseOfThePapers() {
    double none = Double.POSITIVE_INFINITY;
    assertSpread(2.0 / 50, Math.sqrt(6.0 / 50) + 1e-7, draw(Initializer.glorotUniform()));
    assertSpread(2.0 / 30, Math.sqrt(6.0 / 30) + 1e-7, draw(Initializer.heUniform()));
    assertSpread(1.0 / 30, Math.sqrt(3.0 / 30) + 1e-7, draw(Initializer.lecunUniform()));
    assertSpread(1.0 / 90, Math.sqrt(1.0 / 30) + 1e-7, draw(Initializer.kaimingUniform(SQRT5)));
    assertSpread(2.0 / 50, cut(2.0 / 50), draw(Initializer.glorotNormal()));
    assertSpread(2.0 / 30, cut(2.0 / 30), draw(Initializer.heNormal()));
    assertSpread(1.0 / 30, cut(1.0 / 30), draw(Initializer.lecunNormal()));
    assertSpread(3.0 / 20, none, draw(Initializer.varianceScaling(3, FanMode.OUT, Spread.NORMAL)));
    assertSpread(0.25, none, draw(Initializer.normal(0.5)));
    assertSpread(4.0 / 3, 2 + 1e-6, draw(Initializer.uniform(2)));
  }

  @Test
  void meansMayBeElsewhere() {
    double[] normal = draw(Initializer.normal(3, 0.5));
    assertEquals(3, Arrays.stream(normal).average().orElseThrow(), 5 * 0.5 / 200);
    double[] even = draw(Initializer.uniform(2, 6));
    assertEquals(4, Arrays.stream(even).average().orElseThrow(), 5 * 1.16 / 200);
    assertTrue(Arrays.stream(even).allMatch(v -> v >= 2 && v <= 6));
  }

  @Test
  void aTruncatedBellCurveIsOneBetweenItsEnds() {
    double[] values = draw(Initializer.truncatedNormal(1, 2));
    assertTrue(Arrays.stream(values).allMatch(v -> Math.abs(v - 1) <= 4 + 1e-5));
    // Shares of the bell curve within 1/2, 1 and 3/2 standard deviations, of that within 2.
    double[] shares = {0.3829249, 0.6826895, 0.8663856};
    for (int i = 0; i < shares.length; i++) {
      double bound = i + 1;
      double found = Arrays.stream(values).filter(v -> Math.abs(v - 1) < bound).count() / 40_000.0;
      assertEquals(shares[i] / 0.9544997, found, 5 * 0.5 / 200);
    }
    double std = 2 * 0.8796256610342398;
    assertEquals(1, Arrays.stream(values).average().orElseThrow(), 5 * std / 200);
    assertEquals(std * std, variance(values), 5 * std * std / 140);
  }

  @Test
  void weightsWithoutInputsStillGetNumbers() {
    NdArray out = Backends.best().uninitialized(DType.F64, Shape.of(3));
    Initializer.glorotUniform().fill(out, new Fans(0, 0), new Generator(1));
    assertTrue(Arrays.stream(out.toDoubleArray()).allMatch(v -> Math.abs(v) <= Math.sqrt(3)));
  }

  @Test
  void orthogonalRowsOrColumns() {
    for (int[] dims : new int[][] {{5, 5}, {4, 7}, {7, 4}, {6, 2, 2, 3}, {1, 1}, {0, 3}}) {
      NdArray out = Backends.best().uninitialized(DType.F64, Shape.of(dims));
      Initializer.orthogonal(3).fill(out, FANS, new Generator(8));
      double[] values = out.toDoubleArray();
      int rows = dims[0];
      int columns = rows == 0 ? 3 : values.length / rows;
      boolean byRow = rows <= columns;
      for (int i = 0; i < Math.min(rows, columns); i++) {
        for (int j = 0; j <= i; j++) {
          double product = 0;
          for (int k = 0; k < Math.max(rows, columns); k++) {
            product +=
                byRow
                    ? values[i * columns + k] * values[j * columns + k]
                    : values[k * columns + i] * values[k * columns + j];
          }
          assertEquals(i == j ? 9 : 0, product, 1e-12);
        }
      }
    }
  }

  /** The first number of an orthogonal matrix of n rows has the variance 1/n and either sign. */
  @Test
  void orthogonalMatricesFavourNoDirection() {
    Generator generator = new Generator(2);
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < 2000; i++) {
      NdArray out = Backends.best().uninitialized(DType.F32, Shape.of(4, 4));
      Initializer.orthogonal(1).fill(out, FANS, generator);
      double last = out.toDoubleArray()[15];
      sum += last;
      squares += last * last;
    }
    assertEquals(0, sum / 2000, 5 * 0.5 / Math.sqrt(2000));
    assertEquals(0.25, squares / 2000, 5 * 0.36 / Math.sqrt(2000));
  }

  @Test
  void identityMayBeOblong() {
    NdArray out = Backends.best().uninitialized(DType.F32, Shape.of(2, 3));
    Initializer.named("identity(gain=2)").fill(out, FANS, new Generator(1));
    assertArrayEquals(new float[] {2, 0, 0, 0, 2, 0}, out.toFloatArray());
  }

  @Test
  void shapesMustFit() {
    NdArray vector = Backends.best().uninitialized(DType.F32, Shape.of(3));
    assertEquals(
        "orthogonal: the weight must have at least 2 axes, rows and columns, not [3]",
        assertThrows(
                ShapeException.class,
                () -> Initializer.orthogonal(1).fill(vector, FANS, new Generator(1)))
            .getMessage());
    assertThrows(
        ShapeException.class, () -> Initializer.identity().fill(vector, FANS, new Generator(1)));
  }

  @Test
  void constants() {
    assertTrue(Arrays.stream(draw(Initializer.ones())).allMatch(v -> v == 1));
    assertTrue(Arrays.stream(draw(Initializer.zeros())).allMatch(v -> v == 0));
    assertTrue(Arrays.stream(draw(Initializer.constant(-1.5))).allMatch(v -> v == -1.5));
  }

  @Test
  void theGeneratorDecides() {
    for (String name : List.of("glorot_uniform", "random_normal", "he_normal", "orthogonal")) {
      Initializer initializer = Initializer.named(name);
      Generator generator = new Generator(3);
      double[] first = draw(initializer, generator);
      double[] second = draw(initializer, generator);
      assertArrayEquals(first, draw(initializer));
      assertTrue(first[0] != second[0], name);
    }
  }

  @Test
  void everyBuiltInOneIsItsOwnText() {
    String[] texts = {
      "zeros",
      "ones",
      "constant(value=0.5)",
      "normal(mean=1.0, std=0.5)",
      "truncatedNormal(mean=0.0, std=0.25)",
      "uniform(low=-2.0, high=3.0)",
      "glorotUniform",
      "glorotNormal",
      "heUniform",
      "heNormal",
      "lecunUniform",
      "lecunNormal",
      "varianceScaling(scale=3.0, mode=OUT, spread=NORMAL)",
      "orthogonal(gain=2.0)",
      "identity(gain=1.0)"
    };
    Initializer[] initializers = {
      Initializer.zeros(),
      Initializer.ones(),
      Initializer.constant(0.5),
      Initializer.normal(1, 0.5),
      Initializer.truncatedNormal(0, 0.25),
      Initializer.uniform(-2, 3),
      Initializer.glorotUniform(),
      Initializer.glorotNormal(),
      Initializer.heUniform(),
      Initializer.heNormal(),
      Initializer.lecunUniform(),
      Initializer.lecunNormal(),
      Initializer.varianceScaling(3, FanMode.OUT, Spread.NORMAL),
      Initializer.orthogonal(2),
      Initializer.identity()
    };
    for (int i = 0; i < texts.length; i++) {
      assertEquals(texts[i], initializers[i].toString());
      assertEquals(initializers[i], Initializer.named(texts[i]));
    }
    Initializer kaiming = Initializer.kaimingUniform(Math.sqrt(5));
    assertEquals(kaiming, Initializer.named(kaiming.toString()));
  }

  @Test
  void names() {
    assertEquals(Initializer.heNormal(), Initializer.named("he_normal"));
    assertEquals(Initializer.heUniform(), Initializer.named("HeUniform"));
    assertEquals(Initializer.normal(0.05), Initializer.named("random_normal"));
    assertEquals(Initializer.uniform(0.05), Initializer.named("random_uniform"));
    assertEquals(Initializer.truncatedNormal(0, 0.05), Initializer.named("truncated_normal"));
    assertEquals(Initializer.lecunNormal(), Initializer.named("variance_scaling"));
    assertEquals(Initializer.orthogonal(1), Initializer.named("orthogonal"));
    assertEquals(Initializer.identity(), Initializer.named("identity"));
    assertEquals(Initializer.constant(1), Initializer.named("ones"));
    refused(
        "initializer: there is no 'glorot'; names are glorot_uniform, glorot_normal, he_uniform,"
            + " he_normal, lecun_uniform, lecun_normal, variance_scaling, random_normal,"
            + " random_uniform, truncated_normal, orthogonal, identity, zeros, ones, and with"
            + " settings constant(value=0.5), normal(mean=0, std=1), uniform(low=-1, high=1)",
        () -> Initializer.named("glorot"));
  }

  @Test
  void settingsInTextAreChecked() {
    refused(
        "initializer: in 'normal(std=1)', settings must be mean, std",
        () -> Initializer.named("normal(std=1)"));
    refused(
        "initializer: in 'constant(value=x)', value must be a number, not 'x'",
        () -> Initializer.named("constant(value=x)"));
    refused(
        "initializer: in 'constant(0.5)', '0.5' is not one setting with its value, name=value",
        () -> Initializer.named("constant(0.5)"));
    refused(
        "initializer: in 'varianceScaling(scale=1, mode=in, spread=even)', spread must be one of"
            + " [UNIFORM, NORMAL, TRUNCATED_NORMAL], not 'even'",
        () -> Initializer.named("varianceScaling(scale=1, mode=in, spread=even)"));
    assertThrows(IllegalArgumentException.class, () -> Initializer.named("constant("));
    assertThrows(IllegalArgumentException.class, () -> Initializer.named("heNormal(gain=1)"));
    refused("normal: std must be a number of at least 0, not -1.0", () -> Initializer.normal(-1));
    refused("uniform: low must not be above high, not 1.0 and -1.0", () -> Initializer.uniform(-1));
    refused(
        "uniform: high must be a number, not Infinity",
        () -> Initializer.uniform(0, Double.POSITIVE_INFINITY));
    assertThrows(
        IllegalArgumentException.class,
        () -> Initializer.varianceScaling(0, FanMode.IN, Spread.NORMAL));
    assertThrows(IllegalArgumentException.class, () -> Initializer.orthogonal(Double.NaN));
  }

  private static void refused(String text, Executable call) {
    assertEquals(text, assertThrows(IllegalArgumentException.class, call).getMessage());
  }
}
