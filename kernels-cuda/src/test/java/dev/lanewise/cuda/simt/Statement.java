package dev.lanewise.cuda.simt;

import java.util.List;

/**
 * A statement, run by many threads at once. A thread that breaks, continues or returns notes it in
 * the state's jumps; the statements around leave it out from then on.
 */
abstract class Statement {
  final int line;

  /** Whether a thread may leave it by a jump to a place outside of it. */
  final boolean jumps;

  /** Whether one of these jumps is a return. */
  final boolean returns;

  Statement(int line, boolean jumps, boolean returns) {
    this.line = line;
    this.jumps = jumps;
    this.returns = returns;
  }

  abstract void run(BlockState state, Mask mask);

  /** An expression for its effect; a declaration with a value is one too. */
  static final class Effect extends Statement {
    private final Node node;

    Effect(Node node) {
      super(node.line, false, false);
      this.node = node;
    }

    @Override
    void run(BlockState state, Mask mask) {
      node.evaluate(state, mask);
    }
  }

  /** A declaration without a value. */
  static final class Declare extends Statement {
    private final Variable variable;

    Declare(Variable variable, int line) {
      super(line, false, false);
      this.variable = variable;
    }

    @Override
    void run(BlockState state, Mask mask) {
      variable.forget(state, mask);
    }
  }

  /** A declaration of a local array. */
  static final class DeclareArray extends Statement {
    private final DeviceArray.Local array;

    DeclareArray(DeviceArray.Local array, int line) {
      super(line, false, false);
      this.array = array;
    }

    @Override
    void run(BlockState state, Mask mask) {
      array.declare(state, mask);
    }
  }

  /** Statements in a row. */
  static final class Sequence extends Statement {
    private final Statement[] statements;
    private final Mask rest = new Mask();

    Sequence(List<Statement> statements, int line) {
      super(
          line,
          statements.stream().anyMatch(s -> s.jumps),
          statements.stream().anyMatch(s -> s.returns));
      this.statements = statements.toArray(Statement[]::new);
    }

    @Override
    void run(BlockState state, Mask mask) {
      Mask current = mask;
      for (Statement statement : statements) {
        statement.run(state, current);
        if (statement.jumps) {
          rest.staying(current, state.jumps);
          if (rest.count == 0) {
            return;
          }
          current = rest;
        }
      }
    }
  }

  /** if and else. */
  static final class If extends Statement {
    private final Node condition;
    private final Statement yes;
    private final Statement no;
    private final Mask some = new Mask();
    private final Mask others = new Mask();

    /** The last may be null. */
    If(Node condition, Statement yes, Statement no, int line) {
      super(line, yes.jumps || no != null && no.jumps, yes.returns || no != null && no.returns);
      this.condition = condition;
      this.yes = yes;
      this.no = no;
    }

    @Override
    void run(BlockState state, Mask mask) {
      long[] is = condition.evaluate(state, mask);
      some.select(mask, is, true);
      if (no != null && some.count < mask.count) {
        others.select(mask, is, false);
      } else {
        others.count = 0;
      }
      if (some.count > 0) {
        yes.run(state, some);
      }
      if (others.count > 0) {
        no.run(state, others);
      }
    }
  }

  /** while, do and for. */
  static final class Loop extends Statement {
    private final Node condition;
    private final Node step;
    private final Statement body;
    private final boolean testFirst;
    private final Mask current = new Mask();

    /** Condition and step may be null. */
    Loop(Node condition, Node step, Statement body, boolean testFirst, int line) {
      super(line, body.returns, body.returns);
      this.condition = condition;
      this.step = step;
      this.body = body;
      this.testFirst = testFirst;
    }

    @Override
    void run(BlockState state, Mask mask) {
      current.copy(mask);
      for (boolean test = testFirst; ; test = true) {
        if (test && condition != null) {
          current.select(current, condition.evaluate(state, current), true);
          if (current.count == 0) {
            break;
          }
        }
        body.run(state, current);
        if (body.jumps) {
          current.land(state.jumps, BlockState.CONTINUE);
          current.staying(current, state.jumps);
          if (current.count == 0) {
            break;
          }
        }
        if (step != null) {
          step.evaluate(state, current);
        }
      }
      if (body.jumps) {
        mask.land(state.jumps, BlockState.BREAK);
      }
    }
  }

  /** break, continue and return. */
  static final class Jump extends Statement {
    private final byte kind;
    private final Function function;
    private final Node value;

    /**
     * @param function what a return leaves, or null
     * @param value what a return gives, or null
     */
    Jump(byte kind, Function function, Node value, int line) {
      super(line, true, kind == BlockState.RETURN);
      this.kind = kind;
      this.function = function;
      this.value = value;
    }

    @Override
    void run(BlockState state, Mask mask) {
      if (value != null) {
        mask.copyValues(value.evaluate(state, mask), function.returned(state));
      }
      for (int k = 0; k < mask.count; k++) {
        state.jumps[mask.lanes[k]] = kind;
      }
      if (function != null && function.kernel()) {
        state.live -= mask.count;
      }
    }
  }

  /** __syncthreads(). */
  static final class Barrier extends Statement {
    Barrier(int line) {
      super(line, false, false);
    }

    @Override
    void run(BlockState state, Mask mask) {
      if (mask.count != state.live) {
        throw state.fault(
            line,
            mask.first(),
            "%d of %d threads come to __syncthreads(); all that have not returned must"
                .formatted(mask.count, state.live));
      }
      state.epoch++;
    }
  }
}
