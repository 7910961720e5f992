package dev.lanewise.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.DType;
import dev.lanewise.array.Shape;
import dev.lanewise.autodiff.ScalarRecurrence.Kind;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.Backends;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Recurrent networks against plain loops; gradients by differences are checked elsewhere. */
class RecurrentTest {
  private static final int INPUTS = 3;
  private static final int UNITS = 4;
  private static final int ROWS = 2;

  static Stream<Arguments> kinds() {
    return Numbers.backends()
        .flatMap(b -> Stream.of(Kind.values()).map(kind -> Arguments.of(b, kind)));
  }

  private static Tensor numbers(Backend backend, int salt, double size, int... dims) {
    return Numbers.signed(backend, salt, dims).mul(size);
  }

  /** {@return weights of layers, of which the first has no state bias} */
  private static RecurrentLayers layers(Backend backend, Kind kind, int layers, int directions) {
    List<RecurrentWeights> weights = new ArrayList<>();
    int all = kind.gates * UNITS;
    for (int i = 0; i < layers * directions; i++) {
      int inputs = i < directions ? INPUTS : directions * UNITS;
      weights.add(
          new RecurrentWeights(
              numbers(backend, 10 * i + 1, 0.3, all, inputs),
              numbers(backend, 10 * i + 2, 0.3, all, UNITS),
              numbers(backend, 10 * i + 3, 0.3, all),
              i == 0 ? null : numbers(backend, 10 * i + 4, 0.3, all)));
    }
    RecurrentLayers straight = RecurrentLayers.of(weights);
    return directions == 2 ? straight.bidirectional() : straight;
  }

  private static RecurrentOps.LstmSequence run(
      Kind kind, Tensor x, RecurrentLayers layers, Tensor h0, Tensor c0) {
    if (kind == Kind.LSTM) {
      return x.lstm(layers, h0, c0);
    }
    RecurrentOps.Sequence all =
        kind.activation == null
            ? x.gru(layers, h0, kind == Kind.GRU)
            : x.rnn(layers, h0, kind.activation);
    return new RecurrentOps.LstmSequence(all.outputs(), all.hidden(), null);
  }

