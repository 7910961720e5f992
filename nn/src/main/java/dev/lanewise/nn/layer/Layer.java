package dev.lanewise.nn.layer;

import dev.lanewise.array.NdArray;
import dev.lanewise.array.Scope;
import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Generator;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.Backend;
import dev.lanewise.nn.config.Config;
import dev.lanewise.nn.init.Fans;
import dev.lanewise.nn.init.Initializer;
import dev.lanewise.nn.internal.Samples;
import java.util.List;
import java.util.Optional;

/**
 * A function of tensors with weights of its own. A subclass says what shape comes out, makes its
 * weights and computes:
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * class Scale extends Layer {
 *   private Tensor factor;
 *
 *   @Override
 *   public Shape outputShape(Shape input) {
 *     return input;
 *   }
 *
 *   @Override
 *   protected void createWeights(Shape input) {
 *     factor = addWeight("factor", input, Initializer.constant(1), new Fans(1, 1));
 *   }
 *
 *   @Override
 *   protected Tensor call(Tensor x, boolean training) {
 *     return x.mul(factor);
 *   }
 * }
 *
 * void main() {
 *   var model = Sequential.of(new Scale(), new Dense(1)).build(3);
 *   IO.println(model.summary());
 * }
 * }
 *
 * <p>A layer that is made of others takes them in by {@link #addLayer}; they get their weights when
 * it gets its own. One that takes several tensors extends {@link MultiInputLayer}.
 */
public abstract class Layer extends LayerTree {
  private BuildContext context;
  private boolean built;
  private List<Shape> builtInputs = List.of();
  private List<Shape> builtOutputs = List.of();
  private Shape lastInput;
  private Optional<Regularizer> activityRegularizer = Optional.empty();

  /** Who sees outputs and gradients; {@code null} if nobody ever did. */
  private Hooks hooks;

  /** Makes a layer without a name; the model that it is added to gives it one. */
  protected Layer() {}

  /**
   * Gives the layer a name, by which summaries, errors and weights are told apart.
   *
   * @param name any text that no other layer of the model has
   * @return this layer
   * @throws IllegalStateException if the layer is built
   */
  public Layer named(String name) {
    requireUnbuilt("named");
    setName(name);
    return this;
  }

  /**
   * Chooses whether training changes the weights, of the layers inside too; it does if nobody says
   * otherwise. Layers that train otherwise than they predict, as normalization does, predict while
   * they are not trainable. Make a new optimizer after this, by {@code compile} for example.
   *
   * @param trainable whether it does
   * @return this layer
   */
  public Layer trainable(boolean trainable) {
    freeze(!trainable);
    return this;
  }

  /**
   * Moves the weights to another backend, those of the layers inside too; inputs must live there
   * from now on. Make a new optimizer after this, by {@code compile} for example, if the one there
   * is has taken a step.
   *
   * @param backend who shall compute; call this outside of any scope that closes before the layer
   *     is done with
   * @return this layer
   * @throws IllegalStateException if the layer has no weights yet: they are made on the backend of
   *     its {@link BuildContext}, or of the model that it is in
   */
  public Layer to(Backend backend) {
    requireBuilt();
    weights().forEach(weight -> weight.value().moveTo(backend));
    return this;
  }

  /**
   * Adds a penalty on the output to the loss: the mean over the samples.
   *
   * @param regularizer computes the penalty
   * @return this layer
   */
  public Layer activityRegularizer(Regularizer regularizer) {
    activityRegularizer = Optional.of(regularizer);
    return this;
  }

  final Optional<Regularizer> activityRegularizer() {
    return activityRegularizer;
  }

  /**
   * {@return the shape of one sample of the output}
   *
   * @param input the shape of one sample of the input
   * @throws ShapeException if this layer does not take such samples
   */
  public abstract Shape outputShape(Shape input);

  /**
   * {@return the shape of one sample of each output} Most layers have one, of one input.
   *
   * @param inputs the shape of one sample of each input
   * @throws ShapeException if this layer does not take such samples
   */
  public List<Shape> outputShapes(List<Shape> inputs) {
    return List.of(outputShape(only(inputs)));
  }

  /**
   * Makes the weights, by {@link #addWeight}. Without weights there is nothing to do.
   *
   * @param input the shape of one sample of the input; {@link #outputShape} took it
   */
  protected void createWeights(Shape input) {}

