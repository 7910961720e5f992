package dev.lanewise.nn.io;

import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.layer.Weight;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How other libraries lay out the weights of layers. A layer whose weights they order otherwise
 * needs a line here, and a case in {@link #fromKeras} or {@link #fromPyTorch} if an array is
 * turned.
 */
final class Layouts {
  /** The roles of a layer's weights in the order in which Keras writes them, by our types. */
  private static final Map<String, List<String>> KERAS =
      Map.of(
          "Dense", List.of("kernel", "bias"),
          "Conv1D", List.of("kernel", "bias"),
          "Conv2D", List.of("kernel", "bias"),
          "Conv3D", List.of("kernel", "bias"),
          "BatchNormalization", List.of("gamma", "beta", "moving_mean", "moving_variance"),
          "LayerNormalization", List.of("gamma", "beta"),
          "Embedding", List.of("embeddings"));

  /** What PyTorch calls a role. */
  private static final Map<String, String> PYTORCH =
      Map.of(
          "kernel", "weight",
          "gamma", "weight",
          "embeddings", "weight",
          "bias", "bias",
          "beta", "bias",
          "moving_mean", "running_mean",
          "moving_variance", "running_var");

  private Layouts() {}

  /** Refuses layers whose weights others may order otherwise. */
  static void requireKnown(String who, List<OwnWeights> layers) {
    for (OwnWeights layer : layers) {
      List<String> roles = KERAS.get(layer.layer().type());
      if (roles == null || !roles.containsAll(layer.weights().keySet())) {
        throw new IllegalArgumentException(
            ("%s: how a %s lays out its weights is not known; layers with weights can be %s; set"
                    + " '%s' by hand")
                .formatted(
                    who,
                    layer.layer().type(),
                    KERAS.keySet().stream().sorted().toList(),
                    layer.path()));
      }
    }
  }

  /** {@return a layer's weights in Keras's order} */
  static List<Map.Entry<String, Weight>> inKerasOrder(OwnWeights layer) {
    return KERAS.get(layer.layer().type()).stream()
        .filter(layer.weights()::containsKey)
        .map(role -> Map.entry(role, layer.weights().get(role)))
        .toList();
  }

  /** {@return a layer's weights by what PyTorch calls them} */
  static Map<String, Map.Entry<String, Weight>> byPyTorchNames(OwnWeights layer) {
    Map<String, Map.Entry<String, Weight>> named = new LinkedHashMap<>();
    layer
        .weights()
        .forEach((role, weight) -> named.put(PYTORCH.get(role), Map.entry(role, weight)));
    return named;
  }

  /**
   * {@return an array as our layer has it} Kernels of convolutions come as {@code [kh, kw, c, f]}
   * and become {@code [f, c, kh, kw]}; the rows of a kernel on flattened images come in the order
   * of {@code [h, w, c]} and go to that of {@code [c, h, w]}.
   *
   * @param flattened the shape of one image, {@code [c, h, w]}, or {@code null}
   */
  static Tensor fromKeras(OwnWeights layer, String role, NdArray array, Shape flattened) {
    Tensor x = Tensor.of(array);
    int rank = array.shape().rank();
    if (!role.equals("kernel")) {
      return x;
    }
    if (!layer.layer().type().equals("Dense")) {
      int[] order = new int[rank];
      for (int i = 0; i < rank; i++) {
        order[i] = i < 2 ? rank - 1 - i : i - 2;
      }
      return x.permute(order);
    }
    if (flattened == null || rank != 2 || array.shape().dim(0) != flattened.size()) {
      return x;
    }
    int axes = flattened.rank();
    int[] lastChannels = new int[axes + 1];
    int[] order = new int[axes + 1];
    for (int i = 1; i < axes; i++) {
      lastChannels[i - 1] = flattened.dim(i);
      order[i] = i - 1;
    }
    lastChannels[axes - 1] = flattened.dim(0);
    lastChannels[axes] = array.shape().dim(1);
    order[0] = axes - 1;
    order[axes] = axes;
    return x.reshape(lastChannels).permute(order).reshape(array.shape().dims());
  }

  /** {@return an array as our layer has it} Kernels of Dense layers come as {@code [out, in]}. */
  static Tensor fromPyTorch(OwnWeights layer, String role, NdArray array) {
    Tensor x = Tensor.of(array);
    boolean turned =
        role.equals("kernel") && layer.layer().type().equals("Dense") && array.shape().rank() == 2;
    return turned ? x.transpose() : x;
  }

  /** {@return whether PyTorch writes a name that no layer needs: how many batches it has seen} */
  static boolean isNotNeeded(String pyTorchName) {
    return Set.of("num_batches_tracked").contains(pyTorchName);
  }

  /** {@return what does not fit, or nothing} */
  static List<String> misfit(Weight weight, Tensor value, String source) {
    Tensor wanted = weight.value();
    return value.shape().equals(wanted.shape()) && value.dtype() == wanted.dtype()
        ? List.of()
        : Arrays.asList(
            "'%s' for '%s' is %s %s, not %s %s"
                .formatted(
                    source,
                    weight.name(),
                    value.dtype(),
                    value.shape(),
                    wanted.dtype(),
                    wanted.shape()));
  }
}
