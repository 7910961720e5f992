package dev.lanewise.cuda.fake;

/** A filter descriptor of cuDNN: null until it is set; always packed. */
final class FilterDescriptor {
  TensorShape shape;
  boolean channelsLast;
}
