package dev.lanewise.nn.data;

/**
 * Samples to learn from, samples to choose settings by, and samples kept aside to judge the choice.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() {
 *   var parts = Iris.load().stratifiedSplit(0.7, 0.15, 42).scaled(new MinMaxScaler());
 *   IO.println(parts.train()); // [105, 4], 3 classes
 *   IO.println(parts.validation().size() + " + " + parts.test().size()); // 23 + 22
 * }
 * }
 *
 * @param train the samples to learn from
 * @param validation the samples to choose settings by, of the same shape and the same classes
 * @param test the samples kept aside, of the same shape and the same classes
 */
public record TrainValidationTestSplit(
    LabeledDataset train, LabeledDataset validation, LabeledDataset test) {

  /**
   * Joins three parts.
   *
   * @throws IllegalArgumentException if their samples differ in shape or their classes differ
   */
  public TrainValidationTestSplit {
    TrainTestSplit.requireAlike("TrainValidationTestSplit", train, "validation", validation);
    TrainTestSplit.requireAlike("TrainValidationTestSplit", train, "test", test);
  }

  /**
   * {@return all parts, scaled by the numbers of the train part alone}
   *
   * @param scaler how
   * @throws IllegalArgumentException if the train part has no number to scale a feature by
   */
  public TrainValidationTestSplit scaled(Scaler scaler) {
    FittedScaler fitted = scaler.fit(train);
    return new TrainValidationTestSplit(
        fitted.transform(train), fitted.transform(validation), fitted.transform(test));
  }
}
