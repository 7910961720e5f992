package dev.lanewise.graph;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Drops calls whose results nobody reads, and outputs of elementwise calls that nobody reads. What
 * a run returns and what it writes into arrays of the program is needed.
 */
public final class DeadCode implements Pass {
  /** Makes the pass. */
  public DeadCode() {}

  @Override
  public String name() {
    return "dead code";
  }

  @Override
  public Program apply(Program program) {
    Set<Buffer> needed = new HashSet<>();
    program.outputs().forEach(output -> needed.add(output.buffer()));
    List<KernelCall> kept = new ArrayList<>();
    for (KernelCall instruction : program.instructions().reversed()) {
      KernelCall rest = rest(instruction, needed);
      if (rest != null) {
        kept.add(rest);
        rest.reads().forEach(view -> needed.add(view.buffer()));
      }
    }
    return program.with(kept.reversed());
  }

  /** {@return what of a call is needed; {@code null} if nothing is} */
  private static KernelCall rest(KernelCall instruction, Set<Buffer> needed) {
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < instruction.outs().size(); i++) {
      View out = instruction.outs().get(i);
      if (out != null && isNeeded(out.buffer(), needed)) {
        places.add(i);
      }
    }
    if (places.isEmpty()) {
      return instruction.op().acts() ? instruction : null;
    }
    if (!(instruction.op() instanceof Op.Elementwise op) || places.size() == op.exprs().size()) {
      return instruction;
    }
    Op fewer = new Op.Elementwise(places.stream().map(op.exprs()::get).toList(), op.scalars());
    List<View> outs = places.stream().map(instruction.outs()::get).toList();
    return new KernelCall(fewer, outs, instruction.ins());
  }

  private static boolean isNeeded(Buffer buffer, Set<Buffer> needed) {
    return !buffer.is(Buffer.Role.TEMPORARY) || needed.contains(buffer);
  }
}
