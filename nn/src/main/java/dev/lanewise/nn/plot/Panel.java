package dev.lanewise.nn.plot;

import java.util.List;

/**
 * One chart.
 *
 * @param title what stands above it; empty for nothing
 * @param x the axis to the right
 * @param y the axis upwards
 * @param series what is drawn, the last on top
 * @param regions what lies behind it
 */
record Panel(String title, Axis x, Axis y, List<Series> series, Regions regions) {
  /** {@return a chart with nothing behind it} */
  static Panel of(String title, Axis x, Axis y, List<Series> series) {
    return new Panel(title, x, y, series, Regions.none());
  }
}
