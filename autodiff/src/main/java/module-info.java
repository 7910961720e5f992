/** Tensors with gradients above the kernels. */
module dev.lanewise.autodiff {
  requires transitive dev.lanewise.kernels;

  exports dev.lanewise.autodiff;
  exports dev.lanewise.graph;
}
