package dev.lanewise.nn;

import dev.lanewise.array.DType;
import dev.lanewise.array.Shape;
import dev.lanewise.autodiff.Generator;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.Backends;
import dev.lanewise.nn.data.LabeledDataset;
import dev.lanewise.nn.layer.BuildContext;
import dev.lanewise.nn.layer.Layer;
import dev.lanewise.nn.layer.Weight;
import dev.lanewise.nn.loss.Loss;
import dev.lanewise.nn.metric.Metric;
import dev.lanewise.nn.optim.Optimizer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Layers that are trained together. {@link Sequential} is the model to start with.
 *
 * <p>Weights are made when the model sees the shape of its first input, or by {@link #build}. They
 * live outside the scopes that steps open; do not build or fit inside a scope that closes before
 * you are done with the model. The same seed gives the same weights, bit by bit, whatever the
 * number of threads. A model computes in f32, and belongs to one thread at a time.
 */
public abstract non-sealed class Model implements TrainingOps {
  private Backend backend;
  private long seed;
  private String name;
  private Shape inputShape;
  private List<Weight> weights;
  private List<Weight> trainableWeights;
  private Tensor[] trainableValues;
  private Compiled compiled;
  private long epochs;

  /**
   * Makes a model.
   *
   * @param name what {@link #summary} calls it
   */
  protected Model(String name) {
    this.name = name;
  }

  /** {@return the layers, in the order in which they compute} */
  public abstract List<Layer> layers();

  /**
   * {@return the shape of one sample of each layer's output, the model's own last}
   *
   * @param input the shape of one sample of the input
   * @throws dev.lanewise.array.ShapeException if a layer does not take what comes to it; the text
   *     names it
   */
  protected abstract List<Shape> outputShapes(Shape input);

  /**
   * Builds each layer that is not built yet.
   *
   * @param input the shape of one sample of the input; {@link #outputShapes} took it
   * @param context where and of what weights are made
   */
  protected abstract void buildLayers(Shape input, BuildContext context);

  /**
   * {@return the output for a batch}
   *
   * @param x the batch, {@code [n, sample…]}
   * @param training whether this is a step of training
   */
  protected abstract Tensor call(Tensor x, boolean training);

  /**
   * Chooses who computes; {@link Backends#best} if nobody does.
   *
   * @param backend the backend
   * @return this model
   * @throws IllegalStateException if the model is built
   */
  public Model on(Backend backend) {
    requireUnbuilt("on");
    this.backend = backend;
    return this;
  }

  /**
   * Chooses the random numbers: first weights, and the orders of examples. 0 if nobody does.
   *
   * @param seed any number
   * @return this model
   * @throws IllegalStateException if the model is built
   */
  public Model seed(long seed) {
    requireUnbuilt("seed");
    this.seed = seed;
    return this;
  }

  /**
   * Gives the model a name.
   *
   * @param name what {@link #summary} calls it
   * @return this model
   */
  public Model named(String name) {
    this.name = name;
    return this;
  }

  /**
   * Makes the weights, for inputs of a shape. Fitting does this by itself.
   *
   * @param sampleShape the shape of one sample, without the batch axis
   * @return this model
   * @throws dev.lanewise.array.ShapeException if a layer does not take what comes to it
   * @throws IllegalStateException if the model is built
   */
  public Model build(int... sampleShape) {
    requireUnbuilt("build");
    buildOnce(Shape.of(sampleShape));
    return this;
  }

  /** Throws if the model is built: {@code setting} would come too late. */
  final void requireUnbuilt(String setting) {
    if (isBuilt()) {
      throw new IllegalStateException(
          setting + ": '" + name + "' has its weights already; make a new model");
    }
  }

  final void buildOnce(Shape sample) {
    if (isBuilt()) {
      return;
    }
    outputShapes(sample);
    backend = backend == null ? Backends.best() : backend;
    buildLayers(sample, new BuildContext(backend, DType.F32, new Generator(seed)));
    Set<Weight> all = new HashSet<>();
    List<Weight> found = new ArrayList<>();
    for (Layer layer : layers()) {
      // A layer that is used twice has its weights once.
      layer.weights().stream().filter(all::add).forEach(found::add);
    }
    weights = List.copyOf(found);
    trainableWeights = weights.stream().filter(Weight::isTrainable).toList();
    trainableValues = trainableWeights.stream().map(Weight::value).toArray(Tensor[]::new);
    inputShape = sample;
  }

  /** {@return whether the weights are made} */
  public final boolean isBuilt() {
    return inputShape != null;
  }

  /** {@return the weights, in the order of the layers; none before the model is built} */
  public final List<Weight> weights() {
    return isBuilt() ? weights : List.of();
  }

  /** {@return the weights that training changes} */
  final List<Weight> trainableWeights() {
    return trainableWeights;
  }

  final Tensor[] trainableValues() {
    return trainableValues;
  }

  final String name() {
    return name;
  }

  final Backend backend() {
    return backend;
  }

  /** {@return the shape of one sample of the output for a sample of the input} */
  final Shape outputShape(Shape sample) {
    return outputShapes(sample).getLast();
  }

  /**
   * {@return the table of layers with the shapes of their outputs and the numbers of their weights,
   * as Keras prints it}
   *
   * @throws IllegalStateException if the model is not built
   */
  public final String summary() {
    if (!isBuilt()) {
      throw new IllegalStateException(
          "summary: '"
              + name
              + "' does not know the shape of its input yet; call build(sampleShape), or fit"
              + " first");
    }
    return Summary.of(name, layers(), outputShapes(inputShape));
  }

  /**
   * Chooses how the model learns. Weights stay as they are.
   *
   * @param optimizer changes the weights; serves one model
   * @param loss is made small
   * @param metrics are reported, each under a name of its own
   * @throws IllegalArgumentException if two metrics have one name, or one is called {@code loss}
   */
  public final void compile(Optimizer optimizer, Loss loss, Metric... metrics) {
    compiled = new Compiled(this, optimizer, loss, List.of(metrics));
  }

  /**
   * Chooses how the model learns. Weights stay as they are.
   *
   * @param optimizer changes the weights; serves one model
   * @param loss is made small
   * @param metric {@code "accuracy"} or {@code "acc"}, in the sense that fits the loss, or a name
   *     that {@link Metric#named} knows
   * @throws IllegalArgumentException if a name is not known
   */
  public final void compile(Optimizer optimizer, Loss loss, String metric) {
    compile(optimizer, loss, metric(metric, loss));
  }

  /**
   * Chooses how the model learns, by names. Weights stay as they are.
   *
   * @param optimizer changes the weights; serves one model
   * @param loss its name, as {@link Loss#named} knows it
   * @param metrics {@code "accuracy"} or {@code "acc"}, in the sense that fits the loss, or names
   *     that {@link Metric#named} knows
   * @throws IllegalArgumentException if a name is not known
   */
  public final void compile(Optimizer optimizer, String loss, String... metrics) {
    Loss named = Loss.named(loss);
    Metric[] found = new Metric[metrics.length];
    for (int i = 0; i < found.length; i++) {
      found[i] = metric(metrics[i], named);
    }
    compile(optimizer, named, found);
  }

  /**
   * Chooses how the model learns, by names. Weights stay as they are.
   *
   * @param optimizer its name, as {@link Optimizer#named} knows it
   * @param loss its name, as {@link Loss#named} knows it
   * @param metrics {@code "accuracy"} or {@code "acc"}, in the sense that fits the loss, or names
   *     that {@link Metric#named} knows
   * @throws IllegalArgumentException if a name is not known
   */
  public final void compile(String optimizer, String loss, String... metrics) {
    compile(Optimizer.named(optimizer), loss, metrics);
  }

  private static Metric metric(String name, Loss loss) {
    return switch (name) {
      case "accuracy", "acc" -> loss.accuracy(name);
      default -> Metric.named(name);
    };
  }

  /**
   * Trains. A further call goes on where this one ends.
   *
   * @param examples what to learn from
   * @param options how
   * @return what was reported, epoch by epoch
   * @throws IllegalStateException if {@link #compile} was not called
   * @throws dev.lanewise.array.ShapeException if samples, targets and model do not fit each other
   * @throws dev.lanewise.array.DTypeException if targets are not of the type that the loss takes
   * @throws IllegalArgumentException if a label is not a class of the model
   */
  @Override
  public final History fit(Examples examples, FitOptions options) {
    FitLoop loop = new FitLoop(compiled("fit"), examples, options, seed);
    History history = new History();
    for (int epoch = 0; epoch < options.epochs(); epoch++) {
      loop.epoch(epoch, epochs, history);
      epochs++;
    }
    return history;
  }

  /**
   * Takes one step, with all of the examples as one batch.
   *
   * @param batch what to learn from
   * @return loss and metrics on the batch, from before the step
   * @throws IllegalStateException if {@link #compile} was not called
   * @throws dev.lanewise.array.ShapeException if samples, targets and model do not fit each other
   * @throws dev.lanewise.array.DTypeException if targets are not of the type that the loss takes
   * @throws IllegalArgumentException if a label is not a class of the model
   */
  @Override
  public final Scores trainOnBatch(Examples batch) {
    Compiled training = compiled("trainOnBatch");
    Examples prepared = training.prepare(batch);
    training.prepareTraining("trainOnBatch");
    Tally tally = training.tally();
    training.train(prepared, null, 0, prepared.size(), prepared.size(), tally);
    return tally.scores();
  }

  /**
   * {@return loss and metrics on examples, as {@link #evaluate(Examples)} gives them}
   *
   * @param examples what to judge by
   * @param batchSize how many are computed at once; 128 if nobody says
   * @throws IllegalArgumentException if it is not positive, or a label is not a class of the model
   */
  @Override
  public final Scores evaluate(Examples examples, int batchSize) {
    requireBatchSize("evaluate", batchSize);
    Compiled judge = compiled("evaluate");
    return judge.evaluate(judge.prepare(examples), Math.min(batchSize, examples.size()));
  }

  /**
   * {@return the output for samples, computed batch by batch, without gradients}
   *
   * @param x the samples, {@code [n, …]}
   * @param batchSize how many are computed at once; 128 if nobody says
   * @throws dev.lanewise.array.ShapeException if a layer does not take them
   * @throws IllegalArgumentException if {@code batchSize} is not positive
   */
  @Override
  public final Tensor predict(Tensor x, int batchSize) {
    return predict(Rows.of(x), batchSize);
  }

  /**
   * {@return the output for the samples of a data set}
   *
   * @param data the data set; its labels do not matter
   * @param batchSize how many samples are computed at once; 128 if nobody says
   * @throws IllegalArgumentException if it is not positive
   */
  @Override
  public final Tensor predict(LabeledDataset data, int batchSize) {
    return predict(Examples.of(data).x(), batchSize);
  }

  private Tensor predict(Rows x, int batchSize) {
    requireBatchSize("predict", batchSize);
    Shape output = outputShape(x.row());
    buildOnce(x.row());
    return Prediction.of(this, x.asF32(), output, batchSize);
  }

  private static void requireBatchSize(String operation, int batchSize) {
    if (batchSize < 1) {
      throw new IllegalArgumentException(
          operation + ": batchSize must be at least 1, not " + batchSize);
    }
  }

  private Compiled compiled(String operation) {
    if (compiled == null) {
      throw new IllegalStateException(
          operation
              + ": '"
              + name
              + "' has no optimizer and loss yet; call compile(optimizer, loss, metrics...) first");
    }
    return compiled;
  }
}
