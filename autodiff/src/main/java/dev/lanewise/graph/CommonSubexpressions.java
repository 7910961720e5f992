package dev.lanewise.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Computes once what several calls compute of the same numbers. Random numbers are left alone. */
public final class CommonSubexpressions implements Pass {
  /** Makes the pass. */
  public CommonSubexpressions() {}

  /** What a call computes: the same of the same is the same. */
  private record Key(Op op, List<View> ins) {}

  @Override
  public String name() {
    return "common subexpressions";
  }

  @Override
  public Program apply(Program program) {
    Uses uses = Uses.of(program.instructions(), List.of());
    Map<Key, KernelCall> known = new HashMap<>();
    Map<Buffer, Buffer> same = new HashMap<>();
    List<KernelCall> kept = new ArrayList<>();
    for (KernelCall original : program.instructions()) {
      KernelCall instruction = original.renamed(same);
      Key key = new Key(instruction.op(), instruction.ins());
      KernelCall earlier = isPlain(instruction, uses) ? known.get(key) : null;
      if (earlier != null && fits(earlier, instruction)) {
        for (int i = 0; i < earlier.outs().size(); i++) {
          if (instruction.outs().get(i) != null) {
            same.put(instruction.outs().get(i).buffer(), earlier.outs().get(i).buffer());
          }
        }
        continue;
      }
      kept.add(instruction);
      // What was computed of numbers that change now is not what they give afterwards.
      List<View> written = instruction.writes();
      known.values().removeIf(one -> Uses.meet(written, one.reads()));
      if (isPlain(instruction, uses) && !Uses.meet(written, instruction.reads())) {
        known.put(key, instruction);
      }
    }
    List<View> outputs = program.outputs().stream().map(view -> view.renamed(same)).toList();
    return program.with(kept, outputs);
  }

  /**
   * {@return whether a call always gives the same, in buffers that are written once, as a whole}
   */
  private static boolean isPlain(KernelCall instruction, Uses uses) {
    return !(instruction.op() instanceof FlowOp)
        && !instruction.op().isRandom()
        && !instruction.op().readsOuts()
        && instruction.writes().stream().allMatch(uses::isOnlyWrite);
  }

  private static boolean fits(KernelCall earlier, KernelCall later) {
    for (int i = 0; i < earlier.outs().size(); i++) {
      View one = earlier.outs().get(i);
      View other = later.outs().get(i);
      if (other != null
          && (one == null
              || one.dtype() != other.dtype()
              || !one.layout().equals(other.layout()))) {
        return false;
      }
    }
    return true;
  }
}