  /**
   * Makes the weights of a layer of several inputs.
   *
   * @param inputs the shape of one sample of each input; {@link #outputShapes} took them
   */
  protected void createWeights(List<Shape> inputs) {
    createWeights(only(inputs));
  }

  /**
   * {@return the output for a batch} What is made here lives only until the step ends, and the
   * memory of {@code x} serves the next batch again: make lasting state in {@link #createWeights}.
   *
   * @param x the batch, {@code [n, sample…]}; {@link #outputShape} took its samples
   * @param training whether this is a step of training
   */
  protected abstract Tensor call(Tensor x, boolean training);

  /**
   * {@return the outputs for a batch}
   *
   * @param inputs the batch, {@code [n, sample…]} for each input
   * @param training whether this is a step of training
   */
  protected List<Tensor> callAll(List<Tensor> inputs, boolean training) {
    return List.of(call(only(inputs), training));
  }

  private <T> T only(List<T> inputs) {
    if (inputs.size() != 1) {
      throw new ShapeException(
          "%s: takes one input, not %d%s"
              .formatted(
                  describe(), inputs.size(), inputs.isEmpty() ? "" : "; join them by Concatenate"));
    }
    return inputs.getFirst();
  }

  /**
   * {@return the settings of its own by which the layer can be made again, without weights, when a
   * model is loaded} {@link LayerTypes#configOf} adds those that all layers have.
   *
   * @throws UnsupportedOperationException if the layer does not tell
   */
  public Config config() {
    throw new UnsupportedOperationException(
        describe()
            + ": does not say what it is made of; override config() to save it, or save weights"
            + " alone");
  }

  /**
   * Makes the weights. Models do this when they see the first input.
   *
   * @param input the shape of one sample of the input
   * @param context where and of what the weights are made; outside any scope, if they are to live
   *     on
   * @throws ShapeException if this layer does not take such samples
   * @throws IllegalStateException if the layer is built
   */
  public final void build(Shape input, BuildContext context) {
    build(List.of(input), context);
  }

  /**
   * Makes the weights, for several inputs.
   *
   * @param inputs the shape of one sample of each input
   * @param context where and of what the weights are made; outside any scope, if they are to live
   *     on
   * @throws ShapeException if this layer does not take such samples
   * @throws IllegalStateException if the layer is built
   */
  public final void build(List<Shape> inputs, BuildContext context) {
    requireUnbuilt("build");
    builtOutputs = outputShapes(inputs);
    builtInputs = List.copyOf(inputs);
    make(inputs, context.path() == null ? context.at(name() + "/") : context);
    built = true;
  }

  /** Makes the weights of this layer and those inside. */
  private void make(List<Shape> inputs, BuildContext named) {
    ownWeights.clear();
    ownGenerators.clear();
    context = named;
    try {
      createWeights(inputs);
    } finally {
      context = null;
    }
    if (!layers().isEmpty()) {
      ShapeTrace.of(this, inputs, named);
    }
  }

  /**
   * {@return what {@link #outputShapes} gives for a layer that is made of others, by calling it
   * with zeros, with which the inner layers do not compute}
   *
   * @param inputs the shape of one sample of each input
   */
  protected final List<Shape> traceShapes(List<Shape> inputs) {
    if (built) {
      return ShapeTrace.of(this, inputs, null);
    }
    // Its own weights, for as long as the trace lasts.
    try (Scope _ = Scope.open("shapes of " + name())) {
      context = ShapeTrace.anywhere(name());
      createWeights(inputs);
      return ShapeTrace.of(this, inputs, null);
    } finally {
      context = null;
      ownWeights.clear();
      ownGenerators.clear();
    }
  }

  /** {@return whether the weights are made} */
  public final boolean isBuilt() {
    return built;
  }

  /** {@return the shape of one sample of each input that the layer was built for; none before} */
  public final List<Shape> builtInputs() {
    return builtInputs;
  }

  /**
   * {@return the shape of one sample of each output, for the inputs that the layer was built for;
   * none before}
   */
  public final List<Shape> builtOutputs() {
    return builtOutputs;
  }

