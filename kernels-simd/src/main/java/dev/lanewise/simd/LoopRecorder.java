package dev.lanewise.simd;

import dev.lanewise.array.DType;
import dev.lanewise.array.Device;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Scope;
import dev.lanewise.array.Shape;
import dev.lanewise.array.Storage;
import dev.lanewise.kernel.ElementwiseSpec;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.Loops;
import dev.lanewise.kernel.ReduceOp;
import dev.lanewise.kernel.ReduceSpec;
import dev.lanewise.simd.LoopPlanner.Operand;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Notes loops instead of running them, so that what is composed of several becomes one {@link
 * LoopPlan}. Arrays are told apart by their storages: the plan serves calls in which the same of
 * them share one, see {@link Signature#sharing}.
 */
final class LoopRecorder implements Loops {
  private final Device device;
  private final LoopPlanner planner;

  /** The stand-in address of each storage's first byte. */
  private final Map<Storage, Long> regions = new IdentityHashMap<>();

  private LoopRecorder(Device device, LoopPlanner planner) {
    this.device = device;
    this.planner = planner;
  }

  /**
   * {@return the plan of a call whose arrays are not empty}
   *
   * @param call with {@link Signature#sharing}
   * @param composition runs the loops
   * @param arrays the call's, in the order in which they are told to the plan; null for those that
   *     it does not have
   */
  static LoopPlan plan(
      Signature call, Workers workers, Consumer<LoopRecorder> composition, NdArray... arrays) {
    LoopPlanner planner = new LoopPlanner(arrays[0].dtype(), arrays.length);
    LoopRecorder recorder = new LoopRecorder(arrays[0].device(), planner);
    for (int i = 0; i < arrays.length; i++) {
      NdArray array = arrays[i];
      if (array != null) {
        long begin = Stage.standIn(i) - array.layout().offset() * array.dtype().byteSize();
        recorder.regions.putIfAbsent(array.storage(), begin);
      }
    }
    try (Scope _ = Scope.open("plan")) {
      composition.accept(recorder);
    }
    return planner.plan(call, List.of(), workers);
  }

  /** {@return an array for what lies between two loops: memory of the plan's calls} */
  @Override
  public NdArray uninitialized(DType dtype, Shape shape) {
    NdArray array = NdArray.uninitialized(device, dtype, shape);
    regions.put(array.storage(), planner.temporary(shape.size()));
    return array;
  }

  @Override
  public void elementwise(List<Expr> exprs, NdArray[] outs, double[] params, NdArray... ins) {
    ElementwiseSpec spec = ElementwiseSpec.of(exprs, outs, params, ins);
    planner.scalars(params.clone());
    planner.elementwise(exprs, operands(spec.ins()), operands(outs));
  }

  @Override
  public void reduce(
      ReduceOp op, Expr expr, int[] axes, NdArray out, double[] params, NdArray... ins) {
    ReduceSpec spec = ReduceSpec.of(op, expr, axes, out, params, ins);
    planner.scalars(params.clone());
    ReductionPasses.plan(
        planner,
        spec.op(),
        spec.expr(),
        spec.axes(),
        operands(spec.ins()),
        operands(out).getFirst());
  }

  /** Notes a row program. */
  void rows(RowTiles tiles, NdArray... arrays) {
    planner.rows(tiles, operands(arrays).stream().mapToLong(Operand::address).toArray());
  }

  private List<Operand> operands(NdArray... arrays) {
    List<Operand> operands = new ArrayList<>();
    for (NdArray array : arrays) {
      long offset = array.layout().offset() * array.dtype().byteSize();
      operands.add(new Operand(array.layout(), regions.get(array.storage()) + offset));
    }
    return operands;
  }
}
