package dev.lanewise.kernel.reference;

import dev.lanewise.array.NdArray;
import dev.lanewise.kernel.CrossEntropySpec;
import dev.lanewise.kernel.SoftmaxSpec;

/** Softmax, its logarithm and the cross-entropy, row by row in double. */
final class Rows {
  private Rows() {}

  /** What happens to one row: from the arguments' numbers to the output's. */
  private interface Row {
    double[] of(double[][] ins);
  }

  private static void each(SoftmaxSpec spec, Row row) {
    Elements[] ins = Elements.of(spec.ins());
    Elements out = new Elements(spec.out());
    int[] lines = spec.out().shape().dims();
    lines[spec.axis()] = Math.min(1, lines[spec.axis()]);
    for (Index i = new Index(lines); i.inside(); i.next()) {
      double[][] numbers = new double[ins.length][];
      for (int k = 0; k < ins.length; k++) {
        numbers[k] = line(ins[k], i.at(), spec.axis(), spec.out().shape().dim(spec.axis()));
      }
      write(out, i.at(), spec.axis(), row.of(numbers));
    }
  }

  /** {@return the numbers along an axis} */
  static double[] line(Elements x, int[] start, int axis, int length) {
    int[] at = start.clone();
    double[] line = new double[length];
    for (int i = 0; i < length; i++) {
      at[axis] = i;
      line[i] = x.get(at);
    }
    return line;
  }

  static void write(Elements out, int[] start, int axis, double[] line) {
    int[] at = start.clone();
    for (int i = 0; i < line.length; i++) {
      at[axis] = i;
      out.set(at, line[i]);
    }
  }

  static void softmax(SoftmaxSpec spec) {
    each(spec, ins -> softmax(ins[0]));
  }

  static double[] softmax(double[] x) {
    double largest = largest(x);
    double sum = sumOfExp(x, largest);
    double[] y = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      y[i] = Math.exp(x[i] - largest) / sum;
    }
    return y;
  }

  private static double largest(double[] x) {
    double largest = Double.NEGATIVE_INFINITY;
    for (double v : x) {
      largest = Math.max(largest, v);
    }
    return largest;
  }

  private static double sumOfExp(double[] x, double largest) {
    Total sum = new Total(0);
    for (double v : x) {
      sum.add(Math.exp(v - largest));
    }
    return sum.value();
  }

  private static double[] logSoftmax(double[] x) {
    double largest = largest(x);
    double logSum = Math.log(sumOfExp(x, largest));
    double[] y = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      y[i] = x[i] - largest - logSum;
    }
    return y;
  }

  static void logSoftmax(SoftmaxSpec spec) {
    each(spec, ins -> logSoftmax(ins[0]));
  }

  static void softmaxBackward(SoftmaxSpec spec) {
    each(
        spec,
        ins -> {
          Total sum = new Total(0);
          for (int i = 0; i < ins[0].length; i++) {
            sum.add(ins[0][i] * ins[1][i]);
          }
          double[] grad = new double[ins[0].length];
          for (int i = 0; i < grad.length; i++) {
            grad[i] = ins[0][i] * (ins[1][i] - sum.value());
          }
          return grad;
        });
  }

  static void logSoftmaxBackward(SoftmaxSpec spec) {
    each(
        spec,
        ins -> {
          Total sum = new Total(0);
          for (double up : ins[1]) {
            sum.add(up);
          }
          double[] grad = new double[ins[0].length];
          for (int i = 0; i < grad.length; i++) {
            grad[i] = ins[1][i] - Math.exp(ins[0][i]) * sum.value();
          }
          return grad;
        });
  }

  /** The weight and the gradient may both be null: then only the loss is wanted. */
  static void crossEntropy(
      CrossEntropySpec spec,
      NdArray x,
      NdArray labels,
      NdArray weight,
      NdArray loss,
      NdArray xGrad) {
    Elements logits = new Elements(x);
    Elements classes = new Elements(labels);
    Elements losses = new Elements(loss);
    int axis = spec.axis();
    int n = spec.classes();
    double spread = spec.labelSmoothing() / n;
    for (Index r = new Index(spec.rows()); r.inside(); r.next()) {
      int[] start = withAxis(r.at(), axis);
      double[] row = line(logits, start, axis, n);
      long label = classes.getLong(r.at());
      boolean counts = spec.ignored().isEmpty() || spec.ignored().getAsLong() != label;
      double[] logs = logSoftmax(row);
      double[] grad = softmax(row);
      double w = weight == null ? 0 : counts ? new Elements(weight).get(r.at()) : 0;
      Total sum = new Total(0);
      for (int i = 0; i < n; i++) {
        double target = (i == label ? 1 - spec.labelSmoothing() : 0) + spread;
        sum.add(target == 0 ? 0 : -target * logs[i]);
        grad[i] = w == 0 ? 0 : w * (grad[i] - target);
      }
      losses.set(r.at(), counts ? sum.value() : 0);
      if (xGrad != null) {
        write(new Elements(xGrad), start, axis, grad);
      }
    }
  }

  /** {@return an index with one more axis, at 0} */
  static int[] withAxis(int[] index, int axis) {
    int[] longer = new int[index.length + 1];
    for (int i = 0; i < index.length; i++) {
      longer[i < axis ? i : i + 1] = index[i];
    }
    return longer;
  }
}
