package dev.lanewise.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Grad;
import dev.lanewise.autodiff.Gradients;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.init.Fans;
import dev.lanewise.nn.init.Initializer;
import dev.lanewise.nn.layer.Constraint;
import dev.lanewise.nn.layer.Conv2D;
import dev.lanewise.nn.layer.Dense;
import dev.lanewise.nn.layer.Input;
import dev.lanewise.nn.layer.Layer;
import dev.lanewise.nn.layer.Regularizer;
import dev.lanewise.nn.layer.Weight;
import dev.lanewise.nn.loss.MeanSquaredError;
import dev.lanewise.nn.optim.Adam;
import dev.lanewise.nn.optim.Optimizer;
import dev.lanewise.nn.optim.SGD;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Models that compute as they like; what is frozen; penalties and bounds of weights. */
class ModelSubclassTest {
  private static final FitOptions ONE = FitOptions.epochs(1).verbose(0);

  private static Dense ones(int units) {
    return new Dense(units).kernelInitializer(Initializer.constant(1));
  }

  private static List<String> names(Model model) {
    return model.weights().stream().map(Weight::name).toList();
  }

  private static float[] values(Weight weight) {
    return weight.value().toFloatArray();
  }

  /** Layers inside, a model among them, and weights of its own. */
  private static final class Scaled extends Model {
    private final Layer hidden = addLayer(ones(3));
    private final Sequential head = addLayer(Sequential.of(ones(2), ones(1)).named("head"));
    private Tensor factor;

    @Override
    protected void createWeights(Shape input) {
      factor = addWeight("factor", input, Initializer.constant(2), new Fans(1, 1));
    }

    @Override
    protected Tensor call(Tensor x, boolean training) {
      return head.apply(hidden.apply(x.mul(factor), training), training);
    }
  }

  @Test
  void layersAndWeightsOfItsOwnLearnTogether() {
    Scaled model = new Scaled();
    assertEquals(Shape.of(1), model.outputShape(Shape.of(2)));
    assertTrue(model.weights().isEmpty()); // those of the trace are gone
    Tensor x = Tensor.of(new float[] {1, 2}, 1, 2);
    assertArrayEquals(new float[] {36}, model.predict(x).toFloatArray());
    assertEquals(
        List.of(
            "factor",
            "dense/kernel",
            "dense/bias",
            "head/dense/kernel",
            "head/dense/bias",
            "head/dense_1/kernel",
            "head/dense_1/bias"),
        names(model));
    model.compile(new SGD(1e-3), new MeanSquaredError());
    model.trainOnBatch(x, Tensor.of(new float[] {35}, 1, 1));
    // The slope is 2 · (36 − 35) · x · 6.
    assertArrayEquals(
        new float[] {2 - 0.012f, 2 - 0.024f}, values(model.weights().getFirst()), 1e-6f);
    assertTrue(
        model.summary().contains(" head (Sequential)           (None, 1)                 11"));
    assertEquals(Shape.of(5, 1), model.predict(Tensor.ones(5, 2)).shape());
  }

  @Test
  void errorsNameTheInnerLayer() {
    Scaled model = new Scaled();
    model.build(2);
    assertEquals(
        "mul: shapes [1, 3] and [2] do not broadcast: axis -1 has 3 and 2 elements; extents must be"
            + " equal, or one of them 1",
        assertThrows(ShapeException.class, () -> model.predict(Tensor.ones(1, 3))).getMessage());
    Model images =
        new Model() {
          private final Layer conv = addLayer(new Conv2D(1, 3).named("edges"));

          @Override
          protected Tensor call(Tensor x, boolean training) {
            return conv.apply(x, training);
          }
        };
    assertEquals(
        "Conv2D 'edges': input must be images, [n, c, h, w], not [n, 8, 8]; put new Reshape(1, 8,"
            + " 8) before it",
        assertThrows(ShapeException.class, () -> images.build(8, 8)).getMessage());
    assertFalse(images.isBuilt());
    images.build(1, 8, 8); // nothing is left of the first attempt
    Model sum =
        new Model() {
          @Override
          protected Tensor call(Tensor x, boolean training) {
            return x.sum();
          }
        };
    assertEquals(
        "Model 'model': must give as many samples as it takes, [n, ...], but of one it made []",
        assertThrows(ShapeException.class, () -> sum.build(3)).getMessage());
  }

