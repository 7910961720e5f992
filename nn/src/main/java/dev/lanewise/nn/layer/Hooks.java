package dev.lanewise.nn.layer;

import dev.lanewise.array.DTypeException;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/** The functions that a layer calls, each kind in the order in which they came. */
final class Hooks {
  private final Layer layer;
  private final Map<LayerHook, LayerHook.Forward> forward = new LinkedHashMap<>();
  private final Map<LayerHook, LayerHook.Backward> backward = new LinkedHashMap<>();

  Hooks(Layer layer) {
    this.layer = layer;
  }

  LayerHook add(LayerHook.Forward function) {
    return add(forward, function);
  }

  LayerHook add(LayerHook.Backward function) {
    return add(backward, function);
  }

  private static <F> LayerHook add(Map<LayerHook, F> functions, F function) {
    LayerHook hook = new LayerHook(functions);
    functions.put(hook, Objects.requireNonNull(function, "hook"));
    return hook;
  }

  /** {@return what goes on instead of an output, and tells of its gradient} */
  Tensor apply(Tensor input, Tensor output) {
    Tensor out = output;
    for (LayerHook.Forward function : List.copyOf(forward.values())) { // one may remove itself
      out = replaced("onForward", "output", out, function.computed(layer, input, out));
    }
    return backward.isEmpty() || !out.requiresGrad() ? out : watched(out);
  }

  private Tensor watched(Tensor output) {
    // A view has its own place in the graph. That of the output may be that of the input or of a
    // weight, where functions would stay and see other gradients too; and losses compute from the
    // input of a softmax, past its output.
    Tensor view = output.permute(IntStream.range(0, output.shape().rank()).toArray());
    if (!view.requiresGrad()) {
      return output; // nothing is recorded now
    }
    for (LayerHook hook : backward.keySet()) {
      view.onGradient(gradient -> seen(hook, gradient));
    }
    return view;
  }

  private Tensor seen(LayerHook hook, Tensor gradient) {
    LayerHook.Backward function = backward.get(hook);
    return function == null // it was removed since
        ? gradient
        : replaced("onBackward", "gradient", gradient, function.returned(layer, gradient));
  }

  private Tensor replaced(String operation, String what, Tensor given, Tensor other) {
    if (other == null || other == given) {
      return given;
    }
    if (!other.shape().equals(given.shape())) {
      throw new ShapeException(misfit(operation, what, given, other));
    }
    if (other.dtype() != given.dtype()) {
      throw new DTypeException(misfit(operation, what, given, other));
    }
    if (other.backend() != given.backend()) {
      throw new IllegalArgumentException(
          "%s: %s: a hook's tensor lives on backend '%s', the %s on '%s'; move it with to(backend)"
              .formatted(
                  operation,
                  layer.describe(),
                  other.backend().name(),
                  what,
                  given.backend().name()));
    }
    return other;
  }

  private String misfit(String operation, String what, Tensor given, Tensor other) {
    return "%s: %s: a hook made %s %s of the %s %s %s; type and shape must stay"
        .formatted(
            operation,
            layer.describe(),
            other.dtype(),
            other.shape(),
            what,
            given.dtype(),
            given.shape());
  }
}
