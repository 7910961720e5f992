package dev.lanewise.nn.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A type and its settings by name: what is needed to make something again. Settings are numbers,
 * truth values, texts, lists of these, and configs.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() {
 *   Config config = new Dense(5, "relu").config();
 *   IO.println(config.type() + ": " + config.integer("units")); // Dense: 5
 * }
 * }
 */
public final class Config {
  private static final String TYPE = "type";

  private final Map<String, Object> settings;

  private Config(Map<String, Object> settings) {
    this.settings = settings;
  }

  /**
   * {@return a config without settings yet}
   *
   * @param type the type's name
   */
  public static Config of(String type) {
    return new Config(new LinkedHashMap<>(Map.of(TYPE, type)));
  }

  /**
   * {@return a config of what a file held}
   *
   * @param settings {@code type} and the settings: numbers, truth values, texts, lists and maps
   * @throws IllegalArgumentException if there is no type
   */
  public static Config of(Map<String, ?> settings) {
    Config config = new Config(new LinkedHashMap<>(settings));
    config.text(TYPE);
    return config;
  }

  /**
   * Adds a setting.
   *
   * @param name its name
   * @param value a number, a truth value, a text, an {@code int[]}, a config, a list of these, or
   *     what has a text: a constant of an enum, whose name is written in small letters, or anything
   *     else, by its {@code toString}; an {@code Optional} that is empty adds nothing
   * @return this config
   */
  public Config with(String name, Object value) {
    if (value instanceof Optional<?> optional) {
      optional.ifPresent(present -> with(name, present));
    } else {
      settings.put(name, plain(value));
    }
    return this;
  }

  private static Object plain(Object value) {
    return switch (value) {
      case Boolean flag -> flag;
      case Number number -> number;
      case Config config -> config.asMap();
      case Enum<?> constant -> constant.name().toLowerCase(Locale.ROOT);
      case int[] numbers -> Arrays.stream(numbers).boxed().toList();
      case List<?> list -> list.stream().map(Config::plain).toList();
      case Map<?, ?> map -> map;
      default -> value.toString();
    };
  }

  /** {@return the type's name} */
  public String type() {
    return text(TYPE);
  }

  /** {@return whether there is such a setting} */
  public boolean has(String name) {
    return settings.containsKey(name);
  }

  /** {@return type and settings, as a file keeps them} */
  public Map<String, Object> asMap() {
    return Collections.unmodifiableMap(settings);
  }

  /**
   * {@return a whole number}
   *
   * @param name the setting's name
   * @throws IllegalArgumentException if there is none, or it is something else
   */
  public int integer(String name) {
    double number = number(name);
    if (number != (int) number) {
      throw wrong(name, "a whole number");
    }
    return (int) number;
  }

  /**
   * {@return a number}
   *
   * @param name the setting's name
   * @throws IllegalArgumentException if there is none, or it is something else
   */
  public double number(String name) {
    return get(name, Number.class, "a number").doubleValue();
  }

  /**
   * {@return a truth value}
   *
   * @param name the setting's name
   * @throws IllegalArgumentException if there is none, or it is something else
   */
  public boolean flag(String name) {
    return get(name, Boolean.class, "true or false");
  }

  /**
   * {@return a text}
   *
   * @param name the setting's name
   * @throws IllegalArgumentException if there is none, or it is something else
   */
  public String text(String name) {
    return get(name, String.class, "a text");
  }

  /**
   * {@return what a text means, if there is one}
   *
   * @param <T> the type of what it means
   * @param name the setting's name
   * @param meaning what texts mean
   * @throws IllegalArgumentException if the setting is something else than a text
   */
  public <T> Optional<T> optional(String name, Function<String, T> meaning) {
    return has(name) ? Optional.of(meaning.apply(text(name))) : Optional.empty();
  }

  /**
   * {@return whole numbers}
   *
   * @param name the setting's name
   * @throws IllegalArgumentException if there are none, or one is something else
   */
  public int[] integers(String name) {
    List<?> list = get(name, List.class, "a list of whole numbers");
    int[] numbers = new int[list.size()];
    for (int i = 0; i < numbers.length; i++) {
      if (!(list.get(i) instanceof Number n) || n.doubleValue() != n.intValue()) {
        throw wrong(name, "a list of whole numbers");
      }
      numbers[i] = n.intValue();
    }
    return numbers;
  }

  /**
   * {@return a config}
   *
   * @param name the setting's name
   * @throws IllegalArgumentException if there is none, or it is something else
   */
  public Config config(String name) {
    return config(name, get(name, Map.class, "an object"));
  }

  /**
   * {@return configs}
   *
   * @param name the setting's name
   * @throws IllegalArgumentException if there are none, or one is something else
   */
  public List<Config> configs(String name) {
    List<Config> configs = new ArrayList<>();
    for (Object each : get(name, List.class, "a list of objects")) {
      configs.add(config(name, each));
    }
    return configs;
  }

  private Config config(String name, Object value) {
    if (!(value instanceof Map<?, ?> map)) {
      throw wrong(name, "an object");
    }
    Map<String, Object> named = new LinkedHashMap<>();
    map.forEach((key, setting) -> named.put(String.valueOf(key), setting));
    return of(named);
  }

  private <T> T get(String name, Class<T> type, String expected) {
    Object value = settings.get(name);
    if (!type.isInstance(value)) {
      throw wrong(name, expected);
    }
    return type.cast(value);
  }

  private IllegalArgumentException wrong(String name, String expected) {
    return new IllegalArgumentException(
        "config%s: '%s' must be %s, not %s"
            .formatted(
                settings.get(TYPE) instanceof String type ? " of " + type : "",
                name,
                expected,
                settings.get(name)));
  }

  /** {@return type and settings} */
  @Override
  public String toString() {
    return settings.toString();
  }
}
