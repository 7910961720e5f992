package dev.lanewise.cuda.simt;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Cuts a program's text into tokens, leaving out blanks and comments. */
final class Lexer {
  private static final Pattern BLANK =
      Pattern.compile("[ \\t\\r\\n\\f]+|//[^\\n]*|(?s:/\\*.*?\\*/)");
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z_0-9]*");

  /**
   * What C takes for one number, right or wrong: an exponent's sign belongs to it, and 0xe+1 is one
   * wrong number.
   */
  private static final Pattern NUMBER =
      Pattern.compile("\\.?[0-9](?:[pP][+-]|[eE][+-]|[A-Za-z_0-9.])*");

  private static final Pattern STRING = Pattern.compile("\"[^\"\\n]*\"");
  private static final Pattern SIGN =
      Pattern.compile(
          "<<=|>>=|\\+\\+|--|&&|\\|\\||<<|>>|[-+*/%&|^<>=!]=|[-+*/%&|^<>=!~?:;,.(){}\\[\\]]");

  private final String text;
  private final List<Token> tokens = new ArrayList<>();
  private int at;
  private int line = 1;

  private Lexer(String text) {
    this.text = text;
  }

  /** {@return the tokens of a text; the last is the end} */
  static List<Token> tokens(String text) {
    Lexer lexer = new Lexer(text);
    lexer.run();
    return lexer.tokens;
  }

  private void run() {
    while (at < text.length()) {
      char c = text.charAt(at);
      if (!(match(BLANK) != null
          || take(NAME, Token.Kind.NAME)
          || take(NUMBER, Token.Kind.NUMBER)
          || take(STRING, Token.Kind.STRING)
          || !text.startsWith("/*", at) && take(SIGN, Token.Kind.SIGN))) {
        throw new SimtSyntaxException(
            line,
            c == '#'
                ? "the preprocessor is outside the subset"
                : c == '/' ? "a comment that does not end" : "'" + c + "' is outside the subset");
      }
    }
    tokens.add(new Token(Token.Kind.END, "", line));
  }

  private boolean take(Pattern pattern, Token.Kind kind) {
    int start = line;
    String found = match(pattern);
    if (found == null) {
      return false;
    }
    tokens.add(new Token(kind, found, start));
    return true;
  }

  private String match(Pattern pattern) {
    Matcher matcher = pattern.matcher(text).region(at, text.length());
    if (!matcher.lookingAt()) {
      return null;
    }
    at = matcher.end();
    String found = matcher.group();
    line += (int) found.chars().filter(c -> c == '\n').count();
    return found;
  }
}
