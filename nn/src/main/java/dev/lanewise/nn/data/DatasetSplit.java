package dev.lanewise.nn.data;

import java.util.List;

/**
 * Samples to learn from, and samples kept aside to judge what was learned.
 *
 * @param train the samples to learn from
 * @param test the samples kept aside
 */
public record DatasetSplit(Dataset train, Dataset test) {

  static DatasetSplit of(List<Dataset> parts) {
    return new DatasetSplit(parts.getFirst(), parts.getLast());
  }
}
