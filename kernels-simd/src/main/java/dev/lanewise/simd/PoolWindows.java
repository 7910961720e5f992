package dev.lanewise.simd;

import dev.lanewise.array.Shape;
import dev.lanewise.kernel.PoolSpec;

/**
 * The windows of a pooling, always over three axes: missing outer ones have one element and a
 * window of one. A window is the product of what its output looks at along each axis: positions
 * from {@code low} to before {@code high}, {@code step} apart, all inside the input.
 */
final class PoolWindows {
  final int[] in = {1, 1, 1};
  final int[] out = {1, 1, 1};
  final int[] step = {1, 1, 1};
  final int[][] low = {{0}, {0}, {0}};
  final int[][] high = {{1}, {1}, {1}};

  /** How many positions each output looks at, padding included. */
  final int[][] taps = {{1}, {1}, {1}};

  /** The first output of a row whose window lies inside in whole. */
  final int wholeFrom;

  /** The end of the outputs of a row from there on whose windows are as large and lie inside. */
  final int wholeTo;

  /** By how much those windows move from output to output; 0 if not always by the same. */
  final int stride;

  PoolWindows(PoolSpec spec) {
    int missing = 3 - spec.spatialRank();
    for (int axis = missing; axis < 3; axis++) {
      int from = axis - missing;
      in[axis] = spec.input().dim(from + 2);
      out[axis] = spec.output().dim(from + 2);
      step[axis] = spec.step(from);
      low[axis] = new int[out[axis]];
      high[axis] = new int[out[axis]];
      taps[axis] = new int[out[axis]];
      for (int o = 0; o < out[axis]; o++) {
        int start = spec.start(from, o);
        int count = spec.taps(from, o);
        int before = start < 0 ? Math.ceilDiv(-start, step[axis]) : 0;
        taps[axis][o] = count;
        low[axis][o] = start + before * step[axis];
        high[axis][o] = (int) Math.min(in[axis], start + (long) count * step[axis]);
      }
    }
    int from = 0;
    while (from < out[2] && !isWhole(spec, from)) {
      from++;
    }
    int to = from;
    while (to < out[2] && isWhole(spec, to) && taps[2][to] == taps[2][from]) {
      to++;
    }
    this.wholeFrom = from;
    this.wholeTo = to;
    this.stride = spec.window().map(w -> w.stride(w.rank() - 1)).orElse(0);
  }

  private boolean isWhole(PoolSpec spec, int o) {
    int axis = spec.spatialRank() - 1;
    int start = spec.start(axis, o);
    return start >= 0 && start + (spec.taps(axis, o) - 1L) * step[2] < in[2];
  }

  int inSize() {
    return in[0] * in[1] * in[2];
  }

  int outSize() {
    return out[0] * out[1] * out[2];
  }

  /** {@return the number of planes} */
  static long planes(Shape shape) {
    return (long) shape.dim(0) * shape.dim(1);
  }

  /** {@return the most lines of the input that one line of outputs looks at} */
  int mostLines() {
    return most(0) * most(1);
  }

  /** {@return how many lines of a plane lie between the first and the last that an output needs} */
  int mostSpan() {
    int span = (most(0) - 1) * step[0] * in[1] + (most(1) - 1) * step[1] + 1;
    return Math.min(span, in[0] * in[1]);
  }

  private int most(int axis) {
    int most = 0;
    for (int t : taps[axis]) {
      most = Math.max(most, t);
    }
    return most;
  }

  /**
   * Finds the lines of the input that one line of outputs looks at.
   *
   * @param starts receives the index in the plane of each line's first element
   * @return how many there are
   */
  int lines(int o0, int o1, int[] starts) {
    int count = 0;
    for (int i0 = low[0][o0]; i0 < high[0][o0]; i0 += step[0]) {
      for (int i1 = low[1][o1]; i1 < high[1][o1]; i1 += step[1]) {
        starts[count++] = (i0 * in[1] + i1) * in[2];
      }
    }
    return count;
  }
}
