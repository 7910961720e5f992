package dev.lanewise.cuda.simt;

/**
 * C's rules of types: makes the nodes of operators, with the conversions that their operands need.
 */
final class Typing {
  private Typing() {}

  /**
   * {@return a value converted as C does without being asked, in an assignment, a call or a return}
   */
  static Node convert(Node value, SimtType to, int line) {
    if (value.type.equals(to)) {
      return value;
    }
    if (to instanceof PointerType target) {
      boolean fits =
          value instanceof Constant c && c.isZeroInteger()
              || value.type instanceof PointerType from
                  && (from.target() == target.target() || target.target() == ScalarType.VOID)
                  && (target.readOnly() || !from.readOnly());
      if (!fits) {
        throw new SimtSyntaxException(
            line, "a value of type " + value.type + " cannot become " + to);
      }
      return value instanceof Constant c
          ? new Constant(to, line, c.value)
          : new Conversion(value, to, line);
    }
    if (value.type == ScalarType.VOID || to == ScalarType.VOID) {
      throw new SimtSyntaxException(line, "a value is needed, and void is none");
    }
    if (value.type instanceof PointerType && to != ScalarType.BOOL) {
      throw new SimtSyntaxException(line, "a value of type " + value.type + " cannot become " + to);
    }
    return folded(new Conversion(value, to, line), value);
  }

  /** {@return a value converted by a cast} */
  static Node cast(Node value, SimtType to, int line) {
    if (to instanceof PointerType && value.type instanceof PointerType) {
      return value instanceof Constant c
          ? new Constant(to, line, c.value)
          : new Conversion(value, to, line);
    }
    return convert(value, to, line);
  }

  /** {@return a condition, as a bool} */
  static Node truth(Node value, int line) {
    return convert(value, ScalarType.BOOL, line);
  }

  static Node not(Node value, int line) {
    Node truth = truth(value, line);
    return folded(new Comparison("==", truth, new Constant(ScalarType.BOOL, line, 0), line), truth);
  }

  static Node unary(String operator, Node operand, int line) {
    ScalarType type = arithmetic(operator, operand, line).promoted();
    Node value = convert(operand, type, line);
    if (operator.equals("~") && type.floating()) {
      throw wrong(operator, operand.type, null, line);
    }
    Node node =
        switch (operator) {
          // Promoted, and no longer a place that can be assigned to.
          case "+" -> new Conversion(value, type, line);
          case "-" ->
              type.floating()
                  ? new FloatingArithmetic.Negation(value, line)
                  : new IntegerArithmetic.Unary(false, value, line);
          default -> new IntegerArithmetic.Unary(true, value, line);
        };
    return folded(node, value);
  }

  /** {@return the node of an operator of two operands that evaluates both} */
  static Node binary(String operator, Node left, Node right, int line) {
    return switch (operator) {
      case "+", "-" -> {
        if (left.type instanceof PointerType || right.type instanceof PointerType) {
          yield ofPointers(operator, left, right, line);
        }
        yield ofArithmetic(operator, left, right, line);
      }
      case "*", "/", "%", "&", "|", "^" -> ofArithmetic(operator, left, right, line);
      case "<<", ">>" -> shift(operator, left, right, line);
      default -> comparison(operator, left, right, line);
    };
  }

  private static Node ofArithmetic(String operator, Node left, Node right, int line) {
    ScalarType type =
        ScalarType.common(arithmetic(operator, left, line), arithmetic(operator, right, line));
    Node x = convert(left, type, line);
    Node y = convert(right, type, line);
    if (!type.floating()) {
      boolean divides = operator.equals("/") || operator.equals("%");
      return folded(
          divides
              ? new Division(operator.equals("%"), x, y, line)
              : new IntegerArithmetic(operator, x, y, line),
          x,
          y);
    }
    if (!"+-*/".contains(operator)) {
      throw wrong(operator, left.type, right.type, line);
    }
    return folded(new FloatingArithmetic(operator, x, y, line), x, y);
  }

