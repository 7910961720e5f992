package dev.lanewise.nn.train;

import dev.lanewise.array.NdArray;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.layer.Layer;
import dev.lanewise.nn.layer.Weight;
import dev.lanewise.nn.optim.Optimizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A copy of all weights of a model, also of those that are not trained, to go back to.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() {
 *   var model = Sequential.of(new Dense(1)).build(2);
 *   model.compile("sgd", "mse");
 *   var before = new WeightSnapshot(model);
 *   before.take();
 *   model.fit(Tensor.ones(8, 2), Tensor.ones(8, 1), FitOptions.epochs(3).verbose(0));
 *   before.restore();
 * }
 * }
 *
 * <p>The next copy goes into the memory of the one before. Take it outside of any scope that closes
 * before it is restored.
 */
public final class WeightSnapshot {
  private final Layer layer;
  private final Optimizer optimizer;
  private List<Weight> weights = List.of();
  private List<NdArray> copies = List.of();
  private Map<String, Tensor> state;
  private boolean taken;

  /**
   * Prepares copies of weights; nothing is copied yet.
   *
   * @param layer a model or a layer
   */
  public WeightSnapshot(Layer layer) {
    this(layer, null);
  }

  /**
   * Prepares copies of weights and of what the optimizer remembers, with which training goes on as
   * it would have then; nothing is copied yet.
   *
   * @param layer a model or a layer
   * @param optimizer what changes its weights, or {@code null} for the weights alone
   */
  public WeightSnapshot(Layer layer, Optimizer optimizer) {
    this.layer = layer;
    this.optimizer = optimizer;
  }

  /**
   * Copies the weights as they are, in place of what was copied before.
   *
   * @throws IllegalStateException if there are no weights yet, or the optimizer has none
   */
  public void take() {
    List<Weight> now = layer.weights();
    if (!layer.isBuilt()) {
      throw new IllegalStateException(
          "snapshot: '%s' has no weights yet; build it first".formatted(layer.name()));
    }
    taken = false;
    if (!now.equals(weights) || !copies.stream().allMatch(copy -> copy.storage().isAlive())) {
      List<NdArray> made = new ArrayList<>();
      for (Weight weight : now) {
        NdArray data = weight.value().data();
        made.add(weight.value().backend().uninitialized(data.dtype(), data.shape()));
      }
      copies = made;
      weights = now;
    }
    for (int i = 0; i < copies.size(); i++) {
      Tensor value = weights.get(i).value();
      value.backend().copy(value.data(), copies.get(i));
    }
    state = optimizer == null ? null : optimizer.state();
    taken = true;
  }

  /** {@return whether there is something to go back to} */
  public boolean isTaken() {
    return taken;
  }

  /**
   * Writes the copies back into the weights. They stay: this can be done again.
   *
   * @throws IllegalStateException if nothing was copied, or the copies died with a scope
   */
  public void restore() {
    if (!taken) {
      throw new IllegalStateException("snapshot: there is nothing to restore; call take() first");
    }
    for (NdArray copy : copies) {
      copy.storage().requireAlive("snapshot");
    }
    if (state != null) {
      optimizer.loadState(state);
    }
    for (int i = 0; i < copies.size(); i++) {
      weights.get(i).assign(Tensor.of(copies.get(i)));
    }
  }
}
