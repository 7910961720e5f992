package dev.lanewise.nn.layer;

import dev.lanewise.autodiff.Tensor;
import java.util.Map;

/**
 * A function that a layer calls whenever it computes, or whenever a gradient comes back to it:
 * {@link Layer#onForward} and {@link Layer#onBackward}.
 */
public final class LayerHook {
  private final Map<LayerHook, ?> among;

  LayerHook(Map<LayerHook, ?> among) {
    this.among = among;
  }

  /** Takes the function away: it is not called any more. A second call does nothing. */
  public void remove() {
    among.remove(this);
  }

  /** Sees what a layer makes of its input. */
  @FunctionalInterface
  public interface Forward {

    /**
     * {@return the output that shall go on instead, of the same shape and type; the same or {@code
     * null} changes nothing}
     *
     * @param layer who has computed
     * @param input the batch that came in
     * @param output what the layer made of it, or the function before this one
     */
    Tensor computed(Layer layer, Tensor input, Tensor output);
  }

  /** Sees the gradient by what a layer has given. */
  @FunctionalInterface
  public interface Backward {

    /**
     * {@return the gradient that shall go on instead, of the same shape and type; the same or
     * {@code null} changes nothing}
     *
     * @param layer whose output it is the gradient by
     * @param gradient the gradient, or what the function before this one made of it; it is only to
     *     be read, or kept
     */
    Tensor returned(Layer layer, Tensor gradient);
  }
}
