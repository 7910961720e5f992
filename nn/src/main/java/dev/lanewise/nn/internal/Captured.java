package dev.lanewise.nn.internal;

import dev.lanewise.array.NdArray;
import dev.lanewise.nn.layer.Layer;
import java.util.ArrayList;
import java.util.List;

/**
 * What the graph of a model's step holds on to: with other arrays of weights, as after a move to a
 * device, or other layers frozen, another graph is needed.
 *
 * @param weights the arrays of all weights
 * @param trainable for each layer whether it is trained: a frozen batch normalization computes
 *     otherwise, also one without weights to train
 */
public record Captured(List<NdArray> weights, List<Boolean> trainable) {

  /** {@return what graphs of a model hold on to now} */
  public static Captured of(Layer model) {
    List<Boolean> trainable = new ArrayList<>();
    collect(model, trainable);
    return new Captured(
        model.weights().stream().map(weight -> weight.value().data()).toList(), trainable);
  }

  private static void collect(Layer layer, List<Boolean> trainable) {
    trainable.add(layer.isTrainable());
    layer.layers().forEach(inner -> collect(inner, trainable));
  }
}