  /**
   * {@return the output for a batch}
   *
   * @param x the batch, {@code [n, sample…]}
   * @param training whether this is a step of training
   * @throws ShapeException if the samples have a shape that this layer does not take, or a function
   *     of {@link #onForward} gives another shape than the output's
   * @throws dev.lanewise.array.DTypeException if such a function gives another type
   * @throws IllegalStateException if the layer is not built
   */
  public final Tensor apply(Tensor x, boolean training) {
    ShapeTrace trace = ShapeTrace.current();
    if (trace != null) {
      return trace.apply(this, List.of(x)).getFirst();
    }
    requireBuilt();
    // One comparison for the many batches of one shape.
    if (!x.shape().equals(lastInput)) {
      outputShapes(List.of(sampleOf(x)));
      lastInput = x.shape();
    }
    return finished(x, call(x, training));
  }

  /**
   * {@return the outputs for a batch of several inputs, or of several outputs}
   *
   * @param inputs the batch, {@code [n, sample…]} for each input
   * @param training whether this is a step of training
   * @throws ShapeException as from {@link #apply(Tensor, boolean)}
   * @throws dev.lanewise.array.DTypeException as from {@link #apply(Tensor, boolean)}
   * @throws IllegalStateException if the layer is not built
   */
  public final List<Tensor> apply(List<Tensor> inputs, boolean training) {
    ShapeTrace trace = ShapeTrace.current();
    if (trace != null) {
      return trace.apply(this, inputs);
    }
    requireBuilt();
    outputShapes(inputs.stream().map(this::sampleOf).toList());
    List<Tensor> outputs = callAll(inputs, training);
    return outputs.stream().map(out -> finished(inputs.getFirst(), out)).toList();
  }

  private Tensor finished(Tensor input, Tensor output) {
    if (activityRegularizer.isPresent()) {
      Tensor penalty = activityRegularizer.get().penalty(output);
      addPenalty(penalty.div(Math.max(1, output.shape().dim(0))));
    }
    return hooks == null ? output : hooks.apply(input, output);
  }

  /**
   * {@return what the layer would give for what another gives: a part of a model with inputs and
   * outputs of one's own, see {@link SymbolicTensor}}
   *
   * @param inputs what it is applied to
   * @throws ShapeException if the layer does not take samples of these shapes, or has several
   *     outputs, which {@link #applyAll} gives
   */
  public final SymbolicTensor apply(SymbolicTensor... inputs) {
    List<SymbolicTensor> outputs = applyAll(List.of(inputs));
    if (outputs.size() != 1) {
      throw new ShapeException(
          "%s: has %d outputs; call applyAll for all of them"
              .formatted(describe(), outputs.size()));
    }
    return outputs.getFirst();
  }

  /**
   * {@return all that the layer would give for what others give}
   *
   * @param inputs what it is applied to
   * @throws ShapeException if the layer does not take samples of these shapes
   */
  public final List<SymbolicTensor> applyAll(List<SymbolicTensor> inputs) {
    return LayerCall.of(this, inputs).outputs();
  }

  private void requireBuilt() {
    if (!built) {
      throw new IllegalStateException(
          describe() + ": has no weights yet; call build(sampleShape, context) first");
    }
  }

  /** {@return the shape of one sample of a batch} */
  final Shape sampleOf(Tensor batch) {
    if (batch.shape().rank() == 0) {
      throw new ShapeException(describe() + ": input must have a batch axis, [n, ...], not []");
    }
    return Samples.sampleOf(batch.shape());
  }

  /**
   * Lets a function see each batch and what the layer makes of it, in training, evaluation and
   * prediction alike; it may give another output. Functions are called in the order in which they
   * came, and cost nothing where there are none.
   *
   * {@snippet :
   * import module dev.lanewise.nn;
   *
   * void main() {
   *   var hidden = new Dense(8, "relu");
   *   var model = Sequential.of(hidden, new Dense(1)).build(3);
   *   var activations = new ArrayList<float[]>();
   *   LayerHook hook =
   *       hidden.onForward(
   *           (layer, input, output) -> {
   *             activations.add(output.toFloatArray()); // a copy: the tensor dies with its step
   *             return output;
   *           });
   *   model.predict(Tensor.ones(2, 3));
   *   hook.remove();
   *   IO.println(activations.getFirst().length); // 16
   * }
   * }
   *
   * <p>Both tensors live as long as the scope of the step, which in {@code fit}, {@code evaluate}
   * and {@code predict} is that of one batch; the memory of the model's input serves the next batch
   * again. Gradients flow through what the function computes.
   *
   * @param hook gives the output that shall go on, or {@code null} to change nothing
   * @return what takes the function away again; it may do so itself, when it is called
   * @throws ShapeException later, from {@link #apply}, if the function gives another shape
   * @throws dev.lanewise.array.DTypeException later, if it gives another type
   * @throws IllegalArgumentException later, if what it gives lives on another backend
   */
  public final LayerHook onForward(LayerHook.Forward hook) {
    return hooks().add(hook);
  }

