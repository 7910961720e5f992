package dev.lanewise.nn.data;

import java.util.Arrays;

/**
 * Samples to learn from, and samples kept aside to judge what was learned.
 *
 * @param train the samples to learn from
 * @param test the samples kept aside, of the same shape and the same classes
 */
public record TrainTestSplit(LabeledDataset train, LabeledDataset test) {

  /**
   * Pairs two parts.
   *
   * @throws IllegalArgumentException if their samples differ in shape or their classes differ
   */
  public TrainTestSplit {
    if (!Arrays.equals(train.sampleShape(), test.sampleShape())
        || !train.classNames().equals(test.classNames())) {
      throw new IllegalArgumentException(
          "TrainTestSplit: the parts differ in sample shape or classes: train is %s, test is %s"
              .formatted(train, test));
    }
  }
}
