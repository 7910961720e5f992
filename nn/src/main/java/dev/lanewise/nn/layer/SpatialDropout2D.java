package dev.lanewise.nn.layer;

import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.nn.config.Config;

/**
 * As {@link Dropout}, but it drops whole channels of images, {@code [n, c, h, w]}, channels first.
 * (Tompson et al., Efficient Object Localization Using Convolutional Networks, 2015, section 3.2)
 */
public final class SpatialDropout2D extends DropLayer {

  /**
   * Makes the layer.
   *
   * @param rate the probability that a channel is dropped, at least 0 and less than 1
   * @throws IllegalArgumentException if it is out of range
   */
  public SpatialDropout2D(double rate) {
    super(rate);
  }

  /**
   * {@return the shape of one sample of the output, which is that of the input}
   *
   * @param input the shape of one sample of the input
   * @throws ShapeException if it is of another rank
   */
  @Override
  public Shape outputShape(Shape input) {
    Images.check(describe(), input, 2);
    return input;
  }

  @Override
  Shape drawn(Shape batch) {
    return Images.channelsOf(batch);
  }

  static SpatialDropout2D of(Config config) {
    return new SpatialDropout2D(config.number("rate"));
  }
}
