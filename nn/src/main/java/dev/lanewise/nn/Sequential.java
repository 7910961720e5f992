package dev.lanewise.nn;

import dev.lanewise.array.Shape;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.Backend;
import dev.lanewise.nn.layer.BuildContext;
import dev.lanewise.nn.layer.Layer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Layers in a row: each takes what the one before gives.
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
  private final List<Layer> layers = new ArrayList<>();

  /** Makes a model without layers; {@link #add} adds them. */
  public Sequential() {
    super("sequential");
  }

  /**
   * {@return a model of layers}
   *
   * @param layers the layers, the first one first
   * @throws IllegalArgumentException if two have the same name
   */
  public static Sequential of(Layer... layers) {
    Sequential model = new Sequential();
    // One that is built elsewhere too has its name for good; the others get what is left.
    Set<String> taken = new HashSet<>();
    for (Layer layer : layers) {
      if (layer.isNamed()) {
        taken.add(layer.name());
      }
    }
    for (Layer layer : layers) {
      model.add(layer, taken);
    }
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
    return add(layer, Set.of());
  }

  private Sequential add(Layer layer, Set<String> taken) {
    if (!layer.isNamed()) {
      String type = layer.name();
      String free = type;
      for (int i = 1; hasLayer(free) || taken.contains(free); i++) {
        free = type + "_" + i;
      }
      layer.named(free);
    } else if (hasLayer(layer.name())) {
      throw new IllegalArgumentException(
          "add: there is a layer '" + layer.name() + "' already; names of a model must differ");
    }
    layers.add(layer);
    return this;
  }

  private boolean hasLayer(String name) {
    return layers.stream().anyMatch(layer -> layer.name().equals(name));
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
  public List<Layer> layers() {
    return Collections.unmodifiableList(layers);
  }

  @Override
  protected List<Shape> outputShapes(Shape input) {
    if (layers.isEmpty()) {
      throw new IllegalStateException(name() + ": the model has no layers; call add(layer) first");
    }
    List<Shape> shapes = new ArrayList<>();
    Shape shape = input;
    for (Layer layer : layers) {
      shape = layer.outputShape(shape);
      shapes.add(shape);
    }
    return shapes;
  }

  @Override
  protected void buildLayers(Shape input, BuildContext context) {
    Shape shape = input;
    for (Layer layer : layers) {
      if (!layer.isBuilt()) {
        layer.build(shape, context);
      }
      shape = layer.outputShape(shape);
    }
  }

  @Override
  protected Tensor call(Tensor x, boolean training) {
    Tensor out = x;
    for (Layer layer : layers) {
      out = layer.apply(out, training);
    }
    return out;
  }
}
