package dev.lanewise.simd;

import static dev.lanewise.simd.Addresses.ALL;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.lanewise.array.DType;
import dev.lanewise.array.Device;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Scope;
import dev.lanewise.array.Shape;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.PoolSpec;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.util.List;

/**
 * The mean of each window, and back. First the lines that a row of outputs looks at are added, in
 * vectors; then the elements along that one line. The gradient goes the same way back.
 */
final class AveragePooling {
  private static final List<Expr> SUM = List.of(Expr.arg(0).add(Expr.arg(1)));
  private static final double[] NO_PARAMS = {};

  private final Device device;
  private final Workers workers;

  AveragePooling(Device device, Workers workers) {
    this.device = device;
    this.workers = workers;
  }

  void forward(PoolSpec spec, boolean countPadding, NdArray x, NdArray out) {
    if (spec.output().size() == 0) {
      return;
    }
    PoolWindows windows = new PoolWindows(spec);
    try (Scope _ = Scope.open("avgPool temporaries")) {
      NdArray denseX = Dense.input(x, workers);
      NdArray denseOut = Dense.output(out);
      long from = Addresses.of(denseX);
      long to = Addresses.of(denseOut);
      MaxPooling.eachPlanes(
          workers,
          spec,
          windows.inSize(),
          (first, end) -> {
            try (Scope _ = Scope.open("avgPool row")) {
              Task task = new Task(windows, countPadding, row(windows, x.dtype()));
              for (long p = first; p < end; p++) {
                task.forward(
                    from + p * windows.inSize() * task.bytes,
                    to + p * windows.outSize() * task.bytes);
              }
            }
          });
      Dense.finish(denseOut, out, workers);
      Reference.reachabilityFence(denseX);
      Reference.reachabilityFence(denseOut);
    }
  }

  void backward(PoolSpec spec, boolean countPadding, NdArray outGrad, NdArray xGrad) {
    if (spec.input().size() == 0) {
      return;
    }
    PoolWindows windows = new PoolWindows(spec);
    try (Scope _ = Scope.open("avgPoolBackward temporaries")) {
      NdArray denseG = Dense.input(outGrad, workers);
      NdArray denseX = Dense.output(xGrad);
      long from = Addresses.of(denseG);
      long to = Addresses.of(denseX);
      MaxPooling.eachPlanes(
          workers,
          spec,
          windows.inSize(),
          (first, end) -> {
            try (Scope _ = Scope.open("avgPoolBackward row")) {
              Task task = new Task(windows, countPadding, row(windows, outGrad.dtype()));
              for (long p = first; p < end; p++) {
                task.backward(
                    from + p * windows.outSize() * task.bytes,
                    to + p * windows.inSize() * task.bytes);
              }
            }
          });
      Dense.finish(denseX, xGrad, workers);
      Reference.reachabilityFence(denseG);
      Reference.reachabilityFence(denseX);
    }
  }

  private NdArray row(PoolWindows windows, DType dtype) {
    return NdArray.uninitialized(device, dtype, Shape.of(windows.in[2]));
  }

  /** Works on planes, one after the other, with one line of temporaries. */
  private static final class Task {
    final PoolWindows windows;
    final boolean countPadding;
    final NdArray owner;
    final long row;
    final boolean single;
    final int bytes;
    final LoopKernel add;
    final long[] pointers = new long[6];
    final int[] lines;

    Task(PoolWindows windows, boolean countPadding, NdArray row) {
      this.windows = windows;
      this.countPadding = countPadding;
      this.owner = row;
      this.row = Addresses.of(row);
      this.single = row.dtype() == DType.F32;
      this.bytes = row.dtype().byteSize();
      this.add = Kernels.get(Form.MAP, row.dtype(), SUM, null, new boolean[] {false, false});
      this.lines = new int[windows.mostLines()];
    }

