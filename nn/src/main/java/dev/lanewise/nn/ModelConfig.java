package dev.lanewise.nn;

import dev.lanewise.array.Shape;
import dev.lanewise.autodiff.Generator;
import dev.lanewise.kernel.Backend;
import dev.lanewise.nn.config.Config;
import dev.lanewise.nn.layer.Layer;
import dev.lanewise.nn.layer.LayerTypes;
import dev.lanewise.nn.layer.Weight;
import dev.lanewise.nn.loss.Loss;
import dev.lanewise.nn.metric.Metric;
import dev.lanewise.nn.optim.Optimizer;
import java.lang.module.ModuleDescriptor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** All of a model but the numbers of its tensors, as a config. */
final class ModelConfig {
  /** What of a model's file this version writes, and the newest that it reads. */
  static final int FORMAT = 1;

  private static final String SEED = "seed";
  private static final String EPOCHS = "epochs";
  private static final String INPUTS = "inputs";
  private static final String FROZEN = "frozen";
  private static final String GENERATORS = "generators";
  private static final String OPTIMIZER = "optimizer";
  private static final String HEADS = "heads";
  private static final String LEFT_OUT = "leftOut";

  private ModelConfig() {}

  /** {@return types of layers, and of models} */
  static LayerTypes types(LayerTypes layers) {
    return layers
        .with("Sequential", Sequential::fromConfig)
        .with("Functional", Functional::fromConfig);
  }

  /**
   * {@return layers, seed and counters of a model, and how it learns}
   *
   * @throws UnsupportedOperationException if a layer does not tell what it is made of
   * @throws IllegalArgumentException if a layer could not be made again, or is in two models
   */
  static Config of(Model model) {
    check(model, Collections.newSetFromMap(new IdentityHashMap<>()));
    Config config =
        Config.of("LanewiseModel")
            .with("format", FORMAT)
            .with("lanewise", version())
            .with("model", LayerTypes.configOf(model))
            .with(SEED, model.seed())
            .with(EPOCHS, model.epochs())
            .with(FROZEN, frozen(model));
    if (model.isBuilt()) {
      config.with(INPUTS, model.builtInputs().stream().map(ModelConfig::shape).toList());
    }
    List<Config> generators = new ArrayList<>();
    for (Generator generator : model.generators()) {
      generators.add(
          Config.of("Generator")
              .with(SEED, generator.seed())
              .with("position", generator.position()));
    }
    config.with(GENERATORS, generators);
    describeLearning(model, config);
    return config;
  }

  /** {@return which Lanewise this is, where it is a module} */
  private static Optional<String> version() {
    return Optional.ofNullable(ModelConfig.class.getModule().getDescriptor())
        .flatMap(ModuleDescriptor::rawVersion);
  }

  private static Config shape(Shape shape) {
    return Config.of("Shape").with("dims", shape.dims());
  }

  /** {@return a model and all layers inside, each before those inside of it} */
  private static List<Layer> all(Layer model) {
    List<Layer> all = new ArrayList<>(List.of(model));
    model.layers().forEach(inner -> all.addAll(all(inner)));
    return all;
  }

  /** {@return the places of the layers that are not trainable, among all layers} */
  private static int[] frozen(Model model) {
    List<Layer> all = all(model);
    return IntStream.range(0, all.size()).filter(i -> !all.get(i).isTrainable()).toArray();
  }

