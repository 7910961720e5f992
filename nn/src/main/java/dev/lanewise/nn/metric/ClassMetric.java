package dev.lanewise.nn.metric;

import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.config.Config;
import java.util.Arrays;
import java.util.OptionalDouble;

/**
 * A number of the hits and misses of each class, averaged. Either each element of the predictions
 * answers a question of its own, yes above a threshold; or each sample belongs to the class of its
 * largest prediction.
 */
abstract class ClassMetric implements Metric {
  private final String name;
  private final String operation;
  private final Averaging averaging;
  private final OptionalDouble threshold;
  private long[] hits = {};
  private long[] predicted = {};
  private long[] wanted = {};

  /** The answers of each class. */
  private long each;

  /**
   * Makes the metric.
   *
   * @param name what a history calls it
   * @param operation who asks, for errors
   * @param averaging how the classes' numbers become one
   * @param threshold above which a prediction says yes; empty if each sample belongs to one class
   */
  ClassMetric(String name, String operation, Averaging averaging, OptionalDouble threshold) {
    this.name = name;
    this.operation = operation;
    this.averaging = averaging;
    this.threshold = threshold;
  }

  /**
   * {@return the number of one class}
   *
   * @param hits answers yes that are right
   * @param falseAlarms answers yes that are wrong
   * @param misses answers no that are wrong
   * @param rejections answers no that are right
   */
  abstract double score(long hits, long falseAlarms, long misses, long rejections);

  /** {@return a / b, and 0 of nothing, as Keras and scikit-learn have it} */
  static double ratio(long a, long b) {
    return b == 0 ? 0 : (double) a / b;
  }

  @Override
  public final Config config() {
    return Config.of(getClass().getSimpleName())
        .with("name", name)
        .with("averaging", averaging)
        .with("threshold", threshold);
  }

  @Override
  public final String name() {
    return name;
  }

  @Override
  public final void reset() {
    hits = new long[0];
    predicted = new long[0];
    wanted = new long[0];
    each = 0;
  }

  @Override
  public final void update(Tensor predictions, Tensor targets) {
    if (threshold.isPresent()) {
      countAnswers(predictions, targets, threshold.getAsDouble());
    } else {
      countClasses(ClassScores.of(operation, predictions, targets));
    }
  }

  private void countAnswers(Tensor predictions, Tensor targets, double threshold) {
    if (!predictions.shape().equals(targets.shape())) {
      throw new ShapeException(
          ("%s: predictions and targets must have one shape, not %s and %s; for samples"
                  + " of one class each, choose an Averaging and no threshold")
              .formatted(operation, predictions.shape(), targets.shape()));
    }
    boolean together = averaging == Averaging.MICRO;
    if (!together && predictions.shape().rank() < 2) {
      throw new ShapeException(
          operation + ": predictions must be [n, c, …], not " + predictions.shape());
    }
    int classes = together ? 1 : predictions.shape().dim(1);
    resize(classes);
    float[] scores = predictions.toFloatArray();
    float[] truths = targets.toFloatArray();
    int samples = together ? 1 : Math.max(1, predictions.shape().dim(0));
    int step = scores.length / samples / Math.max(1, classes);
    for (int i = 0; i < scores.length; i++) {
      int column = i / step % classes;
      boolean yes = scores[i] > threshold;
      boolean truth = truths[i] > 0.5;
      hits[column] += yes && truth ? 1 : 0;
      predicted[column] += yes ? 1 : 0;
      wanted[column] += truth ? 1 : 0;
    }
    each += classes == 0 ? 0 : scores.length / classes;
  }

  private void countClasses(ClassScores scores) {
    for (int i = 0; i < scores.size(); i++) {
      scores.labelChecked(i);
    }
    resize(scores.classes());
    for (int i = 0; i < scores.size(); i++) {
      int right = scores.labelChecked(i);
      int found = scores.largest(i);
      hits[right] += found == right ? 1 : 0;
      predicted[found]++;
      wanted[right]++;
    }
    each += scores.size();
  }

  private void resize(int classes) {
    if (hits.length == 0) {
      hits = new long[classes];
      predicted = new long[classes];
      wanted = new long[classes];
    } else if (hits.length != classes) {
      throw new ShapeException(
          "%s: predictions have %d classes, but those of earlier batches had %d; call reset first"
              .formatted(operation, classes, hits.length));
    }
  }

  /**
   * {@return the number of each class since the last {@link #reset}; NaN for a class that neither
   * targets nor predictions had; empty if there was no batch} With {@link Averaging#MICRO} and a
   * threshold all elements are one class.
   */
  public final double[] perClass() {
    double[] scores = new double[hits.length];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = predicted[i] + wanted[i] == 0 ? Double.NaN : score(i);
    }
    return scores;
  }

  private double score(int i) {
    return score(hits[i], predicted[i] - hits[i], wanted[i] - hits[i], rejections(i));
  }

  private long rejections(int i) {
    return each - predicted[i] - wanted[i] + hits[i];
  }

  @Override
  public final double result() {
    if (each == 0) {
      return Double.NaN;
    }
    return switch (averaging) {
      case MICRO -> together();
      case MACRO -> mean(false);
      case WEIGHTED -> mean(true);
    };
  }

  private double together() {
    long hit = Arrays.stream(hits).sum();
    long yes = Arrays.stream(predicted).sum();
    long truth = Arrays.stream(wanted).sum();
    return score(hit, yes - hit, truth - hit, each * hits.length - yes - truth + hit);
  }

  private double mean(boolean weighted) {
    double sum = 0;
    long weights = 0;
    for (int i = 0; i < hits.length; i++) {
      long weight = weighted ? wanted[i] : predicted[i] + wanted[i] > 0 ? 1 : 0;
      sum += weight == 0 ? 0 : weight * score(i);
      weights += weight;
    }
    return weights == 0 ? 0 : sum / weights;
  }
}