  /**
   * Lets a function see the gradient by what the layer gives, each time that one has been computed:
   * when all contributions are in, before it flows into the layer. The function may give another.
   * Functions are called in the order in which they came.
   *
   * {@snippet :
   * import module dev.lanewise.nn;
   *
   * void main() {
   *   var hidden = new Dense(8, "relu");
   *   var model = Sequential.of(hidden, new Dense(1));
   *   model.compile(new SGD(0.1), new MeanSquaredError());
   *   LayerHook clipped = hidden.onBackward((layer, gradient) -> gradient.clamp(-1, 1));
   *   model.trainOnBatch(Tensor.ones(2, 3), Tensor.ones(2, 1));
   *   clipped.remove();
   * }
   * }
   *
   * <p>What is given is the output after the functions of {@link #onForward}; of a layer that is
   * applied several times, each output has its gradient. A function sees those of outputs that were
   * given after it came, and only while operations are recorded and the output depends on something
   * that requires a gradient. What it sees lives as long as the scope in which the gradient is
   * computed. A loss that would compute from the input of a softmax computes from its output where
   * a function watches that, as the gradient flows there then.
   *
   * @param hook gives the gradient that shall go on, or {@code null} to change nothing
   * @return what takes the function away again, at once; it may do so itself, when it is called
   * @throws ShapeException later, where gradients are computed, if the function gives another shape
   * @throws dev.lanewise.array.DTypeException later, if it gives another type
   * @throws IllegalArgumentException later, if what it gives lives on another backend
   */
  public final LayerHook onBackward(LayerHook.Backward hook) {
    return hooks().add(hook);
  }

  private Hooks hooks() {
    if (hooks == null) {
      hooks = new Hooks(this);
    }
    return hooks;
  }

  /**
   * Makes a weight that training changes.
   *
   * @param role what it is to the layer, for example {@code kernel}
   * @param shape its extents
   * @param initializer gives its first values
   * @param fans how many numbers meet at a unit
   * @return the weight
   */
  protected final Tensor addWeight(String role, Shape shape, Initializer initializer, Fans fans) {
    return addWeight(WeightSpec.of(role, shape, initializer, fans));
  }

  /**
   * Makes a weight.
   *
   * @param spec what it is to be like
   * @return the weight
   */
  protected final Tensor addWeight(WeightSpec spec) {
    NdArray data = context.backend().uninitialized(context.dtype(), spec.shape());
    spec.initializer().fill(data, spec.fans(), context.generator());
    Weight weight =
        new Weight(
            context.path() + spec.role(),
            Tensor.of(data),
            spec.trainable(),
            spec.regularizer(),
            spec.constraint());
    weight.freeze(!isTrainable());
    ownWeights.add(weight);
    return weight.value();
  }

  /**
   * Makes a source of random numbers for steps, as dropout needs; it follows from the model's seed,
   * and its position is saved with the model.
   *
   * @return the source
   */
  protected final Generator addGenerator() {
    // By its place, not by how many numbers the weights have taken before: those of a loaded model
    // may take others.
    long place = 0xCBF29CE484222325L; // FNV-1a
    for (char c : (context.path() + ownGenerators.size()).toCharArray()) {
      place = (place ^ c) * 0x100000001B3L;
    }
    Generator made = new Generator(context.generator().seed() + place);
    ownGenerators.add(made);
    return made;
  }

  /**
   * Refuses to change a setting that the weights were made by.
   *
   * @param setting its name
   * @throws IllegalStateException if the layer is built
   */
  protected final void requireUnbuilt(String setting) {
    if (built) {
      throw new IllegalStateException(
          setting + ": " + describe() + " has its weights already; set this before the first use");
    }
  }

  /** {@return how errors name the layer, for example {@code Dense 'dense_1'}} */
  protected final String describe() {
    return type() + " '" + name() + "'";
  }

  /**
   * {@return a batch of samples as errors write it, for example {@code [n, 28, 28]}}
   *
   * @param sample the shape of one sample
   */
  protected static String batchOf(Shape sample) {
    return Samples.batchOf(sample);
  }

  /** {@return type and name} */
  @Override
  public String toString() {
    return describe();
  }
}
