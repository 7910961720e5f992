package dev.lanewise.autodiff;

import dev.lanewise.kernel.UnaryOp;

/**
 * Recurrent layers as their definitions have them, one number after the other.
 *
 * @param outputs of the last layer, {@code [time, batch, directions · hidden]}
 * @param hidden h of each layer and direction after its last step
 * @param cells c of each layer and direction after its last step
 */
record ScalarRecurrence(double[] outputs, double[] hidden, double[] cells) {

  /** The cells, with their numbers of gates. */
  enum Kind {
    TANH(1, UnaryOp.TANH),
    RELU(1, UnaryOp.RELU),
    LSTM(4, null),
    GRU(3, null),
    RESET_FIRST_GRU(3, null);

    final int gates;
    final UnaryOp activation;

    Kind(int gates, UnaryOp activation) {
      this.gates = gates;
      this.activation = activation;
    }
  }

  static ScalarRecurrence of(Kind kind, Tensor x, RecurrentLayers layers, Tensor h0, Tensor c0) {
    int steps = x.shape().dim(0);
    int rows = x.shape().dim(1);
    int directions = layers.directions();
    int count = layers.weights().size();
    int units = layers.weights().getFirst().stateWeight().shape().dim(1);
    double[] hidden = new double[count * rows * units];
    double[] cells = new double[count * rows * units];
    double[][][] in = new double[steps][rows][x.shape().dim(2)];
    for (int t = 0; t < steps; t++) {
      for (int n = 0; n < rows; n++) {
        for (int k = 0; k < in[t][n].length; k++) {
          in[t][n][k] = x.data().get(t, n, k);
        }
      }
    }
    for (int i = 0; i < count; i += directions) {
      double[][][] out = new double[steps][rows][directions * units];
      for (int d = 0; d < directions; d++) {
        RecurrentWeights weights = layers.weights().get(i + d);
        for (int n = 0; n < rows; n++) {
          double[] h = new double[units];
          double[] c = new double[units];
          for (int u = 0; u < units; u++) {
            h[u] = h0 == null ? 0 : h0.data().get(i + d, n, u);
            c[u] = c0 == null ? 0 : c0.data().get(i + d, n, u);
          }
          for (int step = 0; step < steps; step++) {
            int t = d == 0 ? step : steps - 1 - step;
            h = step(kind, in[t][n], h, c, weights);
            System.arraycopy(h, 0, out[t][n], d * units, units);
          }
          System.arraycopy(h, 0, hidden, ((i + d) * rows + n) * units, units);
          System.arraycopy(c, 0, cells, ((i + d) * rows + n) * units, units);
        }
      }
      in = out;
    }
    double[] outputs = new double[steps * rows * directions * units];
    int at = 0;
    for (double[][] time : in) {
      for (double[] row : time) {
        System.arraycopy(row, 0, outputs, at, row.length);
        at += row.length;
      }
    }
    return new ScalarRecurrence(outputs, hidden, cells);
  }

  private static double product(Tensor weight, Tensor bias, int row, double[] x) {
    double sum = bias == null ? 0 : bias.data().get(row);
    for (int k = 0; k < x.length; k++) {
      sum += weight.data().get(row, k) * x[k];
    }
    return sum;
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  /** {@return the next h; c becomes the next c} */
  private static double[] step(
      Kind kind, double[] x, double[] h, double[] c, RecurrentWeights weights) {
    int units = h.length;
    double[] xs = new double[kind.gates * units];
    double[] hs = new double[kind.gates * units];
    for (int i = 0; i < xs.length; i++) {
      xs[i] = product(weights.inputWeight(), weights.inputBias(), i, x);
      hs[i] = product(weights.stateWeight(), weights.stateBias(), i, h);
    }
    double[] reset = new double[units];
    for (int u = 0; u < units; u++) {
      reset[u] = sigmoid(xs[u] + hs[u]) * h[u];
    }
    double[] next = new double[units];
    for (int u = 0; u < units; u++) {
      double first = xs[u] + hs[u];
      next[u] =
          switch (kind) {
            case TANH -> Math.tanh(first);
            case RELU -> Math.max(first, 0);
            case LSTM -> {
              double i = sigmoid(first);
              double f = sigmoid(xs[units + u] + hs[units + u]);
              double g = Math.tanh(xs[2 * units + u] + hs[2 * units + u]);
              double o = sigmoid(xs[3 * units + u] + hs[3 * units + u]);
              c[u] = f * c[u] + i * g;
              yield o * Math.tanh(c[u]);
            }
            case GRU, RESET_FIRST_GRU -> {
              double z = sigmoid(xs[units + u] + hs[units + u]);
              int at = 2 * units + u;
              double part =
                  kind == Kind.GRU
                      ? sigmoid(first) * hs[at]
                      : product(weights.stateWeight(), weights.stateBias(), at, reset);
              yield (1 - z) * Math.tanh(xs[at] + part) + z * h[u];
            }
          };
    }
    return next;
  }
}
