package dev.lanewise.io;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the JSON (RFC 8259) of file headers: objects as {@link Map}, arrays as {@link List}, texts
 * as {@link String} and whole numbers as {@link Long}. Other values have no meaning there and are
 * refused, as a name that comes twice is.
 */
final class Json {
  private static final int DEEPEST = 8;

  private final String text;
  private int at;
  private int depth;

  private Json(String text) {
    this.text = text;
  }

  /** What is wrong with a text, and where. */
  static final class SyntaxException extends Exception {
    private static final long serialVersionUID = 1L;

    final int at;
    final String expected;

    SyntaxException(int at, String expected) {
      super("at character " + at + ": expected " + expected);
      this.at = at;
      this.expected = expected;
    }
  }

  /** {@return the value that a text is} */
  static Object parse(String text) throws SyntaxException {
    Json json = new Json(text);
    Object value = json.value();
    json.skipBlanks();
    if (json.at < text.length()) {
      throw json.wrong("the end");
    }
    return value;
  }

  /** {@return a text as JSON writes it} */
  static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < ' ') {
        quoted.append("\\u%04x".formatted((int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }

  private SyntaxException wrong(String expected) {
    return new SyntaxException(at, expected);
  }

  private void skipBlanks() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private boolean skip(char c) {
    skipBlanks();
    boolean is = at < text.length() && text.charAt(at) == c;
    at += is ? 1 : 0;
    return is;
  }

  private void expect(char c) throws SyntaxException {
    if (!skip(c)) {
      throw wrong("'" + c + "'");
    }
  }

  private Object value() throws SyntaxException {
    if (depth == DEEPEST) {
      throw wrong("no deeper nesting");
    }
    depth++;
    Object value;
    if (skip('{')) {
      value = object();
    } else if (skip('[')) {
      value = array();
    } else if (skip('"')) {
      value = string();
    } else {
      value = number();
    }
    depth--;
    return value;
  }

  private Map<String, Object> object() throws SyntaxException {
    Map<String, Object> object = new LinkedHashMap<>();
    if (skip('}')) {
      return object;
    }
    do {
      expect('"');
      int start = at;
      String name = string();
      expect(':');
      if (object.put(name, value()) != null) {
        at = start;
        throw wrong("a name that has not come before, not '" + name + "'");
      }
    } while (skip(','));
    expect('}');
    return object;
  }

  private List<Object> array() throws SyntaxException {
    List<Object> array = new ArrayList<>();
    if (skip(']')) {
      return array;
    }
    do {
      array.add(value());
    } while (skip(','));
    expect(']');
    return array;
  }

  private String string() throws SyntaxException {
    StringBuilder string = new StringBuilder();
    while (at < text.length() && text.charAt(at) != '"') {
      char c = text.charAt(at++);
      if (c < ' ') {
        throw wrong("no control character inside of a text");
      }
      string.append(c == '\\' ? escaped() : c);
    }
    if (at == text.length()) {
      throw wrong("the end of a text");
    }
    at++;
    return string.toString();
  }

  private char escaped() throws SyntaxException {
    if (at == text.length()) {
      throw wrong("the end of a text");
    }
    char c = text.charAt(at++);
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> unicode();
      default -> throw wrong("an escape that JSON has, not '\\" + c + "'");
    };
  }

  private char unicode() throws SyntaxException {
    int value = 0;
    for (int i = 0; i < 4; i++) {
      char c = at < text.length() ? text.charAt(at) : ' ';
      int digit = c < 128 ? Character.digit(c, 16) : -1;
      if (digit < 0) {
        throw wrong("four hexadecimal digits");
      }
      value = value * 16 + digit;
      at++;
    }
    return (char) value;
  }

  /** Only ASCII's: other scripts have digits too. */
  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private Long number() throws SyntaxException {
    int start = at;
    while (at < text.length() && isDigit(text.charAt(at))) {
      at++;
    }
    String digits = text.substring(start, at);
    boolean plain = digits.length() == 1 || !digits.startsWith("0");
    if (digits.isEmpty() || digits.length() > 18 || !plain) {
      at = start;
      throw wrong("a whole number, a text, an array or an object");
    }
    return Long.valueOf(digits);
  }
}
