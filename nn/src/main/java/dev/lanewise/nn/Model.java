package dev.lanewise.nn;

import dev.lanewise.array.DType;
import dev.lanewise.array.Shape;
import dev.lanewise.autodiff.Generator;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.Backends;
import dev.lanewise.nn.data.Batch;
import dev.lanewise.nn.data.Batches;
import dev.lanewise.nn.data.LabeledDataset;
import dev.lanewise.nn.layer.BuildContext;
import dev.lanewise.nn.layer.Input;
import dev.lanewise.nn.layer.Layer;
import dev.lanewise.nn.layer.LayerCall;
import dev.lanewise.nn.layer.SymbolicTensor;
import dev.lanewise.nn.loss.Loss;
import dev.lanewise.nn.metric.Metric;
import dev.lanewise.nn.optim.Optimizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/**
 * Layers that are trained together. {@link Sequential} is the model to start with; {@link #of}
 * makes one of inputs and outputs, with branches; and a subclass computes as it likes:
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * class Residual extends Model {
 *   private final Dense hidden = addLayer(new Dense(8, "relu"));
 *   private final Dense output = addLayer(new Dense(1));
 *
 *   @Override
 *   protected Tensor call(Tensor x, boolean training) {
 *     Tensor once = hidden.apply(x, training);
 *     return output.apply(once.add(x), training);
 *   }
 * }
 *
 * void main() {
 *   var model = new Residual();
 *   model.compile("adam", "mse");
 *   model.fit(Tensor.ones(16, 8), Tensor.zeros(16, 1), FitOptions.epochs(3));
 *   IO.println(model.summary());
 * }
 * }
 *
 * <p>Weights are made when the model sees the shape of its first input, or by {@link #build}. They
 * live outside the scopes that steps open; do not build or fit inside a scope that closes before
 * you are done with the model. The same seed gives the same weights, bit by bit, whatever the
 * number of threads. A model computes in f32, and belongs to one thread at a time.
 *
 * <p>A model is a layer, too: it can be a part of another, which then trains its weights.
 */
