package dev.lanewise.nn.data;

import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;

/** The checks of samples' numbers and labels that data sets share. */
final class Rows {
  private Rows() {}

  /** Refuses the number of a sample that does not exist. */
  static int check(String operation, int index, int size) {
    if (index < 0 || index >= size) {
      throw new IndexOutOfBoundsException(
          "%s: sample %d of a data set of %d samples".formatted(operation, index, size));
    }
    return index;
  }

  /** Refuses numbers of samples that do not exist. */
  static void check(String operation, int[] indices, int size) {
    for (int index : indices) {
      check(operation, index, size);
    }
  }

  /** {@return the class that is the one number of a target} */
  static int label(int index, Sample sample) {
    if (sample.targets().isEmpty()) {
      throw new IllegalArgumentException("labels: sample " + index + " has no target");
    }
    Tensor y = sample.y();
    if (y.size() != 1) {
      throw new ShapeException(several(y));
    }
    return label(index, y.item());
  }

  /** {@return the classes that are the targets of samples} */
  static int[] labels(Batch all) {
    if (all.targets().isEmpty()) {
      throw new IllegalArgumentException("labels: the samples have no target");
    }
    Tensor y = all.y();
    if (y.size() != all.size()) {
      throw new ShapeException(several(y));
    }
    double[] values = y.toDoubleArray();
    int[] labels = new int[values.length];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = label(i, values[i]);
    }
    return labels;
  }

  private static String several(Tensor y) {
    return "labels: a sample's target must be one number, its class, not of "
        + y.shape()
        + "; of one-hot rows, argMax gives the classes";
  }

  private static int label(int index, double value) {
    if (value != (int) value) {
      throw new IllegalArgumentException(
          "labels: the target of sample %d is %s, which is no class: a class is a whole number"
              .formatted(index, value));
    }
    return (int) value;
  }
}
