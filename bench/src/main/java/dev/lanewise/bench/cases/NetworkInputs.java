package dev.lanewise.bench.cases;

import dev.lanewise.array.Shape;
import dev.lanewise.bench.Network;
import dev.lanewise.bench.RandomFloats;
import dev.lanewise.nn.Sequential;
import dev.lanewise.nn.layer.Weight;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Samples and weights of a network, and the sum over its layers for one sample. */
final class NetworkInputs {
  private NetworkInputs() {}

  /** {@return random samples, then a random value for each weight} */
  static List<float[]> random(Network network, int samples) {
    List<float[]> inputs = new ArrayList<>();
    inputs.add(RandomFloats.of(samples * network.sampleSize(), 1, 1));
    long seed = 2;
    for (Shape shape : network.weightShapes()) {
      inputs.add(RandomFloats.of((int) shape.size(), bound(shape), seed++));
    }
    return inputs;
  }

  /** {@return a bound that keeps the sums of a layer near 1} */
  private static double bound(Shape shape) {
    return switch (shape.rank()) {
      case 1 -> 0.1;
      case 2 -> Math.sqrt(3.0 / shape.dim(0));
      default -> Math.sqrt(3.0 / (9 * shape.dim(1)));
    };
  }

  /** {@return the network's name in tables, for example {@code "fashion-mlp"}} */
  static String name(Network network) {
    return network.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** {@return the shape of a batch} */
  static int[] dims(Network network, int batch) {
    int[] sample = network.sampleShape();
    int[] dims = new int[sample.length + 1];
    dims[0] = batch;
    System.arraycopy(sample, 0, dims, 1, sample.length);
    return dims;
  }

  /** Overwrites a model's weights. */
  static void assign(Sequential model, List<float[]> values) {
    List<Weight> weights = model.weights();
    for (int i = 0; i < weights.size(); i++) {
      weights.get(i).assign(values.get(i));
    }
  }

  /** {@return the output of a network for one sample, by the definition} */
  static double[] forward(Network network, float[] samples, int sample, List<float[]> weights) {
    double[] x = new double[network.sampleSize()];
    for (int i = 0; i < x.length; i++) {
      x[i] = samples[sample * x.length + i];
    }
    int layer = 0;
    int side = network.filters().isEmpty() ? 0 : network.sampleShape()[1];
    for (int filters : network.filters()) {
      x = conv(x, side, weights.get(layer), weights.get(layer + 1), filters);
      x = pool(relu(x), side);
      side /= 2;
      layer += 2;
    }
    for (int units : network.units()) {
      x = dense(layer == 2 * network.filters().size() ? x : relu(x), weights, layer, units);
      layer += 2;
    }
    return x;
  }

  private static double[] relu(double[] x) {
    for (int i = 0; i < x.length; i++) {
      x[i] = Math.max(x[i], 0);
    }
    return x;
  }

  private static double[] dense(double[] x, List<float[]> weights, int layer, int units) {
    float[] kernel = weights.get(layer);
    double[] y = new double[units];
    for (int j = 0; j < units; j++) {
      y[j] = weights.get(layer + 1)[j];
    }
    for (int i = 0; i < x.length; i++) {
      for (int j = 0; j < units; j++) {
        y[j] += x[i] * kernel[i * units + j];
      }
    }
    return y;
  }

  private static double[] conv(double[] x, int side, float[] kernel, float[] bias, int filters) {
    int channels = x.length / (side * side);
    double[] y = new double[filters * side * side];
    for (int k = 0; k < filters; k++) {
      for (int at = 0; at < side * side; at++) {
        double sum = bias[k];
        for (int tap = 0; tap < 9; tap++) {
          int row = at / side + tap / 3 - 1;
          int column = at % side + tap % 3 - 1;
          if (row >= 0 && row < side && column >= 0 && column < side) {
            for (int c = 0; c < channels; c++) {
              sum += x[(c * side + row) * side + column] * kernel[(k * channels + c) * 9 + tap];
            }
          }
        }
        y[k * side * side + at] = sum;
      }
    }
    return y;
  }

  private static double[] pool(double[] x, int side) {
    int half = side / 2;
    double[] y = new double[x.length / (side * side) * half * half];
    for (int i = 0; i < y.length; i++) {
      int at = (i / (half * half) * side + i / half % half * 2) * side + i % half * 2;
      y[i] = Math.max(Math.max(x[at], x[at + 1]), Math.max(x[at + side], x[at + side + 1]));
    }
    return y;
  }
}
