package dev.lanewise.nn.layer;

import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.init.Fans;
import dev.lanewise.nn.init.Initializer;
import dev.lanewise.nn.internal.Samples;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

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
 */
public abstract class Layer {
  private final List<Weight> weights = new ArrayList<>();
  private String name;
  private BuildContext context;
  private boolean built;
  private Shape lastInput;

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
  public final Layer named(String name) {
    requireUnbuilt("named");
    this.name = name;
    return this;
  }

  /** {@return whether {@link #named} has been called} */
  public final boolean isNamed() {
    return name != null;
  }

  /** {@return the name, or that of its type: {@code max_pool2d} for {@link MaxPool2D}} */
  public final String name() {
    return name != null ? name : snakeCase(type());
  }

  /** {@return the name of its class; of an anonymous class, that of the one that it extends} */
  public final String type() {
    Class<?> type = getClass();
    while (type.getSimpleName().isEmpty()) {
      type = type.getSuperclass();
    }
    return type.getSimpleName();
  }

  private static String snakeCase(String type) {
    return type.replaceAll("([a-z0-9])([A-Z][a-z])", "$1_$2").toLowerCase(Locale.ROOT);
  }

  /**
   * {@return the shape of one sample of the output}
   *
   * @param input the shape of one sample of the input
   * @throws ShapeException if this layer does not take such samples
   */
  public abstract Shape outputShape(Shape input);

  /**
   * Makes the weights, by {@link #addWeight}. Without weights there is nothing to do.
   *
   * @param input the shape of one sample of the input; {@link #outputShape} took it
   */
  protected void createWeights(Shape input) {}

  /**
   * {@return the output for a batch} What is made here lives only until the step ends, and the
   * memory of {@code x} serves the next batch again: make lasting state in {@link #createWeights}.
   *
   * @param x the batch, {@code [n, sample…]}; {@link #outputShape} took its samples
   * @param training whether this is a step of training
   */
  protected abstract Tensor call(Tensor x, boolean training);

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
    requireUnbuilt("build");
    outputShape(input);
    weights.clear();
    this.context = context;
    try {
      createWeights(input);
    } finally {
      this.context = null;
    }
    built = true;
  }

  /** {@return whether the weights are made} */
  public final boolean isBuilt() {
    return built;
  }

  /**
   * {@return the weights, in the order in which they were added; none before the layer is built}
   */
  public final List<Weight> weights() {
    return Collections.unmodifiableList(weights);
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
    if (!built) {
      throw new IllegalStateException(
          describe() + ": has no weights yet; call build(sampleShape, context) first");
    }
    // One comparison for the many batches of one shape.
    if (!x.shape().equals(lastInput)) {
      checkBatch(x.shape());
      lastInput = x.shape();
    }
    Tensor out = call(x, training);
    return hooks == null ? out : hooks.apply(x, out);
  }

  private void checkBatch(Shape batch) {
    if (batch.rank() == 0) {
      throw new ShapeException(describe() + ": input must have a batch axis, [n, ...], not []");
    }
    outputShape(Samples.sampleOf(batch));
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
    return addWeight(role, shape, initializer, fans, true);
  }

  /**
   * Makes a weight.
   *
   * @param role what it is to the layer, for example {@code movingMean}
   * @param shape its extents
   * @param initializer gives its first values
   * @param fans how many numbers meet at a unit
   * @param trainable whether optimizers change it; otherwise it has no gradient
   * @return the weight
   */
  protected final Tensor addWeight(
      String role, Shape shape, Initializer initializer, Fans fans, boolean trainable) {
    NdArray data = context.backend().uninitialized(context.dtype(), shape);
    initializer.fill(data, fans, context.generator());
    Tensor value = Tensor.of(data).requiresGrad(trainable);
    weights.add(new Weight(name() + "/" + role, value, trainable));
    return value;
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
