package dev.lanewise.simd;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Scope;
import dev.lanewise.kernel.CopySpec;
import java.lang.ref.Reference;
import java.util.Arrays;

/** Copies between layouts and types. */
final class Casting {
  /** Rows shorter than this are packed first: a loop over them would not pay its start. */
  private static final int SHORT_ROW = 64;

  private static final long TASK = 65_536;

  private Casting() {}

  static void copy(CopySpec spec, Workers workers) {
    NdArray from = spec.from();
    NdArray to = spec.to();
    if (from.dtype() == to.dtype()) {
      StridedCopy.run(Nest.of(from, to), workers);
    } else if (to.size() > 0) {
      try (Scope _ = Scope.open("copy temporaries")) {
        convert(from, to, workers);
      }
    }
    Reference.reachabilityFence(spec);
  }

  private static void convert(NdArray from, NdArray to, Workers workers) {
    Nest nest = Nest.of(from, to);
    nest.sortBy(1);
    nest.mergeAll();
    boolean shortRows = nest.rank() > 1 && nest.innerExtent() < SHORT_ROW;
    if (nest.innerStride(0) == 1 && nest.innerStride(1) == 1 && !shortRows) {
      rows(from.dtype(), to.dtype(), nest, workers);
      return;
    }
    if (!Arrays.equals(nest.strides[0], nest.packedStrides(nest.strides[0]))) {
      new Packing(to.device(), from.dtype(), workers).packInput(nest, 0);
    }
    long[] packed = nest.strides[0];
    long size = nest.packedSize(packed); // without what is stretched
    long source = nest.addresses[0];
    if (size == nest.size() && Arrays.equals(nest.strides[1], packed)) {
      dense(from.dtype(), to.dtype(), source, nest.addresses[1], size, workers);
      return;
    }
    Packing packing = new Packing(to.device(), to.dtype(), workers);
    NdArray converted = packing.temporary(size);
    dense(from.dtype(), to.dtype(), source, Addresses.of(converted), size, workers);
    packing.copy(nest.dims, Addresses.of(converted), packed, nest.addresses[1], nest.strides[1]);
    Reference.reachabilityFence(converted);
  }

  private static void dense(
      DType from, DType to, long source, long target, long size, Workers workers) {
    workers.run(
        Math.toIntExact((size + TASK - 1) / TASK),
        t -> {
          long first = t * TASK;
          Conversion.run(
              from,
              to,
              source + first * from.byteSize(),
              target + first * to.byteSize(),
              Math.min(TASK, size - first));
        });
  }

  /** Row after row, where neighbours lie side by side on both sides. */
  private static void rows(DType from, DType to, Nest nest, Workers workers) {
    long cols = nest.innerExtent();
    if (nest.rank() <= 1) {
      dense(from, to, nest.addresses[0], nest.addresses[1], cols, workers);
      return;
    }
    long rows = nest.size() / cols;
    long perTask = Math.max(1, TASK / cols);
    workers.run(
        Math.toIntExact((rows + perTask - 1) / perTask),
        t -> {
          for (long r = t * perTask; r < Math.min(rows, (t + 1) * perTask); r++) {
            long source = nest.addresses[0] + nest.rowOffset(0, r) * from.byteSize();
            long target = nest.addresses[1] + nest.rowOffset(1, r) * to.byteSize();
            Conversion.run(from, to, source, target, cols);
          }
        });
  }
}
