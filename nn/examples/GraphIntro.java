// One training step in three ways: computed at once, traced into a graph, and what became of it.
// Run it with ./lanewise run nn/examples/GraphIntro.java [FOLDER FOR PICTURES]
import module dev.lanewise.nn;

import dev.lanewise.autodiff.Gradients; // not the program beside this one

void main(String[] arguments) throws IOException {
  var pictures = arguments.length > 0 ? Path.of(arguments[0]) : Files.createTempDirectory("graph");
  Files.createDirectories(pictures);
  oneFormula();
  trainingStep(pictures);
  inFit();
  IO.println("pictures are in " + pictures);
}

// ---------------------------------------------------------------- a formula

/**
 * A formula of tensors makes an array for each operation. Traced, it is a list of calls of kernels,
 * which can be looked at and made shorter: here six operations become one loop over the numbers.
 */
void oneFormula() {
  var x = Tensor.randomNormal(new Generator(1), Shape.of(1000));
  Graph graph = Graph.trace(v -> v.mul(0.5).add(1).tanh().square().mul(3).sub(v), x);
  IO.println("as it was written:\n" + graph.traced());
  IO.println("as it is run:\n" + graph.program());

  var atOnce = x.mul(0.5).add(1).tanh().square().mul(3).sub(x);
  require(
      Arrays.equals(atOnce.toFloatArray(), graph.run(x).toFloatArray()),
      "a graph gives the same numbers, to the last bit");
}

// ---------------------------------------------------------------- a whole step of training

/** One step: the loss, its gradients, and the changes that the optimizer makes of them. */
Tensor step(Sequential model, Optimizer optimizer, Tensor x, Tensor labels) {
  var weights = model.weights().stream().map(Weight::value).toArray(Tensor[]::new);
  var loss = model.apply(x, true).crossEntropy(labels).mean();
  optimizer.apply(Gradients.of(loss, weights));
  return loss.detach();
}

Sequential network() {
  var model = Sequential.of(new Dense(32, "relu"), new Dense(32, "relu"), new Dense(4));
  model.build(16);
  return model;
}

/**
 * The step is traced once: weights and the optimizer's state are captured, and each run changes
 * them.
 */
void trainingStep(Path pictures) throws IOException {
  var x = Tensor.randomNormal(new Generator(2), Shape.of(8, 16));
  var labels = Tensor.of(new int[] {0, 1, 2, 3, 0, 1, 2, 3});
  var eager = network();
  var eagerOptimizer = new Adam(0.001).over(eager.weights());
  var traced = network();
  var tracedOptimizer = new Adam(0.001).over(traced.weights());
  Graph graph = Graph.trace((a, b) -> step(traced, tracedOptimizer, a, b), x, labels);
  IO.println("what the passes did:\n" + graph.report());

  // A replay is a graph with its inputs: nothing is made while it runs.
  Replay replay = graph.replay(x, labels);
  int[] rounds = IntStream.rangeClosed(1, 8).toArray();
  double[] eagerTimes = new double[rounds.length];
  double[] graphTimes = new double[rounds.length];
  for (int round = 0; round < rounds.length; round++) {
    eagerTimes[round] =
        microseconds(
            () -> {
              try (var _ = Scope.open()) {
                step(eager, eagerOptimizer, x, labels);
              }
            });
    graphTimes[round] = microseconds(replay::run);
  }
  IO.println(
      "a step at once: %.1f µs, as a graph: %.1f µs\n".formatted(eagerTimes[7], graphTimes[7]));
  require(
      Arrays.equals(kernel(eager), kernel(traced)),
      "after as many steps both have the same weights");

  double[] numbers = Arrays.stream(rounds).asDoubleStream().toArray();
  Plots.xy()
      .line("at once", numbers, eagerTimes)
      .line("as a graph", numbers, graphTimes)
      .axes("after so many times 3000 steps", "µs for a step")
      .title("The same step of training")
      .save(pictures.resolve("steps.png"));
  // dot -Tsvg step.dot > step.svg draws it, if Graphviz is there.
  Files.writeString(pictures.resolve("step.dot"), graph.toDot());
}

float[] kernel(Sequential model) {
  return model.weights().getFirst().value().toFloatArray();
}

double microseconds(Runnable step) {
  long start = System.nanoTime();
  for (int i = 0; i < 3000; i++) {
    step.run();
  }
  return (System.nanoTime() - start) / 3e6;
}

// ---------------------------------------------------------------- in fit

/** {@code fit} does all that by itself when it is asked to. */
void inFit() {
  var digits = Digits.load().stratifiedSplit(0.8, 42);
  var losses = new ArrayList<List<Double>>();
  for (boolean jit : new boolean[] {false, true}) {
    var model = Sequential.of(new Flatten(), new Dense(64, "relu"), new Dense(10, "softmax"));
    model.compile("adam", "sparse_categorical_crossentropy", "accuracy");
    model.jit(jit);
    var history = model.fit(digits.train(), FitOptions.epochs(5).batchSize(16).seed(1).verbose(0));
    losses.add(history.get("loss"));
    IO.println("jit %-5s losses %s".formatted(jit, history.get("loss")));
  }
  require(losses.get(0).equals(losses.get(1)), "the losses are the same numbers");
}

void require(boolean holds, String what) {
  if (!holds) {
    throw new AssertionError("it should be that " + what);
  }
}