    void forward(long plane, long outs) {
      long out = outs;
      for (int o0 = 0; o0 < windows.out[0]; o0++) {
        for (int o1 = 0; o1 < windows.out[1]; o1++) {
          int count = windows.lines(o0, o1, lines);
          long sums = plane + (long) lines[0] * bytes;
          for (int line = 1; line < count; line++) {
            addLine(sums, plane + (long) lines[line] * bytes, row);
            sums = row;
          }
          int size = countPadding ? windows.taps[0][o0] * windows.taps[1][o1] : count;
          if (single) {
            meansF32(sums, size, out);
          } else {
            meansF64(sums, size, out);
          }
          out += (long) windows.out[2] * bytes;
        }
      }
      Reference.reachabilityFence(owner);
    }

    void backward(long grads, long plane) {
      ALL.asSlice(plane, (long) windows.inSize() * bytes).fill((byte) 0);
      long grad = grads;
      for (int o0 = 0; o0 < windows.out[0]; o0++) {
        for (int o1 = 0; o1 < windows.out[1]; o1++) {
          int count = windows.lines(o0, o1, lines);
          ALL.asSlice(row, (long) windows.in[2] * bytes).fill((byte) 0);
          int size = countPadding ? windows.taps[0][o0] * windows.taps[1][o1] : count;
          if (single) {
            spreadF32(grad, size);
          } else {
            spreadF64(grad, size);
          }
          for (int line = 0; line < count; line++) {
            long target = plane + (long) lines[line] * bytes;
            addLine(target, row, target);
          }
          grad += (long) windows.out[2] * bytes;
        }
      }
      Reference.reachabilityFence(owner);
    }

    /** {@return by what the sum of an output's elements is divided} */
    private double size(int lineCount, int o) {
      int across =
          countPadding
              ? windows.taps[2][o]
              : Math.ceilDiv(windows.high[2][o] - windows.low[2][o], windows.step[2]);
      return (double) lineCount * across;
    }

    private void addLine(long a, long b, long to) {
      pointers[0] = a;
      pointers[2] = b;
      pointers[4] = to;
      add.run(pointers, NO_PARAMS, 1, windows.in[2]);
    }

    // Two copies of each loop, as for every element type.

    private void meansF32(long sums, int lineCount, long out) {
      MemorySegment line = ALL.asSlice(sums, 4L * windows.in[2]);
      for (int o = 0; o < windows.out[2]; o++) {
        float sum = 0;
        for (int i = windows.low[2][o]; i < windows.high[2][o]; i += windows.step[2]) {
          sum += line.getAtIndex(JAVA_FLOAT, i);
        }
        ALL.set(JAVA_FLOAT, out + 4L * o, sum / (float) size(lineCount, o));
      }
    }

    private void meansF64(long sums, int lineCount, long out) {
      MemorySegment line = ALL.asSlice(sums, 8L * windows.in[2]);
      for (int o = 0; o < windows.out[2]; o++) {
        double sum = 0;
        for (int i = windows.low[2][o]; i < windows.high[2][o]; i += windows.step[2]) {
          sum += line.getAtIndex(JAVA_DOUBLE, i);
        }
        ALL.set(JAVA_DOUBLE, out + 8L * o, sum / size(lineCount, o));
      }
    }

    private void spreadF32(long grads, int lineCount) {
      MemorySegment line = ALL.asSlice(row, 4L * windows.in[2]);
      for (int o = 0; o < windows.out[2]; o++) {
        float grad = ALL.get(JAVA_FLOAT, grads + 4L * o) / (float) size(lineCount, o);
        for (int i = windows.low[2][o]; i < windows.high[2][o]; i += windows.step[2]) {
          line.setAtIndex(JAVA_FLOAT, i, line.getAtIndex(JAVA_FLOAT, i) + grad);
        }
      }
    }

    private void spreadF64(long grads, int lineCount) {
      MemorySegment line = ALL.asSlice(row, 8L * windows.in[2]);
      for (int o = 0; o < windows.out[2]; o++) {
        double grad = ALL.get(JAVA_DOUBLE, grads + 8L * o) / size(lineCount, o);
        for (int i = windows.low[2][o]; i < windows.high[2][o]; i += windows.step[2]) {
          line.setAtIndex(JAVA_DOUBLE, i, line.getAtIndex(JAVA_DOUBLE, i) + grad);
        }
      }
    }
  }
}
