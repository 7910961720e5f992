/** Layers, models, training and data above autodiff. */
module dev.lanewise.nn {
  requires transitive dev.lanewise.autodiff;

  exports dev.lanewise.nn;
  exports dev.lanewise.nn.data;
  exports dev.lanewise.nn.init;
  exports dev.lanewise.nn.layer;
  exports dev.lanewise.nn.loss;
  exports dev.lanewise.nn.metric;
  exports dev.lanewise.nn.optim;
}
