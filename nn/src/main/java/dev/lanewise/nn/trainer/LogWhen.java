package dev.lanewise.nn.trainer;

/** When a number that is logged reaches loggers. */
public enum LogWhen {
  /** With the step in which it was logged, every so many steps. */
  STEP(true, false),

  /** At the end of the epoch: the mean of what was logged, by the sizes of the batches. */
  EPOCH(false, true),

  /** Both: as {@code name_step} with the step, as {@code name_epoch} at the end of the epoch. */
  STEP_AND_EPOCH(true, true);

  final boolean onStep;
  final boolean onEpoch;

  LogWhen(boolean onStep, boolean onEpoch) {
    this.onStep = onStep;
    this.onEpoch = onEpoch;
  }

  /** {@return what the number is called at a step} */
  String atStep(String name) {
    return onEpoch ? name + "_step" : name;
  }

  /** {@return what the mean is called at the end of an epoch} */
  String atEpoch(String name) {
    return onStep ? name + "_epoch" : name;
  }
}
