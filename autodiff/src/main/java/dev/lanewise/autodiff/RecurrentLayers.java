package dev.lanewise.autodiff;

import java.util.List;

/**
 * Recurrent layers on top of each other, each of which reads the outputs of the one below. All have
 * the same number of units.
 *
 * {@snippet :
 * RecurrentLayers two = RecurrentLayers.of(lower, upper);
 * RecurrentLayers both = RecurrentLayers.of(forward, reverse).bidirectional().batchFirst();
 * }
 *
 * @param weights one for each layer, from the lowest on; with both directions, each layer's forward
 *     ones and then its reverse ones
 * @param isBidirectional whether each layer also reads the steps from the last to the first; its
 *     outputs are those of both directions one after the other
 * @param isBatchFirst whether inputs and outputs are {@code [batch, time, …]} instead of {@code
 *     [time, batch, …]}
 */
public record RecurrentLayers(
    List<RecurrentWeights> weights, boolean isBidirectional, boolean isBatchFirst) {

  /**
   * Checks the record.
   *
   * @throws IllegalArgumentException if there are no weights, or with both directions not two for
   *     each layer
   */
  public RecurrentLayers {
    weights = List.copyOf(weights);
    if (weights.isEmpty()) {
      throw new IllegalArgumentException("recurrent layers: at least one layer is needed");
    }
    if (isBidirectional && weights.size() % 2 != 0) {
      throw new IllegalArgumentException(
          "recurrent layers: both directions need two weights for each layer, not "
              + weights.size()
              + " in all; give each layer's forward ones and then its reverse ones");
    }
  }

  /**
   * {@return layers that read the steps from the first to the last, with time before batch}
   *
   * @param weights one for each layer, from the lowest on
   * @throws IllegalArgumentException if there are none
   */
  public static RecurrentLayers of(RecurrentWeights... weights) {
    return of(List.of(weights));
  }

  /**
   * {@return layers that read the steps from the first to the last, with time before batch}
   *
   * @param weights one for each layer, from the lowest on
   * @throws IllegalArgumentException if there are none
   */
  public static RecurrentLayers of(List<RecurrentWeights> weights) {
    return new RecurrentLayers(weights, false, false);
  }

  /**
   * {@return the same weights taken as those of layers in both directions}
   *
   * @throws IllegalArgumentException if they are not two for each layer
   */
  public RecurrentLayers bidirectional() {
    return new RecurrentLayers(weights, true, isBatchFirst);
  }

  /** {@return the same for {@code [batch, time, …]}} */
  public RecurrentLayers batchFirst() {
    return new RecurrentLayers(weights, isBidirectional, true);
  }

  /** {@return in how many directions each layer reads: 1 or 2} */
  public int directions() {
    return isBidirectional ? 2 : 1;
  }

  /** {@return how many layers there are} */
  public int layers() {
    return weights.size() / directions();
  }
}