public abstract non-sealed class Model extends Layer implements TrainingOps, SavingOps {
  private Backend backend;
  private long seed;
  private Compiled compiled;
  private boolean jit;
  private long epochs;
  private Tracer tracer;

  /** Why a file could not tell how the model learns; {@code null} if it did. */
  private String leftOut;

  /** Makes a model, called by its class unless it is {@link #named}. */
  protected Model() {}

  /**
   * {@return a model of an input and an output}
   *
   * @param input where samples come in, from {@link Input#of}
   * @param output what layers make of it
   * @throws IllegalArgumentException if the output depends on another input, or not on this
   */
  public static Model of(SymbolicTensor input, SymbolicTensor output) {
    return of(List.of(input), List.of(output));
  }

  /**
   * {@return a model of inputs and outputs}
   *
   * @param inputs where samples come in, from {@link Input#of}
   * @param outputs what layers make of them
   * @throws IllegalArgumentException if there is none, or an output depends on an input that is not
   *     among these, or no output on one that is
   */
  public static Model of(List<SymbolicTensor> inputs, List<SymbolicTensor> outputs) {
    return new Functional(inputs, outputs);
  }

  /**
   * {@return the model that a file holds; see {@link ModelFile#load(Path)}}
   *
   * @param file what {@link #save} wrote
   * @throws dev.lanewise.io.FileFormatException if the file is damaged, of a newer version, or has
   *     a layer of a type that is not known
   * @throws IOException if reading fails
   */
  public static Model load(Path file) throws IOException {
    return ModelFile.load(file);
  }

  /**
   * {@return what the model calls, each after what it needs, if it was made of inputs and outputs;
   * nothing otherwise}
   */
  public List<LayerCall> calls() {
    return List.of();
  }

  /** {@return what {@link #of} was given as outputs; nothing for other models} */
  public List<SymbolicTensor> outputs() {
    return List.of();
  }

  /**
   * {@return the shape of one sample of the output} If nobody overrides this, the model is called
   * with zeros to find out; layers inside do not compute then.
   *
   * @param input the shape of one sample of the input
   * @throws dev.lanewise.array.ShapeException if a layer does not take what comes to it; the text
   *     names it
   */
  @Override
  public Shape outputShape(Shape input) {
    return traced(List.of(input)).getFirst();
  }

  /**
   * {@return the shape of one sample of each output} A model of several inputs overrides {@link
   * #callAll}, and is called with zeros to find out.
   *
   * @param inputs the shape of one sample of each input
   * @throws dev.lanewise.array.ShapeException if a layer does not take what comes to it
   */
  @Override
  public List<Shape> outputShapes(List<Shape> inputs) {
    if (inputs.size() != 1) {
      return traced(inputs);
    }
    Shape first = outputShape(inputs.getFirst());
    // Without a trace, a subclass has said what its one output is.
    return tracer == null ? List.of(first) : traced(inputs);
  }

  @Override
  protected void createWeights(List<Shape> inputs) {
    if (inputs.size() == 1) {
      createWeights(inputs.getFirst());
    }
  }

  /** {@return what a trace gave; a second one for the same shapes is not made} */
  private List<Shape> traced(List<Shape> inputs) {
    if (tracer == null || !tracer.inputs().equals(inputs)) {
      tracer = new Tracer(inputs, traceShapes(inputs));
    }
    return tracer.outputs();
  }

  /** Shapes that came in, and what came out. */
  private record Tracer(List<Shape> inputs, List<Shape> outputs) {}

  /** Names of weights do not begin with that of the model. */
  @Override
  protected final String weightPrefix() {
    return "";
  }

  /** {@return the shapes of samples, if the model knows them before it sees any} */
  protected Optional<List<Shape>> declaredInputs() {
    return Optional.empty();
  }

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
   * Chooses who computes from now on, as {@code model.to(device)} of PyTorch does: {@link #on} of a
   * model without weights, and otherwise its weights move. Samples and targets may be anywhere, as
   * {@code fit}, {@code evaluate} and {@code predict} bring them along; what {@link #apply} is
   * given must be on the same backend. Call {@code compile} with a new optimizer after this if the
   * one there is has taken a step.
   *
   * {@snippet :
   * import module dev.lanewise.nn;
   *
   * void main() {
   *   var model = Sequential.of(new Dense(8, "relu"), new Dense(1)).build(3);
   *   model.to(Backends.named("reference")); // "cuda" on a machine with an NVIDIA device
   *   Tensor y = model.predict(Tensor.ones(2, 3));
   *   IO.println(y.backend().name()); // reference
   * }
   * }
   *
   * @param backend the backend
   * @return this model
   */
  @Override
  public Model to(Backend backend) {
    if (!isBuilt()) {
      return on(backend);
    }
    super.to(backend);
    settle(this, backend);
    return this;
  }

  private static void settle(Layer layer, Backend backend) {
    if (layer instanceof Model model) {
      model.backend = backend;
    }
    layer.layers().forEach(inner -> settle(inner, backend));
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

  @Override
  public Model named(String name) {
    super.named(name);
    return this;
  }

  /**
   * Makes the weights, for inputs of a shape. Fitting does this by itself.
   *
   * @param sampleShape the shape of one sample, without the batch axis; nothing for a model that
   *     begins with an {@link Input}
   * @return this model
   * @throws dev.lanewise.array.ShapeException if a layer does not take what comes to it
   * @throws IllegalStateException if the model is built
   */
  public Model build(int... sampleShape) {
    return build(
        sampleShape.length == 0
            ? declaredInputs().orElse(List.of(Shape.SCALAR))
            : List.of(Shape.of(sampleShape)));
  }

  /**
   * Makes the weights of a model of several inputs. Fitting does this by itself.
   *
   * @param sampleShapes the shape of one sample of each input
   * @return this model
   * @throws dev.lanewise.array.ShapeException if a layer does not take what comes to it
   * @throws IllegalStateException if the model is built
   */
  public Model build(List<Shape> sampleShapes) {
    requireUnbuilt("build");
    // No name of its own in front of its weights' names.
    build(sampleShapes, new BuildContext(backend(), DType.F32, new Generator(seed), ""));
    nameWeights();
    return this;
  }

  final void buildOnce(List<Shape> samples) {
    if (!isBuilt()) {
      build(samples);
    }
  }

  /** Builds what knows the shape of its inputs. */
  final void buildIfDeclared() {
    if (!isBuilt()) {
      declaredInputs().ifPresent(this::build);
    }
  }

  /** {@return the names of the outputs, which tell losses and metrics apart} */
  protected List<String> outputNames(int outputs) {
    return IntStream.range(0, outputs).mapToObj(i -> "output_" + i).toList();
  }

  /** {@return who computes; of a model that was built as a part of another, that one's} */
  final Backend backend() {
    if (backend == null) {
      backend = weights().isEmpty() ? Backends.best() : weights().getFirst().value().backend();
    }
    return backend;
  }

  final long seed() {
    return seed;
  }

  final long nextEpoch() {
    return epochs++;
  }

  final long epochs() {
    return epochs;
  }

  /** Goes on as if so many epochs had been taken. */
  final void goOnAt(long epochs) {
    this.epochs = epochs;
  }

  /** Remembers why a file could not tell how the model learns. */
  final void leftOut(String why) {
    leftOut = why;
  }

  /** {@return who computes, if somebody said so or the model is built; otherwise {@code null}} */
  final Backend chosenBackend() {
    return backend;
  }

  /** {@return how the model learns, or {@code null}} */
  final Compiled compiled() {
    return compiled;
  }

  /** {@return how many epochs were begun, or are taken to be if they are fewer} */
  final long epochsFrom(int first) {
    epochs = Math.max(epochs, first);
    return epochs;
  }

  /**
   * {@return the table of layers with the shapes of their outputs and the numbers of their weights,
   * as Keras prints it; of a model with branches also what each layer is connected to}
   *
   * @throws IllegalStateException if the model is not built
   */
  public final String summary() {
    requireShapes("summary");
    return Summary.of(this);
  }

  final void requireShapes(String operation) {
    buildIfDeclared();
    if (!isBuilt()) {
      throw new IllegalStateException(
          operation
              + ": '"
              + name()
              + "' does not know the shape of its input yet; call build(sampleShape), or fit"
              + " first");
    }
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
    compile(optimizer, Head.of(loss).metrics(metrics));
  }

  /**
   * Chooses how a model of several outputs learns. Weights stay as they are.
   *
   * @param optimizer changes the weights; serves one model
   * @param heads what each output learns by; the losses, times their weights, are added
   * @throws IllegalArgumentException if two metrics have one name, or there is no head
   */
  public final void compile(Optimizer optimizer, Head... heads) {
    if (heads.length == 0) {
      throw new IllegalArgumentException("compile: there must be a loss, one for each output");
    }
    buildIfDeclared();
    compiled = new Compiled(this, optimizer, List.of(heads), jit);
    leftOut = null;
  }

  /**
   * Chooses whether {@code fit}, {@code evaluate} and {@code trainOnBatch} compute each kind of
   * step as a {@link dev.lanewise.graph.Graph}: traced at the first batch of a size, improved, and
   * run again for the others. All numbers stay the same, to the bit.
   *
   * {@snippet :
   * model.compile("adam", "mse");
   * model.jit(true);
   * model.fit(x, y, FitOptions.epochs(20));
   * }
   *
   * <p>What layers, losses and metrics of one's own do in Java, such as printing or reading
   * numbers, happens only while a step is traced, or is refused there by a {@link
   * dev.lanewise.graph.GraphException}.
   *
   * @param jit whether steps are graphs; they are not unless this is called
   */
  public final void jit(boolean jit) {
    this.jit = jit;
    if (compiled != null) {
      compiled = new Compiled(this, compiled.optimizer(), compiled.heads(), jit);
    }
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
    compile(optimizer, Head.of(loss).metrics(metric));
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
    compile(optimizer, Head.of(loss).metrics(metrics));
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
    return FitLoop.of(requireCompiled("fit"), examples, options).run();
  }

  /**
   * Trains on batches. A further call goes on where this one ends.
   *
   * @param batches what to learn from: an epoch of theirs for each epoch
   * @param options how; the batches decide about order and size
   * @return what was reported, epoch by epoch
   * @throws IllegalStateException if {@link #compile} was not called
   * @throws dev.lanewise.array.ShapeException if samples, targets and model do not fit each other
   * @throws dev.lanewise.array.DTypeException if targets are not of the type that the loss takes
   * @throws IllegalArgumentException if a label is not a class of the model, or a part of the
   *     examples is to be kept
   */
  @Override
  public final History fit(Batches batches, FitOptions options) {
    return FitLoop.of(requireCompiled("fit"), batches, options).run();
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
    Compiled training = requireCompiled("trainOnBatch");
    Batch prepared = training.batch(batch);
    training.prepareTraining("trainOnBatch");
    Tally tally = training.tally();
    training.train(prepared, tally);
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
    Compiled judge = requireCompiled("evaluate");
    Batches batches = Feed.of(this, judge.prepare(examples), batchSize, OptionalLong.empty());
    return judge.evaluate(batches.epoch(0), Long.MAX_VALUE);
  }

  /**
   * {@return loss and metrics on the first batches of epoch 0}
   *
   * @param batches what to judge by
   * @param steps how many there are to be at most, at least 1
   * @throws IllegalArgumentException if a label is not a class of the model, there are no batches,
   *     or {@code steps} is not positive
   */
  @Override
  public final Scores evaluate(Batches batches, long steps) {
    if (steps < 1) {
      throw new IllegalArgumentException("evaluate: steps must be at least 1, not " + steps);
    }
    FitLoop.requireEnd("evaluate", "steps", steps == Long.MAX_VALUE ? 0 : steps, batches);
    Compiled judge = requireCompiled("evaluate");
    return judge.evaluate(Feed.of(judge, batches, ClassWeights.NONE).epoch(0), steps);
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
    return predict(Examples.of(List.of(x), List.of()), batchSize).getFirst();
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
    return predict(Examples.of(data), batchSize).getFirst();
  }

  /**
   * {@return each output for samples of several inputs, computed batch by batch, without gradients}
   *
   * @param examples the samples; targets do not matter
   * @param batchSize how many are computed at once
   * @throws dev.lanewise.array.ShapeException if a layer does not take them
   * @throws IllegalArgumentException if {@code batchSize} is not positive
   */
  @Override
  public final List<Tensor> predict(Examples examples, int batchSize) {
    requireBatchSize("predict", batchSize);
    List<Shape> outputs = outputShapes(examples.sampleShapes());
    buildOnce(examples.sampleShapes());
    return Prediction.of(this, examples.prepared(List.of()), outputs, batchSize);
  }

  private static void requireBatchSize(String operation, int batchSize) {
    if (batchSize < 1) {
      throw new IllegalArgumentException(
          operation + ": batchSize must be at least 1, not " + batchSize);
    }
  }

  final Compiled requireCompiled(String operation) {
    if (compiled == null) {
      throw new IllegalStateException(
          ("%s: '%s' has no optimizer and loss yet%s; call compile(optimizer, loss, metrics...)"
                  + " first")
              .formatted(
                  operation,
                  name(),
                  leftOut == null ? "" : ", as its file could not hold them: " + leftOut));
    }
    return compiled;
  }
}
