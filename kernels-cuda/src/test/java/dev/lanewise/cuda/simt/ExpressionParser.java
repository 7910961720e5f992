package dev.lanewise.cuda.simt;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads expressions, by C's precedences. */
final class ExpressionParser {
  private static final Map<String, Integer> PRECEDENCES =
      Map.ofEntries(
          Map.entry("||", 1),
          Map.entry("&&", 2),
          Map.entry("|", 3),
          Map.entry("^", 4),
          Map.entry("&", 5),
          Map.entry("==", 6),
          Map.entry("!=", 6),
          Map.entry("<", 7),
          Map.entry("<=", 7),
          Map.entry(">", 7),
          Map.entry(">=", 7),
          Map.entry("<<", 8),
          Map.entry(">>", 8),
          Map.entry("+", 9),
          Map.entry("-", 9),
          Map.entry("*", 10),
          Map.entry("/", 10),
          Map.entry("%", 10));

  private static final String[] ASSIGNMENTS = {
    "=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<=", ">>="
  };

  private final TokenStream tokens;
  private final Scope scope;
  private final TypeParser types;
  private final Overloads functions;

  ExpressionParser(TokenStream tokens, Scope scope, TypeParser types, Overloads functions) {
    this.tokens = tokens;
    this.scope = scope;
    this.types = types;
    this.functions = functions;
  }

  /** {@return the expression at the front; it may be an assignment} */
  Node expression() {
    int line = tokens.line();
    Node left = conditional();
    for (String operator : ASSIGNMENTS) {
      if (tokens.accept(operator)) {
        Node value = expression();
        return operator.equals("=")
            ? assign(left, value, line)
            : update(left, operator.substring(0, operator.length() - 1), value, false, line);
      }
    }
    return left;
  }

  private Node conditional() {
    Node condition = binary(1);
    if (!tokens.at("?")) {
      return condition;
    }
    int line = tokens.next().line();
    Node yes = expression();
    tokens.expect(":");
    return Typing.choice(condition, yes, expression(), line);
  }

  private Node binary(int least) {
    Node left = unary();
    while (true) {
      Token token = tokens.peek();
      Integer precedence = token.kind() == Token.Kind.SIGN ? PRECEDENCES.get(token.text()) : null;
      if (precedence == null || precedence < least) {
        return left;
      }
      tokens.next();
      Node right = binary(precedence + 1);
      int line = token.line();
      left =
          switch (token.text()) {
            case "&&" ->
                Typing.choice(
                    left, Typing.truth(right, line), new Constant(ScalarType.BOOL, line, 0), line);
            case "||" ->
                Typing.choice(
                    left, new Constant(ScalarType.BOOL, line, 1), Typing.truth(right, line), line);
            default -> Typing.binary(token.text(), left, right, line);
          };
    }
  }

  private Node unary() {
    Token token = tokens.peek();
    int line = token.line();
    if (token.kind() == Token.Kind.NAME && token.text().equals("sizeof")) {
      return sizeOf();
    }
    if (token.kind() != Token.Kind.SIGN) {
      return postfix();
    }
    switch (token.text()) {
      case "+", "-", "~" -> {
        tokens.next();
        return Typing.unary(token.text(), unary(), line);
      }
      case "!" -> {
        tokens.next();
        return Typing.not(unary(), line);
      }
      case "++", "--" -> {
        tokens.next();
        return update(
            unary(), token.text().substring(1), new Constant(ScalarType.INT, line, 1), false, line);
      }
      case "*" -> {
        tokens.next();
        return load(unary(), line);
      }
      case "&" -> {
        tokens.next();
        if (unary() instanceof MemoryNodes.Load place) {
          return place.address;
        }
        throw new SimtSyntaxException(
            line, "'&' takes an element of an array or what a pointer points to, nothing else");
      }
      case "(" -> {
        if (types.begins(1)) {
          tokens.next();
          SimtType to = types.declared().type();
          tokens.expect(")");
          return cast(unary(), to, line);
        }
        return postfix();
      }
      default -> {
        return postfix();
      }
    }
  }

  private Node sizeOf() {
    int line = tokens.next().line();
    tokens.expect("(");
    if (!types.begins(0)) {
      throw tokens.error("sizeof takes a type in the subset");
    }
    SimtType type = types.declared().type();
    tokens.expect(")");
    if (type == ScalarType.VOID) {
      throw new SimtSyntaxException(line, "void has no size");
    }
    return new Constant(ScalarType.ULLONG, line, type.bytes());
  }

  private static Node cast(Node value, SimtType to, int line) {
    if (value.type.equals(to)) {
      // Still a value, and not a place that can be assigned to.
      return value instanceof Constant ? value : new Conversion(value, to, line);
    }
    return Typing.cast(value, to, line);
  }

  private Node postfix() {
    Node node = primary();
    while (true) {
      int line = tokens.line();
      if (tokens.accept("[")) {
        Node index = expression();
        tokens.expect("]");
        node = load(Typing.offset(node, index, false, line), line);
      } else if (tokens.at("++") || tokens.at("--")) {
        String operator = tokens.next().text().substring(1);
        node = update(node, operator, new Constant(ScalarType.INT, line, 1), true, line);
      } else {
        return node;
      }
    }
  }

