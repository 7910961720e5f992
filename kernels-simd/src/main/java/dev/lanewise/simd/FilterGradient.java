package dev.lanewise.simd;

import dev.lanewise.array.DType;
import dev.lanewise.array.Device;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import dev.lanewise.kernel.ConvSpec;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.ReduceOp;
import dev.lanewise.kernel.ReduceSpec;
import java.lang.ref.Reference;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The gradient of a convolution by its filter: for each weight a sum over all outputs of all
 * images. The images fall into a few parts, each of which is summed up by one task; then the parts
 * are added in their order.
 *
 * <p>What fills the lanes of a vector is what there is most of: the channels of the input, the
 * filters, or, where a group has few of both, the outputs of a row.
 */
abstract class FilterGradient {
  /** Into how many partial sums the images fall, at most. */
  private static final int PARTS = 8;

  /** Tasks of less are not worth another thread; in products. */
  private static final long TASK = 2_000_000;

  final ConvSpec spec;
  final DType dtype;
  final int bytes;
  final int lanes;
  final Planes planes;
  final int images;
  final int groups;
  final int channels;
  final int filters;
  final int taps;
  final long inSize;
  final long outSize;

  FilterGradient(ConvSpec spec, DType dtype) {
    this.spec = spec;
    this.dtype = dtype;
    this.bytes = dtype.byteSize();
    this.lanes = Lanes.BITS / Byte.SIZE / bytes;
    this.planes = new Planes(spec.input(), spec.output(), spec.window());
    this.images = spec.input().dim(0);
    this.groups = spec.groups();
    this.channels = spec.filter().dim(1);
    this.filters = spec.filter().dim(0) / groups;
    this.taps = planes.taps();
    this.inSize = planes.inSize();
    this.outSize = planes.outSize();
  }

  /** {@return the way that wastes the fewest lanes} */
  static FilterGradient of(ConvSpec spec, DType dtype) {
    int lanes = Lanes.BITS / Byte.SIZE / dtype.byteSize();
    int channels = spec.filter().dim(1);
    int filters = spec.filter().dim(0) / spec.groups();
    long byChannels = (long) Math.ceilDiv(channels, lanes) * lanes * Math.max(4, filters);
    long byFilters = (long) Math.ceilDiv(filters, lanes) * lanes * channels * 5 / 4;
    // Two loads for each product, and the sums of the lanes at the end.
    long byOutputs = 3L * channels * filters;
    if (byOutputs <= Math.min(byChannels, byFilters)) {
      return new FilterGradientByOutputs(spec, dtype);
    }
    return byChannels <= byFilters
        ? new FilterGradientByChannels(spec, dtype)
        : new FilterGradientByFilters(spec, dtype);
  }

  /** {@return whether the layouts of this way are not much larger than the arrays are} */
  abstract boolean isReasonable();

  /** {@return the number of sums of one group, padding included} */
  abstract long sumsOfGroup();

  /** Prepares tables and kernels. The innermost open scope takes the tables. */
  abstract NdArray prepare(Device device);

  /** {@return memory for one task} */
  abstract NdArray memory(Device device);

  /**
   * Adds what one group of one image gives to the sums.
   *
   * @param memory the task's memory
   * @param x the group's channels of the image
   * @param grad the gradient by the group's outputs of the image
   * @param sums the sums of the group
   */
  abstract void add(long memory, long x, long grad, long sums);

  /**
   * Writes the sums of all groups to where they belong.
   *
   * @param sums one axis
   * @param filterGrad of any layout
   */
  abstract void finish(NdArray sums, NdArray filterGrad, Workers workers, Reduction reduction);

  void run(
      Device device, Workers workers, Reduction reduction, long x, long grad, NdArray filterGrad) {
    long ofGroup = sumsOfGroup();
    long all = ofGroup * groups;
    long given = spec.input().size() + spec.output().size();
    // How many parts depends on the problem alone, so that threads change no bit. Sums should be
    // less than what is summed.
    long sensible = Math.max(Math.min(4, images), given / Math.max(1, 2 * all));
    int parts = (int) Long.highestOneBit(Math.clamp(Math.min(sensible, images), 1, PARTS));
    NdArray tables = prepare(device);
    NdArray partial = NdArray.uninitialized(device, dtype, Shape.of(parts, Math.toIntExact(all)));
    long sums = Addresses.of(partial);
    long products = (long) filters * channels * taps * outSize * Math.max(1, images / parts);
    int perTask = Math.clamp(TASK / Math.max(1, products), 1, groups);
    int chunks = Math.ceilDiv(groups, perTask);
    int tasks = parts * chunks;
    // As many as can run at a time; each belongs to one of them while it runs.
    Queue<NdArray> idle = new ConcurrentLinkedQueue<>();
    for (int i = 0; i < Math.min(tasks, workers.threads()); i++) {
      idle.add(memory(device));
    }
    workers.run(
        tasks,
        t -> {
          NdArray memory = idle.remove();
          int part = t / chunks;
          int first = t % chunks * perTask;
          int from = (int) ((long) part * images / parts);
          int to = (int) ((part + 1L) * images / parts);
          for (int group = first; group < Math.min(groups, first + perTask); group++) {
            long target = sums + (part * all + group * ofGroup) * bytes;
            RowCopies.zero(target, ofGroup * bytes);
            for (int image = from; image < to; image++) {
              long place = (long) image * groups + group;
              add(
                  Addresses.of(memory),
                  x + place * channels * inSize * bytes,
                  grad + place * filters * outSize * bytes,
                  target);
            }
          }
          idle.add(memory);
        });
    Reference.reachabilityFence(idle);
    NdArray sum = partial;
    if (parts > 1) {
      sum = NdArray.uninitialized(device, dtype, Shape.of(Math.toIntExact(all)));
      add(reduction, 0, partial, sum);
    }
    finish(sum, filterGrad, workers, reduction);
    Reference.reachabilityFence(tables);
    Reference.reachabilityFence(partial);
  }

  /** Adds up one axis. */
  static void add(Reduction reduction, int axis, NdArray from, NdArray to) {
    ReduceSpec spec =
        ReduceSpec.of(ReduceOp.SUM, Expr.arg(0), new int[] {axis}, to, new double[0], from);
    reduction.run(spec, null);
  }

  /** {@return an array's memory under another shape, in row-major order} */
  static NdArray reshaped(NdArray x, int... dims) {
    return x.view(x.layout().reshape(Shape.of(dims)));
  }

  /** {@return extents with the spatial ones of the filter in the middle} */
  final int[] around(int[] before, int... after) {
    int spatial = spec.filter().rank() - 2;
    int[] dims = new int[before.length + spatial + after.length];
    System.arraycopy(before, 0, dims, 0, before.length);
    for (int i = 0; i < spatial; i++) {
      dims[before.length + i] = spec.filter().dim(i + 2);
    }
    System.arraycopy(after, 0, dims, before.length + spatial, after.length);
    return dims;
  }
}
