package dev.lanewise.autodiff;

import dev.lanewise.array.Shape;
import dev.lanewise.kernel.UnaryOp;
import java.util.function.Supplier;

/** What the recurrent operations compute with: single steps, directions and layers. */
final class Recurrents {
  private Recurrents() {}

  /** One layer in one direction, of which x is one row for each step and sample. */
  @FunctionalInterface
  private interface Layer {
    Recurrence.States run(
        Tensor x, RecurrentWeights weights, Tensor h0, Tensor c0, boolean isReverse);
  }

  static Tensor rnnCell(Tensor x, Tensor h, RecurrentWeights weights, UnaryOp activation) {
    RecurrentSpec.cell("rnnCell", 1, x, weights, h);
    Tensor inputs = product(x, weights.inputWeight(), weights.bias());
    return h.affine(weights.stateWeight().transpose(), inputs, activation);
  }

  static RecurrentOps.LstmState lstmCell(Tensor x, Tensor h, Tensor c, RecurrentWeights weights) {
    RecurrentSpec spec = RecurrentSpec.cell("lstmCell", 4, x, weights, h, c);
    Recurrence.States states = lstm(spec, x, weights, h, c, false);
    return new RecurrentOps.LstmState(states.hidden(), states.cell());
  }

  static Tensor gruCell(Tensor x, Tensor h, RecurrentWeights weights, boolean resetAfter) {
    RecurrentSpec spec = RecurrentSpec.cell("gruCell", 3, x, weights, h);
    return gru(spec, x, weights, h, false, resetAfter).squeeze(0);
  }

  static RecurrentOps.Sequence rnn(
      Tensor x, RecurrentLayers layers, Tensor h0, UnaryOp activation) {
    RecurrentSpec spec = RecurrentSpec.sequence("rnn", 1, x, layers, h0);
    if (activation.keeps() != UnaryOp.Keeps.OUTPUT) {
      throw new IllegalArgumentException(
          "rnn: the derivative of "
              + activation
              + " does not follow from its value, as those of TANH, RELU and SIGMOID do; call"
              + " rnnCell for each step");
    }
    Layer layer =
        (rows, weights, h, _, isReverse) -> {
          Recurrence.Given given = given(spec, rows, weights, weights.bias(), h, isReverse);
          return Recurrence.States.of(RnnRecurrence.of(given, activation), isReverse);
        };
    Recurrence.States all = run(spec, x, layers, h0, null, layer);
    return new RecurrentOps.Sequence(all.outputs(), all.hidden());
  }

  static RecurrentOps.LstmSequence lstm(Tensor x, RecurrentLayers layers, Tensor h0, Tensor c0) {
    RecurrentSpec spec = RecurrentSpec.sequence("lstm", 4, x, layers, h0, c0);
    Layer layer = (rows, weights, h, c, isReverse) -> lstm(spec, rows, weights, h, c, isReverse);
    Recurrence.States all = run(spec, x, layers, h0, c0, layer);
    return new RecurrentOps.LstmSequence(all.outputs(), all.hidden(), all.cell());
  }

  static RecurrentOps.Sequence gru(
      Tensor x, RecurrentLayers layers, Tensor h0, boolean resetAfter) {
    RecurrentSpec spec = RecurrentSpec.sequence("gru", 3, x, layers, h0);
    Layer layer =
        (rows, weights, h, _, isReverse) ->
            Recurrence.States.of(gru(spec, rows, weights, h, isReverse, resetAfter), isReverse);
    Recurrence.States all = run(spec, x, layers, h0, null, layer);
    return new RecurrentOps.Sequence(all.outputs(), all.hidden());
  }

  private static Recurrence.States lstm(
      RecurrentSpec spec,
      Tensor rows,
      RecurrentWeights weights,
      Tensor h,
      Tensor c,
      boolean isReverse) {
    return LstmRecurrence.of(given(spec, rows, weights, weights.bias(), h, isReverse), c);
  }

  private static Tensor gru(
      RecurrentSpec spec,
      Tensor rows,
      RecurrentWeights weights,
      Tensor h,
      boolean isReverse,
      boolean resetAfter) {
    Tensor bias = resetAfter ? weights.inputBias() : weights.bias();
    Recurrence.Given given = given(spec, rows, weights, bias, h, isReverse);
    return resetAfter
        ? GruRecurrence.of(given, weights.stateBias())
        : ResetFirstGruRecurrence.of(given);
  }

  private static Recurrence.Given given(
      RecurrentSpec spec,
      Tensor rows,
      RecurrentWeights weights,
      Tensor bias,
      Tensor h,
      boolean isReverse) {
    Supplier<Tensor> gates =
        () ->
            product(rows, weights.inputWeight(), bias)
                .reshape(spec.steps(), spec.rows(), spec.all());
    return new Recurrence.Given(gates, weights.stateWeight(), h, isReverse);
  }

  private static Tensor product(Tensor x, Tensor weight, Tensor bias) {
    Tensor turned = weight.transpose();
    return bias == null ? x.matmul(turned) : x.affine(turned, bias);
  }

  /** {@return the outputs of the last layer, and the last states of all} */
  private static Recurrence.States run(
      RecurrentSpec spec, Tensor x, RecurrentLayers layers, Tensor h0, Tensor c0, Layer layer) {
    int directions = layers.directions();
    int count = layers.weights().size();
    Tensor none =
        h0 == null || c0 == null
            ? Tensor.zeros(x.backend(), x.dtype(), Shape.of(spec.rows(), spec.units()))
            : null;
    Tensor[] hidden = new Tensor[count];
    Tensor[] cells = new Tensor[count];
    Tensor outputs = layers.isBatchFirst() ? x.transpose(0, 1) : x;
    for (int i = 0; i < count; i += directions) {
      int inputs = outputs.shape().dim(2);
      Tensor rows = outputs.reshape(Math.multiplyExact(spec.steps(), spec.rows()), inputs);
      Tensor[] both = new Tensor[directions];
      for (int d = 0; d < directions; d++) {
        Tensor h = h0 == null ? none : at(h0, i + d);
        Tensor c = c0 == null ? none : at(c0, i + d);
        Recurrence.States states = layer.run(rows, layers.weights().get(i + d), h, c, d == 1);
        both[d] = states.outputs();
        hidden[i + d] = states.hidden();
        cells[i + d] = states.cell();
      }
      outputs = directions == 1 ? both[0] : Tensor.concat(2, both);
    }
    return new Recurrence.States(
        layers.isBatchFirst() ? outputs.transpose(0, 1) : outputs,
        Tensor.stack(0, hidden),
        cells[0] == null ? null : Tensor.stack(0, cells));
  }

  private static Tensor at(Tensor states, int i) {
    return states.slice(0, i, i + 1).squeeze(0);
  }
}
