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
    requireAlike("TrainTestSplit", train, "test", test);
  }

  static void requireAlike(
      String who, LabeledDataset train, String otherName, LabeledDataset other) {
    if (!Arrays.equals(train.sampleShape(), other.sampleShape())
        || !train.classNames().equals(other.classNames())) {
      throw new IllegalArgumentException(
          "%s: the parts differ in sample shape or classes: train is %s, %s is %s"
              .formatted(who, train, otherName, other));
    }
  }

  /**
   * {@return both parts, scaled by the numbers of the train part alone} What is known of the test
   * part must not flow into what is learned.
   *
   * {@snippet :
   * var parts = Iris.load().stratifiedSplit(0.8, 42).scaled(new StandardScaler());
   * }
   *
   * @param scaler how
   * @throws IllegalArgumentException if the train part has no number to scale a feature by
   */
  public TrainTestSplit scaled(Scaler scaler) {
    FittedScaler fitted = scaler.fit(train);
    return new TrainTestSplit(fitted.transform(train), fitted.transform(test));
  }
}
