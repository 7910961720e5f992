package dev.lanewise.autodiff;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.DType;
import dev.lanewise.array.DTypeException;
import dev.lanewise.array.ShapeException;
import dev.lanewise.kernel.Backends;
import dev.lanewise.kernel.UnaryOp;
import org.junit.jupiter.api.Test;

/** What recurrent operations say to wrong arguments. */
class RecurrentErrorsTest {
  private static final int UNITS = 2;
  private static final int INPUTS = 3;

  private final Tensor x = Tensor.ones(4, 5, INPUTS);
  private final Tensor step = Tensor.ones(5, INPUTS);
  private final Tensor h = Tensor.ones(5, UNITS);

  private static RecurrentWeights weights(int gates, int inputs) {
    int all = gates * UNITS;
    return new RecurrentWeights(
        Tensor.ones(all, inputs), Tensor.ones(all, UNITS), Tensor.ones(all), Tensor.ones(all));
  }

  private static RecurrentLayers layer(int gates) {
    return RecurrentLayers.of(weights(gates, INPUTS));
  }

  private static void wrong(Class<? extends RuntimeException> type, String part, Runnable call) {
    String message = assertThrows(type, call::run).getMessage();
    assertTrue(message.contains(part), message);
  }

  private static void misshapen(String part, Runnable call) {
    wrong(ShapeException.class, part, call);
  }

  @Test
  void inputs() {
    misshapen("lstm: x must be [time, batch, inputs]", () -> step.lstm(layer(4)));
    misshapen("gru: x must be [batch, time, inputs]", () -> step.gru(layer(3).batchFirst()));
    misshapen("at least one step", () -> x.slice(0, 1, 1).rnn(layer(1)));
    misshapen("at least one step", () -> x.slice(1, 1, 1).rnn(layer(1).batchFirst()));
    misshapen("rnnCell: x must be [batch, inputs]", () -> x.rnnCell(h, weights(1, INPUTS)));
    wrong(DTypeException.class, "rnn: ", () -> x.cast(DType.I32).rnn(layer(1)));
  }

  @Test
  void weightsOfOtherShapes() {
    misshapen("stateWeight must be [4 · hidden, hidden]", () -> x.lstm(layer(3)));
    misshapen("stateWeight must be [hidden, hidden]", () -> x.rnn(layer(3)));
    misshapen(
        "stateWeight must be [hidden, hidden]",
        () -> step.rnnCell(h, new RecurrentWeights(Tensor.ones(0, INPUTS), Tensor.ones(0, 0))));
    misshapen(
        "gru: inputWeight of layer 0 must have shape [6, 3], not [6, 2]",
        () -> x.gru(RecurrentLayers.of(weights(3, UNITS))));
    RecurrentWeights lower = weights(4, INPUTS);
    misshapen(
        "lstm: inputWeight of layer 1 must have shape [8, 2], not [8, 3]",
        () -> x.lstm(RecurrentLayers.of(lower, lower)));
    RecurrentWeights upper = weights(4, UNITS);
    misshapen(
        "lstm: inputWeight of layer 0, reverse, must have shape [8, 3], not [8, 2]",
        () -> x.lstm(RecurrentLayers.of(lower, upper).bidirectional()));
    misshapen(
        "lstm: inputWeight of layer 1 must have shape [8, 4], not [8, 2]",
        () -> x.lstm(RecurrentLayers.of(lower, lower, upper, upper).bidirectional()));
    Tensor bias = Tensor.ones(4);
    misshapen(
        "lstmCell: inputBias must have shape [8], not [4]",
        () ->
            step.lstmCell(
                h, h, new RecurrentWeights(lower.inputWeight(), lower.stateWeight(), bias, null)));
    misshapen(
        "lstmCell: stateBias must have shape [8], not [4]",
        () ->
            step.lstmCell(
                h, h, new RecurrentWeights(lower.inputWeight(), lower.stateWeight(), null, bias)));
  }

  @Test
  void statesOfOtherShapes() {
    misshapen("h0 must have shape [1, 5, 2]", () -> x.lstm(layer(4), h, null));
    misshapen("c0 must have shape [1, 5, 2]", () -> x.lstm(layer(4), null, h));
    misshapen("h0 must have shape [1, 4, 2]", () -> x.gru(layer(3).batchFirst(), h, true));
    misshapen("h must have shape [5, 2]", () -> step.gruCell(step, weights(3, INPUTS)));
    misshapen("c must have shape [5, 2]", () -> step.lstmCell(h, step, weights(4, INPUTS)));
  }

  @Test
  void typesAndBackends() {
    Tensor wide = h.cast(DType.F64);
    wrong(DTypeException.class, "gruCell: ", () -> step.gruCell(wide, weights(3, INPUTS)));
    wrong(DTypeException.class, "lstm: ", () -> x.cast(DType.F64).lstm(layer(4)));
    Tensor elsewhere = x.to(Backends.named("reference"));
    if (elsewhere.backend() != x.backend()) {
      wrong(IllegalArgumentException.class, "two backends", () -> elsewhere.lstm(layer(4)));
    }
  }

  @Test
  void layersAndFunctions() {
    wrong(IllegalArgumentException.class, "at least one", () -> RecurrentLayers.of());
    wrong(IllegalArgumentException.class, "two weights", () -> layer(4).bidirectional());
    wrong(
        IllegalArgumentException.class, "call rnnCell", () -> x.rnn(layer(1), null, UnaryOp.SILU));
    assertThrows(NullPointerException.class, () -> new RecurrentWeights(null, h));
    assertThrows(NullPointerException.class, () -> new RecurrentWeights(h, null));
  }
}
