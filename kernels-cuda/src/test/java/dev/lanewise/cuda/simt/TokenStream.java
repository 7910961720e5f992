package dev.lanewise.cuda.simt;

import java.util.List;
import java.util.Set;

/** The tokens of a program, read from the front. */
final class TokenStream {
  /** C++'s words and those that CUDA or its compiler keeps: none is a name of ours. */
  private static final Set<String> RESERVED =
      Set.of(
          ("alignas alignof and and_eq asm auto bitand bitor bool break case catch char class compl"
               + " const constexpr const_cast continue decltype default delete do double"
               + " dynamic_cast else enum explicit export extern false float for friend goto if"
               + " inline int long mutable namespace new noexcept not not_eq nullptr operator or"
               + " or_eq private protected public register reinterpret_cast return short signed"
               + " sizeof static static_assert static_cast struct switch template this thread_local"
               + " throw true try typedef typeid typename union unsigned using virtual void"
               + " volatile wchar_t while xor xor_eq char16_t char32_t INFINITY NAN NULL size_t"
               + " threadIdx blockIdx blockDim gridDim warpSize")
              .split(" "));

  private final List<Token> tokens;
  private int at;

  TokenStream(List<Token> tokens) {
    this.tokens = tokens;
  }

  Token peek() {
    return tokens.get(at);
  }

  Token peek(int further) {
    return tokens.get(Math.min(at + further, tokens.size() - 1));
  }

  Token next() {
    Token token = peek();
    if (token.kind() != Token.Kind.END) {
      at++;
    }
    return token;
  }

  int line() {
    return peek().line();
  }

  boolean at(String text) {
    return peek().is(text);
  }

  /** Passes a token if it is the one. */
  boolean accept(String text) {
    boolean is = at(text);
    if (is) {
      at++;
    }
    return is;
  }

  void expect(String text) {
    if (!accept(text)) {
      throw error("expected '" + text + "', found " + peek());
    }
  }

  /** {@return the name that a declaration gives, which must be free for that} */
  Token name() {
    Token token = next();
    if (token.kind() != Token.Kind.NAME) {
      throw new SimtSyntaxException(token.line(), "expected a name, found " + token);
    }
    if (reserved(token.text()) || token.text().startsWith("__")) {
      throw new SimtSyntaxException(token.line(), token + " cannot be a name");
    }
    return token;
  }

  static boolean reserved(String name) {
    return RESERVED.contains(name);
  }

  SimtSyntaxException error(String reason) {
    return new SimtSyntaxException(line(), reason);
  }
}
