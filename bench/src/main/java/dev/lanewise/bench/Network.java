package dev.lanewise.bench;

import dev.lanewise.array.Shape;
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
import java.util.ArrayList;
import java.util.List;

/**
 * The networks that the command trains and that benchmarks time: first 3 x 3 convolutions that keep
 * the extents, each with ReLU and a 2 x 2 max pooling, then dense layers with ReLU but for the
 * last.
 */
public enum Network {
  /** 16-32-32-4 with ReLU, for no data: a step of it is more calls than arithmetic. */
  SMALL_MLP(1e-3, List.of(), List.of(32, 32, 4), 16),
  /** 64-128-10 with ReLU, for the bundled digits. */
  DIGITS_MLP(5e-3, List.of(), List.of(128, 10), 64),
  /** 784-128-10 with ReLU, for Fashion-MNIST. */
  FASHION_MLP(1e-3, List.of(), List.of(128, 10), 784),
  /** 784-512-256-10 with ReLU, for Fashion-MNIST. */
  FASHION_WIDE_MLP(1e-3, List.of(), List.of(512, 256, 10), 784),
  /** Two convolutions of 32 and 64 filters, then 128 units and 10, for Fashion-MNIST. */
  FASHION_CNN(1e-3, List.of(32, 64), List.of(128, 10), 1, 28, 28);

  private final double learningRate;
  private final List<Integer> filters;
  private final List<Integer> units;
  private final int[] sampleShape;

  Network(double learningRate, List<Integer> filters, List<Integer> units, int... sampleShape) {
    this.learningRate = learningRate;
    this.filters = filters;
    this.units = units;
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
    List<Layer> layers = new ArrayList<>();
    for (int count : filters) {
      layers.add(new Conv2D(count, 3, "relu").padding("same"));
      layers.add(new MaxPool2D(2));
    }
    if (!filters.isEmpty()) {
      layers.add(new Flatten());
    }
    for (int count : units.subList(0, units.size() - 1)) {
      layers.add(new Dense(count, "relu"));
    }
    layers.add(new Dense(units.getLast()));
    return layers;
  }

  /** {@return the rate at which Adam learns} */
  public double learningRate() {
    return learningRate;
  }

  /** {@return how many filters each convolution has; may be none} */
  public List<Integer> filters() {
    return filters;
  }

  /** {@return how many units each dense layer has} */
  public List<Integer> units() {
    return units;
  }

  /** {@return the shape of one sample: {@code [features]} or {@code [c, h, w]}} */
  public int[] sampleShape() {
    return sampleShape.clone();
  }

  /** {@return the number of features or pixels of one sample} */
  public int sampleSize() {
    return (int) Shape.of(sampleShape).size();
  }

  /**
   * {@return the shapes of the weights in the order of the model's: {@code [k, c, 3, 3]} and {@code
   * [k]} for each convolution, {@code [in, out]} and {@code [out]} for each dense layer}
   */
  public List<Shape> weightShapes() {
    List<Shape> shapes = new ArrayList<>();
    int inputs = sampleSize();
    if (!filters.isEmpty()) {
      int channels = sampleShape[0];
      int side = sampleShape[1];
      for (int count : filters) {
        shapes.add(Shape.of(count, channels, 3, 3));
        shapes.add(Shape.of(count));
        channels = count;
        side /= 2;
      }
      inputs = channels * side * side;
    }
    for (int count : units) {
      shapes.add(Shape.of(inputs, count));
      shapes.add(Shape.of(count));
      inputs = count;
    }
    return shapes;
  }

  /** {@return the multiplications and additions of one sample on its way forward} */
  public double flops() {
    double flops = 0;
    int pixels = filters.isEmpty() ? 1 : sampleShape[1] * sampleShape[2];
    for (Shape shape : weightShapes()) {
      flops += shape.rank() == 1 ? 0 : 2.0 * shape.size() * (shape.rank() == 4 ? pixels : 1);
      pixels /= shape.rank() == 4 ? 4 : 1;
    }
    return flops;
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
