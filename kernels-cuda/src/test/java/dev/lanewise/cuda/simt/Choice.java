package dev.lanewise.cuda.simt;

/**
 * {@code c ? x : y}, and by it {@code && || !}: an operand that is not asked for is not evaluated.
 */
final class Choice extends Node {
  private final Node condition;
  private final Node yes;
  private final Node no;
  private final Mask some = new Mask();
  private final Mask others = new Mask();

  /** The condition is a bool, the others have the result's type. */
  Choice(Node condition, Node yes, Node no, int line) {
    super(yes.type, line);
    this.condition = condition;
    this.yes = yes;
    this.no = no;
  }

  @Override
  long[] evaluate(BlockState state, Mask mask) {
    long[] asked = condition.evaluate(state, mask);
    some.select(mask, asked, true);
    if (some.count == mask.count) {
      return yes.evaluate(state, mask);
    }
    if (some.count == 0) {
      return no.evaluate(state, mask);
    }
    long[] z = room(state);
    // The condition's array may be a variable, which an operand may set: so its use ends before
    // they are evaluated.
    others.select(mask, asked, false);
    some.copyValues(yes.evaluate(state, some), z);
    others.copyValues(no.evaluate(state, others), z);
    return z;
  }
}
