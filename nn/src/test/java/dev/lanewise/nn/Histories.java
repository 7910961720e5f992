package dev.lanewise.nn;

import java.util.LinkedHashMap;
import java.util.Map;

/** Histories of trainings that never were. */
public final class Histories {
  private Histories() {}

  /** {@return a history of given values, in the map's order, one array for each name} */
  public static History of(Map<String, double[]> values) {
    History history = new History();
    int epochs = values.values().stream().mapToInt(v -> v.length).max().orElse(0);
    for (int epoch = 0; epoch < epochs; epoch++) {
      Map<String, Double> scores = new LinkedHashMap<>();
      for (Map.Entry<String, double[]> entry : values.entrySet()) {
        scores.put(entry.getKey(), entry.getValue()[epoch]);
      }
      history.add(epoch, new Scores(scores), 0.1);
    }
    return history;
  }

  /** {@return a history of losses alone} */
  public static History ofLosses(double... losses) {
    return of(Map.of("loss", losses));
  }
}
