package dev.lanewise.simd;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Scope;
import dev.lanewise.kernel.PoolSpec;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;

/** The largest element of each window, and back; one task for some planes. */
final class MaxPooling {
  private static final long TASK = 32_768;

  private final Workers workers;

  MaxPooling(Workers workers) {
    this.workers = workers;
  }

  void forward(PoolSpec spec, NdArray x, NdArray out, NdArray indices) {
    if (spec.output().size() == 0) {
      return;
    }
    Planes planes = new Planes(spec.input(), spec.output(), spec.window());
    try (Scope _ = Scope.open("maxPool temporaries")) {
      NdArray denseX = Dense.input(x, workers);
      NdArray denseOut = Dense.output(out);
      NdArray denseIndices = Dense.output(indices);
      boolean single = x.dtype() == DType.F32;
      eachPlane(
          spec,
          planes,
          (plane) -> {
            MemorySegment from = plane(denseX, plane, planes.inSize());
            MemorySegment to = plane(denseOut, plane, planes.outSize());
            MemorySegment places = plane(denseIndices, plane, planes.outSize());
            forwardPlane(planes, single, from, to, places);
          });
      Dense.finish(denseOut, out, workers);
      Dense.finish(denseIndices, indices, workers);
      Reference.reachabilityFence(new NdArray[] {denseX, denseOut, denseIndices});
    }
  }

  void backward(PoolSpec spec, NdArray outGrad, NdArray indices, NdArray xGrad) {
    if (spec.input().size() == 0) {
      return;
    }
    Planes planes = new Planes(spec.input(), spec.output(), spec.window());
    try (Scope _ = Scope.open("maxPoolBackward temporaries")) {
      NdArray denseG = Dense.input(outGrad, workers);
      NdArray denseIndices = Dense.input(indices, workers);
      NdArray denseX = Dense.output(xGrad);
      boolean single = outGrad.dtype() == DType.F32;
      eachPlane(
          spec,
          planes,
          (plane) -> {
            MemorySegment from = plane(denseG, plane, planes.outSize());
            MemorySegment places = plane(denseIndices, plane, planes.outSize());
            MemorySegment to = plane(denseX, plane, planes.inSize());
            to.fill((byte) 0);
            if (single) {
              backwardF32(from, places, to);
            } else {
              backwardF64(from, places, to);
            }
          });
      Dense.finish(denseX, xGrad, workers);
      Reference.reachabilityFence(new NdArray[] {denseG, denseIndices, denseX});
    }
  }

  private interface PlaneTask {
    void run(long plane);
  }

  private void eachPlane(PoolSpec spec, Planes planes, PlaneTask task) {
    long count = (long) spec.input().dim(0) * spec.input().dim(1);
    long perTask = Math.max(1, TASK / Math.max(1, planes.inSize()));
    workers.run(
        Math.toIntExact((count + perTask - 1) / perTask),
        t -> {
          for (long p = t * perTask; p < Math.min(count, (t + 1) * perTask); p++) {
            task.run(p);
          }
        });
  }

  private static MemorySegment plane(NdArray array, long plane, int size) {
    long bytes = (long) size * array.dtype().byteSize();
    return Addresses.ALL.asSlice(Addresses.of(array) + plane * bytes, bytes);
  }

  /**
   * The lines of the input that one line of outputs looks at: those of its windows' lines that lie
   * inside. Along the line itself, each window's first and last tap inside are found by arithmetic,
   * so that the loop over taps asks nothing.
   */
  private static final class Lines {
    final Planes planes;
    final int[] starts;
    int count;

    Lines(Planes planes) {
      this.planes = planes;
      this.starts = new int[planes.kernel[0] * planes.kernel[1]];
    }

    void of(int o0, int o1) {
      count = 0;
      for (int k0 = 0; k0 < planes.kernel[0]; k0++) {
        int i0 = planes.position(0, o0, k0);
        for (int k1 = 0; k1 < planes.kernel[1]; k1++) {
          int i1 = planes.position(1, o1, k1);
          if (i0 >= 0 && i0 < planes.in[0] && i1 >= 0 && i1 < planes.in[1]) {
            starts[count++] = (i0 * planes.in[1] + i1) * planes.in[2];
          }
        }
      }
    }
  }

