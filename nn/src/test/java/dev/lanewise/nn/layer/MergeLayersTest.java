package dev.lanewise.nn.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lanewise.array.DType;
import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Generator;
import dev.lanewise.autodiff.GradientCheck;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.Backends;
import dev.lanewise.kernel.Distribution;
import dev.lanewise.nn.config.Config;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Layers of several inputs, functions as layers, and the configs of all layers of both kinds. */
class MergeLayersTest {
  private static BuildContext f64() {
    return new BuildContext(Backends.best(), DType.F64, new Generator(5));
  }

  private static Tensor random(long seed, int... dims) {
    return Tensor.random(
        Backends.best(), DType.F64, Distribution.NORMAL, new Generator(seed), Shape.of(dims));
  }

  private static Tensor merged(MultiInputLayer layer, Tensor... inputs) {
    if (!layer.isBuilt()) {
      layer.build(Arrays.stream(inputs).map(layer::sampleOf).toList(), f64());
    }
    return layer.apply(List.of(inputs), false).getFirst();
  }

  private static String refusal(Executable wrong) {
    return assertThrows(ShapeException.class, wrong).getMessage();
  }

  private static void assertMerged(MultiInputLayer layer, double[] expected, Tensor... inputs) {
    assertArrayEquals(expected, merged(layer, inputs).toDoubleArray());
  }

  @Test
  void numberByNumber() {
    Tensor a = Tensor.of(new double[] {1, 5}, 1, 2);
    Tensor b = Tensor.of(new double[] {4, 2}, 1, 2);
    Tensor c = Tensor.of(new double[] {1, -1}, 1, 2);
    assertMerged(new Add(), new double[] {6, 6}, a, b, c);
    assertMerged(new Subtract(), new double[] {-3, 3}, a, b);
    assertMerged(new Multiply(), new double[] {4, -10}, a, b, c);
    assertMerged(new Average(), new double[] {2, 2}, a, b, c);
    assertMerged(new Maximum(), new double[] {4, 5}, a, b, c);
    assertMerged(new Minimum(), new double[] {1, -1}, a, b, c);
    assertMerged(new Concatenate(), new double[] {1, 5, 4, 2, 1, -1}, a, b, c);
  }