  private static void assertSame(double[] expected, Tensor got, String what) {
    double largest = 1;
    for (double x : expected) {
      largest = Math.max(largest, Math.abs(x));
    }
    assertArrayEquals(expected, got.toDoubleArray(), 1e-12 * largest, what);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void theDefinition(Backend backend, Kind kind) {
    for (int steps : new int[] {1, 2, 5}) {
      Tensor x = numbers(backend, 7, 1, steps, ROWS, INPUTS);
      for (int count : new int[] {1, 2}) {
        for (int directions : new int[] {1, 2}) {
          RecurrentLayers layers = layers(backend, kind, count, directions);
          String what = kind + " " + steps + " " + count + " " + directions;
          Tensor h0 = numbers(backend, 8, 0.4, count * directions, ROWS, UNITS);
          Tensor c0 = numbers(backend, 9, 0.4, count * directions, ROWS, UNITS);
          for (boolean first : new boolean[] {true, false}) {
            Tensor h = first ? h0 : null;
            Tensor c = first ? c0 : null;
            ScalarRecurrence expected = ScalarRecurrence.of(kind, x, layers, h, c);
            RecurrentOps.LstmSequence got = run(kind, x, layers, h, c);
            assertEquals(Shape.of(steps, ROWS, directions * UNITS), got.outputs().shape());
            assertEquals(h0.shape(), got.hidden().shape());
            assertSame(expected.outputs(), got.outputs(), what);
            assertSame(expected.hidden(), got.hidden(), what);
            if (kind == Kind.LSTM) {
              assertEquals(h0.shape(), got.cell().shape());
              assertSame(expected.cells(), got.cell(), what);
            }
          }
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void batchFirstIsTheSameTransposed(Backend backend, Kind kind) {
    Tensor x = numbers(backend, 7, 1, 3, ROWS, INPUTS);
    RecurrentLayers layers = layers(backend, kind, 2, 2);
    RecurrentOps.LstmSequence expected = run(kind, x, layers, null, null);
    Tensor strided = x.transpose(0, 1);
    for (Tensor given : List.of(strided, strided.copy())) {
      RecurrentOps.LstmSequence got = run(kind, given, layers.batchFirst(), null, null);
      Tensor outputs = expected.outputs().transpose(0, 1);
      assertEquals(outputs.shape(), got.outputs().shape());
      assertSame(outputs.toDoubleArray(), got.outputs(), "outputs");
      assertSame(expected.hidden().toDoubleArray(), got.hidden(), "hidden");
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void aSequenceIsItsSteps(Backend backend, Kind kind) {
    Tensor x = numbers(backend, 7, 1, 4, ROWS, INPUTS);
    RecurrentLayers layers = layers(backend, kind, 1, 1);
    RecurrentWeights weights = layers.weights().getFirst();
    Tensor h = numbers(backend, 8, 0.4, ROWS, UNITS);
    Tensor c = numbers(backend, 9, 0.4, ROWS, UNITS);
    RecurrentOps.LstmSequence all = run(kind, x, layers, h.expandDims(0), c.expandDims(0));
    List<Tensor> steps = x.unstack(0);
    for (int t = 0; t < steps.size(); t++) {
      Tensor step = steps.get(t);
      if (kind == Kind.LSTM) {
        RecurrentOps.LstmState next = step.lstmCell(h, c, weights);
        h = next.hidden();
        c = next.cell();
      } else if (kind.activation == null) {
        h = step.gruCell(h, weights, kind == Kind.GRU);
      } else {
        h = step.rnnCell(h, weights, kind.activation);
      }
      assertSame(h.toDoubleArray(), all.outputs().slice(0, t, t + 1), "step " + t);
    }
    if (kind == Kind.LSTM) {
      assertSame(c.toDoubleArray(), all.cell(), "c");
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void recordedGradientsAreTheSame(Backend backend, Kind kind) {
    for (int directions : new int[] {1, 2}) {
      RecurrentLayers layers = layers(backend, kind, 2, directions);
      List<Tensor> sources = new ArrayList<>();
      sources.add(numbers(backend, 7, 1, 4, ROWS, INPUTS));
      sources.add(numbers(backend, 8, 0.4, 2 * directions, ROWS, UNITS));
      if (kind == Kind.LSTM) {
        sources.add(numbers(backend, 9, 0.4, 2 * directions, ROWS, UNITS));
      }
      Tensor c0 = kind == Kind.LSTM ? sources.get(2) : null;
      for (RecurrentWeights w : layers.weights()) {
        Stream.of(w.inputWeight(), w.stateWeight(), w.inputBias(), w.stateBias())
            .filter(t -> t != null)
            .forEach(sources::add);
      }
      sources.forEach(t -> t.requiresGrad(true));
      RecurrentOps.LstmSequence all = run(kind, sources.get(0), layers, sources.get(1), c0);
      Tensor loss = all.outputs().square().sum().add(all.hidden().square().mul(2).sum());
      loss = c0 == null ? loss : loss.add(all.cell().square().sum());
      Tensor[] xs = sources.toArray(Tensor[]::new);
      Tensor[] recorded = Gradients.of(loss, xs, true);
      Tensor seed = Tensor.onesLike(loss);
      for (int again = 0; again < 2; again++) {
        Tensor[] computed = Gradients.of(loss, seed, xs, true, false);
        for (int i = 0; i < xs.length; i++) {
          assertTrue(recorded[i].requiresGrad());
          assertSame(recorded[i].toDoubleArray(), computed[i], kind + " source " + i);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aBatchMayBeEmpty(Kind kind) {
    Numbers.backends()
        .forEach(
            backend -> {
              Tensor x = numbers(backend, 1, 1, 3, 0, INPUTS).requiresGrad(true);
              RecurrentLayers layers = layers(backend, kind, 2, 2);
              Tensor weight = layers.weights().getFirst().stateWeight().requiresGrad(true);
              RecurrentOps.LstmSequence all = run(kind, x, layers, null, null);
              assertEquals(Shape.of(3, 0, 2 * UNITS), all.outputs().shape());
              assertEquals(Shape.of(4, 0, UNITS), all.hidden().shape());
              all.outputs().sum().backward();
              assertArrayEquals(new double[(int) weight.size()], weight.grad().toDoubleArray());
              assertEquals(x.shape(), x.grad().shape());
            });
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void singlePrecisionIsClose(Kind kind) {
    Backend backend = Numbers.backends().findFirst().orElseThrow();
    Tensor x = numbers(backend, 7, 1, 6, ROWS, INPUTS);
    RecurrentLayers layers = layers(backend, kind, 2, 2);
    List<RecurrentWeights> single = new ArrayList<>();
    for (RecurrentWeights w : layers.weights()) {
      single.add(
          new RecurrentWeights(
              w.inputWeight().cast(DType.F32),
              w.stateWeight().cast(DType.F32),
              w.inputBias().cast(DType.F32),
              w.stateBias() == null ? null : w.stateBias().cast(DType.F32)));
    }
    RecurrentLayers both = RecurrentLayers.of(single).bidirectional();
    Tensor got = run(kind, x.cast(DType.F32), both, null, null).outputs();
    double[] expected = run(kind, x, layers, null, null).outputs().toDoubleArray();
    assertEquals(DType.F32, got.dtype());
    assertArrayEquals(expected, got.toDoubleArray(), 1e-5);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aLongSequenceIsNoDeepStack(Kind kind) {
    Backend backend = Backends.best();
    int steps = 2000;
    Tensor x = numbers(backend, 7, 1, steps, 1, INPUTS);
    RecurrentLayers layers = layers(backend, kind, 1, 1);
    Tensor weight = layers.weights().getFirst().stateWeight().mul(0.2).requiresGrad(true);
    RecurrentWeights w = layers.weights().getFirst();
    RecurrentLayers learned =
        RecurrentLayers.of(new RecurrentWeights(w.inputWeight(), weight, w.inputBias(), null));
    Tensor loss = run(kind, x, learned, null, null).hidden().sum();
    Tensor first = Gradients.of(loss, new Tensor[] {weight}, true)[0];
    Tensor second = Gradients.of(first.square().sum(), weight)[0];
    assertNotNull(second);
    assertTrue(Double.isFinite(second.norm(2).item()));
  }

  @Test
  void stepsInALoopAreNoDeepStack() {
    Backend backend = Backends.best();
    RecurrentWeights weights = layers(backend, Kind.LSTM, 1, 1).weights().getFirst();
    Tensor weight = weights.stateWeight().requiresGrad(true);
    List<Tensor> steps = numbers(backend, 7, 1, 3000, 1, INPUTS).unstack(0);
    Tensor zeros = Tensor.zeros(backend, DType.F64, Shape.of(1, UNITS));
    RecurrentOps.LstmState state = new RecurrentOps.LstmState(zeros, zeros);
    for (Tensor x : steps) {
      state = x.lstmCell(state.hidden(), state.cell(), weights);
    }
    state.hidden().sum().backward();
    Tensor byCells = weight.grad().copy();
    weight.zeroGrad();
    Tensor x = numbers(backend, 7, 1, 3000, 1, INPUTS);
    x.lstm(RecurrentLayers.of(weights)).hidden().sum().backward();
    assertSame(byCells.toDoubleArray(), weight.grad(), "gradient");
  }
}
