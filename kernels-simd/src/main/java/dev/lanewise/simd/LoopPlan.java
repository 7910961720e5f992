package dev.lanewise.simd;

import dev.lanewise.array.DType;
import dev.lanewise.array.HostMemory;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Pool;
import dev.lanewise.kernel.Exprs;
import java.lang.ref.Reference;
import java.util.Arrays;

/** A call that consists of loops and copies, one after the other, made ready. */
final class LoopPlan extends Plan {
  private static final double[] NONE = {};

  private final DType dtype;
  private final int params;
  private final Stage[] stages;
  private final long temporaryBytes;
  private final Workers workers;

  /** One call's: where its arrays are, inputs first, and behind them its temporaries. */
  private final long[] places;

  /** One call's arrays, if they are told one by one. */
  private final NdArray[] told;

  /**
   * Makes a plan of stages.
   *
   * @param params how many scalars the stages read
   * @param arrays how many arrays a call has; the base that comes next is its temporaries
   */
  LoopPlan(
      Signature call,
      DType dtype,
      int params,
      int arrays,
      Stage[] stages,
      long temporaryBytes,
      Workers workers) {
    super(call);
    this.dtype = dtype;
    this.params = params;
    this.stages = stages;
    this.temporaryBytes = temporaryBytes;
    this.workers = workers;
    this.places = new long[arrays + 1];
    this.told = new NdArray[arrays];
  }

  /** {@return whether there are enough scalars, of numbers that the type can compute with} */
  boolean takes(double[] scalars) {
    if (scalars.length < params) {
      return false;
    }
    boolean all = true;
    for (int i = 0; i < params && dtype.isInteger(); i++) {
      all &= Exprs.isScalar(dtype, scalars[i]);
    }
    return all;
  }

  /** Runs a call with one output. */
  void run(double[] scalars, NdArray[] ins, NdArray out) {
    place(0, ins);
    places[ins.length] = Addresses.of(out);
    run(scalars);
    Reference.reachabilityFence(ins);
    Reference.reachabilityFence(out);
  }

  /** Runs a call. */
  void run(double[] scalars, NdArray[] ins, NdArray[] outs) {
    place(0, ins);
    place(ins.length, outs);
    run(scalars);
    Reference.reachabilityFence(ins);
    Reference.reachabilityFence(outs);
  }

  /** {@return this, with an array of the next call; null for one that it does not have} */
  LoopPlan at(int array, NdArray x) {
    told[array] = x;
    return this;
  }

  /** Runs a call whose arrays were told one by one, and which has no scalars. */
  void run() {
    for (int i = 0; i < told.length; i++) {
      places[i] = told[i] == null ? 0 : Addresses.of(told[i]);
    }
    run(NONE);
    Reference.reachabilityFence(told);
    Arrays.fill(told, null);
  }

  private void place(int first, NdArray[] arrays) {
    for (int i = 0; i < arrays.length; i++) {
      places[first + i] = Addresses.of(arrays[i]);
    }
  }

  private void run(double[] scalars) {
    if (temporaryBytes == 0) {
      runStages(scalars);
      return;
    }
    Pool pool = HostMemory.INSTANCE.pool();
    Pool.Block block = pool.take(temporaryBytes);
    try {
      places[places.length - 1] = block.address();
      runStages(scalars);
    } finally {
      pool.give(block);
    }
  }

  private void runStages(double[] scalars) {
    for (Stage stage : stages) {
      stage.run(places, scalars, workers);
    }
  }
}