  /** Two samples of two numbers, and of three rows of two: [n, 2] must not meet [n, 3, 2] at n. */
  @Test
  void samplesMeetSamples() {
    Tensor rows = Tensor.of(new double[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, 2, 3, 2);
    Tensor one = Tensor.of(new double[] {100, 200, 300, 400}, 2, 2);
    double[] expected = {101, 202, 103, 204, 105, 206, 307, 408, 309, 410, 311, 412};
    assertMerged(new Add(), expected, rows, one);
    assertMerged(new Add(), expected, one, rows);
    assertEquals(Shape.of(3, 2), new Add().outputShape(List.of(Shape.of(2), Shape.of(3, 2))));
    Tensor column = Tensor.of(new double[] {10, 20, 30, 40, 50, 60}, 2, 3, 1);
    assertMerged(
        new Multiply(),
        new double[] {10, 20, 60, 80, 150, 180, 280, 320, 450, 500, 660, 720},
        rows,
        column);
    Tensor scalars = Tensor.of(new double[] {1, 2}, 2);
    assertMerged(new Add(), new double[] {101, 201, 302, 402}, one, scalars);
  }

  @Test
  void joinedAlongAnAxis() {
    Tensor a = random(1, 2, 3, 4);
    Tensor b = random(2, 2, 5, 4);
    assertArrayEquals(
        Tensor.concat(1, a, b).toDoubleArray(), merged(new Concatenate(1), a, b).toDoubleArray());
    assertEquals(
        Shape.of(8, 4), new Concatenate(-2).outputShape(List.of(Shape.of(3, 4), Shape.of(5, 4))));
  }

  @Test
  void productsOfVectors() {
    Tensor a = Tensor.of(new double[] {1, 2, 3, 4}, 2, 2);
    Tensor b = Tensor.of(new double[] {5, 6, 7, 8}, 2, 2);
    Tensor one = merged(new Dot(1), a, b);
    assertEquals(Shape.of(2, 1), one.shape());
    assertArrayEquals(new double[] {17, 53}, one.toDoubleArray());
    double cosine = 17 / Math.sqrt(5 * 61);
    assertEquals(cosine, merged(new Dot(-1).normalize(true), a, b).toDoubleArray()[0], 1e-12);
    assertMerged(new Dot(1).normalize(true), new double[] {0, 0}, a.mul(0), b);

    Tensor x = random(1, 2, 3, 4);
    Tensor y = random(2, 2, 4, 5);
    assertArrayEquals(
        x.matmul(y).toDoubleArray(), merged(new Dot(2, 1), x, y).toDoubleArray(), 1e-14);
    assertEquals(
        Shape.of(3, 5), new Dot(2, 1).outputShape(List.of(Shape.of(3, 4), Shape.of(4, 5))));
    // Along the first axis of samples of three axes: what is left comes in its order.
    Tensor deep = random(3, 1, 2, 3, 2);
    Tensor flat = random(4, 1, 2);
    Tensor product = merged(new Dot(1), deep, flat);
    assertEquals(Shape.of(1, 3, 2), product.shape());
    double[] d = deep.toDoubleArray();
    double[] f = flat.toDoubleArray();
    for (int i = 0; i < 6; i++) {
      assertEquals(d[i] * f[0] + d[6 + i] * f[1], product.toDoubleArray()[i], 1e-14);
    }
  }

  @Test
  void gradients() {
    MultiInputLayer[] layers = {
      new Add(),
      new Subtract(),
      new Multiply(),
      new Average(),
      new Maximum(),
      new Minimum(),
      new Concatenate(),
      new Dot(1),
      new Dot(1).normalize(true)
    };
    for (MultiInputLayer layer : layers) {
      layer.build(List.of(Shape.of(3), Shape.of(3)), f64());
      GradientCheck.of(in -> layer.apply(List.of(in), true).getFirst())
          .require(random(1, 2, 3), random(2, 2, 3));
    }
  }

  @Test
  void shapesThatDoNotFit() {
    List<Shape> differ = List.of(Shape.of(3), Shape.of(4));
    assertEquals(
        "Add 'add': samples must have one shape, or stretch to one, not [[n, 3], [n, 4]]",
        refusal(() -> new Add().outputShape(differ)));
    assertEquals(
        "Maximum 'maximum': takes two inputs or more, not 1",
        refusal(() -> new Maximum().outputShape(Shape.of(3))));
    assertEquals(
        "Subtract 'subtract': takes two inputs, not 3",
        refusal(() -> new Subtract().outputShape(List.of(Shape.of(1), Shape.of(1), Shape.of(1)))));
    assertEquals(
        "Concatenate 'concatenate': samples must have one shape, but along axis 1, not [[n, 3, 4],"
            + " [n, 5, 6]]",
        refusal(() -> new Concatenate(1).outputShape(List.of(Shape.of(3, 4), Shape.of(5, 6)))));
    assertEquals(
        "Concatenate 'concatenate': samples must have the axis 2, not be [[n, 3], [n, 4]]",
        refusal(() -> new Concatenate(2).outputShape(differ)));
    assertEquals(
        "Dot 'dot': vectors must be of one length, not 3 and 4 (inputs [n, 3] and [n, 4], axes 1"
            + " and 1)",
        refusal(() -> new Dot(1).outputShape(differ)));
    assertThrows(ShapeException.class, () -> new Dot(2).outputShape(differ));
    assertThrows(ShapeException.class, () -> new Dot(1).outputShape(Shape.of(3)));
    assertThrows(IllegalArgumentException.class, () -> new Dot(0));
    assertThrows(IllegalArgumentException.class, () -> new Concatenate(0));
    Dense dense = new Dense(1);
    assertEquals(
        "Dense 'dense': takes one input, not 2; join them by Concatenate",
        refusal(() -> dense.outputShapes(differ)));
  }

  @Test
  void aFunctionIsALayer() {
    Lambda layer = new Lambda(x -> x.square().sum(true, 1).add(1));
    assertEquals(Shape.of(1), layer.outputShape(Shape.of(3)));
    layer.build(Shape.of(3), f64());
    assertArrayEquals(
        new double[] {15, 1},
        layer.apply(Tensor.of(new double[] {1, 2, 3, 0, 0, 0}, 2, 3), false).toDoubleArray());
    assertEquals(
        "Lambda 'lambda': must give as many samples as it takes, [n, ...], but of one it made []",
        refusal(() -> new Lambda(x -> x.sum()).outputShape(Shape.of(3))));
    assertThrows(
        ShapeException.class, () -> new Lambda(x -> x.squeeze(0)).outputShape(Shape.of(3)));
    assertThrows(ShapeException.class, () -> new Lambda(x -> x.mean()).build(Shape.of(3), f64()));
    assertEquals(
        "Lambda 'lambda': a function can not be saved; write a class that extends Layer and"
            + " overrides config(), or save weights alone",
        assertThrows(UnsupportedOperationException.class, layer::config).getMessage());
    assertThrows(NullPointerException.class, () -> new Lambda(null));
    LayerGradients.check(new Lambda(x -> x.tanh().mul(x)), 2, 3);
    IdentityLayer same = new IdentityLayer();
    same.build(Shape.of(3), f64());
    Tensor x = random(1, 2, 3);
    assertArrayEquals(x.toDoubleArray(), same.apply(x, true).toDoubleArray());
  }

  /** Each with settings that nobody has by default. */
  private static List<Layer> all() {
    return List.of(
        new Add(),
        new Average(),
        new Bidirectional(new LSTM(3).returnSequences(true).unitForgetBias(false), "ave"),
        new Concatenate(2),
        new Dot(1, -1).normalize(true),
        new DotProductAttention().scaled(true).causal(true),
        new Embedding(7, 3)
            .embeddingsRegularizer(Regularizer.named("l2"))
            .embeddingsConstraint(Constraint.named("non_neg")),
        new GRU(3).resetAfter(false).goBackwards(true).useBias(false),
        new IdentityLayer(),
        new LSTM(4).unitForgetBias(false).returnSequences(true),
        new Maximum(),
        new Minimum(),
        new MultiHeadAttention(2, 3, 4).causal(true).useBias(false),
        new Multiply(),
        new PositionEmbedding(9),
        new SimpleRNN(2, "relu").goBackwards(true).recurrentInitializer("zeros"),
        new SinePositionEmbedding(),
        new Subtract(),
        new TimeDistributed(new Flatten()));
  }

  /** {@return settings, with names for what has a text of its own} */
  private static Map<String, Object> readable(Map<String, Object> settings) {
    Map<String, Object> readable = new LinkedHashMap<>();
    settings.forEach(
        (name, value) -> {
          Object text = value;
          if (value instanceof Map<?, ?> inner) {
            text = readable(Config.of(cast(inner)).asMap());
          } else if (name.endsWith("Initializer")) {
            text = "zeros";
          } else if (name.endsWith("Regularizer")) {
            text = "l2";
          } else if (name.endsWith("Constraint")) {
            text = "non_neg";
          }
          readable.put(name, text);
        });
    return readable;
  }

  private static Map<String, Object> cast(Map<?, ?> map) {
    Map<String, Object> named = new LinkedHashMap<>();
    map.forEach((key, value) -> named.put((String) key, value));
    return named;
  }

  @Test
  void layersAreMadeAgainOfTheirConfigs() {
    for (Layer layer : all()) {
      Map<String, Object> settings = readable(layer.config().asMap());
      Layer again = LayerTypes.standard().make(Config.of(settings));
      assertEquals(layer.getClass(), again.getClass());
      assertEquals(settings, readable(again.config().asMap()));
    }
    Config wrong = Config.of("Bidirectional").with("layer", new Flatten().config());
    assertEquals(
        "Bidirectional: the layer must be a SimpleRNN, an LSTM or a GRU, not Flatten",
        assertThrows(IllegalArgumentException.class, () -> LayerTypes.standard().make(wrong))
            .getMessage());
  }
}
