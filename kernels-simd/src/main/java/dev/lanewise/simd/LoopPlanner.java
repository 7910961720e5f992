package dev.lanewise.simd;

import dev.lanewise.array.DType;
import dev.lanewise.array.Layout;
import dev.lanewise.array.NdArray;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.ReduceOp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A {@link LoopPlan} in the making. Neighbours along the innermost axis of a loop must lie side by
 * side: arrays that do not fit are copied to temporaries before, and from them afterwards.
 */
final class LoopPlanner {
  private final DType dtype;
  private final int arrays;
  private final List<Stage> stages = new ArrayList<>();
  private long temporaryBytes;

  /** What loops read instead of the call's scalars; or null. */
  private double[] scalars;

  /**
   * Begins a plan.
   *
   * @param arrays how many arrays the call has; each is a base of the stages
   */
  LoopPlanner(DType dtype, int arrays) {
    this.dtype = dtype;
    this.arrays = arrays;
  }

  /** An array of a stage: its layout and the stand-in address of its first element. */
  record Operand(Layout layout, long address) {}

  /** {@return some of the call's arrays, whose bases count from {@code first}} */
  static List<Operand> operands(int first, NdArray... of) {
    List<Operand> operands = new ArrayList<>();
    for (NdArray array : of) {
      operands.add(new Operand(array.layout(), Stage.standIn(first + operands.size())));
    }
    return operands;
  }

  /** {@return the stand-in address of memory for so many elements} */
  long temporary(long elements) {
    long address = Stage.standIn(arrays) + temporaryBytes;
    long bytes = Scratch.aligned(Math.multiplyExact(elements, dtype.byteSize()));
    temporaryBytes = Math.addExact(temporaryBytes, bytes);
    return address;
  }

  /** {@return the loops over arrays of one shape} */
  Nest nest(List<Operand> operands) {
    Nest nest = Nest.of(dtype, operands.stream().map(Operand::layout).toArray(Layout[]::new));
    for (int i = 0; i < nest.addresses.length; i++) {
      nest.addresses[i] = operands.get(i).address;
    }
    return nest;
  }

  /** Gives scalars to the loops that follow, which then do not read the call's. */
  void scalars(double[] values) {
    scalars = values;
  }

  /** Computes expressions element by element. */
  void elementwise(List<Expr> exprs, List<Operand> ins, List<Operand> outs) {
    List<Operand> all = new ArrayList<>(ins);
    all.addAll(outs);
    map(exprs, nest(all));
  }

  /**
   * Computes expressions in one loop.
   *
   * @param nest the arrays that are read and behind them, for each expression, one that is written
   */
  void map(List<Expr> exprs, Nest nest) {
    int ins = nest.addresses.length - exprs.size();
    nest.sortBy(ins);
    nest.mergeAll();
    boolean[] rowConstant = packInputs(nest, ins);
    long[] targets = nest.addresses.clone();
    long[][] targetStrides = nest.strides.clone();
    for (int i = ins; i < targets.length; i++) {
      if (nest.innerStride(i) != 1) {
        nest.addresses[i] = temporary(nest.size());
        nest.strides[i] = nest.packedStrides(nest.strides[i]);
      }
    }
    loop(Form.MAP, exprs, null, rowConstant, nest);
    for (int i = ins; i < targets.length; i++) {
      if (nest.addresses[i] != targets[i]) {
        copy(nest.dims, nest.addresses[i], nest.strides[i], targets[i], targetStrides[i]);
      }
    }
  }

  /**
   * Lets a nest use copies of the inputs that a loop can not run through.
   *
   * @return for each input, whether it has one element a row
   */
  boolean[] packInputs(Nest nest, int inputs) {
    boolean[] rowConstant = new boolean[inputs];
    for (int i = 0; i < inputs; i++) {
      long step = nest.innerStride(i);
      rowConstant[i] = step == 0;
      if (step > 1) {
        packInput(nest, i);
      }
    }
    return rowConstant;
  }

  private void packInput(Nest nest, int array) {
    long[] like = nest.strides[array];
    long[] packed = nest.packedStrides(like);
    long copy = temporary(nest.packedSize(like));
    long[] dims = nest.dims.clone();
    for (int i = 0; i < dims.length; i++) {
      dims[i] = like[i] == 0 ? 1 : dims[i];
    }
    copy(dims, nest.addresses[array], like, copy, packed);
    nest.addresses[array] = copy;
    nest.strides[array] = packed;
  }

  /** Copies elements between stand-in addresses. */
  private void copy(long[] dims, long from, long[] fromStrides, long to, long[] toStrides) {
    long[][] strides = {fromStrides.clone(), toStrides.clone()};
    stages.add(new Stage.Copy(new Nest(null, dtype, dims.clone(), new long[] {from, to}, strides)));
  }

  /**
   * Runs a kernel.
   *
   * @param op how values are combined; null for {@link Form#MAP}
   * @param nest the inputs and behind them the outputs
   */
  void loop(Form form, List<Expr> exprs, ReduceOp op, boolean[] rowConstant, Nest nest) {
    LoopKernel kernel = Kernels.get(form, dtype, exprs, op, rowConstant);
    stages.add(new Stage.Loop(form, kernel, nest, scalars));
  }

  /** Runs a row program over arrays, each at its stand-in address. */
  void rows(RowTiles tiles, long... addresses) {
    long[] all = Arrays.copyOf(addresses, addresses.length + 1);
    all[addresses.length] = temporary(Math.ceilDiv(tiles.scratchBytes(), dtype.byteSize()));
    stages.add(new Stage.Rows(tiles, all));
  }

  /** {@return the plan of a call that computes these expressions} */
  LoopPlan plan(Signature call, List<Expr> exprs, Workers workers) {
    int params = 0;
    for (Expr e : exprs) {
      params = Math.max(params, e.params());
    }
    Stage[] all = stages.toArray(Stage[]::new);
    return new LoopPlan(call, dtype, params, arrays, all, temporaryBytes, workers);
  }
}
