/**
 * Layers, models, training and data above autodiff.
 *
 * <p>FastCSV is {@code static}: only CSV files need it. A program that reads them requires {@code
 * de.siegmar.fastcsv}, or is started with {@code --add-modules de.siegmar.fastcsv}.
 */
module dev.lanewise.nn {
  requires static de.siegmar.fastcsv;
  requires transitive dev.lanewise.autodiff;

  exports dev.lanewise.nn;
  exports dev.lanewise.nn.data;
  exports dev.lanewise.nn.init;
  exports dev.lanewise.nn.layer;
  exports dev.lanewise.nn.loss;
  exports dev.lanewise.nn.metric;
  exports dev.lanewise.nn.optim;
}
