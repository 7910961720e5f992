package dev.lanewise.simd;

import dev.lanewise.simd.gemm.IndirectGemm;
import java.util.Arrays;
import java.util.function.IntConsumer;

/**
 * A convolution with windows of 3×3 that move by one, or its gradient by the input, by the minimal
 * filtering algorithm F(2×2, 3×3) of S. Winograd (A. Lavin, S. Gray: Fast Algorithms for
 * Convolutional Neural Networks, 2016, section 4.1). Each 2×2 outputs come from a tile of 4×4
 * inputs: {@code Y = Aᵀ · Σ [(G · g · Gᵀ) ⊙ (Bᵀ · d · B)] · A}, which takes 16 products for each
 * source and target instead of 36. The sums over the sources are 16 matrix products, one for each
 * point of a tile, whose columns are tiles.
 *
 * <p>Planes are laid out with even and odd rows and columns apart: then the elements at one place
 * of all tiles of some rows lie side by side, and a vector is a part of as many tiles as it has
 * lanes. Some vectors of tiles are transformed, multiplied, and transformed back at a time, in the
 * second-level cache.
 *
 * <p>An output depends on its window alone, as that of a direct sum does: {@code Aᵀ} leaves out the
 * points made from other inputs. The error differs. Let {@code D} be the largest input of a window
 * in one source and {@code S} the sum of the filter's absolute values there. An element of {@code
 * Bᵀ·d·B} is at most {@code 4D}, and those of {@code G·g·Gᵀ} that one output takes add up to at
 * most {@code 4S}, so the products do to {@code 16·D·S}. With 2 roundings in the one, 4 in the
 * other, 4 in {@code Aᵀ·m·A} and one for each of {@code c} sources, {@code |error| ≤ 16·(c + 10) ·
 * eps · Σ D·S} to first order; a direct sum has {@code 9c · eps · Σ|d|·|g|}, which is smaller where
 * large weights meet small inputs beside large ones. Measured with normally distributed numbers the
 * error (root mean square) is 0.7 to 0.9 times that of the direct way with 16 to 64 sources, as
 * sums are shorter, and 1.3 to 1.8 times with 128 to 512; of positive numbers 0.4 to 0.8, and 1.8
 * to 2.3. Numbers overflow at a sixteenth of where they would in a direct sum, and where a window
 * holds an infinity the output may be NaN instead of an infinity.
 */
final class Winograd implements ConvolutionWay, IntConsumer {
  /** Of a tile that is transformed. */
  static final int POINTS = 16;

  private static final int BYTES = Float.BYTES;

  /** Targets whose products of a row of points stay in the first-level cache. */
  private static final int MOST_ROWS = 64;

  /** Filters that one task transforms. */
  private static final int FILTERS = 2_048;

  /** So that the points of one tile do not all fall on one set of a cache. */
  private static final int GAP = 64;

  private final Workers workers;
  private final IndirectGemm gemm = IndirectGemm.F32;
  private final WinogradTiles tiles;
  private final int lanes = Lanes.F32.length();

  // Of the tiles, as all of the loops need them.
  private final int groups;
  private final int sources;
  private final int targets;
  private final int band;
  private final int bands;
  private final int pitch;

  /** The most vectors of tiles at a time. */
  private final int vectors;

  private final long units;
  private final long unitsOfTask;
  private final int tasks;
  private final long rowsOfTask;
  private final IntConsumer transformer = this::transformFilters;

  /** Where rows of the matrices lie. */
  private final long[] rowsOfWeights;

  private final OffsetTable rowsOfInputs;
  private final Slots slots;

  // Strides and sizes, in bytes.
  private final int halfVectors;
  private final long half; // the even columns of a plane, or the odd ones
  private final long panel; // a row of the matrices
  private final long weightsOfPoint;
  private final long inputsOfPoint;
  private final long productsOfPoint;
  private final long columnsOfRow;
  private final long weightBytes;

  /** Where a slot's parts begin: planes, inputs, products, columns, outputs; and its end. */
  private final long inputsAt;

  private final long productsAt;
  private final long columnsAt;
  private final long outputsAt;
  private final long slotBytes;

  // One call's.
  private long from;
  private long filter;
  private long weights;
  private long to;
  private long memory;
  private Epilogue epilogue;

