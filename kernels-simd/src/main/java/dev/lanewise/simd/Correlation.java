package dev.lanewise.simd;

import dev.lanewise.array.DType;
import dev.lanewise.kernel.ConvSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The geometry of sums of products of elements around each output with weights: of a convolution,
 * or of its gradient by the input, which is one too. {@link CorrelationRun} computes them. The
 * outputs of a few rows are the columns of a matrix product whose second matrix is never built:
 * each of its rows, what one tap of one channel meets, is a part of the image in the layout of
 * {@link PaddedPlanes}.
 *
 * <p>Outputs are numbered along each axis so that output {@code j} and a tap meet at element {@code
 * j + tap}. The gradient by the input falls into one {@link Part} for each residue of the stride,
 * as the inputs of a residue meet the same taps.
 */
final class Correlation {
  /** So much of an image is laid out at a time: it stays in the second-level cache. */
  private static final long BAND_BYTES = 400_000;

  /** With more residues than this, most have no tap. */
  private static final int MOST_PARTS = 64;

  /** Tasks of less are not worth another thread; in products. */
  static final long TASK = 2_000_000;

  /** Outputs that meet the same taps: their numbers, where they belong, and the taps. */
  static final class Part {
    final int[] low = new int[3];
    final int[] high = new int[3];
    final int[] shift = new int[3];
    final int[] taps;
    final int[][] positions; // of the taps

    /** The offsets of the second matrix's rows, in bytes. */
    OffsetTable rowsOfB;

    /** The offsets of the rows of weights, in bytes. */
    long[] rowsOfA;

    /** Where the weights of the first group begin, in elements. */
    long weights;

    Part(int[] taps, int[][] positions) {
      this.taps = taps;
      this.positions = positions;
    }

    boolean isEmpty() {
      return low[0] >= high[0] || low[1] >= high[1] || low[2] >= high[2];
    }
  }

  final DType dtype;
  final int bytes;
  final int images;
  final int groups;
  final Part[] parts;

  /** How many planes of a group are read, and how many are written. */
  final int sources;

  final int targets;

  /** The extents of what is written, and the distance there between outputs of one part. */
  final int[] out;

  final int[] step;
  final long sourceSize;
  final long targetSize;

  /** The axis along which images are cut into bands, how many outputs make one, and how many. */
  final int cut;

  final int band;
  final int bands;
  final PaddedPlanes planes;
  private final boolean reasonable;

  /** The weights are the filter's, in its order; otherwise they are put into another. */
  final boolean forward;

  final int taps;

  private Correlation(
      ConvSpec spec,
      DType dtype,
      int sources,
      int targets,
      int[] in,
      int[] out,
      int[] stride,
      int[] pad,
      int[] step,
      List<Part> parts,
      boolean forward,
      int taps) {
    this.dtype = dtype;
    this.images = spec.input().dim(0);
    this.groups = spec.groups();
    this.forward = forward;
    this.taps = taps;
    this.bytes = dtype.byteSize();
    this.sources = sources;
    this.targets = targets;
    this.out = out;
    this.step = step;
    this.parts = parts.toArray(Part[]::new);
    this.sourceSize = (long) in[0] * in[1] * in[2];
    this.targetSize = (long) out[0] * out[1] * out[2];
    int[] reach = new int[3];
    int[] numbers = new int[3];
    int[] phases = {1, 1, 1};
    for (Part part : parts) {
      for (int axis = 0; axis < 3; axis++) {
        numbers[axis] = Math.max(numbers[axis], part.high[axis]);
        for (int[] at : part.positions) {
          reach[axis] = Math.max(reach[axis], at[axis] / stride[axis]);
          phases[axis] = Math.max(phases[axis], at[axis] % stride[axis] + 1);
        }
      }
    }
    this.cut = numbers[0] > 1 ? 0 : numbers[1] > 1 ? 1 : 2;
    int end = numbers[cut];
    int[] extent = new int[3];
    for (int axis = 0; axis < 3; axis++) {
      extent[axis] = Math.addExact(numbers[axis], reach[axis]);
    }
    double laidOut = (double) phases[0] * phases[1] * phases[2] * extent[0] * extent[1] * extent[2];
    this.reasonable =
        laidOut <= 8.0 * (sourceSize + targetSize) + 65_536 && this.parts.length <= MOST_PARTS;
    long slice =
        (long) sources
            * phases[0]
            * phases[1]
            * phases[2]
            * bytes
            * ((long) extent[0] * extent[1] * extent[2] / extent[cut]);
    long fits = BAND_BYTES / Math.max(1, slice) - reach[cut];
    // Where a band's rows are few, most of what is laid out would be laid out for others too.
    long wanted = Math.max(fits, 3L * reach[cut] + 1);
    long count = Math.max(Math.ceilDiv((long) end, wanted), Math.min(end, least(spec)));
    this.band = (int) Math.ceilDiv((long) end, Math.max(1, count));
    this.bands = Math.ceilDiv(end, Math.max(1, band));
    extent[cut] = band + reach[cut];
    // A part of a row has its padding elsewhere than the next part.
    int share = cut == 2 ? 0 : reach[2];
    this.planes = new PaddedPlanes(in, stride, pad, phases, extent, share, bytes);
  }

