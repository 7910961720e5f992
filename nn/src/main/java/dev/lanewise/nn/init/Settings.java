package dev.lanewise.nn.init;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What stands in the brackets of an initializer's text: {@code mean=0.0, std=0.5}. */
final class Settings {
  private final String text;
  private final Map<String, String> values = new LinkedHashMap<>();

  /**
   * Reads settings.
   *
   * @param text the whole text, for errors
   * @param settings what stands in its brackets
   */
  Settings(String text, String settings) {
    this.text = text;
    for (String setting : settings.split(",")) {
      String[] sides = setting.split("=", 2);
      String value = sides.length == 2 ? sides[1].strip() : "";
      if (value.isEmpty() || values.put(sides[0].strip(), value) != null) {
        throw wrong("'" + setting.strip() + "' is not one setting with its value, name=value");
      }
    }
  }

  /** Throws unless there are these settings and no others. */
  void require(String... names) {
    List<String> wanted = Arrays.asList(names);
    if (values.size() != names.length || !values.keySet().containsAll(wanted)) {
      throw wrong("settings must be " + String.join(", ", wanted));
    }
  }

  double number(String name) {
    try {
      return Double.parseDouble(values.get(name));
    } catch (NumberFormatException _) {
      throw wrong(name + " must be a number, not '" + values.get(name) + "'");
    }
  }

  <E extends Enum<E>> E constant(String name, Class<E> type) {
    String value = values.get(name).toUpperCase(Locale.ROOT);
    for (E constant : type.getEnumConstants()) {
      if (constant.name().equals(value)) {
        return constant;
      }
    }
    throw wrong(
        "%s must be one of %s, not '%s'"
            .formatted(name, Arrays.toString(type.getEnumConstants()), values.get(name)));
  }

  private IllegalArgumentException wrong(String rule) {
    return new IllegalArgumentException("initializer: in '" + text + "', " + rule);
  }
}