  Winograd(WinogradTiles tiles, Workers workers) {
    this.workers = workers;
    this.tiles = tiles;
    this.groups = tiles.groups;
    this.sources = tiles.sources;
    this.targets = tiles.targets;
    this.band = tiles.band;
    this.bands = tiles.bands;
    this.pitch = tiles.pitch;
    this.vectors = gemm.vectors(targets);
    this.units = (long) tiles.images * groups * bands;
    this.unitsOfTask = Math.max(1, Correlation.TASK / tiles.productsOfBand());
    this.tasks = Math.toIntExact(Math.ceilDiv(units, unitsOfTask));
    this.rowsOfTask = Math.max(1, FILTERS / sources);
    this.slots = new Slots(tasks, workers);
    this.halfVectors = Math.toIntExact(Math.ceilDiv(tiles.planes.planeSize() / 2, lanes));
    this.half = (long) halfVectors * lanes * BYTES;
    this.panel = (long) vectors * lanes * BYTES;
    this.weightsOfPoint = (long) sources * targets * BYTES + GAP;
    this.inputsOfPoint = sources * panel + GAP;
    this.productsOfPoint = Math.min(targets, MOST_ROWS) * panel + GAP;
    this.columnsOfRow = targets * panel + GAP;
    this.weightBytes = Scratch.aligned(groups * (POINTS * weightsOfPoint));
    // Whole vectors are read from the last element of a plane on.
    this.inputsAt = Scratch.aligned(2 * half * sources + (long) (pitch + lanes) * BYTES);
    this.productsAt = inputsAt + Math.max(2 * half, 4 * inputsOfPoint);
    this.columnsAt = productsAt + 4 * productsOfPoint;
    this.outputsAt = columnsAt + 8 * columnsOfRow;
    this.slotBytes = outputsAt + 4L * targets * panel;
    this.rowsOfWeights = new long[targets];
    Arrays.setAll(rowsOfWeights, r -> (long) r * sources * BYTES);
    this.rowsOfInputs = new OffsetTable(sources);
    for (int c = 0; c < sources; c++) {
      rowsOfInputs.add(c * panel);
    }
    long vectorsOfTiles = units * band * tiles.columns / lanes;
    gemm.warmUp(Math.min(targets, MOST_ROWS), vectors, vectorsOfTiles * POINTS * sources * targets);
    WinogradTransforms.warmUp(vectorsOfTiles * sources);
  }

  @Override
  public long scratchBytes() {
    return weightBytes + slots.count() * slotBytes;
  }

  @Override
  public void run(long first, long second, long target, long scratch, Epilogue epilogue) {
    this.from = first;
    this.filter = second;
    this.weights = scratch;
    this.to = target;
    this.memory = scratch + weightBytes;
    this.epilogue = epilogue;
    workers.run(Math.toIntExact(Math.ceilDiv((long) groups * targets, rowsOfTask)), transformer);
    workers.run(tasks, this);
    this.epilogue = null;
  }

  /** Writes the transformed filters, {@code [group, point, target, source]}. */
  private void transformFilters(int task) {
    long end = Math.min((long) groups * targets, (task + 1) * rowsOfTask);
    // The first axis is groups and targets, the second sources; or groups and sources, and targets.
    long size = 9L * BYTES;
    long nextSource = size * (tiles.forward ? 1 : targets);
    long nextTarget = size * (tiles.forward ? sources : 1);
    for (long r = task * rowsOfTask; r < end; r++) {
      long group = r / targets;
      long target = r % targets;
      long g = filter + group * sources * targets * size + target * nextTarget;
      long u = weights + group * POINTS * weightsOfPoint + target * sources * BYTES;
      for (int s = 0; s < sources; s++) {
        WinogradTransforms.filter(g, !tiles.forward, u, weightsOfPoint);
        g += nextSource;
        u += BYTES;
      }
    }
  }

  @Override
  public void accept(int task) {
    int slot = slots.take();
    long own = memory + slot * slotBytes;
    for (long u = task * unitsOfTask; u < Math.min(units, (task + 1) * unitsOfTask); u++) {
      long imageAndGroup = u / bands;
      int group = (int) (imageAndGroup % groups);
      int first = (int) (u % bands) * band;
      layOut(from + imageAndGroup * sources * tiles.sourceSize * BYTES, first, own);
      compute(own, group, first, to + imageAndGroup * targets * tiles.targetSize * BYTES);
      if (epilogue != null) {
        int row = group * targets;
        int end = Math.min(tiles.outRows, 2 * (first + band));
        epilogue.run(
            (int) (imageAndGroup / groups),
            row,
            row + targets,
            2 * first * tiles.outColumns,
            end * tiles.outColumns);
      }
    }
    slots.give(slot);
  }

