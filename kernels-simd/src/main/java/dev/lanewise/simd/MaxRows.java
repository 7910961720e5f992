package dev.lanewise.simd;

import dev.lanewise.array.DType;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;

/**
 * The kernels for rows of windows, each used once it is hot. Until then elements are compared one
 * by one, with the same result: vectors would be a hundred times slower in the interpreter.
 */
final class MaxRows implements LoopWarmUp.Candidate {
  private static final MaxRows[] ALL = {
    new MaxRows(DType.F32, 1), new MaxRows(DType.F32, 2),
    new MaxRows(DType.F64, 1), new MaxRows(DType.F64, 2)
  };

  /** So many comparisons take some milliseconds one by one. */
  private static final long WORTHWHILE = 1_000_000;

  private final DType dtype;
  private final int stride;
  private volatile MaxRow hot;

  // Several threads may count at once and lose some: it is an estimate.
  private long work;

  private MaxRows(DType dtype, int stride) {
    this.dtype = dtype;
    this.stride = stride;
    if (Kernels.MODE == LoopMode.COMPILED) {
      this.hot = MaxRowCode.compile(dtype, stride);
    }
  }

  /**
   * {@return the kernel for windows if it is hot, else null}
   *
   * @param windows they
   * @param single whether their elements are {@code float} or {@code double}
   * @param planes in how many planes they are
   */
  static MaxRow of(PoolWindows windows, boolean single, long planes) {
    if (!fits(windows, single)) {
      return null;
    }
    MaxRows rows = ALL[(single ? 0 : 2) + windows.stride - 1];
    MaxRow kernel = rows.hot;
    if (kernel == null) {
      rows.count(planes * windows.outSize());
    }
    return kernel;
  }

  private static boolean fits(PoolWindows windows, boolean single) {
    // With a stride of more, most of the loaded lanes would be in vain.
    boolean near = windows.stride == 1 || windows.stride == 2;
    // Distances inside a window are counted in float, which has 24 bits.
    long distance = (long) windows.mostSpan() * windows.in[2];
    return near
        && Lanes.hasMasks(single ? Float.BYTES : Double.BYTES)
        && windows.wholeFrom < windows.wholeTo
        && (!single || distance < 1 << 24);
  }

  private void count(long more) {
    long before = work;
    work = before + more;
    if (before < WORTHWHILE && before + more >= WORTHWHILE && Kernels.MODE == LoopMode.AUTO) {
      LoopWarmUp.request(this);
    }
  }

  @Override
  public LoopWarmUp.Feed feed(MemorySegment scratch) {
    int[] lines = {0, 256};
    long to = scratch.address() + LoopWarmUp.BYTES / 2;
    int outputs = 4 * lanes(dtype == DType.F32);
    return new LoopWarmUp.Feed() {
      private MaxRow kernel;

      @Override
      void generate() {
        kernel = MaxRowCode.compile(dtype, stride);
      }

      @Override
      void empty() {
        kernel.run(lines, 2, 1, 2, scratch.address(), to, to, 0, 0);
      }

      @Override
      void call(int number) {
        kernel.run(lines, 2, 1, 2, scratch.address(), to, to + 4_096, 0, outputs);
        Reference.reachabilityFence(scratch);
      }

      @Override
      void use() {
        hot = kernel;
      }
    };
  }

  static int lanes(boolean single) {
    return single ? Lanes.F32.length() : Lanes.F64.length();
  }

  /** {@return the index after the last element of the plane that a row's vectors read} */
  static int reads(PoolWindows windows, int lastLine, boolean single) {
    int lanes = lanes(single);
    int o = lastVector(windows, lanes);
    return lastLine + windows.high[2][o] + (lanes - 1) * windows.stride;
  }

  /** {@return the number of outputs after the row's first up to the last that its vectors write} */
  static int writes(PoolWindows windows, boolean single) {
    int lanes = lanes(single);
    return lastVector(windows, lanes) + lanes;
  }

  private static int lastVector(PoolWindows windows, int lanes) {
    int whole = windows.wholeTo - windows.wholeFrom;
    return windows.wholeFrom + (whole - 1) / lanes * lanes;
  }
}