  private static Node shift(String operator, Node left, Node right, int line) {
    ScalarType type = arithmetic(operator, left, line).promoted();
    ScalarType countType = arithmetic(operator, right, line).promoted();
    if (type.floating() || countType.floating()) {
      throw wrong(operator, left.type, right.type, line);
    }
    Node x = convert(left, type, line);
    Node y = convert(right, countType, line);
    return folded(new Shift(operator.equals("<<"), x, y, line), x, y);
  }

  private static Node comparison(String operator, Node left, Node right, int line) {
    if (left.type instanceof PointerType || right.type instanceof PointerType) {
      SimtType type = pointerType(operator, left, right, line);
      return new Comparison(operator, convert(left, type, line), convert(right, type, line), line);
    }
    ScalarType type =
        ScalarType.common(arithmetic(operator, left, line), arithmetic(operator, right, line));
    Node x = convert(left, type, line);
    Node y = convert(right, type, line);
    return folded(new Comparison(operator, x, y, line), x, y);
  }

  private static Node ofPointers(String operator, Node left, Node right, int line) {
    if (left.type instanceof PointerType p && right.type instanceof PointerType q) {
      if (operator.equals("-") && p.target() == q.target() && p.target() != ScalarType.VOID) {
        return new MemoryNodes.Distance(left, right, line);
      }
      throw wrong(operator, p, q, line);
    }
    boolean first = left.type instanceof PointerType;
    if (!first && operator.equals("-")) {
      throw wrong(operator, left.type, right.type, line);
    }
    return offset(first ? left : right, first ? right : left, operator.equals("-"), line);
  }

  /** {@return a pointer moved by a number of elements} */
  static Node offset(Node pointer, Node index, boolean back, int line) {
    if (!(pointer.type instanceof PointerType p) || p.target() == ScalarType.VOID) {
      throw new SimtSyntaxException(line, "a value of type " + pointer.type + " has no elements");
    }
    if (!(index.type instanceof ScalarType i) || !i.integer()) {
      throw new SimtSyntaxException(line, "an index of type " + index.type);
    }
    return folded(new MemoryNodes.Offset(pointer, index, back, line), pointer, index);
  }

  static Node choice(Node condition, Node yes, Node no, int line) {
    Node truth = truth(condition, line);
    SimtType type;
    if (yes.type instanceof PointerType || no.type instanceof PointerType) {
      type = pointerType("?:", yes, no, line);
    } else if (yes.type == no.type && yes.type != ScalarType.VOID) {
      type = yes.type;
    } else {
      type = ScalarType.common(arithmetic("?:", yes, line), arithmetic("?:", no, line));
    }
    return folded(
        new Choice(truth, convert(yes, type, line), convert(no, type, line), line), truth, yes, no);
  }

  private static SimtType pointerType(String operator, Node left, Node right, int line) {
    if (left.type instanceof PointerType p && right.type instanceof PointerType q) {
      if (p.target() != q.target()) {
        throw wrong(operator, p, q, line);
      }
      return p.readOnly() ? p : q;
    }
    boolean order = operator.startsWith("<") || operator.startsWith(">");
    if (left instanceof Constant c && c.isZeroInteger() && !order) {
      return right.type;
    }
    if (right instanceof Constant c && c.isZeroInteger() && !order) {
      return left.type;
    }
    throw wrong(operator, left.type, right.type, line);
  }

  private static ScalarType arithmetic(String operator, Node operand, int line) {
    if (operand.type instanceof ScalarType type && type != ScalarType.VOID) {
      return type;
    }
    throw wrong(operator, operand.type, null, line);
  }

  private static SimtSyntaxException wrong(
      String operator, SimtType left, SimtType right, int line) {
    return new SimtSyntaxException(
        line, "'" + operator + "' does not take " + left + (right == null ? "" : " and " + right));
  }

  private static Node folded(Node node, Node... operands) {
    for (Node operand : operands) {
      if (!(operand instanceof Constant)) {
        return node;
      }
    }
    return Constant.fold(node);
  }
}
