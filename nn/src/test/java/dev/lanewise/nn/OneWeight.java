package dev.lanewise.nn;

import dev.lanewise.nn.init.Initializer;
import dev.lanewise.nn.layer.Dense;
import dev.lanewise.nn.loss.MeanSquaredError;
import dev.lanewise.nn.optim.SGD;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A model of one weight that each step halves, from 1 on: by SGD of 1/4 on the square of it. So the
 * loss of epoch n is 4⁻ⁿ and the weight after it 2⁻⁽ⁿ⁺¹⁾, to the bit.
 */
public final class OneWeight {
  /** What it learns from: 0 for 1. */
  public static final Examples EXAMPLES = Examples.of(new float[][] {{1}}, new float[] {0});

  private OneWeight() {}

  /** {@return a new one} */
  public static Sequential model() {
    Sequential model =
        Sequential.of(new Dense(1).useBias(false).kernelInitializer(Initializer.constant(1)));
    model.compile(new SGD(0.25), new MeanSquaredError());
    return model;
  }

  /** {@return its weight} */
  public static float weight(Model model) {
    return model.weights().getFirst().value().toFloatArray()[0];
  }

  /** {@return options without a word} */
  public static FitOptions silent(int epochs, TrainingCallback... callbacks) {
    return FitOptions.epochs(epochs).verbose(0).callbacks(callbacks);
  }

  /** {@return what logs one number after the other, an epoch each} */
  public static TrainingCallback log(String name, double... values) {
    AtomicInteger next = new AtomicInteger();
    return TrainingCallback.onEpochEnd(
        training -> {
          double value = values[next.getAndIncrement()];
          training.log(name, value);
        });
  }
}
