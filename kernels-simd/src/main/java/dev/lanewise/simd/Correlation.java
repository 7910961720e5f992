package dev.lanewise.simd;

import static dev.lanewise.simd.Addresses.ALL;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.lanewise.array.DType;
import dev.lanewise.array.Device;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import dev.lanewise.kernel.ConvSpec;
import dev.lanewise.simd.gemm.IndirectGemm;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Sums of products of elements around each output with weights: a convolution, or its gradient by
 * the input, which is one too. The outputs of a few rows are the columns of a matrix product whose
 * second matrix is never built: each of its rows, what one tap of one channel meets, is a part of
 * the image in the layout of {@link PaddedPlanes}.
 *
 * <p>Outputs are numbered along each axis so that output {@code j} and a tap meet at element {@code
 * j + tap}. The gradient by the input falls into one {@link Part} for each residue of the stride,
 * as the inputs of a residue meet the same taps.
 */
final class Correlation {
  /** So much of an image is laid out at a time: it stays in the second-level cache. */
  private static final long BAND_BYTES = 400_000;

  /** Rows of products that are added up before they are written out. */
  private static final int MOST_ROWS = 256;

  /** With more residues than this, most have no tap. */
  private static final int MOST_PARTS = 64;

  /** With no more rows of products, those of a whole part of an image are computed before. */
  private static final int FEW_ROWS = 4;

  /** Tasks of less are not worth another thread; in products. */
  private static final long TASK = 2_000_000;

  /** Outputs that meet the same taps: their numbers, where they belong, and the taps. */
  private static final class Part {
    final int[] low = new int[3];
    final int[] high = new int[3];
    final int[] shift = new int[3];
    final List<int[]> positions = new ArrayList<>();
    final List<Integer> taps = new ArrayList<>();

    /** The address of the offsets of the second matrix's rows, in bytes. */
    long rowsOfB;

    /** The address of the offsets of the rows of weights, in bytes. */
    long rowsOfA;

    /** Where the weights of the first group begin, in elements. */
    long weights;

    boolean isEmpty() {
      return low[0] >= high[0] || low[1] >= high[1] || low[2] >= high[2];
    }
  }

  private final DType dtype;
  private final int bytes;
  private final int lanes;
  private final IndirectGemm gemm;
  private final List<Part> parts = new ArrayList<>();
  private final int sources;
  private final int targets;
  private final int[] out;
  private final int[] step;
  private final long sourceSize;
  private final long targetSize;
  private final int cut;
  private final int band;
  private final int bands;
  private final PaddedPlanes planes;
  private final boolean reasonable;

  /** The weights are the filter's, in its order; otherwise they are put into another. */
  private final boolean forward;

  private final int taps;