  private static Node load(Node pointer, int line) {
    if (pointer.type instanceof PointerType p && p.target() != ScalarType.VOID) {
      return new MemoryNodes.Load(pointer, line);
    }
    throw new SimtSyntaxException(line, "a value of type " + pointer.type + " points to nothing");
  }

  private Node primary() {
    Token token = tokens.next();
    int line = token.line();
    return switch (token.kind()) {
      case NUMBER -> Literal.of(token);
      case NAME -> named(token);
      case SIGN -> {
        if (!token.is("(")) {
          throw new SimtSyntaxException(line, "expected an expression, found " + token);
        }
        Node node = expression();
        tokens.expect(")");
        yield node;
      }
      case STRING, END ->
          throw new SimtSyntaxException(line, "expected an expression, found " + token);
    };
  }

  private Node named(Token token) {
    String name = token.text();
    int line = token.line();
    Scope.Symbol symbol = scope.find(name);
    switch (name) {
      case "true", "false" -> {
        return new Constant(ScalarType.BOOL, line, name.equals("true") ? 1 : 0);
      }
      case "bool", "short", "int", "float", "double", "unsigned" -> {
        return functionalCast(TypeParser.oneWord(name), line);
      }
      default -> {
        if (symbol instanceof Scope.OfType type) {
          return functionalCast(type.type(), line);
        }
      }
    }
    if (Coordinate.is(name)) {
      tokens.expect(".");
      int axis = "xyz".indexOf(tokens.next().text());
      if (axis < 0) {
        throw new SimtSyntaxException(line, name + " has x, y and z");
      }
      return new Coordinate(name, axis, line);
    }
    boolean call = tokens.at("(");
    return switch (symbol) {
      case Scope.OfVariable v when !call ->
          v.variable().known != null ? v.variable().known : new Variable.Read(v.variable(), line);
      case Scope.OfArray a when !call ->
          new Constant(
              new PointerType(a.array().type, a.array().readOnly),
              line,
              DeviceArray.address(a.number()));
      case null, default -> {
        if (!call || symbol instanceof Scope.OfVariable || symbol instanceof Scope.OfArray) {
          throw new SimtSyntaxException(
              line,
              call
                  ? token + " is no function here"
                  : TokenStream.reserved(name)
                      ? token + " is outside the subset"
                      : token + " is not declared");
        }
        yield functions.call(token, arguments());
      }
    };
  }

  private Node functionalCast(ScalarType type, int line) {
    tokens.expect("(");
    Node value = expression();
    tokens.expect(")");
    return cast(value, type, line);
  }

  private List<Node> arguments() {
    List<Node> arguments = new ArrayList<>();
    tokens.expect("(");
    if (!tokens.accept(")")) {
      do {
        arguments.add(expression());
      } while (tokens.accept(","));
      tokens.expect(")");
    }
    return arguments;
  }

  /** {@return an assignment to a place} */
  private static Node assign(Node place, Node value, int line) {
    switch (place) {
      case Variable.Read read -> {
        if (read.variable.readOnly) {
          throw new SimtSyntaxException(line, "'" + read.variable.name + "' is const");
        }
        read.variable.assigned = true;
        return new Variable.Assign(read.variable, Typing.convert(value, place.type, line), line);
      }
      case MemoryNodes.Load load -> {
        if (load.readOnly()) {
          throw new SimtSyntaxException(
              line, "what a " + load.address.type + " points to is const");
        }
        return new MemoryNodes.Store(load.address, Typing.convert(value, place.type, line), line);
      }
      case Constant constant ->
          throw new SimtSyntaxException(line, "a constant cannot be assigned to");
      default -> throw new SimtSyntaxException(line, "this is no place that can be assigned to");
    }
  }

  /**
   * {@return an assignment that computes with what was there; the former value is its own if asked
   * for}
   */
  private static Node update(Node place, String operator, Node operand, boolean former, int line) {
    if (!(place instanceof MemoryNodes.Load load)) {
      if (!former) {
        return assign(place, Typing.binary(operator, place, operand, line), line);
      }
      MemoryNodes.Held old = new MemoryNodes.Held(place);
      Node body = assign(place, Typing.binary(operator, old, operand, line), line);
      return new MemoryNodes.WithHeld(body, true, old);
    }
    MemoryNodes.Held address = new MemoryNodes.Held(load.address);
    Node there = new MemoryNodes.Load(address, line);
    if (!former) {
      Node body = assign(there, Typing.binary(operator, there, operand, line), line);
      return new MemoryNodes.WithHeld(body, false, address);
    }
    MemoryNodes.Held old = new MemoryNodes.Held(there);
    Node body = assign(there, Typing.binary(operator, old, operand, line), line);
    return new MemoryNodes.WithHeld(body, true, address, old);
  }
}
