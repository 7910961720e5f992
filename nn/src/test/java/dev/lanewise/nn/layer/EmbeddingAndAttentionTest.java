package dev.lanewise.nn.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.DType;
import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Generator;
import dev.lanewise.autodiff.GradientCheck;
import dev.lanewise.autodiff.Gradients;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.Backends;
import dev.lanewise.kernel.Distribution;
import dev.lanewise.nn.init.Initializer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EmbeddingAndAttentionTest {
  private static BuildContext f64() {
    return new BuildContext(Backends.best(), DType.F64, new Generator(5));
  }

  private static Tensor random(long seed, int... dims) {
    return Tensor.random(
        Backends.best(), DType.F64, Distribution.NORMAL, new Generator(seed), Shape.of(dims));
  }

  private static String refusal(Executable wrong) {
    return assertThrows(ShapeException.class, wrong).getMessage();
  }

  private static Embedding table() {
    Embedding layer = new Embedding(4, 2);
    layer.build(Shape.of(3), f64());
    layer.weights().getFirst().assign(0, 1, 10, 11, 20, 21, 30, 31);
    return layer;
  }

  @Test
  void vectorsAreLookedUp() {
    Embedding layer = table();
    double[] expected = {30, 31, 0, 1, 30, 31, 10, 11, 20, 21, 0, 1};
    Tensor[] indices = {
      Tensor.of(new float[] {3, 0, 3, 1, 2, -0f}, 2, 3),
      Tensor.of(new double[] {3, 0, 3, 1, 2, 0}, 2, 3),
      Tensor.of(new int[] {3, 0, 3, 1, 2, 0}, 2, 3),
      Tensor.of(new long[] {3, 0, 3, 1, 2, 0}, 2, 3)
    };
    for (Tensor x : indices) {
      Tensor y = layer.apply(x, false);
      assertEquals(Shape.of(2, 3, 2), y.shape());
      assertArrayEquals(expected, y.toDoubleArray());
    }
    assertEquals(Shape.of(2), layer.outputShape(Shape.SCALAR));
    assertArrayEquals(
        new double[] {20, 21}, layer.apply(Tensor.of(new int[] {2}), false).toDoubleArray());
    assertEquals(Shape.of(0, 3, 2), layer.apply(Tensor.zeros(0, 3), false).shape());
  }

  @Test
  void aVectorsGradientIsTheSumOverItsUses() {
    Embedding layer = table();
    Tensor x = Tensor.of(new float[] {3, 0, 3}, 1, 3);
    Tensor up = Tensor.of(new double[] {1, 2, 3, 4, 5, 6}, 1, 3, 2);
    Tensor loss = layer.apply(x, true).mul(up).sum();
    Tensor gradient = Gradients.of(loss, layer.weights().getFirst().value())[0];
    assertArrayEquals(new double[] {3, 4, 0, 0, 0, 0, 6, 8}, gradient.toDoubleArray());
  }

  @Test
  void theTableStartsSmall() {
    Embedding layer = new Embedding(500, 4);
    layer.build(Shape.of(1), f64());
    double most = 0;
    for (double number : layer.weights().getFirst().value().toDoubleArray()) {
      most = Math.max(most, Math.abs(number));
    }
    assertTrue(most > 0.04 && most <= 0.05, "" + most);
  }

  @ParameterizedTest
  @CsvSource({"4, 4.0", "-1, -1.0", "0.5, 0.5", "NaN, NaN", "1e20, 1.0E20", "-Infinity, -Infinity"})
  void whatIsNoIndexIsRefused(double wrong, String text) {
    Embedding layer = table();
    assertEquals(
        "Embedding 'embedding': indices must be whole numbers from 0 to 3, not "
            + text
            + " (sample 1)",
        refusal(() -> layer.apply(Tensor.of(new double[] {0, 1, 2, wrong}, 2, 2), false)));
  }

  @Test
  void wholeNumbersThatAreNoIndexAreRefused() {
    Embedding layer = table();
    assertEquals(
        "Embedding 'embedding': indices must be whole numbers from 0 to 3, not 7.0 (sample 0)",
        refusal(() -> layer.apply(Tensor.of(new long[] {7}, 1, 1), false)));
    assertThrows(IllegalArgumentException.class, () -> new Embedding(0, 1));
    assertThrows(IllegalArgumentException.class, () -> new Embedding(1, 0));
  }

  /** {@return softmax(q · kᵀ · factor) · v of one sample, [t][s] as flat arrays} */
  private static double[] attended(
      double[] q, double[] k, double[] v, int d, int e, double factor, boolean causal) {
    int queries = q.length / d;
    int keys = k.length / d;
    double[] out = new double[queries * e];
    for (int t = 0; t < queries; t++) {
      double[] p = new double[keys];
      double sum = 0;
      for (int s = 0; s < (causal ? t + 1 : keys); s++) {
        for (int i = 0; i < d; i++) {
          p[s] += q[t * d + i] * k[s * d + i] * factor;
        }
        p[s] = Math.exp(p[s]);
        sum += p[s];
      }
      for (int s = 0; s < keys; s++) {
        for (int i = 0; i < e; i++) {
          out[t * e + i] += p[s] / sum * v[s * e + i];
        }
      }
    }
    return out;
  }

  @ParameterizedTest
  @CsvSource({"false, false", "false, true", "true, false", "true, true"})
  void dotProducts(boolean scaled, boolean causal) {
    DotProductAttention layer = new DotProductAttention().scaled(scaled).causal(causal);
    layer.build(List.of(Shape.of(4, 3), Shape.of(4, 5), Shape.of(4, 3)), f64());
    Tensor q = random(1, 1, 4, 3);
    Tensor v = random(2, 1, 4, 5);
    Tensor k = random(3, 1, 4, 3);
    Tensor y = layer.apply(List.of(q, v, k), false).getFirst();
    assertEquals(Shape.of(1, 4, 5), y.shape());
    double factor = scaled ? 1 / Math.sqrt(3) : 1;
    assertArrayEquals(
        attended(q.toDoubleArray(), k.toDoubleArray(), v.toDoubleArray(), 3, 5, factor, causal),
        y.toDoubleArray(),
        1e-12);
    GradientCheck.of(in -> layer.apply(List.of(in), true).getFirst()).require(q, v, k);
  }

  @Test
  void valuesStandForMissingKeysAndQueriesForBoth() {
    DotProductAttention layer = new DotProductAttention();
    layer.build(Shape.of(4, 3), f64());
    Tensor q = random(1, 2, 4, 3);
    Tensor v = random(2, 2, 5, 3);
    assertArrayEquals(
        layer.apply(List.of(q, v, v), false).getFirst().toDoubleArray(),
        layer.apply(List.of(q, v), false).getFirst().toDoubleArray());
    assertArrayEquals(
        layer.apply(List.of(q, q, q), false).getFirst().toDoubleArray(),
        layer.apply(q, false).toDoubleArray());
  }

  private static double[] product(double[] x, Weight kernel, Weight bias) {
    int in = kernel.value().shape().dim(0);
    int out = kernel.value().shape().dim(1);
    double[] k = kernel.value().toDoubleArray();
    double[] b = bias.value().toDoubleArray();
    double[] y = new double[x.length / in * out];
    for (int i = 0; i < y.length; i++) {
      y[i] = b[i % out];
      for (int j = 0; j < in; j++) {
        y[i] += x[i / out * in + j] * k[j * out + i % out];
      }
    }
    return y;
  }

  /** {@return the columns of one head} */
  private static double[] head(double[] x, int heads, int each, int head) {
    double[] y = new double[x.length / heads];
    for (int i = 0; i < y.length; i++) {
      y[i] = x[i / each * heads * each + head * each + i % each];
    }
    return y;
  }

  @ParameterizedTest
  @CsvSource({"false", "true"})
  void headsAttendEachInTheirSpace(boolean causal) {
    MultiHeadAttention layer = new MultiHeadAttention(2, 3, 2).causal(causal);
    layer.build(List.of(Shape.of(4, 5), Shape.of(4, 6), Shape.of(4, 7)), f64());
    List<Weight> w = layer.weights();
    assertEquals(
        List.of(
            "multi_head_attention/query/kernel",
            "multi_head_attention/query/bias",
            "multi_head_attention/key/kernel",
            "multi_head_attention/key/bias",
            "multi_head_attention/value/kernel",
            "multi_head_attention/value/bias",
            "multi_head_attention/output/kernel",
            "multi_head_attention/output/bias"),
        w.stream().map(Weight::name).toList());
    for (int i = 1; i < 8; i += 2) {
      float[] bias = new float[(int) w.get(i).value().size()];
      for (int j = 0; j < bias.length; j++) {
        bias[j] = 0.1f * (j + i);
      }
      w.get(i).assign(bias);
    }
    Tensor x = random(1, 1, 4, 5);
    Tensor v = random(2, 1, 4, 6);
    Tensor k = random(3, 1, 4, 7);
    double[] queries = product(x.toDoubleArray(), w.get(0), w.get(1));
    double[] keys = product(k.toDoubleArray(), w.get(2), w.get(3));
    double[] values = product(v.toDoubleArray(), w.get(4), w.get(5));
    double[] joined = new double[4 * 4];
    for (int h = 0; h < 2; h++) {
      double[] one =
          attended(
              head(queries, 2, 3, h),
              head(keys, 2, 3, h),
              head(values, 2, 2, h),
              3,
              2,
              1 / Math.sqrt(3),
              causal);
      for (int i = 0; i < one.length; i++) {
        joined[i / 2 * 4 + h * 2 + i % 2] = one[i];
      }
    }
    double[] expected = product(joined, w.get(6), w.get(7));
    Tensor y = layer.apply(List.of(x, v, k), false).getFirst();
    assertEquals(Shape.of(1, 4, 5), y.shape());
    assertArrayEquals(expected, y.toDoubleArray(), 1e-12);
  }

  @Test
  void gradients() {
    LayerGradients.check(new MultiHeadAttention(2, 2).causal(true), 2, 3, 4);
    LayerGradients.check(new MultiHeadAttention(2, 2, 3).useBias(false), 2, 3, 4);
    LayerGradients.check(new PositionEmbedding(5), 2, 3, 4);
    LayerGradients.check(new SinePositionEmbedding(), 2, 3, 4);
    MultiHeadAttention cross = new MultiHeadAttention(1, 2);
    cross.build(List.of(Shape.of(2, 3), Shape.of(4, 5)), f64());
    GradientCheck.of(in -> cross.apply(List.of(in), true).getFirst())
        .require(random(1, 1, 2, 3), random(2, 1, 4, 5));
  }

  @Test
  void positionsAreAdded() {
    PositionEmbedding learned =
        new PositionEmbedding(5).embeddingsInitializer(Initializer.constant(2));
    learned.build(Shape.of(3, 2), f64());
    assertEquals(Shape.of(5, 2), learned.weights().getFirst().value().shape());
    learned.weights().getFirst().assign(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
    Tensor ones = Tensor.ones(Backends.best(), DType.F64, Shape.of(2, 2, 2));
    assertArrayEquals(
        new double[] {2, 3, 4, 5, 2, 3, 4, 5}, learned.apply(ones, false).toDoubleArray());

    SinePositionEmbedding waves = new SinePositionEmbedding();
    waves.build(Shape.of(3, 5), f64());
    double[] y = waves.apply(random(9, 1, 3, 5).mul(0), false).toDoubleArray();
    for (int p = 0; p < 3; p++) {
      for (int i = 0; i < 5; i++) {
        double angle = p / Math.pow(10000, 2 * (i / 2) / 5.0);
        assertEquals(i % 2 == 0 ? Math.sin(angle) : Math.cos(angle), y[p * 5 + i], 1e-12);
      }
    }
    assertEquals(Shape.of(1, 1, 1), waves.apply(random(1, 1, 1, 1), false).shape());
  }

  @Test
  void wrongInputsNameTheLayer() {
    assertEquals(
        "MultiHeadAttention 'multi_head_attention': inputs must be sequences, [n, steps, features],"
            + " not [[n, 4], [n, 4, 3]]",
        refusal(
            () -> new MultiHeadAttention(1, 2).outputShape(List.of(Shape.of(4), Shape.of(4, 3)))));
    assertEquals(
        "MultiHeadAttention 'multi_head_attention': causal attention needs as many keys as queries,"
            + " not 5 and 4 (inputs [[n, 4, 3], [n, 5, 3]])",
        refusal(
            () ->
                new MultiHeadAttention(1, 2)
                    .causal(true)
                    .outputShape(List.of(Shape.of(4, 3), Shape.of(5, 3)))));
    assertEquals(
        "DotProductAttention 'dot_product_attention': there must be as many values as keys, not 5"
            + " and 6 (queries, values, keys [[n, 4, 3], [n, 5, 3], [n, 6, 3]])",
        refusal(
            () ->
                new DotProductAttention()
                    .outputShape(List.of(Shape.of(4, 3), Shape.of(5, 3), Shape.of(6, 3)))));
    assertEquals(
        "DotProductAttention 'dot_product_attention': queries and keys must have as many features,"
            + " not 3 and 2 (queries [n, 4, 3], keys [n, 5, 2])",
        refusal(
            () -> new DotProductAttention().outputShape(List.of(Shape.of(4, 3), Shape.of(5, 2)))));
    assertThrows(ShapeException.class, () -> new DotProductAttention().outputShape(List.of()));
    MultiHeadAttention built = new MultiHeadAttention(1, 2);
    built.build(List.of(Shape.of(4, 3), Shape.of(4, 5)), f64());
    assertEquals(
        "MultiHeadAttention 'multi_head_attention': values must have 5 features in their last axis,"
            + " not 3 (values [n, 4, 3], kernel [5, 2])",
        refusal(() -> built.outputShape(Shape.of(4, 3))));
    assertEquals(
        "PositionEmbedding 'position_embedding': input must be sequences of at most 5 steps, [n,"
            + " steps, features], not [n, 6, 2]",
        refusal(() -> new PositionEmbedding(5).outputShape(Shape.of(6, 2))));
    assertThrows(ShapeException.class, () -> new SinePositionEmbedding().outputShape(Shape.of(6)));
    assertThrows(IllegalArgumentException.class, () -> new MultiHeadAttention(0, 1));
    assertThrows(IllegalArgumentException.class, () -> new PositionEmbedding(0));
  }
}
