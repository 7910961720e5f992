package dev.lanewise.nn.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.nn.config.Config;
import dev.lanewise.nn.init.Initializer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Regularizers, constraints and layers as texts and configs, and made again. */
class SettingsTextTest {
  @Test
  void regularizersAreMadeOfTheirTexts() {
    for (Regularizer each :
        List.of(Regularizer.l1(1e-3), Regularizer.l2(0.5), Regularizer.l1l2(1e-10, 3))) {
      assertEquals(each, Regularizer.named(each.toString()));
    }
    assertEquals(Regularizer.l1l2(0.5, 2), Regularizer.named(" L1_L2 (l1=0.5,l2 = 2) "));
    assertEquals(Regularizer.l2(0.01), Regularizer.named("l2"));
  }

  @Test
  void constraintsAreMadeOfTheirTexts() {
    for (Constraint each :
        List.of(
            Constraint.nonNegative(),
            Constraint.maxNorm(3, 0),
            Constraint.minMaxNorm(0.5, 1e3, 1, 2, 3),
            Constraint.unitNorm(-1))) {
      assertEquals(each, Constraint.named(each.toString()));
    }
    assertEquals(Constraint.maxNorm(2, 0), Constraint.named("max_norm"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "l1l2(l1=0.5)",
        "l1l2(l1=0.5, l2=1, l3=2)",
        "l1l2(l1=0.5, l1=1)",
        "l1l2(l1=a, l2=1)",
        "l1l2(l1=-1, l2=1)",
        "l1l2(0.5, 1)",
        "l2(factor=3)",
        "l1l2(l1=0.5, l2=1",
        "l1l2()",
        ""
      })
  void wrongTextsAreRefused(String text) {
    var e = assertThrows(IllegalArgumentException.class, () -> Regularizer.named(text));
    assertTrue(e.getMessage().startsWith("regularizer: "), e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "minMaxNorm(min=0, max=1, axes=[])",
        "minMaxNorm(min=0, max=1, axes=[a])",
        "minMaxNorm(min=0, max=1, axes=1)",
        "minMaxNorm(min=2, max=1, axes=[0])"
      })
  void wrongListsAreRefused(String text) {
    var e = assertThrows(IllegalArgumentException.class, () -> Constraint.named(text));
    assertTrue(e.getMessage().startsWith("constraint: "), e.getMessage());
  }

  @Test
  void aConfigHasWhatAllLayersHave() {
    Layer dense =
        new Dense(3, "relu")
            .kernelRegularizer(Regularizer.l2(0.25))
            .biasConstraint(Constraint.nonNegative())
            .useBias(true)
            .named("first")
            .activityRegularizer(Regularizer.l1(0.5));

    Config config = LayerTypes.configOf(dense);
    Layer again = LayerTypes.standard().make(config);

    assertEquals(config.asMap(), LayerTypes.configOf(again).asMap());
    assertEquals("first", again.name());
    assertEquals("l1l2(l1=0.0, l2=0.25)", config.text("kernelRegularizer"));
    assertEquals("l1l2(l1=0.5, l2=0.0)", config.text("activityRegularizer"));
    // The layer's own config is as it was.
    assertEquals(false, dense.config().has("name"));
  }

  @Test
  void anInitializerOfOnesOwnBecomesTheUsualOne() {
    Config config =
        new Dense(3).kernelInitializer((w, f, g) -> Initializer.zeros().fill(w, f, g)).config();

    assertEquals("glorotUniform", config.text("kernelInitializer"));
  }

  @Test
  void aRegularizerOfOnesOwnHasNoText() {
    Dense dense = new Dense(3).kernelRegularizer(x -> x.sum());

    var e = assertThrows(UnsupportedOperationException.class, dense::config);
    assertTrue(
        e.getMessage().startsWith("config of Dense: 'kernelRegularizer' is a ")
            && e.getMessage().endsWith("choose a built-in one, or save weights alone"),
        e.getMessage());
  }
}