  /** Two inputs and two outputs, computed freely. */
  private static final class Pair extends Model {
    private final Layer left = addLayer(ones(1));
    private final Layer right = addLayer(ones(1));

    @Override
    protected List<Tensor> callAll(List<Tensor> inputs, boolean training) {
      Tensor a = left.apply(inputs.getFirst(), training);
      Tensor b = right.apply(inputs.getLast(), training);
      return List.of(a.add(b), a.sub(b));
    }

    @Override
    protected Tensor call(Tensor x, boolean training) {
      return callAll(List.of(x, x), training).getFirst();
    }
  }

  @Test
  void severalInputsAndOutputs() {
    Pair model = new Pair();
    assertEquals(
        List.of(Shape.of(1), Shape.of(1)), model.outputShapes(List.of(Shape.of(2), Shape.of(3))));
    model.compile(new SGD(0.01), Head.of("mse"), Head.of("mse").weight(2));
    Examples examples =
        Examples.of(
            List.of(Tensor.ones(4, 2), Tensor.ones(4, 3)),
            List.of(Tensor.zeros(4, 1), Tensor.zeros(4, 1)));
    History history = model.fit(examples, ONE);
    assertEquals(List.of("loss", "output_0_loss", "output_1_loss"), List.copyOf(history.names()));
    assertEquals(25 + 2 * 1, history.last("loss"), 1e-5);
    assertEquals(2, model.predict(examples, 3).size());
  }

  /** A layer that makes samples of what comes in, and puts them together again. */
  @Test
  void layersInsideMaySeeOtherBatches() {
    Model model =
        new Model() {
          private final Layer each = addLayer(ones(2));

          @Override
          protected Tensor call(Tensor x, boolean training) {
            int n = x.shape().dim(0);
            return each.apply(x.reshape(n * 3, 4), training).reshape(n, 6);
          }
        };
    assertEquals(Shape.of(6), model.outputShape(Shape.of(3, 4)));
    float[] expected = new float[12];
    Arrays.fill(expected, 4);
    assertArrayEquals(expected, model.predict(Tensor.ones(2, 3, 4)).toFloatArray());
  }

  @Test
  void whatIsFrozenStays() {
    Dense first = ones(2);
    Sequential inner = Sequential.of(first).named("inner");
    inner.trainable(false); // before there are weights
    Sequential model = Sequential.of(inner, ones(1));
    model.compile(new Adam(0.1), new MeanSquaredError());
    model.fit(Tensor.ones(4, 2), Tensor.zeros(4, 1), ONE);
    assertFalse(first.isTrainable());
    assertEquals(
        List.of(false, false, true, true),
        model.weights().stream().map(Weight::isTrainable).toList());
    assertArrayEquals(new float[] {1, 1, 1, 1}, values(model.weights().getFirst()));
    assertTrue(values(model.weights().get(2))[0] < 1);
    assertTrue(model.summary().contains("Non-trainable params: 6 (24.00 B)"));

    inner.trainable(true);
    float last = values(model.weights().get(2))[0];
    assertThrows(
        IllegalStateException.class,
        () -> model.fit(Tensor.ones(4, 2), Tensor.zeros(4, 1), ONE)); // Adam knows two weights
    model.compile(new Adam(0.1), new MeanSquaredError());
    model.layers().getLast().trainable(false); // after there are weights
    model.fit(Tensor.ones(4, 2), Tensor.zeros(4, 1), ONE);
    assertTrue(values(model.weights().getFirst())[0] < 1);
    assertEquals(last, values(model.weights().get(2))[0]);

    model.trainable(false);
    model.compile("sgd", "mse");
    assertEquals(
        "fit: the model has no weights to train; call trainable(true)",
        assertThrows(
                IllegalStateException.class,
                () -> model.fit(Tensor.ones(4, 2), Tensor.zeros(4, 1), ONE))
            .getMessage());
  }

