package dev.lanewise.bench;

import dev.lanewise.kernel.Backend;
import dev.lanewise.nn.Examples;
import dev.lanewise.nn.Sequential;
import dev.lanewise.nn.data.LabeledDataset;
import dev.lanewise.nn.layer.Conv2D;
import dev.lanewise.nn.layer.Dense;
import dev.lanewise.nn.layer.Flatten;
import dev.lanewise.nn.layer.Layer;
import dev.lanewise.nn.layer.MaxPool2D;
import dev.lanewise.nn.loss.SparseCategoricalCrossentropy;
import dev.lanewise.nn.optim.Adam;
import java.util.List;

/** The networks that the command trains and that benchmarks time, each for one data set. */
public enum Network {
  /** 64-128-10 with ReLU, for the bundled digits. */
  DIGITS_MLP(5e-3, 64),
  /** 784-128-10 with ReLU, for Fashion-MNIST. */
  FASHION_MLP(1e-3, 784),
  /**
   * Two 3 x 3 convolutions of 32 and 64 filters, each with ReLU and 2 x 2 max pooling, then 128
   * units with ReLU and 10, for Fashion-MNIST.
   */
  FASHION_CNN(1e-3, 1, 28, 28);

  private final double learningRate;
  private final int[] sampleShape;

  Network(double learningRate, int... sampleShape) {
    this.learningRate = learningRate;
    this.sampleShape = sampleShape;
  }

  /**
   * {@return a new network, built and compiled, with Adam and the cross-entropy of logits}
   *
   * @param seed decides about the first weights and the order of samples
   * @param backend who computes
   */
  public Sequential create(long seed, Backend backend) {
    Sequential model =
        Sequential.of(layers().toArray(Layer[]::new)).on(backend).seed(seed).build(sampleShape);
    model.compile(new Adam(learningRate), new SparseCategoricalCrossentropy(true), "accuracy");
    return model;
  }

  private List<Layer> layers() {
    return switch (this) {
      case DIGITS_MLP, FASHION_MLP -> List.of(new Dense(128, "relu"), new Dense(10));
      case FASHION_CNN ->
          List.of(
              new Conv2D(32, 3, "relu").padding("same"),
              new MaxPool2D(2),
              new Conv2D(64, 3, "relu").padding("same"),
              new MaxPool2D(2),
              new Flatten(),
              new Dense(128, "relu"),
              new Dense(10));
    };
  }

  /**
   * {@return a data set's samples in the shape that this network takes}
   *
   * @param data the data set; its numbers are shared
   */
  public Examples examples(LabeledDataset data) {
    return Examples.of(data.features(), sampleShape, data.labels());
  }
}
