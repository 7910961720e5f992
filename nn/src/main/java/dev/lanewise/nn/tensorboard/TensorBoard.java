package dev.lanewise.nn.tensorboard;

import dev.lanewise.array.Shape;
import dev.lanewise.autodiff.GradientHook;
import dev.lanewise.graph.Graph;
import dev.lanewise.nn.ModelGraph;
import dev.lanewise.nn.Training;
import dev.lanewise.nn.TrainingCallback;
import dev.lanewise.nn.internal.Samples;
import dev.lanewise.nn.layer.Weight;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Writes what {@code fit} reports to files that TensorBoard shows, as Keras's callback of this name
 * does: the runs {@code train} and {@code validation} with a curve for each quantity, and the
 * model's graph; histograms of weights and gradients, and curves by step, if they are asked for.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() throws IOException {
 *   var parts = Digits.load().stratifiedSplit(0.8, 42);
 *   var model = Sequential.of(new Flatten(), new Dense(10, "softmax"));
 *   model.compile("adam", "sparse_categorical_crossentropy", "accuracy");
 *   Path logs = Files.createTempDirectory("logs");
 *   model.fit(
 *       parts.train(),
 *       FitOptions.epochs(2)
 *           .validationData(parts.test())
 *           .callbacks(new TensorBoard(logs).histogramFrequency(1)));
 *   IO.println("tensorboard --logdir " + logs);
 * }
 * }
 *
 * <p>Curves are called as Keras calls them: {@code epoch_loss}, {@code epoch_accuracy} and {@code
 * epoch_learning_rate} by epoch, {@code batch_loss} and so on by step. A histogram is called by its
 * weight: {@code dense/kernel} and {@code dense/kernel/gradient}; the gradient is that of the
 * epoch's first step.
 */
public final class TensorBoard implements TrainingCallback {
  private static final String VALIDATION = "val_";

  private final Path logdir;
  private int histogramFrequency;
  private long updateFrequency;
  private boolean writeGraph = true;
  private EventWriter train;
  private EventWriter validation;
  private List<GradientHook> hooks = List.of();
  private long steps;

  /**
   * Makes the callback; files are made when training begins.
   *
   * @param logdir the folder of the runs, which are folders in it
   */
  public TensorBoard(Path logdir) {
    this.logdir = logdir;
  }

  /**
   * Chooses after how many epochs there are histograms; there are none if nobody does.
   *
   * @param epochs how many; 0 for no histograms
   * @return this callback
   * @throws IllegalArgumentException if it is negative
   */
  public TensorBoard histogramFrequency(int epochs) {
    histogramFrequency = (int) notNegative("histogramFrequency", epochs);
    return this;
  }

  /**
   * Chooses after how many steps there is a point of the curves by step; there are none if nobody
   * does.
   *
   * @param steps how many; 0 for no such curves
   * @return this callback
   * @throws IllegalArgumentException if it is negative
   */
  public TensorBoard updateFrequency(long steps) {
    updateFrequency = notNegative("updateFrequency", steps);
    return this;
  }

  private static long notNegative(String what, long value) {
    if (value < 0) {
      throw new IllegalArgumentException(
          "TensorBoard: " + what + " must be at least 0, not " + value);
    }
    return value;
  }

  /**
   * Chooses whether the model's graph is written; it is if nobody does.
   *
   * @param written whether it is
   * @return this callback
   */
  public TensorBoard writeGraph(boolean written) {
    writeGraph = written;
    return this;
  }

  /**
   * {@return the model's layers as nodes, for {@link EventWriter#graph}}
   *
   * @param graph the layers
   */
  public static List<GraphNode> nodes(ModelGraph graph) {
    List<String> names = new ArrayList<>();
    List<GraphNode> nodes = new ArrayList<>();
    for (int i = 0; i < graph.boxes().size(); i++) {
      ModelGraph.Box box = graph.boxes().get(i);
      // A layer may be called anything.
      String plain =
          box.name().replaceAll("[^A-Za-z0-9._-]", "_").replaceAll("^[^A-Za-z0-9.]", ".");
      String name = plain.isEmpty() ? "layer" : plain;
      for (int n = 1; names.contains(name); n++) {
        name = plain + "_" + n;
      }
      names.add(name);
      int place = i;
      String[] inputs =
          graph.edges().stream()
              .filter(edge -> edge.to() == place && edge.isDrawn())
              .map(edge -> names.get(edge.from()))
              .toArray(String[]::new);
      GraphNode node = GraphNode.of(name, box.type(), inputs);
      node =
          node.withAttribute("inputs", texts(box.inputs()))
              .withAttribute("outputs", texts(box.outputs()));
      nodes.add(box.outputs().size() == 1 ? node.withShape(batch(box.outputs())) : node);
    }
    return nodes;
  }

