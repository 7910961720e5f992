package dev.lanewise.simd;

import static dev.lanewise.simd.Addresses.ALL;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.PoolSpec;
import java.lang.ref.Reference;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;

/** The means of windows, or their gradient, made ready; one task for some planes. */
final class AveragePoolingPlan extends DensePlan implements IntConsumer {
  private static final List<Expr> SUM = List.of(Expr.arg(0).add(Expr.arg(1)));
  private static final double[] NO_PARAMS = {};

  /** Elements of the input. */
  private static final long TASK = 32_768;

  private final boolean forward;
  private final DenseArgument input;
  private final DenseArgument output;
  private final long fromBytes;
  private final long toBytes;
  private final long planes;
  private final long planesOfTask;
  private final int tasks;

  /** Those that can run at a time; each belongs to one task while it runs. */
  private final Task[] memories;

  private final Slots slots;
  private final long rowBytes;
  private final long rows;

  // One call's.
  private long from;
  private long to;

  /**
   * Plans a call.
   *
   * @param forward whether it takes means, and does not spread a gradient
   */
  AveragePoolingPlan(
      Signature call,
      PoolSpec spec,
      boolean countPadding,
      boolean forward,
      NdArray from,
      NdArray to,
      Workers workers) {
    super(call, workers);
    DType dtype = from.dtype();
    PoolWindows windows = new PoolWindows(spec);
    this.forward = forward;
    this.input = input(from);
    this.output = output(to);
    long inBytes = (long) windows.inSize() * dtype.byteSize();
    long outBytes = (long) windows.outSize() * dtype.byteSize();
    this.fromBytes = forward ? inBytes : outBytes;
    this.toBytes = forward ? outBytes : inBytes;
    this.planes = PoolWindows.planes(spec.input());
    this.planesOfTask = Math.max(1, TASK / Math.max(1, windows.inSize()));
    this.tasks = Math.toIntExact(Math.ceilDiv(planes, planesOfTask));
    this.slots = new Slots(tasks, workers);
    this.memories = new Task[slots.count()];
    Arrays.setAll(memories, _ -> new Task(windows, countPadding, dtype));
    this.rowBytes = Scratch.aligned((long) windows.in[2] * dtype.byteSize());
    this.rows = memory(memories.length * rowBytes);
  }

  void run(NdArray x, NdArray out) {
    input.at(x);
    output.at(out);
    run();
    Reference.reachabilityFence(x);
    Reference.reachabilityFence(out);
  }

  @Override
  void compute(long memory) {
    from = input.address();
    to = output.address();
    for (int i = 0; i < memories.length; i++) {
      memories[i].row = memory + rows + i * rowBytes;
    }
    workers.run(tasks, this);
  }

  @Override
  public void accept(int task) {
    int slot = slots.take();
    Task memory = memories[slot];
    long end = Math.min(planes, (task + 1) * planesOfTask);
    for (long p = task * planesOfTask; p < end; p++) {
      if (forward) {
        memory.forward(from + p * fromBytes, to + p * toBytes);
      } else {
        memory.backward(from + p * fromBytes, to + p * toBytes);
      }
    }
    slots.give(slot);
  }

  /** Works on planes, one after the other, with one line of temporaries. */
  private static final class Task {
    final PoolWindows windows;
    final boolean countPadding;
    final boolean single;
    final int bytes;
    final LoopKernel add;
    final long[] pointers = new long[6];
    final int[] lines;

    /** The line of temporaries. */
    long row;

    Task(PoolWindows windows, boolean countPadding, DType dtype) {
      this.windows = windows;
      this.countPadding = countPadding;
      this.single = dtype == DType.F32;
      this.bytes = dtype.byteSize();
      this.add = Kernels.get(Form.MAP, dtype, SUM, null, new boolean[] {false, false});
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

    // Two copies of each loop, as for every element type. They slice nothing: where C2 has not
    // inlined all of an access, as in some launches, each row would allocate its slice.

    private void meansF32(long sums, int lineCount, long out) {
      for (int o = 0; o < windows.out[2]; o++) {
        float sum = 0;
        for (int i = windows.low[2][o]; i < windows.high[2][o]; i += windows.step[2]) {
          sum += ALL.get(JAVA_FLOAT, sums + 4L * i);
        }
        ALL.set(JAVA_FLOAT, out + 4L * o, sum / (float) size(lineCount, o));
      }
    }

    private void meansF64(long sums, int lineCount, long out) {
      for (int o = 0; o < windows.out[2]; o++) {
        double sum = 0;
        for (int i = windows.low[2][o]; i < windows.high[2][o]; i += windows.step[2]) {
          sum += ALL.get(JAVA_DOUBLE, sums + 8L * i);
        }
        ALL.set(JAVA_DOUBLE, out + 8L * o, sum / size(lineCount, o));
      }
    }

    private void spreadF32(long grads, int lineCount) {
      for (int o = 0; o < windows.out[2]; o++) {
        float grad = ALL.get(JAVA_FLOAT, grads + 4L * o) / (float) size(lineCount, o);
        for (int i = windows.low[2][o]; i < windows.high[2][o]; i += windows.step[2]) {
          long at = row + 4L * i;
          ALL.set(JAVA_FLOAT, at, ALL.get(JAVA_FLOAT, at) + grad);
        }
      }
    }

    private void spreadF64(long grads, int lineCount) {
      for (int o = 0; o < windows.out[2]; o++) {
        double grad = ALL.get(JAVA_DOUBLE, grads + 8L * o) / size(lineCount, o);
        for (int i = windows.low[2][o]; i < windows.high[2][o]; i += windows.step[2]) {
          long at = row + 8L * i;
          ALL.set(JAVA_DOUBLE, at, ALL.get(JAVA_DOUBLE, at) + grad);
        }
      }
    }
  }
}
