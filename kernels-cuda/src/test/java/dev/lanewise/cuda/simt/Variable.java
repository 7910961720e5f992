package dev.lanewise.cuda.simt;

/** A scalar or pointer of a function: a parameter or a local variable. Each thread has its own. */
final class Variable {
  final String name;
  final SimtType type;
  final boolean readOnly;

  /** What a const integer is known to be while the text is parsed, or null. */
  final Constant known;

  /** Whether something in the text assigns to it after its declaration. */
  boolean assigned;

  /** Whether a read must look if the thread has set it: it was declared without a value. */
  boolean tracked;

  private long[] values = {};
  private boolean[] set = {};

  Variable(String name, SimtType type, boolean readOnly, Constant known) {
    this.name = name;
    this.type = type;
    this.readOnly = readOnly;
    this.known = known;
  }

  long[] values(BlockState state) {
    if (values.length < state.threads) {
      values = new long[state.threads];
      set = new boolean[tracked ? state.threads : 0];
    }
    return values;
  }

  void store(BlockState state, Mask mask, long[] from) {
    mask.copyValues(from, values(state));
    if (tracked) {
      mark(mask, true);
    }
  }

  /** Forgets the values: the declaration is passed. */
  void forget(BlockState state, Mask mask) {
    values(state);
    mark(mask, false);
  }

  private void mark(Mask mask, boolean is) {
    for (int k = 0; k < mask.count; k++) {
      set[mask.lanes[k]] = is;
    }
  }

  /** Reads it: the answer is the variable's own array. */
  static final class Read extends Node {
    final Variable variable;

    Read(Variable variable, int line) {
      super(variable.type, line);
      this.variable = variable;
    }

    @Override
    long[] evaluate(BlockState state, Mask mask) {
      long[] values = variable.values(state);
      if (variable.tracked) {
        for (int k = 0; k < mask.count; k++) {
          if (!variable.set[mask.lanes[k]]) {
            throw state.fault(
                line, mask.lanes[k], variable.name + " is read before it has a value");
          }
        }
      }
      return values;
    }
  }

  /** Assigns a value of its type to it. */
  static final class Assign extends Node {
    private final Variable variable;
    private final Node value;

    Assign(Variable variable, Node value, int line) {
      super(variable.type, line);
      this.variable = variable;
      this.value = value;
    }

    @Override
    long[] evaluate(BlockState state, Mask mask) {
      variable.store(state, mask, value.evaluate(state, mask));
      return variable.values(state);
    }
  }
}
