package dev.lanewise.cuda.simt;

/** A call of a function of the program. */
final class Call extends Node {
  private final Function function;
  private final Node[] arguments;

  /** The arguments have the parameters' types. */
  Call(Function function, Node[] arguments, int line) {
    super(function.result, line);
    this.function = function;
    this.arguments = arguments;
  }

  @Override
  long[] evaluate(BlockState state, Mask mask) {
    // All of them before the first is stored: an argument may hold a call of the same function.
    long[][] values = new long[arguments.length][];
    for (int i = 0; i < arguments.length; i++) {
      values[i] = arguments[i].evaluate(state, mask);
    }
    for (int i = 0; i < arguments.length; i++) {
      function.parameters.get(i).store(state, mask, values[i]);
    }
    function.body.run(state, mask);
    long[] z = room(state);
    if (type != ScalarType.VOID) {
      for (int k = 0; k < mask.count; k++) {
        if (state.jumps[mask.lanes[k]] != BlockState.RETURN) {
          throw state.fault(line, mask.lanes[k], function.name + " ends without a return");
        }
      }
      mask.copyValues(function.returned(state), z);
    }
    if (function.body.jumps) {
      mask.land(state.jumps, BlockState.RETURN);
    }
    return z;
  }
}
