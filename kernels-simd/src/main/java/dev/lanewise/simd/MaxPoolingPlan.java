package dev.lanewise.simd;

import static dev.lanewise.simd.Addresses.ALL;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.kernel.PoolSpec;
import java.lang.ref.Reference;
import java.util.Arrays;
import java.util.function.IntConsumer;

/** The largest elements of windows made ready; one task for some planes. */
final class MaxPoolingPlan extends DensePlan implements IntConsumer {
  /** Elements of the input. */
  static final long TASK = 32_768;

  private final PoolWindows windows;
  private final boolean single;
  private final DenseArgument input;
  private final DenseArgument output;
  private final DenseArgument found;
  private final long inBytes;
  private final long outBytes;
  private final long planes;
  private final long planesOfTask;
  private final int tasks;

  /** Those that can run at a time; each belongs to one task while it runs. */
  private final Task[] memories;

  private final Slots slots;

  /** How many outputs the vectors of a row write, and the memory for a row near the end. */
  private final int written;

  private final long spareBytes;
  private final long spares;

  // One call's.
  private long from;
  private long to;
  private long places;

  /** Null if all outputs are computed one by one. */
  private MaxRow kernel;

  MaxPoolingPlan(
      Signature call, PoolSpec spec, NdArray x, NdArray out, NdArray indices, Workers workers) {
    super(call, workers);
    DType dtype = x.dtype();
    this.windows = new PoolWindows(spec);
    this.single = dtype == DType.F32;
    this.input = input(x);
    this.output = output(out);
    this.found = output(indices);
    int bytes = dtype.byteSize();
    this.inBytes = (long) windows.inSize() * bytes;
    this.outBytes = (long) windows.outSize() * bytes;
    this.planes = PoolWindows.planes(spec.input());
    this.planesOfTask = Math.max(1, TASK / Math.max(1, windows.inSize()));
    this.tasks = Math.toIntExact(Math.ceilDiv(planes, planesOfTask));
    boolean anyWhole = windows.wholeFrom < windows.wholeTo;
    this.written = anyWhole ? MaxRows.writes(windows, single) : 0;
    int lastLine = (windows.mostSpan() - 1) * windows.in[2];
    long read = anyWhole ? MaxRows.reads(windows, lastLine, single) : 0;
    this.spareBytes = Scratch.aligned((2L * written + read) * bytes);
    this.slots = new Slots(tasks, workers);
    this.memories = new Task[slots.count()];
    Arrays.setAll(memories, _ -> new Task());
    this.spares = memory(memories.length * spareBytes);
  }

  void run(NdArray x, NdArray out, NdArray indices) {
    input.at(x);
    output.at(out);
    found.at(indices);
    run();
    Reference.reachabilityFence(x);
    Reference.reachabilityFence(out);
    Reference.reachabilityFence(indices);
  }

  @Override
  void compute(long memory) {
    kernel = MaxRows.of(windows, single, planes);
    from = input.address();
    to = output.address();
    places = found.address();
    for (int i = 0; i < memories.length; i++) {
      memories[i].spare = memory + spares + i * spareBytes;
    }
    workers.run(tasks, this);
  }

  @Override
  public void accept(int task) {
    int slot = slots.take();
    Task memory = memories[slot];
    long end = Math.min(planes, (task + 1) * planesOfTask);
    for (long p = task * planesOfTask; p < end; p++) {
      long placesOfPlane = places + p * windows.outSize() * Integer.BYTES;
      memory.plane(from + p * inBytes, to + p * outBytes, placesOfPlane, end - p);
    }
    slots.give(slot);
  }

  /** Works on planes, one after the other. */
  private final class Task {
    final int bytes = single ? Float.BYTES : Double.BYTES;
    final int[] lines = new int[windows.mostLines()];

    /** Memory for what a row near the end of its plane reads and writes. */
    long spare;

    /**
     * Computes the outputs of a plane.
     *
     * @param planes how many planes of the task are left, this one included
     */
    void plane(long from, long to, long places, long planes) {
      long readable = planes * windows.inSize();
      long writable = planes * windows.outSize();
      int outs = windows.out[2];
      int wholeFrom = kernel == null ? outs : windows.wholeFrom;
      int wholeTo = kernel == null ? outs : windows.wholeTo;
      int row = 0;
      for (int o0 = 0; o0 < windows.out[0]; o0++) {
        for (int o1 = 0; o1 < windows.out[1]; o1++) {
          int count = windows.lines(o0, o1, lines);
          if (kernel != null) {
            boolean inside =
                MaxRows.reads(windows, lines[count - 1], single) <= readable
                    && row + written <= writable;
            if (inside) {
              run(count, from, to + (long) row * bytes, places + 4L * row);
            } else {
              vectorsBySpare(count, from, to, places, row);
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
    private void vectorsBySpare(int count, long from, long to, long places, int row) {
      long first = (long) lines[0] * bytes;
      long values = spare;
      long found = values + (long) written * bytes;
      long copy = found + (long) written * bytes;
      copy(from + first, copy, (long) (lines[count - 1] + windows.in[2] - lines[0]) * bytes);
      run(count, copy - first, values, found);
      int wholeFrom = windows.wholeFrom;
      long outs = (long) windows.wholeTo - wholeFrom;
      copy(values + (long) wholeFrom * bytes, to + (long) (row + wholeFrom) * bytes, outs * bytes);
      copy(found + 4L * wholeFrom, places + 4L * (row + wholeFrom), 4 * outs);
    }

    private void run(int count, long from, long to, long places) {
      int wholeFrom = windows.wholeFrom;
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
          windows.wholeTo - wholeFrom);
    }

    private void elements(int count, long from, long to, long places, int row, int begin, int end) {
      if (single) {
        elementsF32(windows, lines, count, from, to, places, row, begin, end);
      } else {
        elementsF64(windows, lines, count, from, to, places, row, begin, end);
      }
    }

    private static void copy(long from, long to, long bytes) {
      RowCopies.rows(from, 0, to, 0, 1, (int) bytes);
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

  /** {@return whether an element takes the place of the largest so far} A NaN does, and stays. */
  private static boolean beats(double v, double largest) {
    // One comparison decides almost always: it is false for a smaller or equal number alone.
    return !(v <= largest) && !Double.isNaN(largest);
  }
}
