package dev.lanewise.cuda.fake;

/** A tensor descriptor of cuDNN: null until it is set. */
final class TensorDescriptor {
  TensorShape shape;
}
