package dev.lanewise.graph;

import dev.lanewise.kernel.BinaryOp;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.Exprs;
import dev.lanewise.kernel.UnaryOp;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Expressions in files: a list of their parts, each of which names earlier ones by number, so that
 * nothing is nested. {@code ["x0", "p0", "MUL 0 1", "RELU 2"]} is {@code relu(x0 · p0)}.
 */
final class ExprCodec {
  private static final int MOST_PARTS = 10_000;

  private ExprCodec() {}

  static List<Object> write(Expr expr) {
    Map<Expr, Integer> numbers = new HashMap<>();
    List<Object> parts = new ArrayList<>();
    for (Expr part : Exprs.parts(expr)) {
      parts.add(
          switch (part) {
            case Expr.Arg arg -> "x" + arg.index();
            case Expr.Param param -> "p" + param.index();
            case Expr.Const constant -> Double.toString(constant.value());
            case Expr.Unary unary -> unary.op().name() + " " + numbers.get(unary.x());
            case Expr.Binary binary ->
                binary.op().name() + " " + numbers.get(binary.x()) + " " + numbers.get(binary.y());
            case Expr.Select select ->
                "SELECT "
                    + numbers.get(select.condition())
                    + " "
                    + numbers.get(select.ifTrue())
                    + " "
                    + numbers.get(select.ifFalse());
          });
      numbers.put(part, numbers.size());
    }
    return parts;
  }

  static Expr read(Fields from) {
    List<Fields> parts = from.list(1, MOST_PARTS);
    List<Expr> done = new ArrayList<>();
    for (Fields part : parts) {
      done.add(read(part, done));
    }
    return done.getLast();
  }

  private static Expr read(Fields part, List<Expr> done) {
    String text = part.text();
    String[] words = text.split(" ", -1);
    try {
      if (words.length == 1 && text.startsWith("x")) {
        return Expr.arg(Integer.parseInt(text.substring(1)));
      }
      if (words.length == 1 && text.startsWith("p")) {
        return Expr.param(Integer.parseInt(text.substring(1)));
      }
      Expr[] operands = new Expr[words.length - 1];
      for (int i = 0; i < operands.length; i++) {
        operands[i] = done.get(Integer.parseInt(words[i + 1]));
      }
      return switch (operands.length) {
        case 0 -> Expr.constant(Double.parseDouble(text));
        case 1 -> Expr.unary(UnaryOp.valueOf(words[0]), operands[0]);
        case 2 -> Expr.binary(BinaryOp.valueOf(words[0]), operands[0], operands[1]);
        case 3 -> select(words[0], operands);
        default -> throw new IllegalArgumentException("too many operands");
      };
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw part.wrong("an argument, a scalar, a number or an operation on earlier parts", text, e);
    }
  }

  private static Expr select(String word, Expr... operands) {
    if (!word.equals("SELECT")) {
      throw new IllegalArgumentException("not an operation on three parts");
    }
    return Expr.select(operands[0], operands[1], operands[2]);
  }
}
