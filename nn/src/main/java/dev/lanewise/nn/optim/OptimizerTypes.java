package dev.lanewise.nn.optim;

import dev.lanewise.nn.config.Config;
import dev.lanewise.nn.layer.Weight;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Makes optimizers of their configs. */
final class OptimizerTypes {
  private OptimizerTypes() {}

  /** {@return an optimizer, made again} */
  static Optimizer make(Config config) {
    Schedule rate = Schedule.of(config.config("learningRate"));
    boolean pytorch =
        config.has("convention")
            && config.text("convention").equalsIgnoreCase(Convention.PYTORCH.name());
    Optimizer optimizer =
        switch (config.type()) {
          case "Adadelta" -> new Adadelta(rate).rho(config.number("rho")).eps(config.number("eps"));
          case "Adagrad" ->
              (pytorch ? Adagrad.pytorch(rate) : new Adagrad(rate))
                  .initialAccumulator(config.number("initialAccumulator"))
                  .eps(config.number("eps"));
          case "Adam" ->
              moments(pytorch ? Adam.pytorch(rate) : new Adam(rate), config)
                  .amsgrad(config.flag("amsgrad"));
          case "AdamW" ->
              moments(pytorch ? AdamW.pytorch(rate) : new AdamW(rate), config)
                  .amsgrad(config.flag("amsgrad"));
          case "Adamax" -> moments(pytorch ? Adamax.pytorch(rate) : new Adamax(rate), config);
          case "Lion" -> new Lion(rate).betas(config.number("beta1"), config.number("beta2"));
          case "Nadam" ->
              moments(pytorch ? Nadam.pytorch(rate) : new Nadam(rate), config)
                  .momentumDecay(config.number("momentumDecay"))
                  .repeatedMomentum(config.flag("repeatedMomentum"));
          case "RAdam" -> moments(new RAdam(rate), config);
          case "RMSprop" ->
              (pytorch ? RMSprop.pytorch(rate) : new RMSprop(rate))
                  .rho(config.number("rho"))
                  .eps(config.number("eps"))
                  .momentum(config.number("momentum"))
                  .centered(config.flag("centered"));
          case "SGD" ->
              (pytorch ? SGD.pytorch(rate) : new SGD(rate))
                  .momentum(config.number("momentum"))
                  .nesterov(config.flag("nesterov"))
                  .dampening(config.number("dampening"));
          default ->
              throw new IllegalArgumentException(
                  "optimizer: there is no type '" + config.type() + "' that can be made again");
        };
    configure(optimizer.settings("settings"), config);
    return optimizer;
  }

  private static <S extends MomentOptimizer<S>> S moments(S optimizer, Config config) {
    return optimizer
        .betas(config.number("beta1"), config.number("beta2"))
        .eps(config.number("eps"));
  }

  /** Adds the settings that all optimizers have. */
  static void describe(Settings settings, List<Weight> weights, Config config) {
    config
        .with("weightDecay", settings.weightDecay)
        .with("decoupledWeightDecay", settings.decoupledWeightDecay)
        .with("emaMomentum", settings.emaMomentum);
    if (settings.clipsValues()) {
      config.with("clipValue", settings.clipValue);
    }
    if (settings.clipsNorm()) {
      config.with("globalClipNorm", settings.globalClipNorm);
    }
    if (!settings.groups.isEmpty() && weights.isEmpty()) {
      throw new UnsupportedOperationException(
          "the optimizer has groups, whose weights are not known before it is built");
    }
    List<Config> groups = new ArrayList<>();
    List<Weight> left = new ArrayList<>(weights);
    for (Settings.Group group : settings.groups) {
      List<String> names = left.stream().filter(group.which()).map(Weight::name).toList();
      left.removeIf(group.which());
      groups.add(
          Config.of("Group")
              .with("weights", names)
              .with("rateFactor", group.rateFactor())
              .with("weightDecay", group.weightDecay()));
    }
    config.with("groups", groups);
  }

  private static void configure(Settings settings, Config config) {
    settings.weightDecay = config.number("weightDecay");
    settings.decoupledWeightDecay = config.flag("decoupledWeightDecay");
    settings.emaMomentum = config.number("emaMomentum");
    if (config.has("clipValue")) {
      settings.clipValue = config.number("clipValue");
    }
    if (config.has("globalClipNorm")) {
      settings.globalClipNorm = config.number("globalClipNorm");
    }
    for (Config group : config.configs("groups")) {
      Set<String> names = new HashSet<>(group.texts("weights"));
      settings.groups.add(
          new Settings.Group(
              weight -> names.contains(weight.name()),
              group.number("rateFactor"),
              group.number("weightDecay")));
    }
  }
}
