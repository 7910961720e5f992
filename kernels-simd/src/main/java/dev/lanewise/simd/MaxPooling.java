package dev.lanewise.simd;

import static dev.lanewise.simd.Addresses.ALL;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.lanewise.array.DType;
import dev.lanewise.array.Device;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Scope;
import dev.lanewise.array.Shape;
import dev.lanewise.kernel.PoolSpec;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;

/** The largest element of each window, and back; one task for some planes. */
final class MaxPooling {
  private static final long TASK = 32_768;

  private final Device device;
  private final Workers workers;

  MaxPooling(Device device, Workers workers) {
    this.device = device;
    this.workers = workers;
  }

  /** What is done with the planes from one number to before another. */
  interface PlaneRange {
    void run(long first, long end);
  }

  /** Runs tasks of some planes each. */
  static void eachPlanes(Workers workers, PoolSpec spec, int planeSize, PlaneRange task) {
    long count = PoolWindows.planes(spec.input());
    long perTask = Math.max(1, TASK / Math.max(1, planeSize));
    workers.run(
        Math.toIntExact((count + perTask - 1) / perTask),
        t -> task.run(t * perTask, Math.min(count, (t + 1) * perTask)));
  }

  void forward(PoolSpec spec, NdArray x, NdArray out, NdArray indices) {
    if (spec.output().size() == 0) {
      return;
    }
    PoolWindows windows = new PoolWindows(spec);
    try (Scope _ = Scope.open("maxPool temporaries")) {
      NdArray denseX = Dense.input(x, workers);
      NdArray denseOut = Dense.output(out);
      NdArray denseIndices = Dense.output(indices);
      boolean single = x.dtype() == DType.F32;
      int bytes = x.dtype().byteSize();
      long from = Addresses.of(denseX);
      long to = Addresses.of(denseOut);
      long places = Addresses.of(denseIndices);
      long inBytes = (long) windows.inSize() * bytes;
      long outSize = windows.outSize();
      MaxRow kernel = MaxRows.of(windows, single, PoolWindows.planes(spec.input()));
      eachPlanes(
          workers,
          spec,
          windows.inSize(),
          (first, end) -> {
            try (Scope _ = Scope.open("maxPool rows")) {
              Forward forward = new Forward(windows, single, kernel);
              NdArray spare = forward.spare(device);
              for (long p = first; p < end; p++) {
                forward.plane(
                    from + p * inBytes,
                    to + p * outSize * bytes,
                    places + p * outSize * Integer.BYTES,
                    end - p,
                    Addresses.of(spare));
              }
              Reference.reachabilityFence(spare);
            }
          });
      Dense.finish(denseOut, out, workers);
      Dense.finish(denseIndices, indices, workers);
      Reference.reachabilityFence(denseX);
      Reference.reachabilityFence(denseOut);
      Reference.reachabilityFence(denseIndices);
    }
  }

  /** Works on planes, one after the other. */
  private static final class Forward {
    final PoolWindows windows;
    final boolean single;

    /** Null if all outputs are computed one by one. */
    final MaxRow kernel;

    final int bytes;
    final int[] lines;

    /** The outputs of a row that are computed in vectors. */
    final int wholeFrom;

    final int wholeTo;

    /** How many outputs those vectors write. */
    final int written;

    Forward(PoolWindows windows, boolean single, MaxRow kernel) {
      this.windows = windows;
      this.single = single;
      this.bytes = single ? Float.BYTES : Double.BYTES;
      this.lines = new int[windows.mostLines()];
      this.kernel = kernel;
      this.wholeFrom = kernel != null ? windows.wholeFrom : windows.out[2];
      this.wholeTo = kernel != null ? windows.wholeTo : windows.out[2];
      this.written = kernel != null ? MaxRows.writes(windows, single) : 0;
    }

