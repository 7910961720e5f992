package dev.lanewise.simd;

import dev.lanewise.array.DType;
import dev.lanewise.kernel.ReduceOp;

/**
 * What a loop over a block of rows and columns does.
 *
 * @param form what it does with the values
 * @param body how the values are computed
 * @param rowConstant for each argument, whether it has one element a row instead of one a column
 * @param op how values are combined; null for {@link Form#MAP}
 */
record LoopSpec(Form form, Lowering.Body body, boolean[] rowConstant, ReduceOp op) {
  /**
   * The most calls of vector methods for whole vectors: room is left for those of a row's last,
   * partial vector. {@link GeneratedClass} says why there is a limit.
   */
  private static final int MOST_CALLS = 90;

  /** How many vectors a reduction works on at a time: an add takes 4 cycles, 2 start each cycle. */
  private static final int ACCUMULATORS = 4;

  /** The calls that combine accumulators and their lanes. */
  private static final int COMBINING_CALLS = 14;

  int inputs() {
    return rowConstant.length;
  }

  int outputs() {
    return body.results().length;
  }

  DType dtype() {
    return body.ssa().dtype();
  }

  int lanes() {
    return Lanes.BITS / Byte.SIZE / dtype().byteSize();
  }

  /** {@return how a reduction combines two values} */
  Ssa.Op combining() {
    return switch (op) {
      case SUM -> Ssa.Op.ADD;
      case PROD -> Ssa.Op.MUL;
      case MAX -> Ssa.Op.MAX;
      case MIN -> Ssa.Op.MIN;
    };
  }

  /** {@return the value that changes nothing in a reduction, as {@link Ssa#scalarBits}} */
  long identityBits() {
    return dtype().isInteger() ? op.identity(dtype()) : Ssa.scalarBits(dtype(), op.identity());
  }

  /**
   * {@return whether the loop is better interpreted than compiled} It has masks where C2 has none;
   * nor have processors an instruction that divides integers.
   */
  boolean isForBlocks() {
    return body.ssa().hasMasks() && !Lanes.hasMasks(dtype().byteSize())
        || body.ssa().dividesIntegers();
  }

  /** {@return how many vectors a reduction works on at a time, in the last of its parts} */
  int repeats() {
    if (form == Form.MAP) {
      return 1;
    }
    return LoopPart.of(this).getLast().spec().fits(ACCUMULATORS + 1) ? ACCUMULATORS : 1;
  }

  /** {@return whether a method may contain so many copies of the loop's turn} */
  boolean fits(int copies) {
    int once = form == Form.MAP ? 0 : COMBINING_CALLS;
    int turn = form == Form.MAP ? outputs() : 1;
    for (Ssa.Instruction i : body.ssa().code()) {
      turn += LoopCode.calls(i.op());
      once += i.op() == Ssa.Op.PARAM ? 1 : 0;
    }
    return copies * turn + once <= MOST_CALLS;
  }
}