  private Correlation(
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
      int taps,
      int least) {
    this.dtype = dtype;
    this.forward = forward;
    this.taps = taps;
    this.bytes = dtype.byteSize();
    this.lanes = Lanes.BITS / Byte.SIZE / bytes;
    this.gemm = dtype == DType.F32 ? IndirectGemm.F32 : IndirectGemm.F64;
    this.sources = sources;
    this.targets = targets;
    this.out = out;
    this.step = step;
    this.parts.addAll(parts);
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
        laidOut <= 8.0 * (sourceSize + targetSize) + 65_536 && parts.size() <= MOST_PARTS;
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
    long count = Math.max(Math.ceilDiv((long) end, wanted), Math.min(end, least));
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
    Part part = new Part();
    for (int axis = 0; axis < 3; axis++) {
      part.high[axis] = p.out[axis];
    }
    for (int tap = 0; tap < p.taps(); tap++) {
      int[] k = p.tap(tap);
      part.taps.add(tap);
      part.positions.add(
          new int[] {k[0] * p.dilation[0], k[1] * p.dilation[1], k[2] * p.dilation[2]});
    }
    return new Correlation(
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
        p.taps(),
        least(spec));
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
        p.taps(),
        least(spec));
  }

  /**
   * {@return the inputs of a residue}
   *
   * @param first the first of them, along each axis
   */
  private static Part part(Planes p, int[] first, int[] lowest, int[] furthest) {
    Part part = new Part();
    for (int axis = 0; axis < 3; axis++) {
      int stride = p.stride[axis];
      int q = (first[axis] + p.pad[axis]) / stride;
      part.low[axis] = q - lowest[axis];
      part.high[axis] = part.low[axis] + Math.ceilDiv(p.in[axis] - first[axis], stride);
      part.shift[axis] = first[axis] - part.low[axis] * stride;
    }
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
        part.taps.add(tap);
        part.positions.add(at);
      }
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

  /**
   * Computes all outputs. The innermost open scope takes the temporaries.
   *
   * @param from the images
   * @param filter the filter
   * @param to the outputs
   * @param epilogue what follows each part of the outputs, if they are numbered as they lie; or
   *     null
   */
  void run(
      Device device,
      Workers workers,
      int images,
      int groups,
      long from,
      long filter,
      long to,
      Epilogue epilogue) {
    NdArray tables = tables(device);
    NdArray arranged = forward ? null : arrange(device, workers, groups, filter);
    long weights = forward ? filter : Addresses.of(arranged);
    long units = (long) images * groups * bands;
    long perUnit = (long) sources * targets * taps * (targetSize / Math.max(1, bands));
    long perTask = Math.max(1, TASK / Math.max(1, perUnit));
    warmUp(perUnit * units);
    int tasks = Math.toIntExact(Math.ceilDiv(units, perTask));
    // As many as can run at a time; each belongs to one of them while it runs.
    Queue<Task> idle = new ConcurrentLinkedQueue<>();
    for (int i = 0; i < Math.min(tasks, workers.threads()); i++) {
      idle.add(new Task(device));
    }
    workers.run(
        tasks,
        t -> {
          Task task = idle.remove();
          for (long u = t * perTask; u < Math.min(units, (t + 1) * perTask); u++) {
            long imageAndGroup = u / bands;
            task.run(
                from + imageAndGroup * sources * sourceSize * bytes,
                weights,
                groups,
                (int) (imageAndGroup % groups),
                to + imageAndGroup * targets * targetSize * bytes,
                (int) (u % bands) * band);
            if (epilogue != null) {
              follow(epilogue, imageAndGroup, groups, (int) (u % bands) * band);
            }
          }
          idle.add(task);
        });
    Reference.reachabilityFence(idle);
    Reference.reachabilityFence(tables);
    Reference.reachabilityFence(arranged);
  }

  private void follow(Epilogue epilogue, long imageAndGroup, int groups, int first) {
    int inner = 1;
    for (int axis = cut + 1; axis < 3; axis++) {
      inner *= out[axis];
    }
    int row = (int) (imageAndGroup % groups) * targets;
    int end = Math.min(out[cut], first + band);
    epilogue.run((int) (imageAndGroup / groups), row, row + targets, first * inner, end * inner);
  }

  private void warmUp(long products) {
    for (Part part : parts) {
      int row = (part.high[1] - part.low[1] - 1) * planes.pitch + part.high[2] - part.low[2];
      if (!part.isEmpty() && !part.taps.isEmpty()) {
        gemm.warmUp(targets, Math.ceilDiv(row, lanes), products / lanes / parts.size());
      }
    }
  }

  private NdArray tables(Device device) {
    long entries = 0;
    for (Part part : parts) {
      entries += targets + (long) sources * part.taps.size();
    }
    NdArray tables = NdArray.uninitialized(device, DType.I64, Shape.of(Math.toIntExact(entries)));
    long at = Addresses.of(tables);
    long weights = 0;
    for (Part part : parts) {
      int depth = sources * part.taps.size();
      part.weights = weights;
      part.rowsOfA = at;
      for (int r = 0; r < targets; r++, at += Long.BYTES) {
        ALL.set(JAVA_LONG, at, (long) r * depth * bytes);
      }
      part.rowsOfB = at;
      for (int c = 0; c < sources; c++) {
        for (int[] position : part.positions) {
          ALL.set(JAVA_LONG, at, (c * planes.planeSize() + planes.offset(position)) * bytes);
          at += Long.BYTES;
        }
      }
      weights += (long) targets * depth;
    }
    return tables;
  }

  /** {@return the weights of each part, {@code [group, target, source, tap]}, one after another} */
  private NdArray arrange(Device device, Workers workers, int groups, long filter) {
    long elements = 0;
    for (Part part : parts) {
      elements += (long) sources * targets * part.taps.size();
    }
    NdArray arranged =
        NdArray.uninitialized(device, dtype, Shape.of(groups, Math.toIntExact(elements)));
    long to = Addresses.of(arranged);
    long perTask = Math.max(1, 65_536 / Math.max(1, sources * taps));
    long rows = (long) groups * targets;
    workers.run(
        Math.toIntExact(Math.ceilDiv(rows, perTask)),
        t -> {
          for (long r = t * perTask; r < Math.min(rows, (t + 1) * perTask); r++) {
            long group = r / targets;
            long target = r % targets;
            for (Part part : parts) {
              arrangeRow(
                  part,
                  filter + (group * sources * targets + target) * taps * bytes,
                  to + (part.weights * groups + r * sources * part.taps.size()) * bytes);
            }
          }
        });
    return arranged;
  }

  private void arrangeRow(Part part, long from, long to) {
    long stride = (long) targets * taps * bytes;
    if (part.taps.size() == taps) {
      RowCopies.rows(from, stride, to, (long) taps * bytes, sources, taps * bytes);
      return;
    }
    for (int s = 0; s < sources; s++) {
      for (int tap : part.taps) {
        RowCopies.element(from + (long) tap * bytes, to, bytes);
        to += bytes;
      }
      from += stride;
    }
  }

  /** Works on one part of an image after the other, in memory of its own. */
  private final class Task {
    final NdArray memory;
    final long image;
    final long products;
    final int vectors;
    final long rowBytes;

    /** The outputs of a part that are computed at a time, and element 0 of the layout. */
    final int[] low = new int[3];

    final int[] high = new int[3];
    final int[] origin = new int[3];

    Task(Device device) {
      this.vectors = gemm.vectors(targets);
      long columns = (long) vectors * lanes;
      if (targets <= FEW_ROWS) {
        columns = Math.ceilDiv((long) planes.extent[1] * planes.pitch, columns) * columns;
      }
      long rows = Math.min(targets, MOST_ROWS);
      this.rowBytes = columns * bytes;
      // Whole vectors are read from the last element of a plane on.
      long laidOut = sources * planes.planeSize() + planes.extent[2] + (long) vectors * lanes;
      long elements = laidOut + rows * columns;
      this.memory = NdArray.uninitialized(device, dtype, Shape.of(Math.toIntExact(elements)));
      this.products = Addresses.of(memory);
      this.image = products + rows * rowBytes;
    }

    void run(long from, long weights, int groups, int group, long to, int first) {
      planes.fill(from, sources, cut, first, image);
      origin[cut] = first;
      for (Part part : parts) {
        for (int axis = 0; axis < 3; axis++) {
          low[axis] = axis == cut ? Math.max(part.low[axis], first) : part.low[axis];
          high[axis] = axis == cut ? Math.min(part.high[axis], first + band) : part.high[axis];
        }
        if (low[cut] < high[cut] && !part.isEmpty()) {
          long matrix = (long) targets * sources * part.taps.size();
          run(part, weights + (part.weights * groups + group * matrix) * bytes, to);
        }
      }
    }

    private void run(Part part, long weights, long to) {
      int pitch = planes.pitch;
      int begin = (low[1] - origin[1]) * pitch + low[2] - origin[2];
      int end = (high[1] - 1 - origin[1]) * pitch + high[2] - origin[2];
      for (int j0 = low[0]; j0 < high[0]; j0++) {
        long slab = image + (long) (j0 - origin[0]) * planes.extent[1] * pitch * bytes;
        if (targets <= FEW_ROWS) {
          few(part, weights, j0, slab, begin, end, to);
          continue;
        }
        for (int p = begin; p < end; p += vectors * lanes) {
          int width = Math.min(vectors * lanes, end - p);
          for (int r = 0; r < targets; r += MOST_ROWS) {
            int rows = Math.min(MOST_ROWS, targets - r);
            long elements = slab + (long) p * bytes;
            multiply(part, weights, r, rows, elements, Math.ceilDiv(width, lanes), products);
            write(part, j0, p, width, rows, to + r * targetSize * bytes);
          }
        }
      }
    }

    /** Computes all outputs of a plane, and only then writes them: there are few of each row. */
    private void few(Part part, long weights, int j0, long slab, int begin, int end, long to) {
      for (int p = begin; p < end; p += vectors * lanes) {
        int width = Math.ceilDiv(Math.min(vectors * lanes, end - p), lanes);
        long target = products + (long) (p - begin) * bytes;
        multiply(part, weights, 0, targets, slab + (long) p * bytes, width, target);
      }
      long first = to + place(part, j0, low[1], low[2]) * bytes;
      for (int r = 0; r < targets; r++) {
        RowCopies.scatter(
            products + r * rowBytes,
            (long) planes.pitch * bytes,
            first + r * targetSize * bytes,
            (long) step[1] * out[2] * bytes,
            step[2],
            high[1] - low[1],
            high[2] - low[2],
            bytes);
      }
    }

    /** {@return where an output belongs in its plane} */
    private long place(Part part, int j0, int j1, int j2) {
      int i0 = j0 * step[0] + part.shift[0];
      int i1 = j1 * step[1] + part.shift[1];
      int i2 = j2 * step[2] + part.shift[2];
      return ((long) i0 * out[1] + i1) * out[2] + i2;
    }

    /** Computes some rows of products for some vectors of outputs. */
    private void multiply(
        Part part, long weights, int row, int rows, long elements, int width, long target) {
      int depth = sources * part.taps.size();
      if (depth == 0) {
        ALL.asSlice(products, Math.min(targets, MOST_ROWS) * rowBytes).fill((byte) 0);
        return;
      }
      int blocks = Math.max(1, Math.round((float) depth / gemm.depth()));
      for (int b = 0; b < blocks; b++) {
        int k = (int) ((long) depth * b / blocks);
        int next = (int) ((long) depth * (b + 1) / blocks);
        gemm.multiply(
            rows,
            width,
            next - k,
            weights + (long) k * bytes,
            part.rowsOfA + (long) row * Long.BYTES,
            elements,
            part.rowsOfB + (long) k * Long.BYTES,
            target,
            rowBytes,
            b > 0);
      }
    }

    /** Writes the products to where they belong, and leaves out those between two rows. */
    private void write(Part part, int j0, int p, int width, int rows, long to) {
      int pitch = planes.pitch;
      for (int line = p / pitch; line * pitch < p + width; line++) {
        int first = Math.max(low[2], p - line * pitch + origin[2]);
        int count = Math.min(high[2], p + width - line * pitch + origin[2]) - first;
        if (count > 0) {
          RowCopies.scatter(
              products + (long) (line * pitch + first - origin[2] - p) * bytes,
              rowBytes,
              to + place(part, j0, line + origin[1], first) * bytes,
              targetSize * bytes,
              step[2],
              rows,
              count,
              bytes);
        }
      }
    }
  }
}
