package dev.lanewise.nn.io;

import dev.lanewise.array.Shape;
import dev.lanewise.nn.Model;
import dev.lanewise.nn.layer.Dense;
import dev.lanewise.nn.layer.Flatten;
import dev.lanewise.nn.layer.Layer;
import dev.lanewise.nn.layer.LayerCall;
import dev.lanewise.nn.layer.SymbolicTensor;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which Dense layers see flattened images, whose numbers Keras has in another order, as its images
 * are channels-last.
 */
final class FlattenedImages {
  private final Map<Layer, Shape> seen = new IdentityHashMap<>();
  private final boolean hasSequences;

  private FlattenedImages(boolean hasSequences) {
    this.hasSequences = hasSequences;
  }

  /**
   * {@return the images, {@code [c, h, w]}, that reach each Dense layer flattened}
   *
   * @throws IllegalArgumentException if they reach a layer that is not known to leave their order
   *     or to multiply them by a kernel
   */
  static Map<Layer, Shape> in(Model model) {
    FlattenedImages images = new FlattenedImages(hasType(model, "Conv1D"));
    images.through(model, null, null);
    return images.seen;
  }

  private static boolean hasType(Layer layer, String type) {
    return layer.type().equals(type)
        || layer.layers().stream().anyMatch(inner -> hasType(inner, type));
  }

  /** {@return the images whose numbers, flattened, a model gives, or {@code null}} */
  private Shape through(Model model, Shape input, Shape flattened) {
    if (!model.calls().isEmpty()) {
      Map<SymbolicTensor, Shape> values = new IdentityHashMap<>();
      for (LayerCall call : model.calls()) {
        Shape carried = null;
        for (SymbolicTensor each : call.inputs()) {
          Shape given =
              values.getOrDefault(each, each.source().inputs().isEmpty() ? flattened : null);
          carried = carried == null ? given : carried;
        }
        Shape given = call.inputs().getFirst().shape();
        Shape left = through(call.layer(), call.inputs().size(), given, carried);
        call.outputs().forEach(output -> values.put(output, left));
      }
      return model.outputs().size() == 1 ? values.get(model.outputs().getFirst()) : null;
    }
    Shape sample = input;
    Shape carried = flattened;
    for (Layer layer : model.layers()) {
      sample = layer.builtInputs().getFirst();
      carried = through(layer, 1, sample, carried);
    }
    return carried;
  }

  private Shape through(Layer layer, int inputs, Shape sample, Shape flattened) {
    if (layer instanceof Model model) {
      return through(model, sample, flattened);
    }
    if (layer instanceof Flatten && flattened == null) {
      return isImage(sample) ? sample : null;
    }
    if (flattened == null) {
      return null;
    }
    if (layer instanceof Dense) {
      seen.put(layer, flattened);
      return null;
    }
    boolean keepsOrder =
        inputs == 1 && layer.weights().isEmpty() && layer.builtOutputs().equals(List.of(sample));
    if (!keepsOrder) {
      throw new IllegalArgumentException(
          ("KerasWeights: %s takes flattened images %s, whose numbers Keras orders otherwise; only"
                  + " the kernels of Dense layers are brought into our order")
              .formatted(layer, flattened));
    }
    return flattened;
  }

  /** {@return whether a sample has several channels of several numbers, so that orders differ} */
  private boolean isImage(Shape sample) {
    boolean hasChannels = sample.rank() >= 3 || sample.rank() == 2 && hasSequences;
    return hasChannels && sample.dim(0) > 1 && sample.size() > sample.dim(0);
  }
}