  @Test
  void layersThatAreAddedToWhatIsFrozenAreFrozen() {
    Sequential model = new Sequential();
    model.trainable(false);
    Dense late = new Dense(1);
    model.add(late);
    assertFalse(late.isTrainable());
  }

  @Test
  void penaltiesAreAddedToTheLoss() {
    Dense dense =
        new Dense(1)
            .kernelInitializer(Initializer.constant(-2))
            .biasInitializer(Initializer.constant(3))
            .kernelRegularizer(Regularizer.l1(0.1))
            .biasRegularizer(Regularizer.l2(0.01));
    dense.activityRegularizer(Regularizer.l1l2(0.5, 0.25));
    Sequential model = Sequential.of(dense);
    model.compile(new SGD(0.1), new MeanSquaredError());
    Tensor x = Tensor.of(new float[] {1, 0, 0, 1}, 2, 2);
    Tensor y = Tensor.of(new float[] {1, 1}, 2, 1);
    // Outputs are −2 + 3 = 1, and right. Kernel 0.1 · 4, bias 0.01 · 9, outputs (2 · 0.5 + 2 ·
    // 0.25) / 2.
    double penalty = 0.4 + 0.09 + 0.75;
    assertEquals(penalty, model.evaluate(x, y).loss(), 1e-6);
    assertEquals(penalty, model.trainOnBatch(x, y).loss(), 1e-6);
    // By the outputs: (0.5 + 0.5 · 1) / 2 each. So by the kernel −0.1 + 0.5, by the bias 0.06 + 1.
    assertArrayEquals(new float[] {-2.04f, -2.04f}, values(model.weights().get(0)), 1e-6f);
    assertEquals(3 - 0.106, values(model.weights().get(1))[0], 1e-6);
    dense.trainable(false);
    assertEquals(1, afterApplying(model, x).size()); // weights that stay have no penalty
  }

  private static List<Tensor> afterApplying(Model model, Tensor x) {
    model.apply(x, false);
    return model.penalties();
  }

  @Test
  void penaltiesInALoopOfOnesOwn() {
    Dense dense = ones(1).kernelRegularizer("l2");
    dense.activityRegularizer(Regularizer.l2(1));
    Sequential model = Sequential.of(dense).build(2);
    model.predict(Tensor.ones(3, 2));
    assertEquals(1, model.penalties().size()); // nothing is left of the prediction
    Optimizer sgd = new SGD(0.1).over(model.weights());
    Tensor x = Tensor.ones(1, 2);
    List<Tensor> penalties = afterApplying(model, x);
    assertEquals(List.of(0.02, 4.0), penalties.stream().map(p -> round(p.item())).toList());
    Tensor loss = model.apply(x, true).sum();
    for (Tensor penalty : model.penalties()) {
      loss = loss.add(penalty);
    }
    assertEquals(2 + 0.02 + 4, loss.item(), 1e-6);
    loss.backward();
    sgd.step();
    assertEquals(1 - 0.1 * (1 + 0.02 + 4), values(model.weights().getFirst())[0], 1e-6);
    assertEquals(1, model.penalties().size());
  }

  private static double round(double x) {
    return Math.round(x * 1e5) / 1e5;
  }

  /** A model that adds what it likes to the loss, though not where only shapes are asked for. */
  @Test
  void penaltiesOfOnesOwn() {
    Model model =
        new Model() {
          private final Layer dense = addLayer(ones(1));

          @Override
          protected Tensor call(Tensor x, boolean training) {
            Tensor y = dense.apply(x, training);
            addPenalty(y.sum());
            return y;
          }
        };
    model.build(2);
    assertTrue(model.penalties().isEmpty());
    model.compile(new SGD(0.1), new MeanSquaredError());
    assertEquals(4, model.evaluate(Tensor.ones(2, 2), Tensor.full(Shape.of(2, 1), 2)).loss(), 1e-6);
  }

