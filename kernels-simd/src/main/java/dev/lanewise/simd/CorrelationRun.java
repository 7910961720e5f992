package dev.lanewise.simd;

import static dev.lanewise.simd.Addresses.ALL;

import dev.lanewise.array.DType;
import dev.lanewise.simd.Correlation.Part;
import dev.lanewise.simd.gemm.IndirectGemm;
import java.util.Arrays;
import java.util.function.IntConsumer;

/** Computes a {@link Correlation}, one band of one group of one image after the other. */
final class CorrelationRun implements ConvolutionWay, IntConsumer {
  /** Rows of products that are added up before they are written out. */
  private static final int MOST_ROWS = 256;

  /** With no more rows of products, those of a whole part of an image are computed before. */
  private static final int FEW_ROWS = 4;

  /** Weights that one task puts into their order. */
  private static final int ARRANGED = 65_536;

  private final Workers workers;
  private final Correlation shape;
  private final IndirectGemm gemm;
  private final int lanes;

  // Of the shape, as all of the loops need them.
  private final int bytes;
  private final int sources;
  private final int targets;
  private final int groups;
  private final PaddedPlanes planes;
  private final int cut;
  private final int band;
  private final int bands;

  private final long units;
  private final long unitsOfTask;
  private final int tasks;
  private final long rowsOfTask;
  private final IntConsumer arranger = this::arrange;

  /** Those that can run at a time; each belongs to one task while it runs. */
  private final Task[] memories;

  private final Slots slots;
  private final long arrangedBytes;
  private final long taskBytes;

  // One call's.
  private long from;
  private long filter;
  private long weights;
  private long to;
  private Epilogue epilogue;

  CorrelationRun(Correlation shape, Workers workers) {
    this.workers = workers;
    this.shape = shape;
    this.gemm = shape.dtype == DType.F32 ? IndirectGemm.F32 : IndirectGemm.F64;
    this.bytes = shape.bytes;
    this.lanes = Lanes.BITS / Byte.SIZE / bytes;
    this.sources = shape.sources;
    this.targets = shape.targets;
    this.groups = shape.groups;
    this.planes = shape.planes;
    this.cut = shape.cut;
    this.band = shape.band;
    this.bands = shape.bands;
    this.units = (long) shape.images * groups * bands;
    this.unitsOfTask = Math.max(1, Correlation.TASK / Math.max(1, shape.productsOfBand()));
    this.tasks = Math.toIntExact(Math.ceilDiv(units, unitsOfTask));
    this.rowsOfTask = Math.max(1, ARRANGED / Math.max(1, sources * shape.taps));
    shape.listRows();
    this.slots = new Slots(tasks, workers);
    this.memories = new Task[slots.count()];
    Arrays.setAll(memories, _ -> new Task());
    this.arrangedBytes = Scratch.aligned(shape.arrangedWeights() * bytes);
    this.taskBytes = Scratch.aligned(memories[0].elements * bytes);
    warmUp(shape.productsOfBand() * units);
  }

  private void warmUp(long products) {
    for (Part part : shape.parts) {
      int row = (part.high[1] - part.low[1] - 1) * planes.pitch + part.high[2] - part.low[2];
      if (!part.isEmpty() && part.taps.length > 0) {
        gemm.warmUp(targets, Math.ceilDiv(row, lanes), products / lanes / shape.parts.length);
      }
    }
  }

  /** {@return in how many parts the products of an output are added up} */
  private int blocks(int depth) {
    return Math.max(1, Math.round((float) depth / gemm.depth()));
  }

  @Override
  public long scratchBytes() {
    return arrangedBytes + memories.length * taskBytes;
  }

  @Override
  public void run(long first, long second, long target, long scratch, Epilogue epilogue) {
    this.from = first;
    this.filter = second;
    this.weights = second;
    this.to = target;
    this.epilogue = epilogue;
    for (int i = 0; i < memories.length; i++) {
      memories[i].place(scratch + arrangedBytes + i * taskBytes);
    }
    if (!shape.forward) {
      this.weights = scratch;
      workers.run(Math.toIntExact(Math.ceilDiv((long) groups * targets, rowsOfTask)), arranger);
    }
    workers.run(tasks, this);
    this.epilogue = null;
  }

  @Override
  public void accept(int task) {
    int slot = slots.take();
    Task memory = memories[slot];
    for (long u = task * unitsOfTask; u < Math.min(units, (task + 1) * unitsOfTask); u++) {
      long imageAndGroup = u / bands;
      int first = (int) (u % bands) * band;
      memory.run(
          from + imageAndGroup * sources * shape.sourceSize * bytes,
          (int) (imageAndGroup % groups),
          to + imageAndGroup * targets * shape.targetSize * bytes,
          first);
      if (epilogue != null) {
        follow(imageAndGroup, first);
      }
    }
    slots.give(slot);
  }

