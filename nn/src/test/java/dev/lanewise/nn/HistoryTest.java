package dev.lanewise.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.nn.internal.Direction;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HistoryTest {
  private static History of(String name, double... values) {
    History history = new History();
    for (int i = 0; i < values.length; i++) {
      history.add(i, new Scores(Map.of(name, values[i])), 0.5);
    }
    return history;
  }

  @Test
  void theBestIsTheLeastLossOrTheGreatestAccuracy() {
    double[] values = {3, Double.NaN, 1, 4, 1, 4};
    assertEquals(new History.Best(2, 1), of("val_loss", values).best("val_loss"));
    assertEquals(new History.Best(3, 4), of("val_acc", values).best("val_acc"));
    assertEquals(new History.Best(3, 4), of("size", values).best("size", "max"));
    assertEquals(new History.Best(1, 5), of("loss", Double.NaN, 5, Double.NaN).best("loss"));
  }

  @Test
  void theBestIsRefusedWhereThereIsNone() {
    History history = of("size", 1);
    IllegalArgumentException unknown =
        assertThrows(IllegalArgumentException.class, () -> history.best("size"));
    assertTrue(unknown.getMessage().contains("'size'"), unknown.getMessage());
    assertThrows(IllegalArgumentException.class, () -> history.best("size", "most"));
    assertThrows(IllegalArgumentException.class, () -> history.best("loss"));
    History nan = of("loss", Double.NaN);
    assertThrows(IllegalStateException.class, () -> nan.best("loss"));
  }

  @Test
  void namesTellTheDirection() {
    for (String name :
        List.of(
            "loss",
            "val_loss",
            "output_1_loss",
            "meanAbsoluteError",
            "rmse",
            "log_cosh",
            "val_kind_sparse_categorical_crossentropy",
            "accuracy_loss")) {
      assertEquals(Direction.MIN, Direction.of("test", name, "auto"), name);
    }
    for (String name :
        List.of(
            "accuracy",
            "val_acc",
            "kind_top_k_categorical_accuracy",
            "auc",
            "val_f1_score",
            "mean_io_u",
            "r2_score",
            "precision",
            "recall")) {
      assertEquals(Direction.MAX, Direction.of("test", name, "auto"), name);
    }
    assertThrows(IllegalArgumentException.class, () -> Direction.of("test", "lossy", "auto"));
  }
}
