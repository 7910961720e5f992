package dev.lanewise.kernel.reference;

import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import dev.lanewise.kernel.ConvSpec;
import dev.lanewise.kernel.Window;

/**
 * Convolutions. The geometry is written down once, as the list of all triples of an input element,
 * a filter element and an output element that meet; each of the three operations sums over it.
 */
final class Convolution {
  private Convolution() {}

  /** What is done with each triple. */
  private interface Meeting {
    void of(int[] x, int[] filter, int[] out);
  }

  static void forward(ConvSpec spec, NdArray x, NdArray filter, NdArray out) {
    Elements from = new Elements(x);
    Elements weights = new Elements(filter);
    Sums sums = new Sums(spec.output());
    forEachMeeting(spec, (i, f, o) -> sums.add(o, from.get(i) * weights.get(f)));
    sums.writeTo(out);
  }

  static void backwardData(ConvSpec spec, NdArray outGrad, NdArray filter, NdArray xGrad) {
    Elements from = new Elements(outGrad);
    Elements weights = new Elements(filter);
    Sums sums = new Sums(spec.input());
    forEachMeeting(spec, (i, f, o) -> sums.add(i, from.get(o) * weights.get(f)));
    sums.writeTo(xGrad);
  }

  static void backwardFilter(ConvSpec spec, NdArray x, NdArray outGrad, NdArray filterGrad) {
    Elements from = new Elements(x);
    Elements grad = new Elements(outGrad);
    Sums sums = new Sums(spec.filter());
    forEachMeeting(spec, (i, f, o) -> sums.add(f, from.get(i) * grad.get(o)));
    sums.writeTo(filterGrad);
  }

  private static void forEachMeeting(ConvSpec spec, Meeting meeting) {
    Window window = spec.window();
    Shape input = spec.input();
    int channels = spec.filter().dim(1);
    int outputsOfGroup = spec.output().dim(1) / spec.groups();
    int[] x = new int[input.rank()];
    int[] filter = new int[input.rank()];
    for (Index o = new Index(spec.output()); o.inside(); o.next()) {
      int k = o.at()[1];
      int group = k / outputsOfGroup;
      x[0] = o.at()[0];
      filter[0] = k;
      for (int c = 0; c < channels; c++) {
        x[1] = group * channels + c;
        filter[1] = c;
        for (Index tap = new Index(window.kernel()); tap.inside(); tap.next()) {
          boolean padding = false;
          for (int axis = 0; axis < window.rank(); axis++) {
            int at = position(window, axis, o.at()[axis + 2], tap.at()[axis]);
            x[axis + 2] = at;
            filter[axis + 2] = tap.at()[axis];
            padding |= at < 0 || at >= input.dim(axis + 2);
          }
          if (!padding) {
            meeting.of(x, filter, o.at());
          }
        }
      }
    }
  }

  /** {@return where a tap of a window lies along an axis of the input; outside means padding} */
  static int position(Window window, int axis, int out, int tap) {
    return out * window.stride(axis) - window.padLow(axis) + tap * window.dilation(axis);
  }
}
