package dev.lanewise.cuda.simt;

import java.util.Arrays;
import java.util.List;

/** The same value for all threads, always. */
final class Constant extends Node {
  final long value;
  private long[] filled = {};

  Constant(SimtType type, int line, long value) {
    super(type, line);
    this.value = type.canonical(value);
  }

  @Override
  long[] evaluate(BlockState state, Mask mask) {
    if (filled.length < state.threads) {
      filled = new long[state.threads];
      Arrays.fill(filled, value);
    }
    return filled;
  }

  /**
   * {@return a node whose operands are constants, evaluated; what would be a fault is an error of
   * the text}
   */
  static Constant fold(Node node) {
    BlockState one =
        new BlockState("", null, List.of(), null, new int[] {1, 1, 1}, new int[] {1, 1, 1}, 0, 0);
    Mask mask = new Mask();
    mask.all(1);
    try {
      return new Constant(node.type, node.line, node.evaluate(one, mask)[0]);
    } catch (SimtFault e) {
      throw new SimtSyntaxException(node.line, e.reason());
    }
  }

  boolean isZeroInteger() {
    return type instanceof ScalarType scalar && scalar.integer() && value == 0;
  }
}
