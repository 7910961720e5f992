package dev.lanewise.graph;

import dev.lanewise.io.FileFormatException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A value of a file, which knows where it is: whoever asks for something else than it is gets an
 * error that says so.
 *
 * @param file how errors call the file
 * @param place where in it
 * @param value a map, a list, a text, a number, a truth value or {@code null}
 */
record Fields(String file, String place, Object value) {
  private static final int LONGEST_QUOTE = 60;
  private static final double[] NOT_IN_JSON = {
    Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY
  };

  /** {@return the error that something else is here} */
  UncheckedIOException wrong(String expected, Object found, Throwable cause) {
    String text = String.valueOf(found);
    String quoted = text.length() > LONGEST_QUOTE ? text.substring(0, LONGEST_QUOTE) + "…" : text;
    return new UncheckedIOException(
        new FileFormatException(file, place, expected, "'" + quoted + "'", cause));
  }

  private UncheckedIOException wrong(String expected) {
    return wrong(expected, value, null);
  }

  /** {@return a field of a map} */
  Fields get(String name) {
    if (!(value instanceof Map<?, ?> map) || !map.containsKey(name)) {
      throw wrong("an object with '" + name + "'");
    }
    return new Fields(file, place + "." + name, map.get(name));
  }

  boolean isNull() {
    return value == null;
  }

  String text() {
    if (value instanceof String text) {
      return text;
    }
    throw wrong("a text");
  }

  boolean flag() {
    if (value instanceof Boolean flag) {
      return flag;
    }
    throw wrong("true or false");
  }

  long whole(long least, long most) {
    if (value instanceof Long number && number >= least && number <= most) {
      return number;
    }
    throw wrong("a whole number from " + least + " to " + most);
  }

  int integer() {
    return (int) whole(Integer.MIN_VALUE, Integer.MAX_VALUE);
  }

  /** {@return a number; JSON has no infinities and no NaN, which are texts} */
  double number() {
    if (value instanceof Number number) {
      return number.doubleValue();
    }
    for (double number : NOT_IN_JSON) {
      if (Double.toString(number).equals(value)) {
        return number;
      }
    }
    throw wrong("a number");
  }

  /** {@return a number for a file} */
  static Object number(double value) {
    return Double.isFinite(value) ? (Object) value : Double.toString(value);
  }

  List<Fields> list(int least, int most) {
    if (!(value instanceof List<?> list) || list.size() < least || list.size() > most) {
      throw wrong("a list of " + least + " to " + most);
    }
    List<Fields> all = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      all.add(new Fields(file, place + "[" + i + "]", list.get(i)));
    }
    return all;
  }

  List<Fields> list() {
    return list(0, Integer.MAX_VALUE);
  }

  int[] integers() {
    return list().stream().mapToInt(Fields::integer).toArray();
  }

  double[] numbers() {
    return list().stream().mapToDouble(Fields::number).toArray();
  }

  <E extends Enum<E>> E constant(Class<E> type) {
    for (E each : type.getEnumConstants()) {
      if (each.name().equals(text())) {
        return each;
      }
    }
    throw wrong("a " + type.getSimpleName().toLowerCase(Locale.ROOT) + " that this version knows");
  }
}
