package dev.lanewise.nn.layer;

import dev.lanewise.autodiff.Generator;
import dev.lanewise.autodiff.Tensor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What a {@link Layer} is called, what it is made of, and what of it training changes. */
abstract class LayerTree {
  private final List<Layer> layers = new ArrayList<>();
  final List<Weight> ownWeights = new ArrayList<>();
  final List<Generator> ownGenerators = new ArrayList<>();
  private final List<Tensor> ownPenalties = new ArrayList<>();
  private String name;
  private boolean frozen;

  LayerTree() {}

  /** {@return whether the layer has been given a name} */
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
    return type.replaceAll("([A-Za-z0-9])([A-Z][a-z])", "$1_$2").toLowerCase(Locale.ROOT);
  }

  final void setName(String name) {
    this.name = name;
  }

  /** {@return the layers inside, in the order in which they were added} */
  public final List<Layer> layers() {
    return Collections.unmodifiableList(layers);
  }

  /**
   * {@return the layer inside of a name}
   *
   * @param name its name
   * @throws IllegalArgumentException if there is none
   */
  public final Layer layer(String name) {
    for (Layer layer : layers) {
      if (layer.name().equals(name)) {
        return layer;
      }
    }
    throw new IllegalArgumentException(
        "layer: '%s' has no layer '%s'; its layers are %s"
            .formatted(name(), name, layers.stream().map(Layer::name).toList()));
  }

  /**
   * Takes a layer in, whose weights are trained and saved with those of this one. One without a
   * name is called by its type: {@code dense}, {@code dense_1} and so on.
   *
   * @param <L> the layer's type
   * @param layer the layer; {@link Layer#call} calls its {@link Layer#apply(Tensor, boolean)}
   * @return {@code layer}, for a field
   * @throws IllegalArgumentException if another layer has its name, or it is this one, has it
   *     inside or is there already
   */
  protected final <L extends Layer> L addLayer(L layer) {
    addLayers(List.of(layer));
    return layer;
  }

  /** Takes layers in; those that have a name keep it, the others get what is left. */
  protected final void addLayers(Collection<? extends Layer> added) {
    Set<String> taken = new LinkedHashSet<>();
    layers.forEach(layer -> taken.add(layer.name()));
    Set<Layer> once = new LinkedHashSet<>(layers);
    for (Layer layer : added) {
      if (!once.add(layer)) {
        throw new IllegalArgumentException(
            ("add: %s is a layer of '%s' already; to use it twice, apply it twice, in Model.of or"
                    + " in a call of one's own")
                .formatted(layer, name()));
      }
      if (layer.contains(this)) {
        throw new IllegalArgumentException(
            "add: '%s' can not be a layer of '%s', as it has that inside"
                .formatted(layer.name(), name()));
      }
      if (layer.isNamed() && !taken.add(layer.name())) {
        throw new IllegalArgumentException(
            "add: there is a layer '" + layer.name() + "' already; names of a model must differ");
      }
    }
    for (Layer layer : added) {
      if (!layer.isNamed()) {
        String type = layer.name();
        String free = type;
        for (int i = 1; !taken.add(free); i++) {
          free = type + "_" + i;
        }
        layer.setName(free);
      }
      layers.add(layer);
      if (frozen) {
        layer.trainable(false);
      }
    }
  }

  final boolean contains(LayerTree other) {
    return this == other || layers.stream().anyMatch(layer -> layer.contains(other));
  }

  /**
   * {@return the weights, its own before those of the layers inside; none before they are made} Of
   * a layer that is used twice they come once.
   */
  public final List<Weight> weights() {
    Set<Weight> all = new LinkedHashSet<>();
    collectWeights(all);
    return List.copyOf(all);
  }

  final void collectWeights(Set<Weight> all) {
    all.addAll(ownWeights);
    layers.forEach(layer -> layer.collectWeights(all));
  }

  /**
   * Names the weights by their place: the names of the layers on the way to them from here, and
   * what they are to their layer, as {@code encoder/dense/kernel}. Models do this when they are
   * built, saved and loaded, so that one that has been a model of its own before is told apart.
   */
  public final void nameWeights() {
    nameWeights(weightPrefix(), new LinkedHashSet<>());
  }

  /** {@return what names of weights begin with if this layer is in no other} */
  protected String weightPrefix() {
    return name() + "/";
  }

  final void nameWeights(String prefix, Set<Weight> named) {
    for (Weight weight : ownWeights) {
      if (named.add(weight)) { // one that is used twice is named by its first place
        weight.nameBehind(prefix);
      }
    }
    layers.forEach(layer -> layer.nameWeights(prefix + layer.name() + "/", named));
  }

  /**
   * {@return where random numbers of steps come from, as those of dropout, of this layer and those
   * inside} With the same positions, the same steps give the same numbers.
   */
  public final List<Generator> generators() {
    Set<Generator> all = new LinkedHashSet<>();
    collectGenerators(all);
    return List.copyOf(all);
  }

  final void collectGenerators(Set<Generator> all) {
    all.addAll(ownGenerators);
    layers.forEach(layer -> layer.collectGenerators(all));
  }

  /**
   * Adds a number to the loss of the step that is being computed: a penalty on what comes out, for
   * example. Where only shapes are asked for, nothing is added.
   *
   * @param penalty a scalar, computed from the layer's tensors
   */
  protected final void addPenalty(Tensor penalty) {
    if (ShapeTrace.current() == null) {
      ownPenalties.add(penalty);
    }
  }

  /**
   * {@return what this layer and those inside add to the loss: the penalties on their weights, and
   * those on what they gave since this was last called} Models ask after each step; a loop of one's
   * own adds them to its loss.
   */
  public final List<Tensor> penalties() {
    List<Tensor> all = new ArrayList<>();
    addWeightPenalties(all, new HashSet<>());
    takePenalties(all);
    return all;
  }

  /** Adds those of each weight once: models ask after every step, mostly for nothing. */
  final void addWeightPenalties(List<Tensor> all, Set<Weight> added) {
    for (Weight weight : ownWeights) {
      if (weight.regularizer().isPresent() && weight.isTrainable() && added.add(weight)) {
        all.add(weight.regularizer().get().penalty(weight.value()));
      }
    }
    layers.forEach(layer -> layer.addWeightPenalties(all, added));
  }

  /** Forgets what this layer and those inside have added to the loss so far. */
  public final void forgetPenalties() {
    ownPenalties.clear();
    layers.forEach(LayerTree::forgetPenalties);
  }

  final void takePenalties(List<Tensor> all) {
    all.addAll(ownPenalties);
    ownPenalties.clear();
    layers.forEach(layer -> layer.takePenalties(all));
  }

  /** {@return whether training may change the weights; so it is if nobody says otherwise} */
  public final boolean isTrainable() {
    return !frozen;
  }

  final void freeze(boolean frozen) {
    this.frozen = frozen;
    ownWeights.forEach(weight -> weight.freeze(frozen));
    layers.forEach(layer -> layer.trainable(!frozen));
  }
}
