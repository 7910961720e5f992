package dev.lanewise.io;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The JSON (RFC 8259) of headers and settings: objects are {@link Map}, arrays {@link List}, texts
 * {@link String}, truth values {@link Boolean}, whole numbers {@link Long}, other numbers {@link
 * Double}, and {@code null} is {@code null}. A name that comes twice in an object is refused.
 *
 * {@snippet :
 * Object value = Json.parse("{\"units\": 5, \"rate\": 0.1}"); // a map
 * String text = Json.write(Map.of("units", 5));
 * }
 */
public final class Json {
  private static final int DEEPEST = 64;
  private static final Pattern NUMBER =
      Pattern.compile("-?(?:0|[1-9][0-9]*+)(\\.[0-9]++)?+([eE][+-]?[0-9]++)?+");

  private final String text;
  private final int deepest;
  private int at;
  private int depth;

  private Json(String text, int deepest) {
    this.text = text;
    this.deepest = deepest;
  }

  /** What is wrong with a text, and where. */
  public static final class SyntaxException extends Exception {
    private static final long serialVersionUID = 1L;

    /** The character, from 0. */
    private final int at;

    /** What should be there. */
    private final String expected;

    SyntaxException(int at, String expected) {
      super("at character " + at + ": expected " + expected);
      this.at = at;
      this.expected = expected;
    }

    /** {@return the character at which the text went wrong, from 0} */
    public int at() {
      return at;
    }

    /** {@return what should be there} */
    public String expected() {
      return expected;
    }
  }

  /**
   * {@return the value that a text is}
   *
   * @param text the whole text, in which values are nested at most 64 deep
   * @throws SyntaxException if it is not JSON, or has a number that neither a long nor a double is
   */
  public static Object parse(String text) throws SyntaxException {
    return parse(text, DEEPEST);
  }

  /** {@return the value that a text is, in which values are nested at most so deep} */
  static Object parse(String text, int deepest) throws SyntaxException {
    Json json = new Json(text, deepest);
    Object value = json.value();
    json.skipBlanks();
    if (json.at < text.length()) {
      throw json.wrong("the end");
    }
    return value;
  }

  /**
   * {@return a value as JSON writes it, in one line}
   *
   * @param value a map with texts as names, a list, a text, a number, a truth value or {@code null}
   * @throws IllegalArgumentException if it is, or holds, something else, or a number that is
   *     infinite or NaN
   */
  public static String write(Object value) {
    StringBuilder text = new StringBuilder();
    write(value, text);
    return text.toString();
  }

  private static void write(Object value, StringBuilder to) {
    switch (value) {
      case null -> to.append("null");
      case String text -> to.append(quoted(text));
      case Boolean truth -> to.append(truth.booleanValue());
      case Long whole -> to.append(whole.longValue());
      case Integer whole -> to.append(whole.intValue());
      case Number number when Double.isFinite(number.doubleValue()) ->
          to.append(number.doubleValue());
      case List<?> list -> {
        to.append('[');
        String comma = "";
        for (Object each : list) {
          to.append(comma);
          write(each, to);
          comma = ",";
        }
        to.append(']');
      }
      case Map<?, ?> map -> {
        to.append('{');
        String comma = "";
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          to.append(comma).append(quoted((String) entry.getKey())).append(':');
          write(entry.getValue(), to);
          comma = ",";
        }
        to.append('}');
      }
      default ->
          throw new IllegalArgumentException(
              "json: a value must be a map, a list, a text, a finite number, a truth value or null,"
                  + " not "
                  + value);
    }
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
    if (depth == deepest) {
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
      value = literal();
    }
    depth--;
    return value;
  }

  private Object literal() throws SyntaxException {
    if (skip("true")) {
      return true;
    }
    if (skip("false")) {
      return false;
    }
    return skip("null") ? null : number();
  }

  private boolean skip(String word) {
    boolean is = text.startsWith(word, at);
    at += is ? word.length() : 0;
    return is;
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
      if (object.containsKey(name)) {
        at = start;
        throw wrong("a name that has not come before, not '" + name + "'");
      }
      object.put(name, value());
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

  private Number number() throws SyntaxException {
    Matcher matcher = NUMBER.matcher(text).region(at, text.length());
    if (!matcher.lookingAt()) {
      throw wrong("a value");
    }
    Number number;
    try {
      boolean isWhole = matcher.group(1) == null && matcher.group(2) == null;
      // No ?: here, which would make a double of both.
      number = isWhole ? (Number) Long.valueOf(matcher.group()) : Double.valueOf(matcher.group());
    } catch (NumberFormatException _) {
      throw wrong("a whole number of 64 bits");
    }
    if (Double.isInfinite(number.doubleValue())) {
      throw wrong("a number that a double can be");
    }
    at = matcher.end();
    return number;
  }
}