  /** Lays a band of all sources out. */
  private void layOut(long image, int first, long own) {
    long plane = own + inputsAt;
    for (int s = 0; s < sources; s++) {
      tiles.planes.fill(image + s * tiles.sourceSize * BYTES, 1, 1, first, plane);
      long even = own + 2L * s * half;
      WinogradTransforms.separate(plane, even, even + half, halfVectors);
    }
  }

  /** Computes the outputs of a band, some vectors of tiles after the other. */
  private void compute(long own, int group, int first, long to) {
    int count = (Math.min(band, tiles.rows - first) - 1) * pitch + tiles.columns;
    int all = Math.ceilDiv(count, lanes);
    int panels = Math.ceilDiv(all, vectors);
    for (int p = 0; p < panels; p++) {
      int v = (int) ((long) all * p / panels);
      int width = (int) ((long) all * (p + 1) / panels) - v;
      for (int row = 0; row < 4; row++) {
        transformInputs(row, own + (long) v * lanes * BYTES, own + inputsAt, width);
        for (int r = 0; r < targets; r += MOST_ROWS) {
          multiply(own, group, row, r, Math.min(MOST_ROWS, targets - r), width);
        }
      }
      long outputs = own + outputsAt;
      WinogradTransforms.outputs(
          own + columnsAt, columnsOfRow, panel, outputs, 2 * panel, 4 * panel, targets, width);
      write(outputs, v * lanes, Math.min(count, (v + width) * lanes), first, to);
    }
  }

  /** Makes a row of transformed inputs: d₀ − d₂, d₁ + d₂, d₂ − d₁ or d₁ − d₃. */
  private void transformInputs(int row, long d0, long to, int width) {
    long d1 = d0 + tiles.planes.phaseSize() / 2 * BYTES;
    long d2 = d0 + (long) pitch * BYTES;
    long d3 = d1 + (long) pitch * BYTES;
    long a = row == 0 ? d0 : row == 2 ? d2 : d1;
    long b = row == 2 ? d1 : row == 3 ? d3 : d2;
    WinogradTransforms.inputs(
        row == 1, a, b, half, 2 * half, to, inputsOfPoint, panel, sources, width);
  }

  /** Computes products of a row of points for some targets, and transforms them along the row. */
  private void multiply(long own, int group, int row, int target, int rows, int width) {
    long products = own + productsAt;
    int blocks = Math.ceilDiv(sources, gemm.depth());
    for (int column = 0; column < 4; column++) {
      int point = 4 * row + column;
      for (int b = 0; b < blocks; b++) {
        int k = (int) ((long) sources * b / blocks);
        int next = (int) ((long) sources * (b + 1) / blocks);
        gemm.multiply(
            rows,
            width,
            next - k,
            weights + ((long) group * POINTS + point) * weightsOfPoint + (long) k * BYTES,
            rowsOfWeights,
            target,
            own + inputsAt + column * inputsOfPoint,
            rowsOfInputs.address(k),
            products + column * productsOfPoint,
            panel,
            b > 0);
      }
    }
    WinogradTransforms.columns(
        products,
        productsOfPoint,
        own + columnsAt + 2L * row * columnsOfRow + target * panel,
        columnsOfRow,
        panel,
        rows,
        width);
  }

  /** Writes outputs to where they belong, and leaves out those of no tile and those outside. */
  private void write(long outputs, int tile, int endTile, int first, long to) {
    for (int line = tile / pitch; line * pitch < endTile; line++) {
      int column = Math.max(0, tile - line * pitch);
      int end = Math.min(tiles.columns, endTile - line * pitch);
      int width = Math.min(tiles.outColumns, 2 * end) - 2 * column;
      for (int lower = 0; lower < 2; lower++) {
        int row = 2 * (first + line) + lower;
        if (width > 0 && row < tiles.outRows) {
          RowCopies.rows(
              outputs + 2L * lower * panel + 2L * (line * pitch + column - tile) * BYTES,
              4 * panel,
              to + ((long) row * tiles.outColumns + 2L * column) * BYTES,
              tiles.targetSize * BYTES,
              targets,
              width * BYTES);
        }
      }
    }
  }
}
