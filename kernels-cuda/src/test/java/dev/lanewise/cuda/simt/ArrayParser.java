package dev.lanewise.cuda.simt;

import java.util.ArrayList;
import java.util.List;

/** Reads the declarations of arrays, from the bracket on, and knows all arrays of the program. */
final class ArrayParser {
  /** What a block may have without asking the driver for more. */
  private static final int MOST_SHARED_BYTES = 48 << 10;

  private static final int MOST_CONSTANT_BYTES = 64 << 10;

  private final TokenStream tokens;
  private final Scope scope;
  private final ExpressionParser expressions;
  private final List<DeviceArray> arrays = new ArrayList<>();

  private int sharedBytes;

  private int constantBytes;

  ArrayParser(TokenStream tokens, Scope scope, ExpressionParser expressions) {
    this.tokens = tokens;
    this.scope = scope;
    this.expressions = expressions;
  }

  List<DeviceArray> all() {
    return arrays;
  }

  /** {@return how many bytes of shared memory have been declared so far} */
  int sharedBytes() {
    return sharedBytes;
  }

  /** Reads the rest of {@code __shared__ T name[N], …}. */
  void shared(TypeParser.Declared declared) {
    do {
      Token name = tokens.name();
      if (declared.readOnly()) {
        throw new SimtSyntaxException(name.line(), name + " is shared and const");
      }
      ScalarType type = element(declared.type(), name);
      int length = length(name);
      if (tokens.at("=")) {
        throw tokens.error("a shared array has no values at its declaration");
      }
      sharedBytes += length * type.bytes();
      add(name, new DeviceArray.Shared(name.text(), type, length));
    } while (tokens.accept(","));
  }

  /** Reads the rest of {@code T name[N]} or {@code T name[N] = {…}} in a function. */
  void local(TypeParser.Declared declared, Token name, List<Statement> into) {
    ScalarType type = element(declared.type(), name);
    int length = length(name);
    List<Node> values = tokens.accept("=") ? values(type, length, name) : List.of();
    if (declared.readOnly() && values.isEmpty()) {
      throw new SimtSyntaxException(name.line(), name + " is const and has no values");
    }
    DeviceArray.Local array = new DeviceArray.Local(name.text(), type, length, declared.readOnly());
    int number = add(name, array);
    into.add(new Statement.DeclareArray(array, name.line()));
    for (int i = 0; i < values.size(); i++) {
      Node place =
          new Constant(
              new PointerType(type, false),
              name.line(),
              DeviceArray.address(number) + (long) i * type.bytes());
      into.add(new Statement.Effect(new MemoryNodes.Store(place, values.get(i), name.line())));
    }
  }

  /** Reads the rest of {@code __constant__ const T name[N] = {…}}. */
  void constant(TypeParser.Declared declared) {
    Token name = tokens.name();
    ScalarType type = element(declared.type(), name);
    if (!declared.readOnly()) {
      throw new SimtSyntaxException(name.line(), name + " is constant memory and must be const");
    }
    int length = length(name);
    tokens.expect("=");
    List<Node> values = values(type, length, name);
    long[] data = new long[length];
    for (int i = 0; i < length; i++) {
      if (!(values.get(i) instanceof Constant value)) {
        throw new SimtSyntaxException(
            name.line(), "value " + i + " of " + name + " is no constant");
      }
      data[i] = value.value;
    }
    constantBytes += length * type.bytes();
    if (constantBytes > MOST_CONSTANT_BYTES) {
      throw new SimtSyntaxException(
          name.line(), "more than " + MOST_CONSTANT_BYTES + " bytes of constants");
    }
    add(name, new DeviceArray.Fixed(name.text(), type, data));
  }

  /** Refuses a kernel whose own shared arrays, those since a count, are too large. */
  void checkShared(int before, Token kernel) {
    if (sharedBytes - before > MOST_SHARED_BYTES) {
      throw new SimtSyntaxException(
          kernel.line(),
          kernel
              + " has "
              + (sharedBytes - before)
              + " bytes of shared memory, more than "
              + MOST_SHARED_BYTES);
    }
  }

  private int add(Token name, DeviceArray array) {
    int number = arrays.size();
    scope.declare(name, new Scope.OfArray(array, number));
    arrays.add(array);
    return number;
  }

  private static ScalarType element(SimtType type, Token name) {
    if (type instanceof ScalarType scalar && scalar != ScalarType.VOID) {
      return scalar;
    }
    throw new SimtSyntaxException(name.line(), name + " is an array of " + type);
  }

  private int length(Token name) {
    tokens.expect("[");
    if (tokens.at("]")) {
      throw tokens.error("the length of " + name + " must be given");
    }
    Node length = expressions.expression();
    tokens.expect("]");
    if (tokens.at("[")) {
      throw tokens.error("arrays have one dimension in the subset: " + name);
    }
    if (!(length instanceof Constant c && c.type instanceof ScalarType type && type.integer())) {
      throw new SimtSyntaxException(
          name.line(), "the length of " + name + " is no constant integer");
    }
    if (c.value < 1 || c.value > 1 << 16) {
      throw new SimtSyntaxException(name.line(), name + " has a length of " + c.value);
    }
    return (int) c.value;
  }

  /** {@return the values in braces, 0 for those that are not there} */
  private List<Node> values(ScalarType type, int length, Token name) {
    tokens.expect("{");
    List<Node> values = new ArrayList<>();
    while (!tokens.at("}")) {
      int line = tokens.line();
      if (values.size() == length) {
        throw new SimtSyntaxException(line, "more values than elements of " + name);
      }
      values.add(unnarrowed(expressions.expression(), type, line));
      if (!tokens.accept(",")) {
        break;
      }
    }
    tokens.expect("}");
    while (values.size() < length) {
      values.add(new Constant(type, name.line(), 0));
    }
    return values;
  }

  /** {@return a value converted as C++ does between braces, where nothing may be lost} */
  private static Node unnarrowed(Node value, ScalarType type, int line) {
    Node converted = Typing.convert(value, type, line);
    if (value.type == type || value.type instanceof PointerType) {
      return converted;
    }
    ScalarType from = value.scalar();
    boolean kept;
    if (value instanceof Constant before && converted instanceof Constant after) {
      boolean back = ((Constant) Typing.convert(after, from, line)).value == before.value;
      boolean sign = type.floating() || before.value >= 0 == after.value >= 0 || from.floating();
      kept = from.floating() ? type.floating() : back && sign;
    } else {
      boolean signs = type.integer() && from != ScalarType.BOOL && signed(from) && !signed(type);
      kept =
          from.floating()
              ? type == ScalarType.DOUBLE
              : type.integer()
                  && !signs
                  && type.keeps(from)
                  && !(from == ScalarType.ULLONG && type == ScalarType.LLONG);
    }
    if (!kept) {
      throw new SimtSyntaxException(line, from + " is narrowed to " + type + " between braces");
    }
    return converted;
  }

  private static boolean signed(ScalarType type) {
    return switch (type) {
      case SHORT, INT, LLONG -> true;
      default -> false;
    };
  }
}