  /**
   * {@return the kernel calls of a traced graph as nodes, for {@link EventWriter#graph}}: what a
   * run does after the passes. Inputs, captured tensors and constants lie in boxes of their own;
   * the functions of choices and loops lie in the box of their call.
   *
   * {@snippet :
   * try (EventWriter writer = EventWriter.open(logs.resolve("step"))) {
   *   writer.graph(TensorBoard.nodes(Graph.trace(x -> x.matmul(w).relu(), example)));
   * }
   * }
   *
   * @param graph the calls
   */
  public static List<GraphNode> nodes(Graph graph) {
    return TracedNodes.of(graph.program());
  }

  private static String texts(List<Shape> samples) {
    return String.join(", ", samples.stream().map(Samples::batchOf).toList());
  }

  private static int[] batch(List<Shape> outputs) {
    int[] dims = outputs.getFirst().dims();
    int[] batch = new int[dims.length + 1];
    batch[0] = -1;
    System.arraycopy(dims, 0, batch, 1, dims.length);
    return batch;
  }

  @Override
  public void onTrainBegin(Training training) {
    List<GraphNode> nodes = writeGraph ? nodes(ModelGraph.of(training.model())) : List.of();
    train = open("train");
    if (!nodes.isEmpty()) { // a model of one's own may have no layers
      train.graph(nodes);
    }
  }

  private EventWriter open(String run) {
    try {
      return EventWriter.open(logdir.resolve(run));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean isDue(int epoch) {
    return histogramFrequency > 0 && epoch % histogramFrequency == 0;
  }

  @Override
  public void onBatchBegin(Training training) {
    if (training.step() == 0 && isDue(training.epoch())) {
      int epoch = training.epoch();
      hooks = new ArrayList<>();
      for (Weight weight : training.model().weights()) {
        if (weight.isTrainable()) {
          hooks.add(
              weight
                  .value()
                  .onGradient(
                      gradient -> {
                        train.histogram(weight.name() + "/gradient", gradient, epoch);
                        return null;
                      }));
        }
      }
    }
  }

  @Override
  public void onBatchEnd(Training training) {
    hooks.forEach(GradientHook::remove);
    hooks = List.of();
    steps++;
    if (updateFrequency > 0 && steps % updateFrequency == 0) {
      for (Map.Entry<String, Double> each : training.scores().asMap().entrySet()) {
        train.scalar("batch_" + each.getKey(), each.getValue(), steps);
      }
    }
  }

  @Override
  public void onEpochEnd(Training training) {
    for (Map.Entry<String, Double> each : training.scores().asMap().entrySet()) {
      String name = each.getKey();
      if (name.startsWith(VALIDATION)) {
        validation = validation == null ? open("validation") : validation;
        String tag = "epoch_" + name.substring(VALIDATION.length());
        validation.scalar(tag, each.getValue(), training.epoch());
      } else {
        train.scalar("epoch_" + name, each.getValue(), training.epoch());
      }
    }
    if (!training.scores().asMap().containsKey("learning_rate")) {
      train.scalar("epoch_learning_rate", training.optimizer().learningRate(), training.epoch());
    }
    if (isDue(training.epoch())) {
      for (Weight weight : training.model().weights()) {
        train.histogram(weight.name(), weight.value(), training.epoch());
      }
    }
  }

  @Override
  public void onTrainEnd(Training training) {
    hooks.forEach(GradientHook::remove);
    hooks = List.of();
    close(train);
    close(validation);
    train = null;
    validation = null;
  }

  private static void close(EventWriter writer) {
    if (writer != null) {
      writer.close();
    }
  }
}