  private void forwardPlane(
      Planes planes, boolean single, MemorySegment from, MemorySegment to, MemorySegment places) {
    Lines lines = new Lines(planes);
    int o = 0;
    for (int o0 = 0; o0 < planes.out[0]; o0++) {
      for (int o1 = 0; o1 < planes.out[1]; o1++) {
        lines.of(o0, o1);
        if (single) {
          forwardF32(lines, from, to, places, o);
        } else {
          forwardF64(lines, from, to, places, o);
        }
        o += planes.out[2];
      }
    }
  }

  // Two copies of one loop, as for every element type: a shared one would dispatch on each element.

  private static void forwardF32(
      Lines lines, MemorySegment from, MemorySegment to, MemorySegment places, int first) {
    int[] starts = lines.starts;
    int count = lines.count;
    int stride = lines.planes.stride[2];
    int dilation = lines.planes.dilation[2];
    int pad = lines.planes.pad[2];
    int reach = lines.planes.kernel[2] * dilation;
    int width = lines.planes.in[2];
    for (int o = 0; o < lines.planes.out[2]; o++) {
      int low = o * stride - pad;
      int high = Math.min(width, low + reach);
      low = low < 0 ? low + (-low + dilation - 1) / dilation * dilation : low;
      int where = starts[0] + low;
      float largest = from.getAtIndex(JAVA_FLOAT, where);
      for (int line = 0; line < count; line++) {
        for (int i = low; i < high; i += dilation) {
          float v = from.getAtIndex(JAVA_FLOAT, starts[line] + i);
          boolean wins = Picking.beats(v, largest);
          where = wins ? starts[line] + i : where;
          largest = wins ? v : largest;
        }
      }
      to.setAtIndex(JAVA_FLOAT, first + o, largest);
      places.setAtIndex(JAVA_INT, first + o, where);
    }
  }

  private static void forwardF64(
      Lines lines, MemorySegment from, MemorySegment to, MemorySegment places, int first) {
    int[] starts = lines.starts;
    int count = lines.count;
    int stride = lines.planes.stride[2];
    int dilation = lines.planes.dilation[2];
    int pad = lines.planes.pad[2];
    int reach = lines.planes.kernel[2] * dilation;
    int width = lines.planes.in[2];
    for (int o = 0; o < lines.planes.out[2]; o++) {
      int low = o * stride - pad;
      int high = Math.min(width, low + reach);
      low = low < 0 ? low + (-low + dilation - 1) / dilation * dilation : low;
      int where = starts[0] + low;
      double largest = from.getAtIndex(JAVA_DOUBLE, where);
      for (int line = 0; line < count; line++) {
        for (int i = low; i < high; i += dilation) {
          double v = from.getAtIndex(JAVA_DOUBLE, starts[line] + i);
          boolean wins = Picking.beats(v, largest);
          where = wins ? starts[line] + i : where;
          largest = wins ? v : largest;
        }
      }
      to.setAtIndex(JAVA_DOUBLE, first + o, largest);
      places.setAtIndex(JAVA_INT, first + o, where);
    }
  }

  private static void backwardF32(MemorySegment from, MemorySegment places, MemorySegment to) {
    int count = (int) (from.byteSize() / 4);
    for (int o = 0; o < count; o++) {
      int at = places.getAtIndex(JAVA_INT, o);
      float sum = to.getAtIndex(JAVA_FLOAT, at) + from.getAtIndex(JAVA_FLOAT, o);
      to.setAtIndex(JAVA_FLOAT, at, sum);
    }
  }

  private static void backwardF64(MemorySegment from, MemorySegment places, MemorySegment to) {
    int count = (int) (from.byteSize() / 8);
    for (int o = 0; o < count; o++) {
      int at = places.getAtIndex(JAVA_INT, o);
      double sum = to.getAtIndex(JAVA_DOUBLE, at) + from.getAtIndex(JAVA_DOUBLE, o);
      to.setAtIndex(JAVA_DOUBLE, at, sum);
    }
  }
}
