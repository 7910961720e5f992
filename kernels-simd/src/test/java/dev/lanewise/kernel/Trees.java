package dev.lanewise.kernel;

import dev.lanewise.array.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Random expressions of the operations that every backend rounds correctly. */
final class Trees {
  /** Functions whose result is the exact one, rounded: every backend gives the same bits. */
  static final List<UnaryOp> EXACT =
      Arrays.stream(UnaryOp.values()).filter(op -> op.ulps() <= 0.5).toList();

  /** Functions that a backend may compute with a small error. */
  static final List<UnaryOp> INEXACT =
      Arrays.stream(UnaryOp.values()).filter(op -> op.ulps() > 0.5).toList();

  private static final List<BinaryOp> BINARY =
      Arrays.stream(BinaryOp.values()).filter(op -> op.ulps() <= 0.5).toList();

  private static final double[] NUMBERS = {0, 1, -2.5, 0.1, Double.NaN};
  private static final double[] INTEGERS = {0, 1, -3, 7, Integer.MIN_VALUE};

  private final Dice dice;
  private final List<UnaryOp> unary;
  private final List<BinaryOp> binary;
  private final List<Expr> known = new ArrayList<>();

  /**
   * Starts with arrays, scalars and numbers to build on.
   *
   * @param dice the choices
   * @param dtype the type that the expressions are for
   * @param args how many arrays
   * @param params how many scalars
   */
  Trees(Dice dice, DType dtype, int args, int params) {
    this.dice = dice;
    boolean integers = dtype.isInteger();
    this.unary = EXACT.stream().filter(op -> !integers || op.isForIntegers()).toList();
    this.binary = BINARY.stream().filter(op -> !integers || op.isForIntegers()).toList();
    for (int i = 0; i < args; i++) {
      known.add(Expr.arg(i));
    }
    for (int i = 0; i < params; i++) {
      known.add(Expr.param(i));
    }
    for (double c : integers ? INTEGERS : NUMBERS) {
      if (dice.oneIn(3) || known.isEmpty()) {
        known.add(Expr.constant(c));
      }
    }
  }

  /** {@return an expression with so many more operations, on top of all before} */
  Expr grow(int operations) {
    for (int i = 0; i < operations; i++) {
      known.add(step());
    }
    return known.getLast();
  }

  private Expr step() {
    return switch (dice.between(0, 9)) {
      case 0, 1, 2 -> Expr.unary(dice.pick(unary), operand());
      case 3 -> Expr.select(operand(), operand(), operand());
      default -> Expr.binary(dice.pick(binary), operand(), operand());
    };
  }

  /** Mostly a late one, so that trees grow deep; sometimes an early one again. */
  private Expr operand() {
    int size = known.size();
    return known.get(
        dice.oneIn(2) ? dice.between(Math.max(0, size - 3), size - 1) : dice.between(0, size - 1));
  }
}
