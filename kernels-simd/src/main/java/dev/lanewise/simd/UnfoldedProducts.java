package dev.lanewise.simd;

import dev.lanewise.array.DType;
import dev.lanewise.kernel.ConvSpec;
import dev.lanewise.simd.gemm.Product;
import java.util.Arrays;
import java.util.function.IntConsumer;

/**
 * A convolution, or one of its gradients, as products with matrices that {@link Im2col} unfolds,
 * one image and group at a time. Where outputs are inputs, images are such matrices as they are.
 */
abstract class UnfoldedProducts implements ConvolutionWay, IntConsumer {
  final Workers workers;
  final DType dtype;
  final int bytes;
  final int images;
  final int groups;
  final int channels; // of one group
  final int filters; // of one group
  final int depth; // of one group
  final int inSize;
  final int outSize;
  final Im2col im2col;
  final boolean identity;
  final int tasks;

  /** The multiplications that can run at a time; each belongs to one task while it runs. */
  private final Product[] products;

  private final Slots slots;
  private final long matrixBytes;

  // One call's.
  long first;
  long second;
  long target;
  private long matrices;
  private Epilogue epilogue;

  private UnfoldedProducts(ConvSpec spec, DType dtype, Planes planes, int parts, Workers workers) {
    this.workers = workers;
    this.dtype = dtype;
    this.bytes = dtype.byteSize();
    this.images = spec.input().dim(0);
    this.groups = spec.groups();
    this.channels = spec.filter().dim(1);
    this.filters = spec.filter().dim(0) / groups;
    this.depth = Math.multiplyExact(channels, planes.taps());
    this.inSize = planes.inSize();
    this.outSize = planes.outSize();
    this.im2col = new Im2col(planes, dtype);
    this.identity = planes.isIdentity();
    this.tasks = Math.multiplyExact(parts, groups);
    this.slots = new Slots(tasks, workers);
    this.products = new Product[slots.count()];
    Arrays.setAll(products, _ -> new Product());
    this.matrixBytes = identity ? 0 : Scratch.aligned((long) depth * outSize * bytes);
  }

  /** {@return the convolution} */
  static UnfoldedProducts forward(ConvSpec spec, DType dtype, Planes planes, Workers workers) {
    return new Forward(spec, dtype, planes, workers);
  }

  /** {@return the gradient by the input} */
  static UnfoldedProducts backwardData(ConvSpec spec, DType dtype, Planes planes, Workers workers) {
    return new BackwardData(spec, dtype, planes, workers);
  }

  /** {@return the gradient by the filter} */
  static UnfoldedProducts backwardFilter(
      ConvSpec spec, DType dtype, Planes planes, Workers workers) {
    return new BackwardFilter(spec, dtype, planes, workers);
  }

  @Override
  public long scratchBytes() {
    return slots.count() * matrixBytes;
  }

  @Override
  public void run(long first, long second, long target, long scratch, Epilogue epilogue) {
    this.first = first;
    this.second = second;
    this.target = target;
    this.matrices = scratch;
    this.epilogue = epilogue;
    workers.run(tasks, this);
    this.epilogue = null;
  }

  @Override
  public void accept(int task) {
    int slot = slots.take();
    int part = task / groups;
    int group = task % groups;
    compute(part, group, products[slot], matrices + slot * matrixBytes);
    slots.give(slot);
    if (epilogue != null) {
      epilogue.run(part, group * filters, (group + 1) * filters, 0, outSize);
    }
  }

  /**
   * Computes what one group of a part gives.
   *
   * @param part the number of an image, or of some images
   * @param product for the task's use
   * @param matrix memory for the task's use
   */
  abstract void compute(int part, int group, Product product, long matrix);

  final long image(long x, int image, int group) {
    return x + ((long) image * groups + group) * channels * inSize * bytes;
  }

  final long output(long out, int image, int group) {
    return out + ((long) image * groups + group) * filters * outSize * bytes;
  }

  final long filter(long w, int group) {
    return w + (long) group * filters * depth * bytes;
  }

  /** {@return the address of an image's matrix, unfolded into some memory if need be} */
  final long unfold(long image, long matrix) {
    if (identity) {
      return image;
    }
    im2col.unfold(image, channels, matrix);
    return matrix;
  }

  private static final class Forward extends UnfoldedProducts {
    Forward(ConvSpec spec, DType dtype, Planes planes, Workers workers) {
      super(spec, dtype, planes, spec.input().dim(0), workers);
    }

    @Override
    void compute(int image, int group, Product product, long matrix) {
      product
          .of(dtype, filters, outSize, depth)
          .left(filter(second, group), depth, 1)
          .right(unfold(image(first, image, group), matrix), outSize, 1)
          .into(output(target, image, group), outSize)
          .run();
    }
  }

  private static final class BackwardData extends UnfoldedProducts {
    BackwardData(ConvSpec spec, DType dtype, Planes planes, Workers workers) {
      super(spec, dtype, planes, spec.input().dim(0), workers);
    }

    @Override
    void compute(int image, int group, Product product, long matrix) {
      long to = image(target, image, group);
      product
          .of(dtype, depth, outSize, filters)
          .left(filter(second, group), 1, depth)
          .right(output(first, image, group), outSize, 1)
          .into(identity ? to : matrix, outSize)
          .run();
      if (!identity) {
        Addresses.ALL.asSlice(to, (long) channels * inSize * bytes).fill((byte) 0);
        im2col.fold(matrix, channels, to);
      }
    }
  }

  /** The images fall into a few parts, each of which is summed up; then the parts are added. */
  private static final class BackwardFilter extends UnfoldedProducts {
    /** Into how many partial sums the images fall, at most. */
    private static final int PARTS = 8;

    /** Partial sums together take at most so many elements. */
    private static final long PARTIAL_ELEMENTS = 1L << 24;

    private final int parts;
    private final long filterBytes;
    private final long partialBytes;
    private final PartialSums ofParts;
    private long sums;

    BackwardFilter(ConvSpec spec, DType dtype, Planes planes, Workers workers) {
      super(spec, dtype, planes, parts(spec), workers);
      long elements = spec.filter().size();
      this.parts = parts(spec);
      this.filterBytes = elements * bytes;
      this.partialBytes = parts == 1 ? 0 : Scratch.aligned(parts * filterBytes);
      this.ofParts = PartialSums.ofParts(dtype, parts, elements);
    }

    /** {@return into how many parts images fall; by the problem alone: threads change no bit} */
    private static int parts(ConvSpec spec) {
      long most = PARTIAL_ELEMENTS / spec.filter().size();
      return Math.clamp(Math.min(spec.input().dim(0), most), 1, PARTS);
    }

    @Override
    public long scratchBytes() {
      return partialBytes + super.scratchBytes();
    }

    @Override
    public void run(long first, long second, long target, long scratch, Epilogue epilogue) {
      this.sums = parts == 1 ? target : scratch;
      Addresses.ALL.asSlice(sums, parts * filterBytes).fill((byte) 0);
      super.run(first, second, target, scratch + partialBytes, epilogue);
      if (parts > 1) {
        ofParts.run(sums, target, workers);
      }
    }

    @Override
    void compute(int part, int group, Product product, long matrix) {
      int end = (int) ((part + 1L) * images / parts);
      for (int image = (int) ((long) part * images / parts); image < end; image++) {
        product
            .of(dtype, filters, depth, outSize)
            .factors(1, 1)
            .left(output(second, image, group), outSize, 1)
            .right(unfold(image(first, image, group), matrix), 1, outSize)
            .into(filter(sums + part * filterBytes, group), depth)
            .run();
      }
    }
  }
}
