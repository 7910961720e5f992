package dev.lanewise.nn;

import dev.lanewise.array.Shape;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.Backend;
import dev.lanewise.nn.config.Config;
import dev.lanewise.nn.layer.Input;
import dev.lanewise.nn.layer.Layer;
import dev.lanewise.nn.layer.LayerTypes;
import java.util.List;
import java.util.Optional;

/**
 * Layers in a row: each takes what the one before gives. A model is a layer too: one row can be a
 * part of another.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() {
 *   var digits = Digits.load().stratifiedSplit(0.8, 42);
 *   var model = Sequential.of(new Flatten(), new Dense(32, "relu"), new Dense(10)).seed(42);
 *   model.compile(new Adam(0.005), new SparseCategoricalCrossentropy(true), "accuracy");
 *   model.fit(digits.train(), FitOptions.epochs(10));
 *   IO.println(model.evaluate(digits.test()));
 * }
 * }
 */
public final class Sequential extends Model {

  /** Makes a model without layers; {@link #add} adds them. */
  public Sequential() {}

  /**
   * {@return a model of layers}
   *
   * @param layers the layers, the first one first
   * @throws IllegalArgumentException if two have the same name
   */
  public static Sequential of(Layer... layers) {
    Sequential model = new Sequential();
    model.addLayers(List.of(layers));
    return model;
  }

  /**
   * Adds a layer behind the others. One without a name is called by its type: {@code dense}, {@code
   * dense_1} and so on.
   *
   * @param layer the layer
   * @return this model
   * @throws IllegalArgumentException if another layer has its name
   * @throws IllegalStateException if the model is built
   */
  public Sequential add(Layer layer) {
    requireUnbuilt("add");
    addLayer(layer);
    return this;
  }

  @Override
  public Sequential to(Backend backend) {
    super.to(backend);
    return this;
  }

  @Override
  public Sequential on(Backend backend) {
    super.on(backend);
    return this;
  }

  @Override
  public Sequential seed(long seed) {
    super.seed(seed);
    return this;
  }

  @Override
  public Sequential named(String name) {
    super.named(name);
    return this;
  }

  @Override
  public Sequential build(int... sampleShape) {
    super.build(sampleShape);
    return this;
  }

  @Override
  public Shape outputShape(Shape input) {
    if (layers().isEmpty()) {
      throw new IllegalStateException(name() + ": the model has no layers; call add(layer) first");
    }
    Shape shape = input;
    for (Layer layer : layers()) {
      shape = layer.outputShape(shape);
    }
    return shape;
  }

  /** A first {@link Input}, or a first model that has some, says what samples are like. */
  @Override
  protected Optional<List<Shape>> declaredInputs() {
    return switch (layers().isEmpty() ? null : layers().getFirst()) {
      case Input input -> Optional.of(List.of(input.shape()));
      case Model model -> model.declaredInputs();
      case null, default -> Optional.empty();
    };
  }

  @Override
  protected Tensor call(Tensor x, boolean training) {
    Tensor out = x;
    for (Layer layer : layers()) {
      out = layer.apply(out, training);
    }
    return out;
  }

  @Override
  public Config config() {
    return Config.of(type()).with("layers", layers().stream().map(LayerTypes::configOf).toList());
  }

  static Sequential fromConfig(Config config, LayerTypes types) {
    Sequential model = new Sequential();
    model.addLayers(config.configs("layers").stream().map(types::make).toList());
    return model;
  }
}
