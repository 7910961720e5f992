package dev.lanewise.nn.layer;

import dev.lanewise.array.DType;
import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Generator;
import dev.lanewise.autodiff.Grad;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.Backends;
import dev.lanewise.nn.internal.Samples;
import java.util.List;

/**
 * A call of a layer that is made of others, to learn what shapes flow through it. The inner layers
 * compute nothing: each gives zeros of its output's shape, and is built before if the trace builds.
 */
final class ShapeTrace {
  private static final ScopedValue<ShapeTrace> CURRENT = ScopedValue.newInstance();

  /** What is called. */
  private final Layer owner;

  /** {@code null} if the trace only asks for shapes. */
  private final BuildContext context;

  private final Backend backend;
  private final DType dtype;

  private ShapeTrace(Layer owner, BuildContext context) {
    this.owner = owner;
    this.context = context;
    this.backend = context == null ? backend(owner) : context.backend();
    this.dtype = context == null ? DType.F32 : context.dtype();
  }

  /** {@return who can compute with a layer's own weights} */
  private static Backend backend(Layer owner) {
    List<Weight> weights = owner.weights();
    return weights.isEmpty() ? Backends.best() : weights.getFirst().value().backend();
  }

  /** {@return what weights are made with that live no longer than a trace} */
  static BuildContext anywhere(String name) {
    return new BuildContext(Backends.best(), DType.F32, new Generator(0), name + "/");
  }

  /** {@return the trace that is going on, or {@code null}} */
  static ShapeTrace current() {
    return CURRENT.isBound() ? CURRENT.get() : null;
  }

  /**
   * {@return the shapes of one sample of each output}
   *
   * @param layer is called with a batch of one sample of zeros
   * @param inputs the shape of one sample of each input
   * @param context what inner layers are built with; {@code null} to build none
   */
  static List<Shape> of(Layer layer, List<Shape> inputs, BuildContext context) {
    ShapeTrace trace = new ShapeTrace(layer, context);
    // No scope: the weights that are made on the way would die with it.
    try (Grad _ = Grad.off()) {
      return ScopedValue.where(CURRENT, trace)
          .call(() -> trace.outputs(layer, layer.callAll(trace.zeros(1, inputs), false)));
    }
  }

  /** {@return the shape of one sample of each output of a batch of one} */
  private List<Shape> outputs(Layer layer, List<Tensor> outputs) {
    for (Tensor output : outputs) {
      if (output.shape().rank() == 0 || output.shape().dim(0) != 1) {
        throw new ShapeException(
            "%s: must give as many samples as it takes, [n, ...], but of one it made %s"
                .formatted(layer, output.shape()));
      }
    }
    return outputs.stream().map(layer::sampleOf).toList();
  }

  /** {@return zeros in place of an inner layer's outputs} */
  List<Tensor> apply(Layer layer, List<Tensor> inputs) {
    if (!owner.contains(layer)) {
      throw new IllegalStateException(
          "%s: calls %s, which is none of its layers; take it in by addLayer(layer), so that it is"
                  .formatted(owner, layer)
              + " trained and saved");
    }
    List<Shape> samples = inputs.stream().map(layer::sampleOf).toList();
    if (context != null && !layer.isBuilt()) {
      layer.build(samples, context.at(context.path() + layer.name() + "/"));
    }
    List<Shape> outputs = layer.outputShapes(samples);
    // Not always one: the layer around may have made samples of the steps of a sequence.
    return zeros(inputs.getFirst().shape().dim(0), outputs);
  }

  private List<Tensor> zeros(int count, List<Shape> samples) {
    return samples.stream()
        .map(sample -> Tensor.zeros(backend, dtype, Samples.batch(count, sample)))
        .toList();
  }
}
