package dev.lanewise.nn.layer;

import dev.lanewise.array.Shape;
import dev.lanewise.nn.config.Config;

/**
 * Makes each number 0 with a probability, in training, and the others larger by {@code 1 / (1 −
 * rate)}; otherwise it gives its input on. (Srivastava et al., Dropout: A Simple Way to Prevent
 * Neural Networks from Overfitting, 2014)
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() {
 *   var model =
 *       Sequential.of(new Dense(128, "relu"), new Dropout(0.2), new Dense(10)).build(784);
 *   IO.println(model.predict(Tensor.ones(1, 784)).shape()); // nothing is dropped here
 * }
 * }
 *
 * <p>What is dropped follows from the model's seed, for any number of threads; where its random
 * numbers stand is saved with the model.
 */
public final class Dropout extends DropLayer {

  /**
   * Makes the layer.
   *
   * @param rate the probability of 0, at least 0 and less than 1
   * @throws IllegalArgumentException if it is out of range
   */
  public Dropout(double rate) {
    super(rate);
  }

  @Override
  Shape drawn(Shape batch) {
    return batch;
  }

  static Dropout of(Config config) {
    return new Dropout(config.number("rate"));
  }
}
