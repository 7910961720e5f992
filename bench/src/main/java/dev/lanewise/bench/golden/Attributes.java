package dev.lanewise.bench.golden;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The arguments of a case that are no arrays, by name. Each reader says what it expected. */
final class Attributes {
  private final Map<String, Object> values;

  Attributes(Map<String, Object> values) {
    this.values = new TreeMap<>(values);
  }

  boolean has(String name) {
    return values.get(name) != null;
  }

  int integer(String name) {
    return number(name).intValue();
  }

  int integer(String name, int otherwise) {
    return has(name) ? integer(name) : otherwise;
  }

  double real(String name) {
    return number(name).doubleValue();
  }

  double real(String name, double otherwise) {
    return has(name) ? real(name) : otherwise;
  }

  private Number number(String name) {
    return values.get(name) instanceof Number number ? number : refuse(name, "a number");
  }

  boolean flag(String name) {
    return flag(name, false);
  }

  boolean flag(String name, boolean otherwise) {
    return switch (values.get(name)) {
      case null -> otherwise;
      case Boolean flag -> flag;
      default -> refuse(name, "a flag");
    };
  }

  String text(String name) {
    return values.get(name) instanceof String text ? text : refuse(name, "a text");
  }

  String text(String name, String otherwise) {
    return has(name) ? text(name) : otherwise;
  }

  /** {@return a list of whole numbers; one number is a list of it, none at all an empty one} */
  int[] integers(String name) {
    return switch (values.get(name)) {
      case null -> new int[0];
      case Number one -> new int[] {one.intValue()};
      case List<?> many -> many.stream().mapToInt(each -> element(name, each).intValue()).toArray();
      default -> refuse(name, "a list of numbers");
    };
  }

  double[] reals(String name) {
    return values.get(name) instanceof List<?> many
        ? many.stream().mapToDouble(each -> element(name, each).doubleValue()).toArray()
        : refuse(name, "a list of numbers");
  }

  private Number element(String name, Object each) {
    return each instanceof Number number ? number : refuse(name, "a list of numbers");
  }

  private <T> T refuse(String name, String expected) {
    throw new IllegalArgumentException(
        "attribute '" + name + "' must be " + expected + ", not " + values.get(name));
  }

  @Override
  public String toString() {
    return values.toString();
  }
}