  /** Refuses what could not be loaded again. */
  private static void check(Layer layer, Set<Layer> seen) {
    if (!seen.add(layer)) {
      throw new IllegalArgumentException(
          ("save: %s is a layer of two models inside of one, which a file can not tell; save"
                  + " weights alone, by saveWeights")
              .formatted(layer));
    }
    layer.layers().forEach(inner -> check(inner, seen));
    if (layer.layers().isEmpty() && LayerTypes.standard().has(layer.type())) {
      try {
        LayerTypes.standard().make(LayerTypes.configOf(layer));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "save: %s could not be made again (%s); save weights alone, by saveWeights"
                .formatted(layer, e.getMessage()),
            e);
      }
    }
  }

  private static void describeLearning(Model model, Config config) {
    if (model.compiled() == null) {
      return;
    }
    try {
      Optimizer optimizer = model.compiled().optimizer();
      List<Config> heads = new ArrayList<>();
      for (Head head : model.compiled().heads()) {
        heads.add(
            Config.of("Head")
                .with("loss", head.loss().config())
                .with("weight", head.weight())
                .with("metrics", head.metrics().stream().map(Metric::config).toList()));
      }
      List<Weight> trained = model.weights().stream().filter(Weight::isTrainable).toList();
      if (!optimizer.weights().isEmpty()) {
        if (!optimizer.weights().equals(trained)) {
          throw new UnsupportedOperationException(
              "the optimizer changes other weights than those that are trainable now");
        }
        if (optimizer.isSwapped()) {
          throw new UnsupportedOperationException(
              "the optimizer's averages were in the weights' places");
        }
      }
      config.with(OPTIMIZER, optimizer.config()).with(HEADS, heads);
    } catch (UnsupportedOperationException e) {
      config.with(LEFT_OUT, e.getMessage());
    }
  }

  /** {@return whether the config has the optimizer, whose state belongs to it} */
  static boolean hasOptimizer(Config config) {
    return config.has(OPTIMIZER);
  }

  /**
   * {@return a model with new weights if it had some, to be overwritten, not compiled}
   *
   * @param config what {@link #of} gave
   * @param types make its layers
   * @param backend who computes; {@code null} for the best
   * @throws IllegalArgumentException if a type is not known, or a setting is missing or wrong
   */
  static Model make(Config config, LayerTypes types, Backend backend) {
    if (!(types(types).make(config.config("model")) instanceof Model model)) {
      throw new IllegalArgumentException(
          "model: the type '%s' is a layer, not a model".formatted(config.config("model").type()));
    }
    model.seed(config.wholeNumber(SEED));
    model.goOnAt(config.wholeNumber(EPOCHS));
    if (backend != null) {
      model.on(backend);
    }
    Set<Integer> frozen = new HashSet<>();
    Arrays.stream(config.integers(FROZEN)).forEach(frozen::add);
    List<Layer> all = all(model);
    for (int i = 0; i < all.size(); i++) {
      // Tells the layers inside too, which come after it.
      all.get(i).trainable(!frozen.contains(i));
    }
    if (config.has(INPUTS)) {
      List<Shape> inputs =
          config.configs(INPUTS).stream().map(s -> Shape.of(s.integers("dims"))).toList();
      model.build(inputs);
      List<Config> positions = config.configs(GENERATORS);
      List<Generator> generators = model.generators();
      if (positions.size() != generators.size()) {
        throw new IllegalArgumentException(
            "model: there must be %d generators of random numbers, not %d"
                .formatted(generators.size(), positions.size()));
      }
      for (int i = 0; i < positions.size(); i++) {
        generators.get(i).seek(positions.get(i).wholeNumber("position"));
      }
    }
    return model;
  }

  /**
   * Compiles a model as it was, if the config tells, or remembers why it does not.
   *
   * @throws IllegalArgumentException if a type is not known, or a setting is missing or wrong
   */
  static void compile(Model model, Config config) {
    if (config.has(LEFT_OUT)) {
      model.leftOut(config.text(LEFT_OUT));
    }
    if (hasOptimizer(config)) {
      List<Head> heads = new ArrayList<>();
      for (Config head : config.configs(HEADS)) {
        heads.add(
            new Head(
                Loss.of(head.config("loss")),
                head.number("weight"),
                head.configs("metrics").stream().map(Metric::of).toList()));
      }
      model.compile(Optimizer.of(config.config(OPTIMIZER)), heads.toArray(Head[]::new));
    }
  }
}
