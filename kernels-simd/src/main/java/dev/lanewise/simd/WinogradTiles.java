package dev.lanewise.simd;

import dev.lanewise.array.DType;
import dev.lanewise.kernel.ConvSpec;
import dev.lanewise.simd.gemm.IndirectGemm;

/**
 * The geometry of {@link Winograd}: the outputs of each plane in tiles of 2×2, of which some rows
 * make a band. Tiles of a band are numbered row by row, with one of no use between two rows: then
 * tile {@code t} has its even columns at {@code t} and {@code t + 1} of the even elements of a
 * plane, and its odd ones at the same places of the odd elements.
 */
final class WinogradTiles {
  /** So much of an image is laid out at a time: it stays in the second-level cache. */
  private static final long BAND_BYTES = 400_000;

  /** Into how many tasks a few images are cut. */
  private static final int TASKS = 16;

  final boolean forward;
  final int images;
  final int groups;

  /** How many planes of a group are read, and how many are written. */
  final int sources;

  final int targets;
  final int outRows;
  final int outColumns;
  final long sourceSize;
  final long targetSize;

  /** How many rows and columns of tiles a plane has, and how many rows a band. */
  final int rows;

  final int columns;
  final int band;
  final int bands;

  /** From one row of tiles to the next. */
  final int pitch;

  /** A plane's part of a band: even rows, then odd ones. */
  final PaddedPlanes planes;

  private WinogradTiles(
      ConvSpec spec, boolean forward, int sources, int targets, int[] in, int[] out, int[] pad) {
    this.forward = forward;
    this.images = spec.input().dim(0);
    this.groups = spec.groups();
    this.sources = sources;
    this.targets = targets;
    this.outRows = out[1];
    this.outColumns = out[2];
    this.sourceSize = (long) in[1] * in[2];
    this.targetSize = (long) outRows * outColumns;
    this.rows = Math.ceilDiv(outRows, 2);
    this.columns = Math.ceilDiv(outColumns, 2);
    this.pitch = columns + 1;
    // A row of tiles needs the next one's upper rows, too.
    long fits = BAND_BYTES / (4L * sources * pitch * Float.BYTES) - 1;
    // With fewer tiles than are multiplied at a time, products are slower.
    int least = Math.ceilDiv(IndirectGemm.F32.vectors(targets) * Lanes.F32.length(), pitch);
    long count = Math.max(1, Math.min(TASKS / ((long) images * groups), Math.ceilDiv(rows, least)));
    count = Math.max(count, Math.ceilDiv(rows, Math.max(fits, least)));
    this.band = (int) Math.ceilDiv(rows, count);
    this.bands = Math.ceilDiv(rows, band);
    int[] step = {1, 2, 1};
    int[] extent = {1, band + 1, 2 * pitch};
    this.planes = new PaddedPlanes(in, step, pad, step, extent, 0, Float.BYTES);
  }

  /** {@return whether a convolution has windows of 3×3 that move by one, of this type} */
  static boolean fit(ConvSpec spec, DType dtype) {
    Planes p = new Planes(spec.input(), spec.output(), spec.window());
    return dtype == DType.F32
        && spec.window().rank() == 2
        && p.kernel[1] == 3
        && p.kernel[2] == 3
        && p.stride[1] * p.stride[2] == 1
        && p.dilation[1] == 1
        && p.dilation[2] == 1
        && spec.input().size() > 0
        && spec.output().size() > 0;
  }

  /** {@return the tiles of a convolution} */
  static WinogradTiles forward(ConvSpec spec) {
    Planes p = new Planes(spec.input(), spec.output(), spec.window());
    int sources = spec.filter().dim(1);
    int targets = spec.filter().dim(0) / spec.groups();
    return new WinogradTiles(spec, true, sources, targets, p.in, p.out, p.pad);
  }

  /**
   * {@return the tiles of the gradient by the input} It is the convolution with the filter flipped,
   * and its first two axes exchanged.
   */
  static WinogradTiles backwardData(ConvSpec spec) {
    Planes p = new Planes(spec.input(), spec.output(), spec.window());
    int sources = spec.filter().dim(0) / spec.groups();
    int targets = spec.filter().dim(1);
    int[] pad = {0, 2 - p.pad[1], 2 - p.pad[2]};
    return new WinogradTiles(spec, false, sources, targets, p.out, p.in, pad);
  }

  /**
   * {@return whether this way takes a tenth less time than {@link CorrelationRun}} The numbers are
   * cycles for each source and target, fitted to measurements with one thread and 512 bits from 16
   * to 512 channels and from 7×7 to 56×56 outputs; with narrower vectors this way gains more. For
   * the outputs of a vector of tiles the direct way multiplies 36 vectors, two a cycle, with some
   * loss. This one multiplies 16, but for tiles of no use, too; it transforms a vector of tiles of
   * each source and each target, and each filter once.
   */
  boolean isFaster() {
    int lanes = Lanes.F32.length();
    double direct = 22.5 * images * targetSize / (4 * lanes);
    long vectors = (long) images * Math.ceilDiv(rows * (long) pitch - 1, lanes);
    double here = vectors * (11.5 + 77.0 / sources + 77.0 / targets) + 40;
    // Of huge planes even a band would be too large.
    return direct > 1.1 * here && sources * planes.planeSize() <= PaddedPlanes.MOST_ELEMENTS / 16;
  }

  /** {@return the number of products of one band of one group of one image} */
  long productsOfBand() {
    return (long) Winograd.POINTS * sources * targets * band * columns;
  }
}