    /** {@return memory for what a row near the end of its plane reads and writes} */
    NdArray spare(Device device) {
      int elements = 2 * written;
      if (elements > 0) {
        elements += MaxRows.reads(windows, (windows.mostSpan() - 1) * windows.in[2], single);
      }
      return NdArray.uninitialized(device, single ? DType.F32 : DType.F64, Shape.of(elements));
    }

    /**
     * Computes the outputs of a plane.
     *
     * @param planes how many planes of the task are left, this one included
     * @param spare of {@link #spare}
     */
    void plane(long from, long to, long places, long planes, long spare) {
      long readable = planes * windows.inSize();
      long writable = planes * windows.outSize();
      int outs = windows.out[2];
      int row = 0;
      for (int o0 = 0; o0 < windows.out[0]; o0++) {
        for (int o1 = 0; o1 < windows.out[1]; o1++) {
          int count = windows.lines(o0, o1, lines);
          if (written > 0) {
            boolean inside =
                MaxRows.reads(windows, lines[count - 1], single) <= readable
                    && row + written <= writable;
            if (inside) {
              run(count, from, to + (long) row * bytes, places + 4L * row);
            } else {
              vectorsBySpare(count, from, to, places, row, spare);
            }
          }
          elements(count, from, to, places, row, 0, wholeFrom);
          elements(count, from, to, places, row, wholeTo, outs);
          row += outs;
        }
      }
    }

    /**
     * Computes the outputs whose windows lie inside. What vectors write behind them is computed
     * later; the last rows of the task's last plane go through spare memory, so that nothing behind
     * it is touched, which may be another task's.
     */
    private void vectorsBySpare(int count, long from, long to, long places, int row, long spare) {
      long first = (long) lines[0] * bytes;
      long values = spare;
      long found = values + (long) written * bytes;
      long copy = found + (long) written * bytes;
      copy(from + first, copy, (long) (lines[count - 1] + windows.in[2] - lines[0]) * bytes);
      run(count, copy - first, values, found);
      long outs = (long) wholeTo - wholeFrom;
      copy(values + (long) wholeFrom * bytes, to + (long) (row + wholeFrom) * bytes, outs * bytes);
      copy(found + 4L * wholeFrom, places + 4L * (row + wholeFrom), 4 * outs);
    }

    private void run(int count, long from, long to, long places) {
      int first = windows.low[2][wholeFrom];
      int step = windows.step[2];
      kernel.run(
          lines,
          count,
          step,
          windows.taps[2][wholeFrom] * step,
          from + (long) first * bytes,
          to + (long) wholeFrom * bytes,
          places + 4L * wholeFrom,
          lines[0] + first,
          wholeTo - wholeFrom);
    }

    private void elements(int count, long from, long to, long places, int row, int begin, int end) {
      if (single) {
        elementsF32(windows, lines, count, from, to, places, row, begin, end);
      } else {
        elementsF64(windows, lines, count, from, to, places, row, begin, end);
      }
    }

    private static void copy(long from, long to, long bytes) {
      MemorySegment.copy(ALL.asSlice(from, bytes), 0, ALL.asSlice(to, bytes), 0, bytes);
    }
  }

  // Two copies of one loop, as for every element type: a shared one would dispatch on each element.

  private static void elementsF32(
      PoolWindows windows,
      int[] lines,
      int count,
      long from,
      long to,
      long places,
      int row,
      int begin,
      int end) {
    int step = windows.step[2];
    for (int o = begin; o < end; o++) {
      int low = windows.low[2][o];
      int high = windows.high[2][o];
      int where = lines[0] + low;
      float largest = ALL.get(JAVA_FLOAT, from + 4L * where);
      for (int line = 0; line < count; line++) {
        for (int i = low; i < high; i += step) {
          float v = ALL.get(JAVA_FLOAT, from + 4L * (lines[line] + i));
          boolean wins = beats(v, largest);
          where = wins ? lines[line] + i : where;
          largest = wins ? v : largest;
        }
      }
      ALL.set(JAVA_FLOAT, to + 4L * (row + o), largest);
      ALL.set(JAVA_INT, places + 4L * (row + o), where);
    }
  }

