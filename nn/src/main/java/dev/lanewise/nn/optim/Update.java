package dev.lanewise.nn.optim;

import dev.lanewise.kernel.Expr;
import java.util.ArrayList;
import java.util.List;

/**
 * What a step computes for each element of a weight: its new value, and that of each array of its
 * state. All read the values of before the step. Immutable.
 *
 * {@snippet :
 * Expr velocity = Update.state(0).mul(Expr.param(1)).add(Update.GRADIENT);
 * Expr weight = Update.WEIGHT.sub(velocity.mul(Expr.param(0)));
 * return Update.of(weight).keeping("velocity", velocity);
 * }
 */
public final class Update {
  /** The element of the gradient. */
  public static final Expr GRADIENT = Expr.arg(0);

  /** The element of the weight. */
  public static final Expr WEIGHT = Expr.arg(1);

  private static final int FIRST_STATE = 2;

  /** An array of the state: what it is called, how it begins, and what becomes of it. */
  record State(String name, double first, Expr next) {}

  private final Expr weight;
  private final List<State> states;

  private Update(Expr weight, List<State> states) {
    this.weight = weight;
    this.states = states;
  }

  /**
   * {@return the element of an array of the state}
   *
   * @param index which, in the order of {@link #keeping}, from 0
   * @throws IllegalArgumentException if it is negative
   */
  public static Expr state(int index) {
    if (index < 0) {
      throw new IllegalArgumentException("Update.state: index " + index + " is negative");
    }
    return Expr.arg(FIRST_STATE + index);
  }

  /**
   * {@return an update without a state}
   *
   * @param weight the new value of the weight
   */
  public static Update of(Expr weight) {
    return new Update(weight, List.of());
  }

  /**
   * {@return this update with one more array of state, which begins with 0}
   *
   * @param name what a saved state calls it
   * @param next its new value
   * @throws IllegalArgumentException if another has its name
   */
  public Update keeping(String name, Expr next) {
    return keeping(name, 0, next);
  }

  /**
   * {@return this update with one more array of state}
   *
   * @param name what a saved state calls it
   * @param first the value of all its elements before the first step
   * @param next its new value
   * @throws IllegalArgumentException if another has its name
   */
  public Update keeping(String name, double first, Expr next) {
    List<State> more = new ArrayList<>(states);
    for (State state : states) {
      if (state.name.equals(name)) {
        throw new IllegalArgumentException("Update.keeping: there is a '" + name + "' already");
      }
    }
    more.add(new State(name, first, next));
    return new Update(weight, List.copyOf(more));
  }

  Expr weight() {
    return weight;
  }

  List<State> states() {
    return states;
  }

  /** {@return how many scalars there must be} */
  int params() {
    int params = weight.params();
    for (State state : states) {
      params = Math.max(params, state.next.params());
    }
    return params;
  }
}