  /** {@return the forward convolution} */
  static Correlation forward(ConvSpec spec, DType dtype) {
    Planes p = new Planes(spec.input(), spec.output(), spec.window());
    int[] taps = new int[p.taps()];
    int[][] positions = new int[taps.length][];
    for (int tap = 0; tap < taps.length; tap++) {
      int[] k = p.tap(tap);
      taps[tap] = tap;
      positions[tap] = new int[] {k[0] * p.dilation[0], k[1] * p.dilation[1], k[2] * p.dilation[2]};
    }
    Part part = new Part(taps, positions);
    for (int axis = 0; axis < 3; axis++) {
      part.high[axis] = p.out[axis];
    }
    return new Correlation(
        spec,
        dtype,
        spec.filter().dim(1),
        spec.filter().dim(0) / spec.groups(),
        p.in,
        p.out,
        p.stride,
        p.pad,
        new int[] {1, 1, 1},
        List.of(part),
        true,
        p.taps());
  }

  /**
   * {@return the gradient by the input} Input {@code i} is output {@code q · stride + f − pad} of
   * residue {@code f}; it meets the outputs {@code q − (k · dilation) / stride} of the convolution
   * whose tap {@code k · dilation} has the same residue.
   */
  static Correlation backwardData(ConvSpec spec, DType dtype) {
    Planes p = new Planes(spec.input(), spec.output(), spec.window());
    int[] lowest = new int[3];
    int[] furthest = new int[3];
    int[] residues = new int[3];
    for (int axis = 0; axis < 3; axis++) {
      lowest[axis] = p.pad[axis] / p.stride[axis];
      furthest[axis] = (p.kernel[axis] - 1) * p.dilation[axis] / p.stride[axis];
      residues[axis] = Math.min(p.stride[axis], p.in[axis]);
    }
    List<Part> parts = new ArrayList<>();
    int[] count = residues;
    for (int f = 0; f < count[0] * count[1] * count[2]; f++) {
      int[] residue = {f / count[2] / count[1], f / count[2] % count[1], f % count[2]};
      parts.add(part(p, residue, lowest, furthest));
    }
    int[] pad = new int[3];
    Arrays.setAll(pad, axis -> furthest[axis] - lowest[axis]);
    return new Correlation(
        spec,
        dtype,
        spec.filter().dim(0) / spec.groups(),
        spec.filter().dim(1),
        p.out,
        p.in,
        new int[] {1, 1, 1},
        pad,
        p.stride,
        parts,
        false,
        p.taps());
  }

  /**
   * {@return the inputs of a residue}
   *
   * @param first the first of them, along each axis
   */
  private static Part part(Planes p, int[] first, int[] lowest, int[] furthest) {
    List<int[]> positions = new ArrayList<>();
    int[] taps = new int[p.taps()];
    for (int tap = 0; tap < p.taps(); tap++) {
      int[] k = p.tap(tap);
      int[] at = new int[3];
      boolean meets = true;
      for (int axis = 0; axis < 3; axis++) {
        int reach = k[axis] * p.dilation[axis];
        meets &= (first[axis] + p.pad[axis] - reach) % p.stride[axis] == 0;
        at[axis] = furthest[axis] - reach / p.stride[axis];
      }
      if (meets) {
        taps[positions.size()] = tap;
        positions.add(at);
      }
    }
    Part part = new Part(Arrays.copyOf(taps, positions.size()), positions.toArray(int[][]::new));
    for (int axis = 0; axis < 3; axis++) {
      int stride = p.stride[axis];
      int q = (first[axis] + p.pad[axis]) / stride;
      part.low[axis] = q - lowest[axis];
      part.high[axis] = part.low[axis] + Math.ceilDiv(p.in[axis] - first[axis], stride);
      part.shift[axis] = first[axis] - part.low[axis] * stride;
    }
    return part;
  }

  /** A few images are cut into more bands, so that there is work for many threads. */
  private static int least(ConvSpec spec) {
    long tasks = Math.max(1, (long) spec.input().dim(0) * spec.groups());
    long products =
        spec.output().size() * (spec.filter().size() / Math.max(1, spec.filter().dim(0)));
    return Math.clamp(Math.min(16 / tasks, products / tasks / TASK), 1, 16);
  }

  /**
   * {@return whether the layout is not much larger than the arrays are} It is if windows are far
   * apart, or their elements are.
   */
  boolean isReasonable() {
    return reasonable && (double) sources * planes.planeSize() <= PaddedPlanes.MOST_ELEMENTS;
  }

  /** {@return the number of products of one band of one group of one image} */
  long productsOfBand() {
    return (long) sources * targets * taps * (targetSize / Math.max(1, bands));
  }

  /** {@return how many weights there are in an order of their own} */
  long arrangedWeights() {
    long weights = 0;
    for (Part part : parts) {
      weights += (long) groups * sources * targets * part.taps.length;
    }
    return forward ? 0 : weights;
  }

  /** Lists for each part where the rows of its matrices lie. */
  void listRows() {
    long weights = 0;
    for (Part part : parts) {
      int depth = sources * part.taps.length;
      part.weights = weights;
      part.rowsOfA = new long[targets];
      Arrays.setAll(part.rowsOfA, r -> (long) r * depth * bytes);
      part.rowsOfB = new OffsetTable(depth);
      for (int c = 0; c < sources; c++) {
        for (int[] position : part.positions) {
          part.rowsOfB.add((c * planes.planeSize() + planes.offset(position)) * bytes);
        }
      }
      weights += (long) targets * depth;
    }
  }
}
