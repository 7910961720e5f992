package dev.lanewise.nn.plot;

import dev.lanewise.nn.History;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** Charts of what training reported, one for each quantity. */
final class HistoryCharts {
  private static final String VALIDATION = "val_";
  private static final String JUDGE = "val_loss";

  /** The epochs of the lowest loss in validation, if there was one. */
  private record Best(int epoch, double loss) {
    static List<Best> of(History history) {
      List<Best> best = new ArrayList<>();
      if (history.names().contains(JUDGE)) {
        List<Double> losses = history.get(JUDGE);
        for (int i = 0; i < losses.size(); i++) {
          double loss = losses.get(i);
          if (Span.shows(loss) && (best.isEmpty() || loss < best.getFirst().loss())) {
            best = List.of(new Best(i + 1, loss));
          }
        }
      }
      return best;
    }

    double[] x() {
      return new double[] {epoch};
    }
  }

  private HistoryCharts() {}

  static Figure.Charts one(History history) {
    check("history", history);
    List<Panel> panels = new ArrayList<>();
    for (String quantity : quantities(List.of(history))) {
      List<double[]> values = values(List.of(history), quantity);
      Span span = Span.of(values);
      List<Series> series = new ArrayList<>();
      for (Best best : Best.of(history)) {
        double[] ends = {span.from(), span.to()};
        series.add(new Series("", Mark.RULE, 0, new double[] {best.epoch, best.epoch}, ends));
      }
      addLine(series, history, quantity, "training", Mark.LINE, 0);
      addLine(series, history, VALIDATION + quantity, "validation", Mark.LINE, 1);
      for (Best best : Best.of(history)) {
        String name =
            String.format(Locale.ROOT, "best epoch: %d (%s %.4g)", best.epoch, JUDGE, best.loss);
        series.add(new Series(name, Mark.RINGS, 1, best.x(), at(history, quantity, best)));
      }
      panels.add(panel(quantity, List.of(history), span, series));
    }
    return new Figure.Charts(panels, Figure.columns(panels.size()));
  }

  static Figure.Charts several(Map<String, History> histories) {
    if (histories.isEmpty()) {
      throw new IllegalArgumentException("histories: there must be at least one history");
    }
    histories.forEach((name, history) -> check("histories: '" + name + "'", history));
    List<History> all = List.copyOf(histories.values());
    boolean validated = all.stream().anyMatch(h -> h.names().contains(JUDGE));
    List<Panel> panels = new ArrayList<>();
    for (String quantity : quantities(all)) {
      List<Series> series = new ArrayList<>();
      int color = 0;
      for (Map.Entry<String, History> entry : histories.entrySet()) {
        History history = entry.getValue();
        boolean judged = history.names().contains(VALIDATION + quantity);
        addLine(
            series,
            history,
            quantity,
            judged ? "" : entry.getKey(),
            validated ? Mark.PALE_LINE : Mark.LINE,
            color);
        addLine(series, history, VALIDATION + quantity, entry.getKey(), Mark.LINE, color);
        for (Best best : Best.of(history)) {
          series.add(new Series("", Mark.RINGS, color, best.x(), at(history, quantity, best)));
        }
        color++;
      }
      if (validated) {
        series.add(Series.key("validation", Mark.LINE, Palette.GREY));
        series.add(Series.key("training", Mark.PALE_LINE, Palette.GREY));
        series.add(Series.key("lowest " + JUDGE, Mark.RINGS, Palette.GREY));
      }
      panels.add(panel(quantity, all, Span.of(values(all, quantity)), series));
    }
    return new Figure.Charts(panels, Figure.columns(panels.size()));
  }

  private static void check(String who, History history) {
    if (history.epochs() == 0) {
      throw new IllegalArgumentException(
          who + ": no epoch was trained, so there is nothing to draw; call fit first");
    }
  }

  /** {@return the names of all histories, without those of validation} */
  private static Set<String> quantities(List<History> histories) {
    Set<String> names = new LinkedHashSet<>();
    for (History history : histories) {
      for (String name : history.names()) {
        names.add(name.startsWith(VALIDATION) ? name.substring(VALIDATION.length()) : name);
      }
    }
    return names;
  }

  private static List<double[]> values(List<History> histories, String quantity) {
    List<double[]> values = new ArrayList<>();
    for (History history : histories) {
      for (String name : List.of(quantity, VALIDATION + quantity)) {
        if (history.names().contains(name)) {
          values.add(array(history, name));
        }
      }
    }
    return values;
  }

  private static void addLine(
      List<Series> series, History history, String name, String shown, Mark mark, int color) {
    if (history.names().contains(name)) {
      double[] y = array(history, name);
      double[] epochs = IntStream.rangeClosed(1, y.length).asDoubleStream().toArray();
      series.add(new Series(shown, mark, color, epochs, y));
    }
  }

  private static double[] array(History history, String name) {
    return history.get(name).stream().mapToDouble(Double::doubleValue).toArray();
  }

  /** {@return a quantity in validation at the best epoch; NaN if it was not validated} */
  private static double[] at(History history, String quantity, Best best) {
    String name = VALIDATION + quantity;
    return new double[] {
      history.names().contains(name) ? history.get(name).get(best.epoch - 1) : Double.NaN
    };
  }

  private static Panel panel(
      String quantity, List<History> histories, Span span, List<Series> series) {
    double last = histories.stream().mapToInt(History::epochs).max().orElse(1);
    // No whole number for a few epochs: the ends of the axis have no tick then.
    double margin = last == 1 ? 0.9 : (last - 1) * 0.031;
    Axis epochs = new Axis("epoch", new Span(1 - margin, last + margin), Axis.Ticks.COUNTS);
    return Panel.of(quantity, epochs, Axis.of("", span), series);
  }
}
