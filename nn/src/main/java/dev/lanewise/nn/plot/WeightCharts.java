package dev.lanewise.nn.plot;

import dev.lanewise.autodiff.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Histograms of tensors. */
final class WeightCharts {
  private static final int BINS = 30;

  private WeightCharts() {}

  static Figure.Charts of(Map<String, Tensor> tensors) {
    if (tensors.isEmpty()) {
      throw new IllegalArgumentException("histograms: there must be at least one tensor");
    }
    List<Panel> panels = new ArrayList<>();
    tensors.forEach((name, tensor) -> panels.add(panel(name, tensor.toDoubleArray())));
    return new Figure.Charts(panels, Figure.columns(panels.size()));
  }

  private static Panel panel(String name, double[] values) {
    double[] shown = Arrays.stream(values).filter(Span::shows).toArray();
    String title = name;
    if (shown.length < values.length) {
      title += " (%d of %d not finite)".formatted(values.length - shown.length, values.length);
    }
    Span span = Span.of(shown);
    Series bars = DataCharts.bars("", 0, shown, span, BINS);
    double most = Arrays.stream(bars.y()).max().orElse(0);
    Axis counts = new Axis("", Span.ofCounts(most), Axis.Ticks.COUNTS);
    return Panel.of(title, Axis.of("", span), counts, List.of(bars));
  }
}
