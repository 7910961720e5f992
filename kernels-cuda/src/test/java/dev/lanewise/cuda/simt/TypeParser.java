package dev.lanewise.cuda.simt;

/** Reads types. */
final class TypeParser {
  private final TokenStream tokens;
  private final Scope scope;

  TypeParser(TokenStream tokens, Scope scope) {
    this.tokens = tokens;
    this.scope = scope;
  }

  /**
   * A type as a declaration has it.
   *
   * @param readOnly whether what is declared is const itself
   */
  record Declared(SimtType type, boolean readOnly) {}

  /** {@return whether a type begins at a token} */
  boolean begins(int further) {
    Token token = tokens.peek(further);
    if (token.kind() != Token.Kind.NAME) {
      return false;
    }
    return switch (token.text()) {
      case "const",
          "void",
          "bool",
          "unsigned",
          "short",
          "int",
          "long",
          "float",
          "double",
          "char",
          "signed" ->
          true;
      default -> scope.find(token.text()) instanceof Scope.OfType;
    };
  }

  /** {@return the type at the front, with its stars} */
  Declared declared() {
    return pointers(base());
  }

  /**
   * {@return the type at the front, without stars: what comes before the names of a declaration}
   */
  Declared base() {
    boolean readOnly = tokens.accept("const");
    ScalarType type = scalar();
    if (tokens.at("const")) {
      if (readOnly) {
        throw tokens.error("const is given twice");
      }
      readOnly = tokens.accept("const");
    }
    return new Declared(type, readOnly);
  }

  /** {@return the type with the star that follows, if one does} */
  Declared pointers(Declared base) {
    if (!tokens.accept("*")) {
      return base;
    }
    boolean readOnly = tokens.accept("const");
    tokens.accept("__restrict__");
    if (tokens.at("*")) {
      throw tokens.error("pointers to pointers are outside the subset");
    }
    return new Declared(new PointerType((ScalarType) base.type(), base.readOnly()), readOnly);
  }

  /** {@return the type that a word of C names by itself, as in {@code int(x)}} */
  static ScalarType oneWord(String word) {
    return switch (word) {
      case "bool" -> ScalarType.BOOL;
      case "short" -> ScalarType.SHORT;
      case "int" -> ScalarType.INT;
      case "float" -> ScalarType.FLOAT;
      case "double" -> ScalarType.DOUBLE;
      default -> ScalarType.UINT;
    };
  }

  private ScalarType scalar() {
    Token token = tokens.next();
    return switch (token.kind() == Token.Kind.NAME ? token.text() : "") {
      case "void" -> ScalarType.VOID;
      case "bool", "short", "int", "float", "double" -> oneWord(token.text());
      case "long" -> {
        if (!tokens.accept("long")) {
          throw tokens.error("'long' is outside the subset, its size differs: write long long");
        }
        yield ScalarType.LLONG;
      }
      case "unsigned" -> unsigned();
      case "char", "signed" ->
          throw new SimtSyntaxException(token.line(), token + " is outside the subset of types");
      default -> {
        if (scope.find(token.text()) instanceof Scope.OfType known) {
          yield known.type();
        }
        throw new SimtSyntaxException(token.line(), "expected a type, found " + token);
      }
    };
  }

  private ScalarType unsigned() {
    if (tokens.accept("char")) {
      return ScalarType.UCHAR;
    }
    if (tokens.accept("short")) {
      return ScalarType.USHORT;
    }
    if (tokens.accept("long")) {
      if (!tokens.accept("long")) {
        throw tokens.error("'unsigned long' is outside the subset: write unsigned long long");
      }
      return ScalarType.ULLONG;
    }
    tokens.accept("int");
    return ScalarType.UINT;
  }
}
