/**
 * How it is measured: {@link dev.lanewise.bench.measure.Peaks} finds the machine's roofs, {@link
 * dev.lanewise.bench.measure.Suite} proves and times one case after the other by {@link
 * dev.lanewise.bench.measure.Rounds}. Nothing is printed here.
 */
package dev.lanewise.bench.measure;
