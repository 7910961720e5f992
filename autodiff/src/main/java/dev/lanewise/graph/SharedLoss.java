package dev.lanewise.graph;

import java.util.ArrayList;
import java.util.List;

/**
 * Computes a cross-entropy and its gradient in one call: the one for the gradient gives the loss
 * too, with the same bits.
 */
public final class SharedLoss implements Pass {
  /** Makes the pass. */
  public SharedLoss() {}

  @Override
  public String name() {
    return "shared loss";
  }

  @Override
  public Program apply(Program program) {
    List<KernelCall> list = new ArrayList<>(program.instructions());
    for (int i = 0; i < list.size(); i++) {
      if (isCall(list.get(i), Kernel.CROSS_ENTROPY)) {
        share(list, program.outputs(), i);
      }
    }
    return program.with(list);
  }

  private static boolean isCall(KernelCall instruction, Kernel kernel) {
    return instruction.op() instanceof Op.Fixed fixed && fixed.kernel() == kernel;
  }

  private static void share(List<KernelCall> list, List<View> outputs, int loss) {
    Uses uses = Uses.of(list, outputs);
    KernelCall forward = list.get(loss);
    for (int g = loss + 1; g < list.size(); g++) {
      KernelCall gradient = list.get(g);
      boolean fits =
          isCall(gradient, Kernel.CROSS_ENTROPY_WITH_GRADIENT)
              && attributes(gradient).equals(attributes(forward))
              && gradient.ins().subList(0, 2).equals(forward.ins())
              && gradient.outs().getFirst().shape().equals(forward.outs().getFirst().shape())
              && forward.outs().getFirst().isWhole()
              && uses.onlyWriter(forward.outs().getFirst().buffer()) == loss
              && !uses.isRead(gradient.outs().getFirst().buffer());
      if (fits) {
        int at = hoisted(list, loss, g);
        if (at >= 0) {
          List<View> outs = List.of(forward.outs().getFirst(), gradient.outs().get(1));
          list.set(at, new KernelCall(gradient.op(), outs, gradient.ins()));
          list.remove(at + 1); // the forward call
        }
        return;
      }
    }
  }

  private static List<Object> attributes(KernelCall instruction) {
    return ((Op.Fixed) instruction.op()).attributes();
  }

  /**
   * Moves an instruction, with what it needs, before an earlier one.
   *
   * @return where it is then; negative if it can not be moved, and nothing was
   */
  private static int hoisted(List<KernelCall> list, int to, int from) {
    List<Integer> moved = new ArrayList<>(List.of(from));
    for (int i = from - 1; i >= to; i--) {
      boolean needed = false;
      for (int m : moved) {
        needed |= Uses.depends(list.get(m), list.get(i));
      }
      if (needed) {
        if (i == to) {
          return -1;
        }
        moved.addFirst(i);
      }
    }
    List<KernelCall> block = moved.stream().map(list::get).toList();
    for (int i = moved.size() - 1; i >= 0; i--) {
      list.remove((int) moved.get(i));
    }
    list.addAll(to, block);
    return to + block.size() - 1;
  }
}