  private void follow(long imageAndGroup, int first) {
    int inner = 1;
    for (int axis = cut + 1; axis < 3; axis++) {
      inner *= shape.out[axis];
    }
    int row = (int) (imageAndGroup % groups) * targets;
    int end = Math.min(shape.out[cut], first + band);
    epilogue.run((int) (imageAndGroup / groups), row, row + targets, first * inner, end * inner);
  }

  /** Writes the weights of each part, {@code [group, target, source, tap]}, one after another. */
  private void arrange(int task) {
    long end = Math.min((long) groups * targets, (task + 1) * rowsOfTask);
    for (long r = task * rowsOfTask; r < end; r++) {
      long group = r / targets;
      long target = r % targets;
      for (Part part : shape.parts) {
        arrangeRow(
            part,
            filter + (group * sources * targets + target) * shape.taps * bytes,
            weights + (part.weights * groups + r * sources * part.taps.length) * bytes);
      }
    }
  }

  private void arrangeRow(Part part, long from, long to) {
    int taps = shape.taps;
    long stride = (long) targets * taps * bytes;
    if (part.taps.length == taps) {
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
    final int vectors;
    final long rowBytes;
    final long rows;

    /** The memory it needs, and the parts of it. */
    final long elements;

    long products;
    long image;

    /** The outputs of a part that are computed at a time, and element 0 of the layout. */
    final int[] low = new int[3];

    final int[] high = new int[3];
    final int[] origin = new int[3];

    Task() {
      this.vectors = gemm.vectors(targets);
      long columns = (long) vectors * lanes;
      if (targets <= FEW_ROWS) {
        columns = Math.ceilDiv((long) planes.extent[1] * planes.pitch, columns) * columns;
      }
      this.rows = Math.min(targets, MOST_ROWS);
      this.rowBytes = columns * bytes;
      // Whole vectors are read from the last element of a plane on.
      long laidOut = sources * planes.planeSize() + planes.extent[2] + (long) vectors * lanes;
      this.elements = laidOut + rows * columns;
    }

    void place(long memory) {
      this.products = memory;
      this.image = memory + rows * rowBytes;
    }

    void run(long from, int group, long to, int first) {
      planes.fill(from, sources, cut, first, image);
      origin[cut] = first;
      for (Part part : shape.parts) {
        for (int axis = 0; axis < 3; axis++) {
          low[axis] = axis == cut ? Math.max(part.low[axis], first) : part.low[axis];
          high[axis] = axis == cut ? Math.min(part.high[axis], first + band) : part.high[axis];
        }
        if (low[cut] < high[cut] && !part.isEmpty()) {
          long matrix = (long) targets * sources * part.taps.length;
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
            write(part, j0, p, width, rows, to + r * shape.targetSize * bytes);
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
            first + r * shape.targetSize * bytes,
            (long) shape.step[1] * shape.out[2] * bytes,
            shape.step[2],
            high[1] - low[1],
            high[2] - low[2],
            bytes);
      }
    }

    /** {@return where an output belongs in its plane} */
    private long place(Part part, int j0, int j1, int j2) {
      int i0 = j0 * shape.step[0] + part.shift[0];
      int i1 = j1 * shape.step[1] + part.shift[1];
      int i2 = j2 * shape.step[2] + part.shift[2];
      return ((long) i0 * shape.out[1] + i1) * shape.out[2] + i2;
    }

    /** Computes some rows of products for some vectors of outputs. */
    private void multiply(
        Part part, long weights, int row, int rows, long elements, int width, long target) {
      int depth = sources * part.taps.length;
      if (depth == 0) {
        ALL.asSlice(products, Math.min(targets, MOST_ROWS) * rowBytes).fill((byte) 0);
        return;
      }
      int blocks = blocks(depth);
      for (int b = 0; b < blocks; b++) {
        int k = (int) ((long) depth * b / blocks);
        int next = (int) ((long) depth * (b + 1) / blocks);
        gemm.multiply(
            rows,
            width,
            next - k,
            weights + (long) k * bytes,
            part.rowsOfA,
            row,
            elements,
            part.rowsOfB.address(k),
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
              shape.targetSize * bytes,
              shape.step[2],
              rows,
              count,
              bytes);
        }
      }
    }
  }
}
