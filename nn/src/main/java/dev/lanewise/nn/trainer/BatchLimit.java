package dev.lanewise.nn.trainer;

import java.util.OptionalLong;

/**
 * How many batches of an epoch are taken.
 *
 * @param count at most so many
 * @param share at most this share of them, above 0, up to 1
 */
record BatchLimit(long count, double share) {
  static final BatchLimit ALL = new BatchLimit(Long.MAX_VALUE, 1);

  static BatchLimit count(long count) {
    return new BatchLimit(count, 1);
  }

  static BatchLimit share(String setting, double share) {
    if (!(share > 0 && share <= 1)) {
      throw new IllegalArgumentException(
          "TrainerOptions: %s: a share must be above 0 and up to 1, not %s"
              .formatted(setting, share));
    }
    return new BatchLimit(Long.MAX_VALUE, share);
  }

  /**
   * {@return the largest number of batches}
   *
   * @param what whose batches, for the errors' texts
   * @param steps how many an epoch has
   * @throws IllegalArgumentException if a share of an unknown number is asked for, or the share
   *     leaves none
   */
  long of(String what, OptionalLong steps) {
    if (share == 1) {
      return count;
    }
    if (steps.isEmpty()) {
      throw new IllegalArgumentException(
          ("Trainer: %s of the %s batches can not be taken, as nobody knows how many there are;"
                  + " limit them by a number")
              .formatted(share, what));
    }
    long most = (long) (share * steps.getAsLong());
    if (most == 0) {
      throw new IllegalArgumentException(
          "Trainer: %s of %d %s batches is none; take a larger share"
              .formatted(share, steps.getAsLong(), what));
    }
    return most;
  }
}
