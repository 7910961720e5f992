package dev.lanewise.cuda.simt;

import java.util.List;
import java.util.stream.Collectors;

/** A function or kernel of a program. */
final class Function {
  final String name;
  final SimtType result;
  final List<Variable> parameters;

  /** The most threads of a block, for a kernel; 0 for a function. */
  final int mostThreads;

  /** Null until the whole text of the function is read. */
  Statement body;

  private long[] returned = {};

  Function(String name, SimtType result, List<Variable> parameters, int mostThreads) {
    this.name = name;
    this.result = result;
    this.parameters = parameters;
    this.mostThreads = mostThreads;
  }

  boolean kernel() {
    return mostThreads > 0;
  }

  List<SimtType> types() {
    return parameters.stream().map(p -> p.type).toList();
  }

  /** {@return the values that its threads have returned} */
  long[] returned(BlockState state) {
    if (returned.length < state.threads) {
      returned = new long[state.threads];
    }
    return returned;
  }

  @Override
  public String toString() {
    return name
        + types().stream().map(Object::toString).collect(Collectors.joining(", ", "(", ")"));
  }
}