  @Test
  void boundsHoldAfterEachStep() {
    Dense dense =
        new Dense(3)
            .kernelConstraint(Constraint.maxNorm(0.5, 0))
            .biasConstraint(Constraint.nonNegative());
    Sequential model = Sequential.of(dense).seed(1);
    model.compile(new SGD(1), new MeanSquaredError());
    Tensor x = Tensor.of(new float[] {1, -2, 3, 0.5f}, 2, 2);
    for (int step = 0; step < 5; step++) {
      model.trainOnBatch(x, Tensor.full(Shape.of(2, 3), step % 2 == 0 ? 10 : -10));
      float[] kernel = values(model.weights().get(0));
      for (int unit = 0; unit < 3; unit++) {
        double norm = Math.hypot(kernel[unit], kernel[3 + unit]);
        assertTrue(norm < 0.5 + 1e-6, "" + norm);
        if (step == 0) {
          assertEquals(0.5, norm, 1e-5); // it would be far above
        }
      }
      for (float bias : values(model.weights().get(1))) {
        assertTrue(bias >= 0);
      }
    }
  }

  @Test
  void oneSeedGivesTheSameBits() {
    float[][] runs = new float[2][];
    for (int run = 0; run < 2; run++) {
      Model model =
          new Model() {
            private final Layer one = addLayer(new Dense(4, "tanh"));
            private final Layer two = addLayer(new Dense(1));

            @Override
            protected Tensor call(Tensor x, boolean training) {
              return two.apply(one.apply(x, training), training);
            }
          };
      model.seed(5);
      model.compile(new Adam(), new MeanSquaredError());
      model.fit(
          Tensor.ones(9, 2), Tensor.zeros(9, 1), FitOptions.epochs(2).batchSize(4).verbose(0));
      runs[run] = model.predict(Tensor.ones(1, 2)).toFloatArray();
      // The layers inside get the same numbers as those of a Sequential.
      Sequential same = Sequential.of(new Dense(4, "tanh"), new Dense(1)).seed(5).build(2);
      assertEquals(
          List.of("dense/kernel", "dense/bias", "dense_1/kernel", "dense_1/bias"), names(same));
      assertEquals(names(same), names(model));
    }
    assertArrayEquals(runs[0], runs[1]);
  }

  @Test
  void aModelIsAFunctionWithGradients() {
    Scaled model = new Scaled();
    model.build(2);
    Tensor x = Tensor.of(new float[] {1, 2}, 1, 2).requiresGrad(true);
    assertArrayEquals(
        new float[] {12, 12}, Gradients.of(model.apply(x, false).sum(), x)[0].toFloatArray());
    try (Grad _ = Grad.off()) {
      assertFalse(model.apply(x, false).requiresGrad());
    }
    assertEquals(List.of(Shape.of(2)), model.builtInputs());
    assertThrows(UnsupportedOperationException.class, model::config);
    assertEquals(List.of(Shape.of(2)), Sequential.of(new Input(2), model).build().builtInputs());
  }

  /** A layer in a field alone would be used, and neither trained nor saved. */
  private static final class Forgetful extends Model {
    private final Dense known = addLayer(new Dense(4));
    private final Dense forgotten = new Dense(3);

    @Override
    protected Tensor call(Tensor x, boolean training) {
      return forgotten.apply(known.apply(x, training), training);
    }
  }

  @Test
  void aLayerThatWasNotTakenInIsRefused() {
    assertEquals(
        "Forgetful 'forgetful': calls Dense 'dense', which is none of its layers; take it in by"
            + " addLayer(layer), so that it is trained and saved",
        assertThrows(IllegalStateException.class, () -> new Forgetful().build(2)).getMessage());
  }
}
