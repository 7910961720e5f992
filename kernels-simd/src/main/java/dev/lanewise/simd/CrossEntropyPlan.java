package dev.lanewise.simd;

import static dev.lanewise.simd.Addresses.ALL;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.lanewise.array.DType;
import dev.lanewise.array.HostMemory;
import dev.lanewise.array.Layout;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Pool;
import dev.lanewise.array.Shape;
import dev.lanewise.kernel.CrossEntropySpec;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.util.Arrays;

/**
 * A cross-entropy made ready. Its loops compare the label of a row, as a number of their type, with
 * the places of the classes.
 */
final class CrossEntropyPlan extends Plan {
  private final DType dtype;
  private final int classes;
  private final RowTiles tiles;
  private final CopyPlan toNumbers;

  /** The call's memory: the places, the labels, and what the loops need. */
  private final long placesBytes;

  private final long labelsBytes;

  /**
   * Plans a call that computes something.
   *
   * @param program of logits, places, labels and {@code rows}
   * @param rows the other arrays: one number for each row, but the gradient by the logits
   */
  CrossEntropyPlan(
      Signature call,
      CrossEntropySpec spec,
      RowProgram program,
      Workers workers,
      NdArray x,
      NdArray labels,
      NdArray... rows) {
    super(call);
    this.dtype = x.dtype();
    this.classes = spec.classes();
    Layout numbers = Layout.contiguous(labels.shape());
    this.toNumbers = new CopyPlan(call, labels.dtype(), labels.layout(), dtype, numbers, workers);
    this.placesBytes = Scratch.aligned((long) classes * dtype.byteSize());
    this.labelsBytes = Scratch.aligned(labels.size() * dtype.byteSize());
    Layout[] layouts = new Layout[3 + rows.length];
    layouts[0] = x.layout();
    layouts[1] = places(spec);
    layouts[2] = stretched(spec, numbers);
    for (int i = 0; i < rows.length; i++) {
      Layout layout = rows[i].layout();
      boolean isGradient = program.kind(3 + i) == RowProgram.Kind.FULL;
      layouts[3 + i] = isGradient ? layout : stretched(spec, layout);
    }
    boolean[] reduced = new boolean[spec.logits().rank()];
    reduced[spec.axis()] = true;
    this.tiles = new RowTiles(program, dtype, reduced, params(spec), workers, layouts);
  }

  private static double[] params(CrossEntropySpec spec) {
    double ignored = spec.ignored().isPresent() ? spec.ignored().getAsLong() : Double.NaN;
    double s = spec.labelSmoothing();
    return new double[] {ignored, 1 - s, s / spec.classes()};
  }

  /** {@return one number for each row, stretched along the classes} */
  private static Layout stretched(CrossEntropySpec spec, Layout rows) {
    Shape kept = spec.logits().reduced(new int[] {spec.axis()}, true);
    return rows.reshape(kept).broadcastTo(spec.logits());
  }

  /** {@return one number for each class, stretched over the rows} */
  private static Layout places(CrossEntropySpec spec) {
    int[] dims = new int[spec.logits().rank()];
    Arrays.fill(dims, 1);
    dims[spec.axis()] = spec.classes();
    return Layout.contiguous(Shape.of(dims)).broadcastTo(spec.logits());
  }

  void run(NdArray x, NdArray labels, NdArray loss) {
    tiles.at(3, Addresses.of(loss));
    run(x, labels);
    Reference.reachabilityFence(loss);
  }

  void run(NdArray x, NdArray labels, NdArray weight, NdArray loss, NdArray xGrad) {
    tiles.at(3, Addresses.of(weight));
    tiles.at(4, Addresses.of(loss));
    tiles.at(5, Addresses.of(xGrad));
    run(x, labels);
    Reference.reachabilityFence(weight);
    Reference.reachabilityFence(loss);
    Reference.reachabilityFence(xGrad);
  }

  private void run(NdArray x, NdArray labels) {
    Pool pool = HostMemory.INSTANCE.pool();
    Pool.Block block = pool.take(placesBytes + labelsBytes + tiles.scratchBytes());
    try {
      long places = block.address();
      long numbers = places + placesBytes;
      count(places);
      toNumbers.run(Addresses.of(labels), numbers);
      tiles.at(0, Addresses.of(x));
      tiles.at(1, places);
      tiles.at(2, numbers);
      tiles.run(numbers + labelsBytes);
    } finally {
      pool.give(block);
    }
    Reference.reachabilityFence(x);
    Reference.reachabilityFence(labels);
  }

  /** Writes 0, 1, 2, … */
  private void count(long places) {
    MemorySegment to = ALL.asSlice(places, (long) classes * dtype.byteSize());
    if (dtype == DType.F32) {
      for (int i = 0; i < classes; i++) {
        to.setAtIndex(JAVA_FLOAT, i, i);
      }
    } else {
      for (int i = 0; i < classes; i++) {
        to.setAtIndex(JAVA_DOUBLE, i, i);
      }
    }
  }
}
