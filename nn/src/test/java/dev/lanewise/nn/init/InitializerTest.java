package dev.lanewise.nn.init;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import dev.lanewise.autodiff.Generator;
import dev.lanewise.kernel.Backends;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class InitializerTest {
  private static final Fans FANS = new Fans(30, 20);

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

  @Test
  void spreadsAreThoseOfThePapers() {
    double none = Double.POSITIVE_INFINITY;
    assertSpread(2.0 / 50, Math.sqrt(6.0 / 50) + 1e-7, draw(Initializer.glorotUniform()));
    assertSpread(2.0 / 30, Math.sqrt(6.0 / 30) + 1e-7, draw(Initializer.heUniform()));
    assertSpread(2.0 / 30, none, draw(Initializer.heNormal()));
    assertSpread(0.25, none, draw(Initializer.normal(0.5)));
    assertSpread(4.0 / 3, 2 + 1e-6, draw(Initializer.uniform(2)));
  }

  @Test
  void constants() {
    assertTrue(Arrays.stream(draw(Initializer.zeros())).allMatch(v -> v == 0));
    assertTrue(Arrays.stream(draw(Initializer.constant(-1.5))).allMatch(v -> v == -1.5));
  }

  @Test
  void theGeneratorDecides() {
    Initializer initializer = Initializer.glorotUniform();
    Generator generator = new Generator(3);
    double[] first = draw(initializer, generator);
    double[] second = draw(initializer, generator);
    assertArrayEquals(first, draw(initializer));
    assertTrue(first[0] != second[0]);
  }

  @Test
  void names() {
    assertArrayEquals(draw(Initializer.heNormal()), draw(Initializer.named("he_normal")));
    assertArrayEquals(draw(Initializer.heUniform()), draw(Initializer.named("heUniform")));
    assertArrayEquals(draw(Initializer.glorotUniform()), draw(Initializer.named("glorot_uniform")));
    assertArrayEquals(draw(Initializer.zeros()), draw(Initializer.named("zeros")));
    assertEquals(
        "initializer: there is no 'glorot'; names are glorot_uniform, he_normal, he_uniform, zeros",
        assertThrows(IllegalArgumentException.class, () -> Initializer.named("glorot"))
            .getMessage());
  }
}
