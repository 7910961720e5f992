package dev.lanewise.nn.data;

/**
 * The samples of one of the rounds of a cross-validation, by number, for {@link Dataset#select} and
 * {@link LabeledDataset#select}.
 *
 * @see KFold
 */
public final class Fold {
  private final int[] train;
  private final int[] validation;

  Fold(int[] train, int[] validation) {
    this.train = train;
    this.validation = validation;
  }

  /** {@return the samples to learn from, in ascending order} */
  public int[] train() {
    return train.clone();
  }

  /** {@return the samples to judge by, in ascending order} */
  public int[] validation() {
    return validation.clone();
  }
}
