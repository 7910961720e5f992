package dev.lanewise.nn.config;

import dev.lanewise.nn.init.Initializer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
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
   * @throws UnsupportedOperationException if the value has no text of its own, as a lambda has
   *     none; an initializer without one is written as {@code glorotUniform}, since a model that is
   *     loaded has its weights from the file
   */
  public Config with(String name, Object value) {
    switch (value) {
      case Optional<?> optional -> optional.ifPresent(present -> with(name, present));
      case OptionalLong optional -> optional.ifPresent(present -> with(name, present));
      case OptionalDouble optional -> optional.ifPresent(present -> with(name, present));
      default -> settings.put(name, plain(name, value));
    }
    return this;
  }

  private Object plain(String name, Object value) {
    return switch (value) {
      case Boolean flag -> flag;
      case Number number -> number;
      case Config config -> config.asMap();
      case Enum<?> constant -> constant.name().toLowerCase(Locale.ROOT);
      case int[] numbers -> Arrays.stream(numbers).boxed().toList();
      case List<?> list -> list.stream().map(each -> plain(name, each)).toList();
      case Map<?, ?> map -> map;
      case String text -> text;
      case Initializer initializer -> text(initializer);
      default -> text(name, value);
    };
  }

  private static String text(Initializer initializer) {
    try {
      Initializer.named(initializer.toString());
      return initializer.toString();
    } catch (IllegalArgumentException _) {
      return "glorotUniform";
    }
  }

  private String text(String name, Object value) {
    String text = value.toString();
    if (text.equals(value.getClass().getName() + "@" + Integer.toHexString(value.hashCode()))) {
      throw new UnsupportedOperationException(
          ("config of %s: '%s' is a %s, which has no text that it could be made of again; choose a"
                  + " built-in one, or save weights alone")
              .formatted(type(), name, value.getClass().getName()));
    }
    return text;
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
   * {@return a whole number of 64 bits}
   *
   * @param name the setting's name
   * @throws IllegalArgumentException if there is none, or it is something else
   */
  public long wholeNumber(String name) {
    return switch (settings.get(name)) {
      case Long number -> number;
      case Integer number -> number;
      case null, default -> throw wrong(name, "a whole number");
    };
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
   * {@return numbers}
   *
   * @param name the setting's name
   * @throws IllegalArgumentException if there are none, or one is something else
   */
  public double[] numbers(String name) {
    List<?> list = get(name, List.class, "a list of numbers");
    double[] numbers = new double[list.size()];
    for (int i = 0; i < numbers.length; i++) {
      if (!(list.get(i) instanceof Number n)) {
        throw wrong(name, "a list of numbers");
      }
      numbers[i] = n.doubleValue();
    }
    return numbers;
  }

  /**
   * {@return texts}
   *
   * @param name the setting's name
   * @throws IllegalArgumentException if there are none, or one is something else
   */
  public List<String> texts(String name) {
    List<String> texts = new ArrayList<>();
    for (Object each : get(name, List.class, "a list of texts")) {
      if (!(each instanceof String text)) {
        throw wrong(name, "a list of texts");
      }
      texts.add(text);
    }
    return texts;
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
