package dev.lanewise.nn.optim;

import dev.lanewise.array.DTypeException;
import dev.lanewise.array.NdArray;
import dev.lanewise.nn.layer.Weight;
import java.util.ArrayList;
import java.util.List;

/** Makes what an optimizer needs for weights; changes nothing but by what it gives. */
final class Builder {
  private final GlobalNorm norm;
  private final Slot[] slots;
  private final FusedUpdate[] updates;

  Builder(Optimizer optimizer, Settings settings, Update update, List<Weight> weights) {
    List<Settings.Group> groups = new ArrayList<>(settings.groups);
    groups.add(new Settings.Group(_ -> true, 1, settings.weightDecay));
    int[] groupOf = new int[weights.size()];
    boolean[] used = new boolean[groups.size()];
    for (int i = 0; i < groupOf.length; i++) {
      while (!groups.get(groupOf[i]).which().test(weights.get(i))) {
        groupOf[i]++;
      }
      used[groupOf[i]] = true;
    }
    for (int i = 0; i < settings.groups.size(); i++) {
      if (!used[i]) {
        throw new IllegalArgumentException(
            "%s: group %d takes none of the weights %s"
                .formatted(optimizer.name(), i, weights.stream().map(Weight::name).toList()));
      }
    }
    this.norm = settings.clipsNorm() && !weights.isEmpty() ? norm(settings, weights) : null;
    this.updates =
        groups.stream()
            .map(group -> new FusedUpdate(optimizer, settings, group, update))
            .toArray(FusedUpdate[]::new);
    this.slots = new Slot[groupOf.length];
    for (int i = 0; i < slots.length; i++) {
      NdArray factor = norm == null ? null : norm.factor();
      slots[i] = new Slot(weights.get(i), updates[groupOf[i]], update, settings.averages(), factor);
    }
  }

  private static GlobalNorm norm(Settings settings, List<Weight> weights) {
    Weight first = weights.getFirst();
    for (Weight weight : weights) {
      if (weight.value().dtype() != first.value().dtype()) {
        throw new DTypeException(
            "globalClipNorm: weights must be of one type, but '%s' is %s and '%s' %s"
                .formatted(
                    first.name(), first.value().dtype(), weight.name(), weight.value().dtype()));
      }
      if (weight.value().backend() != first.value().backend()) {
        throw new IllegalArgumentException(
            "globalClipNorm: weights must live on one backend, but '%s' is on '%s', '%s' on '%s'"
                .formatted(
                    first.name(),
                    first.value().backend().name(),
                    weight.name(),
                    weight.value().backend().name()));
      }
    }
    return new GlobalNorm(
        first.value().backend(), first.value().dtype(), weights.size(), settings.globalClipNorm);
  }

  /** {@return what clips the norm of all gradients, or {@code null}} */
  GlobalNorm norm() {
    return norm;
  }

  /** {@return the weights with their states} */
  Slot[] slots() {
    return slots;
  }

  /** {@return the updates of the groups, whose scalars each step sets} */
  FusedUpdate[] updates() {
    return updates;
  }
}
