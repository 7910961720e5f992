package dev.lanewise.nn.internal;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A name with settings, as built-in values write themselves: {@code l1l2(l1=0.01, l2=0.0)}. */
public final class NamedText {
  private static final Pattern TEXT = Pattern.compile("\\s*(\\w+)\\s*(?:\\((.*)\\))?\\s*");

  /** A comma that is not inside of a list. */
  private static final Pattern COMMA = Pattern.compile(",(?![^\\[]*])");

  private final String what;
  private final String text;
  private final String name;
  private final Map<String, String> settings = new TreeMap<>();

  private NamedText(String what, String text, String name) {
    this.what = what;
    this.text = text;
    this.name = name;
  }

  /**
   * {@return the parts of a text}
   *
   * @param what what it is meant to name, for errors
   * @param text the text
   * @throws IllegalArgumentException if it is not a name, or a name with settings
   */
  public static NamedText of(String what, String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          what + ": '" + text + "' is not a name, or a name with settings, name(setting=value)");
    }
    String name = matcher.group(1).replace("_", "").toLowerCase(Locale.ROOT);
    NamedText named = new NamedText(what, text, name);
    if (matcher.group(2) != null) {
      for (String setting : COMMA.split(matcher.group(2))) {
        named.add(setting);
      }
    }
    return named;
  }

  private void add(String setting) {
    String[] sides = setting.split("=", 2);
    String value = sides.length == 2 ? sides[1].strip() : "";
    if (value.isEmpty() || settings.put(sides[0].strip(), value) != null) {
      throw wrong("'" + setting.strip() + "' is not one setting with its value, name=value");
    }
  }

  /** {@return the name in small letters without underscores} */
  public String name() {
    return name;
  }

  /** {@return whether there are settings} */
  public boolean hasSettings() {
    return !settings.isEmpty();
  }

  /**
   * Checks that there are these settings and no others.
   *
   * @param names their names
   * @throws IllegalArgumentException if one is missing or unknown
   */
  public void require(String... names) {
    if (!settings.keySet().equals(Set.of(names))) {
      throw wrong("settings must be " + String.join(", ", names));
    }
  }

  /**
   * {@return the name in small letters without underscores, and the names of the settings in
   * alphabetical order: {@code l1l2(l1,l2)}}
   */
  public String form() {
    return settings.isEmpty() ? name : name + "(" + String.join(",", settings.keySet()) + ")";
  }

  /**
   * {@return a setting that is a number}
   *
   * @param key its name, which {@link #form} has
   * @throws IllegalArgumentException if it is something else
   */
  public double number(String key) {
    try {
      return Double.parseDouble(settings.get(key));
    } catch (NumberFormatException _) {
      throw wrong(key + " must be a number, not '" + settings.get(key) + "'");
    }
  }

  /**
   * {@return a setting that is a list of whole numbers, {@code [0, 1]}}
   *
   * @param key its name, which {@link #form} has
   * @throws IllegalArgumentException if it is something else
   */
  public int[] integers(String key) {
    String list = settings.get(key);
    try {
      if (!list.startsWith("[") || !list.endsWith("]")) {
        throw new NumberFormatException("no list");
      }
      return Arrays.stream(list.substring(1, list.length() - 1).split(","))
          .mapToInt(number -> Integer.parseInt(number.strip()))
          .toArray();
    } catch (NumberFormatException _) {
      throw wrong(key + " must be a list of whole numbers, [0, 1], not '" + list + "'");
    }
  }

  /**
   * {@return a setting that is a constant}
   *
   * @param <E> the constant's type
   * @param key its name, which {@link #require} has asked for
   * @param type the constant's type
   * @throws IllegalArgumentException if there is no such constant; case does not matter
   */
  public <E extends Enum<E>> E constant(String key, Class<E> type) {
    for (E constant : type.getEnumConstants()) {
      if (constant.name().equalsIgnoreCase(settings.get(key))) {
        return constant;
      }
    }
    throw wrong(
        "%s must be one of %s, not '%s'"
            .formatted(key, Arrays.toString(type.getEnumConstants()), settings.get(key)));
  }

  private IllegalArgumentException wrong(String rule) {
    return new IllegalArgumentException(what + ": in '" + text + "', " + rule);
  }
}
