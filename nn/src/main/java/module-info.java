/**
 * Layers, models, training and data above autodiff.
 *
 * <p>What is {@code static} only some programs need, which require it themselves or are started
 * with {@code --add-modules}: {@code de.siegmar.fastcsv} for CSV files, {@code xchart}, {@code
 * VectorGraphics2D} and {@code java.desktop} for pictures, {@code com.google.protobuf} for
 * TensorBoard's files, {@code io.jhdf} for weights that Keras wrote.
 */
module dev.lanewise.nn {
  requires static com.google.protobuf;
  requires static de.siegmar.fastcsv;
  requires static io.jhdf;
  requires static VectorGraphics2D;
  requires static java.desktop;
  requires static xchart;
  requires transitive dev.lanewise.autodiff;

  exports dev.lanewise.nn;
  exports dev.lanewise.nn.config;
  exports dev.lanewise.nn.data;
  exports dev.lanewise.nn.init;
  exports dev.lanewise.nn.io;
  exports dev.lanewise.nn.layer;
  exports dev.lanewise.nn.loss;
  exports dev.lanewise.nn.metric;
  exports dev.lanewise.nn.optim;
  exports dev.lanewise.nn.plot;
  exports dev.lanewise.nn.tensorboard;
  exports dev.lanewise.nn.train;
  exports dev.lanewise.nn.trainer;
}
