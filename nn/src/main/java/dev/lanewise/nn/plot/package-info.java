/**
 * Pictures, as PNG or SVG and without a display.
 *
 * <p>Start with {@link dev.lanewise.nn.plot.Plots}: one call makes a {@link
 * dev.lanewise.nn.plot.Plot} of a history, of data or of predictions; {@code title}, {@code size}
 * and {@code save} do the rest. {@link dev.lanewise.nn.plot.XYPlot} puts points, lines and curves
 * together.
 *
 * <p>Plots are plain numbers until they are drawn. Drawing needs XChart and the JDK's module {@code
 * java.desktop}, and VectorGraphics2D for SVG; a program that draws nothing needs none of them.
 */
package dev.lanewise.nn.plot;
