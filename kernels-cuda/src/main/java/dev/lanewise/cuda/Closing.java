package dev.lanewise.cuda;

import java.util.ArrayList;
import java.util.List;

/** Closing several things, so that one that fails keeps no other from being closed. */
final class Closing {
  private Closing() {}

  /** Something that gives back what it holds. */
  interface Step {
    /** Gives it back. */
    void close();
  }

  /**
   * Takes all steps in their order; the first failure is thrown at the end, and tells the others.
   *
   * @param steps what to do
   */
  static void all(Step... steps) {
    RuntimeException first = null;
    for (Step step : steps) {
      try {
        step.close();
      } catch (RuntimeException failed) {
        if (first == null) {
          first = failed;
        } else {
          first.addSuppressed(failed);
        }
      }
    }
    if (first != null) {
      throw first;
    }
  }

  /**
   * Takes all steps in their order after something has failed, which stays what is told.
   *
   * @param failure what has failed; it tells the steps that fail
   * @param steps what to do
   */
  static void after(Throwable failure, Step... steps) {
    try {
      all(steps);
    } catch (RuntimeException alsoFailed) {
      failure.addSuppressed(alsoFailed);
    }
  }

  /**
   * Takes all steps in their order, as {@link #all(Step...)} does.
   *
   * @param steps what to do
   */
  static void all(Iterable<? extends Step> steps) {
    List<Step> list = new ArrayList<>();
    steps.forEach(list::add);
    all(list.toArray(Step[]::new));
  }
}