  private static void elementsF64(
      PoolWindows windows,
      int[] lines,
      int count,
      long from,
      long to,
      long places,
      int row,
      int begin,
      int end) {
    int step = windows.step[2];
    for (int o = begin; o < end; o++) {
      int low = windows.low[2][o];
      int high = windows.high[2][o];
      int where = lines[0] + low;
      double largest = ALL.get(JAVA_DOUBLE, from + 8L * where);
      for (int line = 0; line < count; line++) {
        for (int i = low; i < high; i += step) {
          double v = ALL.get(JAVA_DOUBLE, from + 8L * (lines[line] + i));
          boolean wins = beats(v, largest);
          where = wins ? lines[line] + i : where;
          largest = wins ? v : largest;
        }
      }
      ALL.set(JAVA_DOUBLE, to + 8L * (row + o), largest);
      ALL.set(JAVA_INT, places + 4L * (row + o), where);
    }
  }

  void backward(PoolSpec spec, NdArray outGrad, NdArray indices, NdArray xGrad) {
    if (spec.input().size() == 0) {
      return;
    }
    PoolWindows windows = new PoolWindows(spec);
    try (Scope _ = Scope.open("maxPoolBackward temporaries")) {
      NdArray denseG = Dense.input(outGrad, workers);
      NdArray denseIndices = Dense.input(indices, workers);
      NdArray denseX = Dense.output(xGrad);
      boolean single = outGrad.dtype() == DType.F32;
      int bytes = outGrad.dtype().byteSize();
      long grads = Addresses.of(denseG);
      long places = Addresses.of(denseIndices);
      long to = Addresses.of(denseX);
      long inBytes = (long) windows.inSize() * bytes;
      int outSize = windows.outSize();
      eachPlanes(
          workers,
          spec,
          windows.inSize(),
          (first, end) -> {
            for (long p = first; p < end; p++) {
              long plane = to + p * inBytes;
              ALL.asSlice(plane, inBytes).fill((byte) 0);
              long placesOfPlane = places + p * outSize * Integer.BYTES;
              if (single) {
                scatterF32(grads + 4L * p * outSize, placesOfPlane, outSize, plane);
              } else {
                scatterF64(grads + 8L * p * outSize, placesOfPlane, outSize, plane);
              }
            }
          });
      Dense.finish(denseX, xGrad, workers);
      Reference.reachabilityFence(denseG);
      Reference.reachabilityFence(denseIndices);
      Reference.reachabilityFence(denseX);
    }
  }

  private static void scatterF32(long grads, long places, int count, long plane) {
    MemorySegment from = ALL.asSlice(grads, 4L * count);
    MemorySegment where = ALL.asSlice(places, 4L * count);
    for (int o = 0; o < count; o++) {
      long at = plane + 4L * where.getAtIndex(JAVA_INT, o);
      ALL.set(JAVA_FLOAT, at, ALL.get(JAVA_FLOAT, at) + from.getAtIndex(JAVA_FLOAT, o));
    }
  }

  private static void scatterF64(long grads, long places, int count, long plane) {
    MemorySegment from = ALL.asSlice(grads, 8L * count);
    MemorySegment where = ALL.asSlice(places, 4L * count);
    for (int o = 0; o < count; o++) {
      long at = plane + 8L * where.getAtIndex(JAVA_INT, o);
      ALL.set(JAVA_DOUBLE, at, ALL.get(JAVA_DOUBLE, at) + from.getAtIndex(JAVA_DOUBLE, o));
    }
  }

  /** {@return whether an element takes the place of the largest so far} A NaN does, and stays. */
  private static boolean beats(double v, double largest) {
    // One comparison decides almost always: it is false for a smaller or equal number alone.
    return !(v <= largest) && !Double.isNaN(largest);
  }
}
