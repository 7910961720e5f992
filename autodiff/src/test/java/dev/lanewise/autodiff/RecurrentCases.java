package dev.lanewise.autodiff;

import dev.lanewise.autodiff.StructuralGradientTest.Case;
import dev.lanewise.kernel.UnaryOp;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Steps and sequences of recurrent networks whose gradients are checked. */
final class RecurrentCases {
  private static final int UNITS = 2;
  private static final int INPUTS = 3;
  private static final int ROWS = 2;

  private final List<Case> cases = new ArrayList<>();

  private RecurrentCases() {}

  static List<Case> all() {
    RecurrentCases all = new RecurrentCases();
    all.cells();
    all.sequences();
    all.deep();
    return all.cases;
  }

  private static int[] s(int... dims) {
    return dims;
  }

  private void add(String op, Function<Tensor[], Tensor> function, int[]... shapes) {
    cases.add(new Case(op, function, shapes));
  }

  /** {@return shapes of x and the weights with both biases, and others} */
  private static int[][] shapes(int gates, int[] x, int[]... others) {
    int all = gates * UNITS;
    int[][] shapes = new int[5 + others.length][];
    shapes[0] = x;
    shapes[1] = s(all, INPUTS);
    shapes[2] = s(all, UNITS);
    shapes[3] = s(all);
    shapes[4] = s(all);
    System.arraycopy(others, 0, shapes, 5, others.length);
    return shapes;
  }

  /** Smaller than the numbers that tests have: at those, gates hardly move any more. */
  private static Tensor small(Tensor x) {
    return x.mul(0.4);
  }

  private static RecurrentWeights weights(Tensor[] in) {
    return new RecurrentWeights(small(in[1]), small(in[2]), in[3], in[4]);
  }

  private static Tensor joined(RecurrentOps.LstmState state) {
    return Tensor.stack(0, state.hidden(), state.cell());
  }

  private static Tensor joined(RecurrentOps.Sequence all) {
    return Tensor.concat(0, all.outputs().reshape(-1), all.hidden().reshape(-1));
  }

  private static Tensor joined(RecurrentOps.LstmSequence all) {
    Tensor states = Tensor.concat(0, all.hidden(), all.cell());
    return Tensor.concat(0, all.outputs().reshape(-1), states.reshape(-1));
  }

  private void cells() {
    int[] x = s(ROWS, INPUTS);
    int[] h = s(ROWS, UNITS);
    for (UnaryOp op : new UnaryOp[] {UnaryOp.TANH, UnaryOp.RELU, UnaryOp.SILU}) {
      add("rnnCell", in -> in[0].rnnCell(in[5], weights(in), op), shapes(1, x, h));
    }
    add("lstmCell", in -> joined(in[0].lstmCell(in[5], in[6], weights(in))), shapes(4, x, h, h));
    add("lstmCell", in -> in[0].lstmCell(in[5], in[5], weights(in)).cell(), shapes(4, x, h));
    add("gruCell", in -> in[0].gruCell(in[5], weights(in)), shapes(3, x, h));
    add("gruCell", in -> in[0].gruCell(in[5], weights(in), false), shapes(3, x, h));
    add(
        "gruCell",
        in ->
            in[0]
                .transpose()
                .gruCell(in[3].transpose(), new RecurrentWeights(small(in[1]), small(in[2]))),
        s(INPUTS, 1),
        s(3, INPUTS),
        s(3, 1),
        s(1, 1));
  }

  private void sequences() {
    int[] x = s(3, ROWS, INPUTS);
    int[] h = s(1, ROWS, UNITS);
    for (UnaryOp op : new UnaryOp[] {UnaryOp.TANH, UnaryOp.RELU}) {
      add(
          "rnn",
          in -> joined(in[0].rnn(RecurrentLayers.of(weights(in)), in[5], op)),
          shapes(1, x, h));
    }
    add(
        "lstm",
        in -> joined(in[0].lstm(RecurrentLayers.of(weights(in)), in[5], in[6])),
        shapes(4, x, h, h));
    for (boolean resetAfter : new boolean[] {true, false}) {
      add(
          "gru",
          in -> joined(in[0].gru(RecurrentLayers.of(weights(in)), in[5], resetAfter)),
          shapes(3, x, h));
    }
    add(
        "lstm",
        in -> in[0].lstm(RecurrentLayers.of(weights(in))).cell(),
        shapes(4, s(2, 0, INPUTS)));
  }

  /** {@return two layers in both directions, their weights cut out of two matrices} */
  private static RecurrentLayers layers(int gates, Tensor lower, Tensor upper) {
    List<RecurrentWeights> weights = new ArrayList<>();
    for (Tensor x : new Tensor[] {lower, upper}) {
      int inputs = x.shape().dim(1) - UNITS;
      for (Tensor half : x.split(0, gates * UNITS, gates * UNITS)) {
        List<Tensor> parts = small(half).split(1, inputs, UNITS);
        weights.add(new RecurrentWeights(parts.get(0), parts.get(1)));
      }
    }
    return RecurrentLayers.of(weights).bidirectional().batchFirst();
  }

  private void deep() {
    int[] x = s(1, 3, 1);
    int lower = 1 + UNITS;
    int upper = 3 * UNITS;
    add(
        "rnn",
        in -> joined(in[0].rnn(layers(1, in[1], in[2]))),
        x,
        s(2 * UNITS, lower),
        s(2 * UNITS, upper));
    add(
        "lstm",
        in -> joined(in[0].lstm(layers(4, in[1], in[2]))),
        x,
        s(8 * UNITS, lower),
        s(8 * UNITS, upper));
    add(
        "gru",
        in -> joined(in[0].gru(layers(3, in[1], in[2]))),
        x,
        s(6 * UNITS, lower),
        s(6 * UNITS, upper));
    add(
        "gru",
        in -> joined(in[0].gru(layers(3, in[1], in[2]), in[3], false)),
        x,
        s(6 * UNITS, lower),
        s(6 * UNITS, upper),
        s(4, 1, UNITS));
  }
}
