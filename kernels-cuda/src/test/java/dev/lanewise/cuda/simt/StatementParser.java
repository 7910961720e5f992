package dev.lanewise.cuda.simt;

import java.util.ArrayList;
import java.util.List;

/** Reads the statements of one function. */
final class StatementParser {
  private final TokenStream tokens;
  private final Scope scope;
  private final TypeParser types;
  private final ExpressionParser expressions;
  private final ArrayParser arrays;
  private final Function function;
  private int loops;

  StatementParser(
      TokenStream tokens,
      Scope scope,
      TypeParser types,
      ExpressionParser expressions,
      ArrayParser arrays,
      Function function) {
    this.tokens = tokens;
    this.scope = scope;
    this.types = types;
    this.expressions = expressions;
    this.arrays = arrays;
    this.function = function;
  }

  /** {@return the statements between braces}, in the scope that the caller opens. */
  Statement body() {
    int line = tokens.line();
    tokens.expect("{");
    List<Statement> statements = new ArrayList<>();
    while (!tokens.accept("}")) {
      if (tokens.peek().kind() == Token.Kind.END) {
        throw tokens.error("a block that does not end");
      }
      statement(statements);
    }
    return new Statement.Sequence(statements, line);
  }

  private Statement block() {
    scope.enter();
    Statement body = body();
    scope.leave();
    return body;
  }

  /** {@return a statement that depends on another, in a scope of its own} */
  private Statement nested() {
    scope.enter();
    List<Statement> statements = new ArrayList<>();
    int line = tokens.line();
    statement(statements);
    scope.leave();
    return statements.size() == 1
        ? statements.getFirst()
        : new Statement.Sequence(statements, line);
  }

  /** Reads one statement; a declaration may be several. */
  private void statement(List<Statement> into) {
    Token token = tokens.peek();
    int line = token.line();
    if (token.is("{")) {
      into.add(block());
      return;
    }
    if (tokens.accept(";")) {
      return;
    }
    if (token.is("__shared__") || types.begins(0) && !tokens.peek(1).is("(")) {
      declaration(into);
      tokens.expect(";");
      return;
    }
    switch (token.kind() == Token.Kind.NAME ? token.text() : "") {
      case "if" -> into.add(ifStatement());
      case "while" -> {
        tokens.next();
        Node condition = condition();
        into.add(new Statement.Loop(condition, null, loopBody(), true, line));
      }
      case "do" -> {
        tokens.next();
        Statement body = loopBody();
        tokens.expect("while");
        Node condition = condition();
        tokens.expect(";");
        into.add(new Statement.Loop(condition, null, body, false, line));
      }
      case "for" -> into.add(forStatement());
      case "break", "continue" -> {
        tokens.next();
        if (loops == 0) {
          throw new SimtSyntaxException(line, token + " outside of a loop");
        }
        byte kind = token.is("break") ? BlockState.BREAK : BlockState.CONTINUE;
        tokens.expect(";");
        into.add(new Statement.Jump(kind, null, null, line));
      }
      case "return" -> into.add(returnStatement());
      case "__syncthreads" -> {
        tokens.next();
        tokens.expect("(");
        tokens.expect(")");
        tokens.expect(";");
        into.add(new Statement.Barrier(line));
      }
      default -> {
        into.add(new Statement.Effect(expressions.expression()));
        tokens.expect(";");
      }
    }
  }

  private Node condition() {
    int line = tokens.line();
    tokens.expect("(");
    Node condition = Typing.truth(expressions.expression(), line);
    tokens.expect(")");
    return condition;
  }

  private Statement ifStatement() {
    int line = tokens.next().line();
    Node condition = condition();
    Statement yes = nested();
    Statement no = tokens.accept("else") ? nested() : null;
    return new Statement.If(condition, yes, no, line);
  }

  private Statement loopBody() {
    loops++;
    Statement body = nested();
    loops--;
    return body;
  }

  private Statement forStatement() {
    int line = tokens.next().line();
    scope.enter();
    tokens.expect("(");
    List<Statement> statements = new ArrayList<>();
    if (types.begins(0)) {
      declaration(statements);
    } else if (!tokens.at(";")) {
      statements.add(new Statement.Effect(expressions.expression()));
    }
    tokens.expect(";");
    Node condition = tokens.at(";") ? null : Typing.truth(expressions.expression(), tokens.line());
    tokens.expect(";");
    Node step = tokens.at(")") ? null : expressions.expression();
    tokens.expect(")");
    statements.add(new Statement.Loop(condition, step, loopBody(), true, line));
    scope.leave();
    return new Statement.Sequence(statements, line);
  }

  private Statement returnStatement() {
    int line = tokens.next().line();
    Node value = null;
    if (!tokens.at(";")) {
      if (function.result == ScalarType.VOID) {
        throw new SimtSyntaxException(
            line, function.name + " returns nothing, but is given a value");
      }
      value = Typing.convert(expressions.expression(), function.result, line);
    } else if (function.result != ScalarType.VOID) {
      throw new SimtSyntaxException(line, function.name + " returns " + function.result);
    }
    tokens.expect(";");
    return new Statement.Jump(BlockState.RETURN, function, value, line);
  }

  /** Reads a declaration of variables and arrays, up to its semicolon. */
  private void declaration(List<Statement> into) {
    if (tokens.accept("__shared__")) {
      arrays.shared(types.base());
      return;
    }
    TypeParser.Declared base = types.base();
    do {
      TypeParser.Declared declared = types.pointers(base);
      Token name = tokens.name();
      if (declared.type() == ScalarType.VOID) {
        throw new SimtSyntaxException(name.line(), name + " is void");
      }
      if (tokens.at("[")) {
        arrays.local(declared, name, into);
      } else {
        variable(declared, name, into);
      }
    } while (tokens.accept(","));
  }

  private void variable(TypeParser.Declared declared, Token name, List<Statement> into) {
    int line = name.line();
    if (!tokens.accept("=")) {
      if (declared.readOnly()) {
        throw new SimtSyntaxException(line, name + " is const and has no value");
      }
      Variable variable = new Variable(name.text(), declared.type(), false, null);
      variable.tracked = true;
      scope.declare(name, new Scope.OfVariable(variable));
      into.add(new Statement.Declare(variable, line));
      return;
    }
    if (tokens.at("{")) {
      throw tokens.error("a scalar's value in braces is outside the subset");
    }
    Node value = Typing.convert(expressions.expression(), declared.type(), line);
    boolean known =
        declared.readOnly()
            && value instanceof Constant
            && declared.type() instanceof ScalarType type
            && type.integer();
    Variable variable =
        new Variable(
            name.text(), declared.type(), declared.readOnly(), known ? (Constant) value : null);
    scope.declare(name, new Scope.OfVariable(variable));
    into.add(new Statement.Effect(new Variable.Assign(variable, value, line)));
  }
}
