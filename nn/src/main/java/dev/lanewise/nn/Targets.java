package dev.lanewise.nn;

import dev.lanewise.array.DType;
import dev.lanewise.array.DTypeException;
import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.nn.internal.Samples;
import dev.lanewise.nn.loss.Loss;
import java.util.OptionalLong;

/** Brings targets into the form that a loss takes, and checks every one, before training. */
final class Targets {
  private Targets() {}

  /**
   * {@return the targets in the loss's form}
   *
   * @param loss the loss
   * @param targets what was given
   * @param output the shape of one sample of the model's output
   * @throws ShapeException if their shape does not fit the output's
   * @throws DTypeException if classes are not integers
   * @throws IllegalArgumentException if a target is out of range; the text names its row
   */
  static Rows prepare(Loss loss, Rows targets, Shape output) {
    return switch (loss.targets()) {
      case CLASSES -> classes(loss.name(), targets, output);
      case CLASS_MAPS -> classMaps(loss, targets, output);
      case VALUES -> values(loss.name(), targets, output);
      case PROBABILITIES -> probabilities(loss.name(), targets, output);
    };
  }

  private static Rows classes(String loss, Rows targets, Shape output) {
    if (output.rank() != 1) {
      throw new ShapeException(
          loss
              + ": the model's output must be [n, classes], not "
              + Samples.batchOf(output)
              + "; put a Flatten before its last Dense");
    }
    if (targets.row().size() != 1) {
      throw new ShapeException(
          loss + ": labels must be [n], one class each, not " + Samples.batchOf(targets.row()));
    }
    requireClasses(loss, targets, output.dim(0), OptionalLong.empty());
    return targets.shaped(Shape.SCALAR);
  }

  private static Rows classMaps(Loss loss, Rows targets, Shape output) {
    if (output.rank() == 0) {
      throw new ShapeException(
          loss.name() + ": the model's output must be [n, classes, …], not [n]");
    }
    Shape places = output.reduced(new int[] {0}, false);
    // [n, 1] for an output of [n, classes] means the same labels.
    boolean column = places.rank() == 0 && targets.row().size() == 1;
    if (!column && !targets.row().equals(places)) {
      throw new ShapeException(
          "%s: labels must be %s, one class for each place of the model's output %s, not %s"
              .formatted(
                  loss.name(),
                  Samples.batchOf(places),
                  Samples.batchOf(output),
                  Samples.batchOf(targets.row())));
    }
    requireClasses(loss.name(), targets, output.dim(0), loss.ignoredLabel());
    return targets.shaped(places);
  }

  private static void requireClasses(String loss, Rows targets, int classes, OptionalLong ignored) {
    if (targets.dtype() != DType.I32 && targets.dtype() != DType.I64) {
      throw new DTypeException(
          loss + ": labels must be i32 or i64, not " + targets.dtype() + "; call cast(DType.I32)");
    }
    long each = targets.row().size();
    for (long i = 0; i < targets.count() * each; i++) {
      double label = targets.number(i);
      boolean isClass = label >= 0 && label < classes;
      if (!isClass && !(ignored.isPresent() && label == ignored.getAsLong())) {
        throw new IllegalArgumentException(
            "%s: label %.0f in row %d is not from 0 to %d, the classes of the model's %d outputs%s"
                .formatted(
                    loss,
                    label,
                    i / each,
                    classes - 1,
                    classes,
                    ignored.isPresent() ? ", and not the ignored " + ignored.getAsLong() : ""));
      }
    }
  }

  private static Rows values(String loss, Rows targets, Shape output) {
    // [n] for an output of [n, 1] means the same numbers.
    boolean column = targets.row().rank() == 0 && output.equals(Shape.of(1));
    if (!column && !targets.row().equals(output)) {
      throw new ShapeException(
          "%s: targets must be %s, as the model's output, not %s"
              .formatted(loss, Samples.batchOf(output), Samples.batchOf(targets.row())));
    }
    return targets.asF32().shaped(output);
  }

  private static Rows probabilities(String loss, Rows targets, Shape output) {
    Rows values = values(loss, targets, output);
    long each = output.size();
    for (long i = 0; i < values.count() * each; i++) {
      double target = values.number(i);
      if (!(target >= 0 && target <= 1)) {
        throw new IllegalArgumentException(
            "%s: target %s in row %d is not from 0 to 1".formatted(loss, target, i / each));
      }
    }
    return values;
  }
}
