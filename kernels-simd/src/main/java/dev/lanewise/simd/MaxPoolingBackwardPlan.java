package dev.lanewise.simd;

import static dev.lanewise.simd.Addresses.ALL;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.kernel.PoolSpec;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.util.function.IntConsumer;

/** The gradient of the largest elements of windows made ready; one task for some planes. */
final class MaxPoolingBackwardPlan extends DensePlan implements IntConsumer {
  private final boolean single;
  private final DenseArgument gradients;
  private final DenseArgument found;
  private final DenseArgument output;
  private final int outSize;
  private final long outBytes;
  private final long inBytes;
  private final long planes;
  private final long planesOfTask;
  private final int tasks;

  // One call's.
  private long grads;
  private long places;
  private long to;

  MaxPoolingBackwardPlan(
      Signature call,
      PoolSpec spec,
      NdArray outGrad,
      NdArray indices,
      NdArray xGrad,
      Workers workers) {
    super(call, workers);
    DType dtype = xGrad.dtype();
    PoolWindows windows = new PoolWindows(spec);
    this.single = dtype == DType.F32;
    this.gradients = input(outGrad);
    this.found = input(indices);
    this.output = output(xGrad);
    this.outSize = windows.outSize();
    this.outBytes = (long) outSize * dtype.byteSize();
    this.inBytes = (long) windows.inSize() * dtype.byteSize();
    this.planes = PoolWindows.planes(spec.input());
    this.planesOfTask = Math.max(1, MaxPoolingPlan.TASK / windows.inSize());
    this.tasks = Math.toIntExact(Math.ceilDiv(planes, planesOfTask));
  }

  void run(NdArray outGrad, NdArray indices, NdArray xGrad) {
    gradients.at(outGrad);
    found.at(indices);
    output.at(xGrad);
    run();
    Reference.reachabilityFence(outGrad);
    Reference.reachabilityFence(indices);
    Reference.reachabilityFence(xGrad);
  }

  @Override
  void compute(long memory) {
    grads = gradients.address();
    places = found.address();
    to = output.address();
    workers.run(tasks, this);
  }

  @Override
  public void accept(int task) {
    long end = Math.min(planes, (task + 1) * planesOfTask);
    for (long p = task * planesOfTask; p < end; p++) {
      long plane = to + p * inBytes;
      ALL.asSlice(plane, inBytes).fill((byte) 0);
      long placesOfPlane = places + p * outSize * Integer.BYTES;
      if (single) {
        scatterF32(grads + p * outBytes, placesOfPlane, outSize, plane);
      } else {
        scatterF64(grads + p * outBytes, placesOfPlane, outSize, plane);
      }
    }
  }

  private static void scatterF32(long grads, long places, int count, long plane) {
    MemorySegment from = ALL.asSlice(grads, 4L * count);
    MemorySegment where = ALL.asSlice(places, 4L * count);
    for (int o = 0; o < count; o++) {
      long at = plane + 4L * where.getAtIndex(JAVA_INT, o);
      ALL.set(JAVA_FLOAT, at, ALL.get(JAVA_FLOAT, at) + from.getAtIndex(JAVA_FLOAT, o));
    }
  }

  private static void scatterF64(long grads, long places, int count, long plane) {
    MemorySegment from = ALL.asSlice(grads, 8L * count);
    MemorySegment where = ALL.asSlice(places, 4L * count);
    for (int o = 0; o < count; o++) {
      long at = plane + 8L * where.getAtIndex(JAVA_INT, o);
      ALL.set(JAVA_DOUBLE, at, ALL.get(JAVA_DOUBLE, at) + from.getAtIndex(JAVA_DOUBLE, o));
    }
  }
}
