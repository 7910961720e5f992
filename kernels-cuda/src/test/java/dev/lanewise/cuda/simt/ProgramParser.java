package dev.lanewise.cuda.simt;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads a whole program: what stands at file level. */
final class ProgramParser {
  private static final int MOST_PARAMETER_BYTES = 4096;

  private final TokenStream tokens;
  private final Scope scope = new Scope();
  private final TypeParser types;
  private final Overloads functions = new Overloads();
  private final ExpressionParser expressions;
  private final ArrayParser arrays;
  private final Map<String, Function> kernels = new LinkedHashMap<>();

  ProgramParser(String source) {
    tokens = new TokenStream(Lexer.tokens(source));
    types = new TypeParser(tokens, scope);
    expressions = new ExpressionParser(tokens, scope, types, functions);
    arrays = new ArrayParser(tokens, scope, expressions);
  }

  /** {@return the kernels, in their order} */
  Map<String, Function> parse() {
    while (tokens.peek().kind() != Token.Kind.END) {
      if (tokens.accept("typedef")) {
        typedef();
      } else if (tokens.accept("__constant__")) {
        arrays.constant(types.base());
        tokens.expect(";");
      } else if (tokens.accept("__device__")) {
        tokens.expect("inline");
        function();
      } else if (tokens.at("extern")) {
        kernel();
      } else {
        throw tokens.error(
            "expected typedef, __constant__ const, __device__ inline or extern \"C\" __global__,"
                + " found "
                + tokens.peek());
      }
    }
    return kernels;
  }

  List<DeviceArray> arrays() {
    return arrays.all();
  }

  private void typedef() {
    TypeParser.Declared declared = types.declared();
    Token name = tokens.name();
    if (declared.readOnly()
        || !(declared.type() instanceof ScalarType scalar)
        || scalar == ScalarType.VOID) {
      throw new SimtSyntaxException(name.line(), "typedef names scalar types in the subset");
    }
    scope.declare(name, new Scope.OfType(scalar));
    tokens.expect(";");
  }

  private void function() {
    TypeParser.Declared result = types.declared();
    Token name = tokens.name();
    define(name, result.type(), 0);
  }

  private void kernel() {
    tokens.expect("extern");
    Token language = tokens.next();
    if (!language.text().equals("\"C\"")) {
      throw new SimtSyntaxException(language.line(), "expected \"C\", found " + language);
    }
    tokens.expect("__global__");
    tokens.expect("void");
    tokens.expect("__launch_bounds__");
    tokens.expect("(");
    Node most = expressions.expression();
    tokens.expect(")");
    if (!(most instanceof Constant c
        && c.type == ScalarType.INT
        && c.value >= 1
        && c.value <= 1024)) {
      throw new SimtSyntaxException(most.line, "__launch_bounds__ takes 1 to 1024 in the subset");
    }
    Token name = tokens.name();
    int before = arrays.sharedBytes();
    Function kernel = define(name, ScalarType.VOID, (int) c.value);
    arrays.checkShared(before, name);
    kernels.put(name.text(), kernel);
  }

  private Function define(Token name, SimtType result, int mostThreads) {
    scope.enter();
    List<Variable> parameters = parameters();
    Function function = new Function(name.text(), result, parameters, mostThreads);
    functions.declare(name, function);
    int bytes = 0;
    for (Variable parameter : parameters) {
      int size = parameter.type.bytes();
      bytes = (bytes + size - 1) / size * size + size;
    }
    if (function.kernel() && bytes > MOST_PARAMETER_BYTES) {
      throw new SimtSyntaxException(
          name.line(),
          name + " has " + bytes + " bytes of parameters, more than " + MOST_PARAMETER_BYTES);
    }
    if (tokens.at(";")) {
      throw tokens.error("a function is declared by its definition in the subset");
    }
    function.body = new StatementParser(tokens, scope, types, expressions, arrays, function).body();
    scope.leave();
    if (!(scope.find(name.text()) instanceof Scope.OfFunctions)) {
      scope.declare(name, new Scope.OfFunctions());
    }
    return function;
  }

  private List<Variable> parameters() {
    List<Variable> parameters = new ArrayList<>();
    tokens.expect("(");
    if (tokens.accept(")")) {
      return parameters;
    }
    do {
      TypeParser.Declared declared = types.declared();
      Token name = tokens.name();
      if (declared.type() == ScalarType.VOID) {
        throw new SimtSyntaxException(name.line(), name + " is void");
      }
      Variable parameter = new Variable(name.text(), declared.type(), declared.readOnly(), null);
      scope.declare(name, new Scope.OfVariable(parameter));
      parameters.add(parameter);
    } while (tokens.accept(","));
    tokens.expect(")");
    return parameters;
  }
}
