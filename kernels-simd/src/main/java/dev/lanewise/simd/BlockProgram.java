package dev.lanewise.simd;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A loop's body for {@link BlockLoop}: instructions whose operands are registers of a block's
 * elements. A register is used again as soon as its value is not needed any more, so that all of
 * them stay in the innermost cache.
 */
final class BlockProgram {

  /**
   * One instruction.
   *
   * @param op what to do
   * @param target the register of the result
   * @param a the first operand's register; of an argument or scalar, its number
   * @param b the second operand's register
   * @param c the third's
   * @param valueBits a constant, as {@link Ssa#scalarBits} gives it
   */
  record Step(Ssa.Op op, int target, int a, int b, int c, long valueBits) {}

  /** Constants and scalars: set once, in registers that nothing else uses. */
  final Step[] preamble;

  /** Arguments: loaded for each block before anything is computed. */
  final Step[] loads;

  /** What is computed from them. */
  final Step[] body;

  /** The register of each result. */
  final int[] results;

  /** How many registers there are. */
  final int registers;

  BlockProgram(Lowering.Body source) {
    List<Ssa.Instruction> code = source.ssa().code();
    int[] lastUse = lastUses(code, source.results());
    int[] place = new int[code.size()];
    boolean[] free = new boolean[code.size()];
    int used = 0;
    List<Step> first = new ArrayList<>();
    List<Step> arguments = new ArrayList<>();
    List<Step> rest = new ArrayList<>();
    for (int i = 0; i < place.length; i++) {
      Ssa.Instruction in = code.get(i);
      if (in.op().operands() == 0) {
        place[i] = used++;
        List<Step> list = in.op() == Ssa.Op.ARG ? arguments : first;
        list.add(new Step(in.op(), place[i], in.a(), 0, 0, in.valueBits()));
        continue;
      }
      int[] from = new int[3];
      int count = 0;
      for (int operand : in.operands()) {
        from[count++] = place[operand];
        free[place[operand]] |= lastUse[operand] == i;
      }
      // Element by element a result may take the place of an operand.
      int at = 0;
      while (at < used && !free[at]) {
        at++;
      }
      used = Math.max(used, at + 1);
      free[at] = false;
      place[i] = at;
      rest.add(new Step(in.op(), at, from[0], from[1], from[2], 0));
    }
    preamble = first.toArray(Step[]::new);
    loads = arguments.toArray(Step[]::new);
    body = rest.toArray(Step[]::new);
    results = Arrays.stream(source.results()).map(r -> place[r]).toArray();
    registers = used;
  }

  /** {@return for each value the last instruction that needs it; past the end for a result} */
  private static int[] lastUses(List<Ssa.Instruction> code, int[] results) {
    int[] last = new int[code.size()];
    for (int i = 0; i < last.length; i++) {
      for (int operand : code.get(i).operands()) {
        last[operand] = i;
      }
    }
    for (int i = 0; i < last.length; i++) {
      Ssa.Op op = code.get(i).op();
      if (op == Ssa.Op.CONST || op == Ssa.Op.PARAM) {
        last[i] = last.length;
      }
    }
    for (int result : results) {
      last[result] = last.length;
    }
    return last;
  }
}
