package dev.lanewise.nn.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lanewise.array.DType;
import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Generator;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.Backends;
import dev.lanewise.kernel.Distribution;
import dev.lanewise.nn.init.Initializer;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/** Recurrent layers against loops over numbers, in f64. */
class RecurrentLayersTest {
  private static final int N = 2;
  private static final int STEPS = 3;
  private static final int IN = 4;
  private static final int UNITS = 3;

  private static BuildContext f64() {
    return new BuildContext(Backends.best(), DType.F64, new Generator(5));
  }

  private static Tensor random(int... dims) {
    return Tensor.random(
        Backends.best(), DType.F64, Distribution.NORMAL, new Generator(6), Shape.of(dims));
  }

  private static <L extends Layer> L built(L layer) {
    layer.build(Shape.of(STEPS, IN), f64());
    return layer;
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  /** A cell's weights and what it makes of a step. */
  private abstract static class Cell {
    final double[] kernel;
    final double[] recurrent;
    final double[] bias;
    final int gates;
    final double[] c = new double[UNITS];

    Cell(Layer layer, int gates) {
      List<Weight> weights = layer.weights();
      assertEquals(
          List.of("kernel", "recurrent_kernel", "bias"),
          weights.stream().map(w -> w.name().replaceAll(".*/", "")).toList());
      assertEquals(Shape.of(IN, gates * UNITS), weights.get(0).value().shape());
      assertEquals(Shape.of(UNITS, gates * UNITS), weights.get(1).value().shape());
      kernel = weights.get(0).value().toDoubleArray();
      recurrent = weights.get(1).value().toDoubleArray();
      bias = weights.get(2).value().toDoubleArray();
      this.gates = gates;
    }

    double ofInput(double[] x, int gate, int unit) {
      return dot(x, kernel, gate * UNITS + unit);
    }

    double ofState(double[] h, int gate, int unit) {
      return dot(h, recurrent, gate * UNITS + unit);
    }

    private double dot(double[] vector, double[] matrix, int column) {
      double sum = 0;
      for (int i = 0; i < vector.length; i++) {
        sum += vector[i] * matrix[i * gates * UNITS + column];
      }
      return sum;
    }

    abstract double next(double[] x, double[] h, int unit);

    /** {@return the states after each step, of one sample} */
    double[][] run(double[][] x) {
      double[][] states = new double[x.length][];
      double[] h = new double[UNITS];
      Arrays.fill(c, 0);
      for (int t = 0; t < x.length; t++) {
        double[] after = new double[UNITS];
        for (int u = 0; u < UNITS; u++) {
          after[u] = next(x[t], h, u);
        }
        states[t] = h = after;
      }
      return states;
    }
  }

  private static Cell rnn(SimpleRNN layer, DoubleUnaryOperator activation) {
    return new Cell(layer, 1) {
      @Override
      double next(double[] x, double[] h, int u) {
        return activation.applyAsDouble(ofInput(x, 0, u) + bias[u] + ofState(h, 0, u));
      }
    };
  }

  private static Cell lstm(LSTM layer) {
    return new Cell(layer, 4) {
      private double gate(double[] x, double[] h, int g, int u) {
        return ofInput(x, g, u) + bias[g * UNITS + u] + ofState(h, g, u);
      }

      @Override
      double next(double[] x, double[] h, int u) {
        double i = sigmoid(gate(x, h, 0, u));
        double f = sigmoid(gate(x, h, 1, u));
        double g = Math.tanh(gate(x, h, 2, u));
        double o = sigmoid(gate(x, h, 3, u));
        c[u] = f * c[u] + i * g;
        return o * Math.tanh(c[u]);
      }
    };
  }

  private static Cell gru(GRU layer, boolean resetAfter) {
    return new Cell(layer, 3) {
      private double second(int g, int u) {
        return resetAfter ? bias[3 * UNITS + g * UNITS + u] : 0;
      }

      private double gate(double[] x, double[] h, int g, int u) {
        return sigmoid(ofInput(x, g, u) + bias[g * UNITS + u] + ofState(h, g, u) + second(g, u));
      }

      @Override
      double next(double[] x, double[] h, int u) {
        double z = gate(x, h, 0, u);
        double inner;
        if (resetAfter) {
          inner = gate(x, h, 1, u) * (ofState(h, 2, u) + second(2, u));
        } else {
          double[] reset = new double[UNITS];
          for (int i = 0; i < UNITS; i++) {
            reset[i] = gate(x, h, 1, i) * h[i];
          }
          inner = ofState(reset, 2, u);
        }
        double g = Math.tanh(ofInput(x, 2, u) + bias[2 * UNITS + u] + inner);
        return z * h[u] + (1 - z) * g;
      }
    };
  }

  private static double[][][] samples(Tensor x) {
    double[] flat = x.toDoubleArray();
    double[][][] all = new double[N][STEPS][IN];
    for (int i = 0; i < flat.length; i++) {
      all[i / (STEPS * IN)][i / IN % STEPS][i % IN] = flat[i];
    }
    return all;
  }

  private static double[][] backwards(double[][] sequence) {
    double[][] turned = sequence.clone();
    Collections.reverse(Arrays.asList(turned));
    return turned;
  }

  private static void assertStates(Cell cell, RecurrentLayer<?> layer, boolean all) {
    Tensor x = random(N, STEPS, IN);
    double[] actual = layer.apply(x, false).toDoubleArray();
    int each = actual.length / N;
    for (int n = 0; n < N; n++) {
      double[][] sequence = samples(x)[n];
      double[][] states = cell.run(layer.goesBackwards() ? backwards(sequence) : sequence);
      double[] expected =
          Arrays.stream(states).skip(all ? 0 : STEPS - 1).flatMapToDouble(Arrays::stream).toArray();
      double[] given = Arrays.copyOfRange(actual, n * each, (n + 1) * each);
      assertArrayEquals(expected, given, 1e-12);
    }
  }

  private static final Initializer BIAS = Initializer.normal(0.5);

  @Test
  void simpleRnn() {
    SimpleRNN last = built(new SimpleRNN(UNITS).biasInitializer(BIAS));
    assertStates(rnn(last, Math::tanh), last, false);
    SimpleRNN all = built(new SimpleRNN(UNITS, "relu").biasInitializer(BIAS).returnSequences(true));
    assertStates(rnn(all, x -> Math.max(0, x)), all, true);
    SimpleRNN back = built(new SimpleRNN(UNITS, "sigmoid").returnSequences(true).goBackwards(true));
    assertStates(rnn(back, RecurrentLayersTest::sigmoid), back, true);
  }

  @Test
  void lstm() {
    LSTM last = built(new LSTM(UNITS).biasInitializer(BIAS));
    assertStates(lstm(last), last, false);
    LSTM all = built(new LSTM(UNITS).biasInitializer(BIAS).returnSequences(true));
    assertStates(lstm(all), all, true);
    LSTM back = built(new LSTM(UNITS).goBackwards(true));
    assertStates(lstm(back), back, false);
  }

  @Test
  void gru() {
    GRU after = built(new GRU(UNITS).biasInitializer(BIAS).returnSequences(true));
    assertEquals(Shape.of(2, 3 * UNITS), after.weights().get(2).value().shape());
    assertStates(gru(after, true), after, true);
    GRU before = built(new GRU(UNITS).biasInitializer(BIAS).resetAfter(false));
    assertEquals(Shape.of(3 * UNITS), before.weights().get(2).value().shape());
    assertStates(gru(before, false), before, false);
  }

  @Test
  void forgetGatesStartOpen() {
    LSTM kept = built(new LSTM(2));
    assertArrayEquals(
        new double[] {0, 0, 1, 1, 0, 0, 0, 0}, kept.weights().get(2).value().toDoubleArray());
    LSTM zeros = built(new LSTM(2).unitForgetBias(false));
    assertArrayEquals(new double[8], zeros.weights().get(2).value().toDoubleArray());
    assertEquals(2, built(new LSTM(2).useBias(false)).weights().size());
  }

  @Test
  void withoutABiasItCountsAsZeros() {
    Tensor x = random(N, STEPS, IN);
    for (boolean after : new boolean[] {true, false}) {
      double[] with = built(new GRU(UNITS).resetAfter(after)).apply(x, false).toDoubleArray();
      double[] without =
          built(new GRU(UNITS).resetAfter(after).useBias(false)).apply(x, false).toDoubleArray();
      assertArrayEquals(with, without, 1e-12);
    }
  }

  @Test
  void gradients() {
    LayerGradients.check(new SimpleRNN(3).biasInitializer(BIAS), 2, 3, 2);
    LayerGradients.check(new LSTM(2).returnSequences(true), 2, 3, 2);
    LayerGradients.check(new GRU(2).biasInitializer(BIAS).goBackwards(true), 2, 3, 2);
    LayerGradients.check(
        new GRU(2).biasInitializer(BIAS).resetAfter(false).returnSequences(true), 2, 3, 2);
    LayerGradients.check(new Bidirectional(new LSTM(2).returnSequences(true), "mul"), 2, 3, 2);
    LayerGradients.check(new TimeDistributed(new Dense(2, "tanh")), 2, 3, 2);
  }

  @Test
  void bothDirectionsAreJoinedStepByStep() {
    Tensor x = random(N, STEPS, IN);
    for (Bidirectional.Merge merge : Bidirectional.Merge.values()) {
      Bidirectional both = built(new Bidirectional(new GRU(UNITS).returnSequences(true), merge));
      Layer forward = both.layer("forward_gru");
      Layer backward = both.layer("backward_gru");
      assertEquals("bidirectional/forward_gru/kernel", both.weights().getFirst().name());
      Tensor a = forward.apply(x, false);
      Tensor b = backward.apply(x, false).flip(1);
      Tensor expected =
          switch (merge) {
            case CONCAT -> Tensor.concat(2, a, b);
            case SUM -> a.add(b);
            case MUL -> a.mul(b);
            case AVE -> a.add(b).div(2);
          };
      Tensor actual = both.apply(x, false);
      assertEquals(both.builtOutputs().getFirst().dim(1), actual.shape().dim(2));
      assertArrayEquals(expected.toDoubleArray(), actual.toDoubleArray(), 1e-15);
    }
    Bidirectional last = built(new Bidirectional(new SimpleRNN(UNITS)));
    assertEquals(Shape.of(N, 2 * UNITS), last.apply(x, false).shape());
    assertEquals(Shape.of(2 * UNITS), last.outputShape(Shape.of(STEPS, IN)));
  }

  @Test
  void theOtherDirectionHasTheSameSettings() {
    LSTM named =
        new LSTM(2)
            .useBias(false)
            .kernelInitializer(Initializer.constant(3))
            .kernelRegularizer("l2");
    named.named("reader");
    Bidirectional both = built(new Bidirectional(named));
    assertEquals(
        List.of("reader", "backward_reader"), both.layers().stream().map(Layer::name).toList());
    Weight kernel = both.layer("backward_reader").weights().getFirst();
    assertEquals(3, kernel.value().toDoubleArray()[0]);
    assertEquals(Regularizer.l2(0.01), kernel.regularizer().orElseThrow());
    assertEquals(4, both.weights().size());
    assertThrows(IllegalStateException.class, () -> new Bidirectional(named));
    assertThrows(
        IllegalArgumentException.class, () -> new Bidirectional(new GRU(1).goBackwards(true)));
    assertThrows(IllegalArgumentException.class, () -> new Bidirectional(new GRU(1), "none"));
  }

  @Test
  void timeDistributedIsTheLayerAtEachStep() {
    TimeDistributed layer = built(new TimeDistributed(new Dense(5)));
    assertEquals("time_distributed/dense/kernel", layer.weights().getFirst().name());
    Tensor x = random(N, STEPS, IN);
    Tensor y = layer.apply(x, false);
    assertEquals(Shape.of(N, STEPS, 5), y.shape());
    Layer dense = layer.layer("dense");
    for (int t = 0; t < STEPS; t++) {
      assertArrayEquals(
          dense.apply(x.slice(1, t, t + 1).squeeze(1), false).toDoubleArray(),
          y.slice(1, t, t + 1).squeeze(1).toDoubleArray(),
          1e-14);
    }
    TimeDistributed frames = new TimeDistributed(new Flatten());
    frames.build(Shape.of(4, 2, 3), f64());
    assertEquals(Shape.of(N, 4, 6), frames.apply(random(N, 4, 2, 3), false).shape());
    TimeDistributed scalars = new TimeDistributed(new Flatten());
    scalars.build(Shape.of(4), f64());
    assertEquals(Shape.of(N, 4, 1), scalars.apply(random(N, 4), false).shape());
  }

  @Test
  void wrongInputsNameTheLayer() {
    assertEquals(
        "LSTM 'lstm': input must be sequences, [n, steps, features], of at least one step, not [n,"
            + " 5]",
        assertThrows(ShapeException.class, () -> new LSTM(2).outputShape(Shape.of(5)))
            .getMessage());
    assertThrows(ShapeException.class, () -> new GRU(2).outputShape(Shape.of(0, 5)));
    GRU built = built(new GRU(UNITS));
    assertEquals(
        "GRU 'gru': input must have 4 features in its last axis, not 5 (input [n, 3, 5], kernel [4,"
            + " 9])",
        assertThrows(ShapeException.class, () -> built.outputShape(Shape.of(3, 5))).getMessage());
    assertThrows(
        ShapeException.class, () -> new TimeDistributed(new Dense(1)).outputShape(Shape.SCALAR));
    assertThrows(IllegalArgumentException.class, () -> new LSTM(0));
    assertEquals(
        "SimpleRNN: the derivative of the activation must follow from its value, as those of tanh,"
            + " relu and sigmoid do, not SILU",
        assertThrows(IllegalArgumentException.class, () -> new SimpleRNN(1, "silu")).getMessage());
    assertThrows(IllegalStateException.class, () -> built.returnSequences(true));
  }

  /** Sequences of any length, once built. */
  @Test
  void lengthsMayDiffer() {
    LSTM layer = built(new LSTM(UNITS).returnSequences(true));
    assertEquals(Shape.of(1, 7, UNITS), layer.apply(random(1, 7, IN), false).shape());
  }
}
