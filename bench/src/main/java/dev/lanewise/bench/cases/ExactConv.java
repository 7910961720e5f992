package dev.lanewise.bench.cases;

import dev.lanewise.array.Shape;
import dev.lanewise.kernel.ConvSpec;
import dev.lanewise.kernel.Window;

/** Single elements of convolutions over two axes, by the definition. */
final class ExactConv {
  private final Shape in;
  private final Shape filter;
  private final Shape out;
  private final Window window;
  private final int groups;
  private final float[] first;
  private final float[] second;

  private double sum;
  private double magnitudes;
  private long terms;

  /** Makes one of the operands in the order of {@link Conv#inputs}. */
  ExactConv(ConvSpec spec, float[] first, float[] second) {
    this.in = spec.input();
    this.filter = spec.filter();
    this.out = spec.output();
    this.window = spec.window();
    this.groups = spec.groups();
    this.first = first;
    this.second = second;
  }

  Exact.Element output(int index) {
    int[] at = unravel(out, index); // n, k, y, x
    int channels = filter.dim(1);
    int firstChannel = at[1] / (filter.dim(0) / groups) * channels;
    for (int c = 0; c < channels; c++) {
      for (int r = 0; r < filter.dim(2); r++) {
        for (int s = 0; s < filter.dim(3); s++) {
          int y = source(0, at[2], r);
          int x = source(1, at[3], s);
          if (isInside(y, x)) {
            add(
                first[index(in, at[0], firstChannel + c, y, x)],
                second[index(filter, at[1], c, r, s)]);
          }
        }
      }
    }
    return take();
  }

  Exact.Element inputGradient(int index) {
    int[] at = unravel(in, index); // n, c, y, x
    int channels = filter.dim(1);
    int outputs = filter.dim(0) / groups;
    int firstOutput = at[1] / channels * outputs;
    for (int k = firstOutput; k < firstOutput + outputs; k++) {
      for (int r = 0; r < filter.dim(2); r++) {
        for (int s = 0; s < filter.dim(3); s++) {
          int y = target(0, at[2], r);
          int x = target(1, at[3], s);
          if (y >= 0 && x >= 0) {
            add(
                first[index(out, at[0], k, y, x)],
                second[index(filter, k, at[1] % channels, r, s)]);
          }
        }
      }
    }
    return take();
  }

  Exact.Element filterGradient(int index) {
    int[] at = unravel(filter, index); // k, c, r, s
    int channel = at[0] / (filter.dim(0) / groups) * filter.dim(1) + at[1];
    for (int n = 0; n < in.dim(0); n++) {
      for (int i = 0; i < out.dim(2); i++) {
        for (int j = 0; j < out.dim(3); j++) {
          int y = source(0, i, at[2]);
          int x = source(1, j, at[3]);
          if (isInside(y, x)) {
            add(first[index(in, n, channel, y, x)], second[index(out, n, at[0], i, j)]);
          }
        }
      }
    }
    return take();
  }

  /** {@return where an output element reads for a tap; may be in the padding} */
  private int source(int axis, int position, int tap) {
    return position * window.stride(axis) - window.padLow(axis) + tap * window.dilation(axis);
  }

  /** {@return which output element reads an input element for a tap, or -1} */
  private int target(int axis, int position, int tap) {
    int moved = position + window.padLow(axis) - tap * window.dilation(axis);
    int stride = window.stride(axis);
    return moved >= 0 && moved % stride == 0 && moved / stride < out.dim(axis + 2)
        ? moved / stride
        : -1;
  }

  private boolean isInside(int y, int x) {
    return y >= 0 && y < in.dim(2) && x >= 0 && x < in.dim(3);
  }

  private void add(float a, float b) {
    double term = (double) a * b;
    sum += term;
    magnitudes += Math.abs(term);
    terms++;
  }

  private Exact.Element take() {
    Exact.Element element = Exact.Element.sum(sum, magnitudes, terms, 0x1p-24);
    sum = 0;
    magnitudes = 0;
    terms = 0;
    return element;
  }

  private static int index(Shape shape, int a, int b, int c, int d) {
    return ((a * shape.dim(1) + b) * shape.dim(2) + c) * shape.dim(3) + d;
  }

  private static int[] unravel(Shape shape, int index) {
    int[] at = new int[4];
    int rest = index;
    for (int axis = 3; axis >= 0; axis--) {
      at[axis] = rest % shape.dim(axis);
      rest /= shape.dim(axis);
    }
    return at;
  }
}
