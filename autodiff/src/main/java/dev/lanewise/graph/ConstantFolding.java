package dev.lanewise.graph;

import dev.lanewise.array.NdArray;
import dev.lanewise.array.Scope;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Computes now what does not depend on what a run is given: calls that read constants alone, or
 * nothing. Results of up to {@value #MOST_BYTES} bytes become constants; larger ones are computed
 * in each run, in memory that others use too.
 */
public final class ConstantFolding implements Pass {
  private static final long MOST_BYTES = 1 << 16;

  /** Makes the pass. */
  public ConstantFolding() {}

  @Override
  public String name() {
    return "constant folding";
  }

  @Override
  public Program apply(Program program) {
    Uses uses = Uses.of(program.instructions(), List.of());
    Map<Buffer, Buffer> folded = new HashMap<>();
    List<KernelCall> kept = new ArrayList<>();
    for (KernelCall original : program.instructions()) {
      KernelCall instruction = original.renamed(folded);
      if (isConstant(instruction, uses)) {
        Scope.outside(() -> fold(program, instruction, folded));
      } else {
        kept.add(instruction);
      }
    }
    List<View> outputs = program.outputs().stream().map(output -> output.renamed(folded)).toList();
    return program.with(kept, outputs);
  }

  private static boolean isConstant(KernelCall instruction, Uses uses) {
    Op op = instruction.op();
    return !(op instanceof Op.Random || op instanceof FlowOp)
        && !op.scalars().isLive()
        && !op.readsOuts()
        && instruction.reads().stream().allMatch(in -> in.buffer().is(Buffer.Role.CONSTANT))
        && instruction.writes().stream()
            .allMatch(out -> uses.isOnlyWrite(out) && out.buffer().byteSize() <= MOST_BYTES);
  }

  private static Void fold(Program program, KernelCall instruction, Map<Buffer, Buffer> folded) {
    NdArray[] outs = new NdArray[instruction.outs().size()];
    NdArray[] ins = new NdArray[instruction.ins().size()];
    for (int i = 0; i < outs.length; i++) {
      View out = instruction.outs().get(i);
      if (out != null) {
        Buffer buffer = out.buffer();
        NdArray array = NdArray.uninitialized(program.backend(), buffer.dtype(), buffer.row());
        folded.put(buffer, buffer.constant(array));
        outs[i] = array.view(out.layout());
      }
    }
    for (int i = 0; i < ins.length; i++) {
      View in = instruction.ins().get(i);
      ins[i] = in == null ? null : in.buffer().array().view(in.layout());
    }
    instruction.op().bind(program.backend(), outs, ins).run();
    return null;
  }
}
