package dev.lanewise.nn.layer;

import dev.lanewise.nn.config.Config;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Makes layers of their configs: those of this package, and one's own.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() {
 *   Config config = new Reshape(1, 28, 28).config();
 *   Layer again = LayerTypes.standard().make(config);
 *   IO.println(again.outputShape(Shape.of(784))); // [1, 28, 28]
 * }
 * }
 */
public final class LayerTypes {
  private static final String NAME = "name";
  private static final String ACTIVITY_REGULARIZER = "activityRegularizer";
  private static final LayerTypes STANDARD =
      new LayerTypes(new TreeMap<>())
          .with("Activation", Activation::of)
          .with("ActivityRegularization", ActivityRegularization::of)
          .with("AdaptiveAvgPool2D", AdaptiveAvgPool2D::of)
          .with("AdaptiveMaxPool2D", AdaptiveMaxPool2D::of)
          .with("Add", _ -> new Add())
          .with("AlphaDropout", AlphaDropout::of)
          .with("Average", _ -> new Average())
          .with("AvgPool1D", AvgPool1D::of)
          .with("AvgPool2D", AvgPool2D::of)
          .with("AvgPool3D", AvgPool3D::of)
          .with("BatchNormalization", BatchNormalization::of)
          .with("Bidirectional", Bidirectional::of)
          .with("Concatenate", Concatenate::of)
          .with("Conv1D", Conv1D::of)
          .with("Conv2D", Conv2D::of)
          .with("Conv2DTranspose", Conv2DTranspose::of)
          .with("Conv3D", Conv3D::of)
          .with("Cropping1D", Cropping1D::of)
          .with("Cropping2D", Cropping2D::of)
          .with("Dense", Dense::of)
          .with("DepthwiseConv2D", DepthwiseConv2D::of)
          .with("Dot", Dot::of)
          .with("DotProductAttention", DotProductAttention::of)
          .with("Dropout", Dropout::of)
          .with("ELU", ELU::of)
          .with("Embedding", Embedding::of)
          .with("FeatureNormalization", FeatureNormalization::of)
          .with("Flatten", _ -> new Flatten())
          .with("GaussianDropout", GaussianDropout::of)
          .with("GaussianNoise", GaussianNoise::of)
          .with("GlobalAvgPool1D", GlobalAvgPool1D::of)
          .with("GlobalAvgPool2D", GlobalAvgPool2D::of)
          .with("GlobalAvgPool3D", GlobalAvgPool3D::of)
          .with("GlobalMaxPool1D", GlobalMaxPool1D::of)
          .with("GlobalMaxPool2D", GlobalMaxPool2D::of)
          .with("GlobalMaxPool3D", GlobalMaxPool3D::of)
          .with("GroupNormalization", GroupNormalization::of)
          .with("GRU", GRU::of)
          .with("IdentityLayer", _ -> new IdentityLayer())
          .with("Input", config -> new Input(config.integers("shape")))
          .with("LayerNormalization", LayerNormalization::of)
          .with("LeakyReLU", LeakyReLU::of)
          .with("LSTM", LSTM::of)
          .with("Maximum", _ -> new Maximum())
          .with("MaxPool1D", MaxPool1D::of)
          .with("MaxPool2D", MaxPool2D::of)
          .with("MaxPool3D", MaxPool3D::of)
          .with("Minimum", _ -> new Minimum())
          .with("MultiHeadAttention", MultiHeadAttention::of)
          .with("Multiply", _ -> new Multiply())
          .with("Permute", Permute::of)
          .with("PositionEmbedding", PositionEmbedding::of)
          .with("PReLU", PReLU::of)
          .with("ReLU", ReLU::of)
          .with("RepeatVector", RepeatVector::of)
          .with("Rescaling", Rescaling::of)
          .with("Reshape", Reshape::of)
          .with("RMSNormalization", RMSNormalization::of)
          .with("SeparableConv2D", SeparableConv2D::of)
          .with("SimpleRNN", SimpleRNN::of)
          .with("SinePositionEmbedding", _ -> new SinePositionEmbedding())
          .with("Softmax", Softmax::of)
          .with("SpatialDropout1D", SpatialDropout1D::of)
          .with("SpatialDropout2D", SpatialDropout2D::of)
          .with("SpatialDropout3D", SpatialDropout3D::of)
          .with("Subtract", _ -> new Subtract())
          .with("TimeDistributed", TimeDistributed::of)
          .with("UnitNormalization", UnitNormalization::of)
          .with("UpSampling1D", UpSampling1D::of)
          .with("UpSampling2D", UpSampling2D::of)
          .with("ZeroPadding1D", ZeroPadding1D::of)
          .with("ZeroPadding2D", ZeroPadding2D::of);

  private final Map<String, BiFunction<Config, LayerTypes, ? extends Layer>> makers;

  private LayerTypes(Map<String, BiFunction<Config, LayerTypes, ? extends Layer>> makers) {
    this.makers = makers;
  }

  /** {@return the layers of this package} */
  public static LayerTypes standard() {
    return STANDARD;
  }

  /**
   * {@return these types and another}
   *
   * @param type its name in configs, which is its class's simple name
   * @param maker makes a layer of a config
   */
  public LayerTypes with(String type, Function<Config, ? extends Layer> maker) {
    return with(type, (config, _) -> maker.apply(config));
  }

  /**
   * {@return these types and another, of layers that are made of others}
   *
   * @param type its name in configs, which is its class's simple name
   * @param maker makes a layer of a config, and of the types that make the layers inside
   */
  public LayerTypes with(String type, BiFunction<Config, LayerTypes, ? extends Layer> maker) {
    Map<String, BiFunction<Config, LayerTypes, ? extends Layer>> more = new TreeMap<>(makers);
    more.put(type, maker);
    return new LayerTypes(more);
  }

  /**
   * {@return whether a type is known}
   *
   * @param type its name in configs
   */
  public boolean has(String type) {
    return makers.containsKey(type);
  }

  /**
   * {@return what {@link #make} makes the layer of again: its config, with its name and its
   * activity regularizer}
   *
   * @param layer the layer
   * @throws UnsupportedOperationException if the layer does not tell
   */
  public static Config configOf(Layer layer) {
    Config config = Config.of(layer.config().asMap());
    if (layer.isNamed()) {
      config.with(NAME, layer.name());
    }
    return config.with(ACTIVITY_REGULARIZER, layer.activityRegularizer());
  }

  /**
   * {@return a layer without weights}
   *
   * @param config what {@link #configOf} or {@link Layer#config} gave
   * @throws IllegalArgumentException if the type is not known, or a setting is missing or wrong
   */
  public Layer make(Config config) {
    var maker = makers.get(config.type());
    if (maker == null) {
      throw new IllegalArgumentException(
          "layer: there is no type '%s'; types are %s; add one's own by with(type, maker)"
              .formatted(config.type(), String.join(", ", makers.keySet())));
    }
    Layer layer = maker.apply(config, this);
    if (config.has(NAME)) {
      layer.named(config.text(NAME));
    }
    config.optional(ACTIVITY_REGULARIZER, Regularizer::named).ifPresent(layer::activityRegularizer);
    return layer;
  }
}
