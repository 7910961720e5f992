package dev.lanewise.nn.init;

import dev.lanewise.nn.init.BuiltIn.VarianceScaling;
import dev.lanewise.nn.internal.NamedText;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The names that initializers have in Keras, and the texts of built-in ones with settings. */
final class InitializerNames {
  private static final Map<String, VarianceScaling> SCALINGS = new LinkedHashMap<>();
  private static final Map<String, Initializer> OTHERS = new LinkedHashMap<>();

  static {
    SCALINGS.put("glorot_uniform", new VarianceScaling(1, FanMode.AVERAGE, Spread.UNIFORM));
    SCALINGS.put("glorot_normal", new VarianceScaling(1, FanMode.AVERAGE, Spread.TRUNCATED_NORMAL));
    SCALINGS.put("he_uniform", new VarianceScaling(2, FanMode.IN, Spread.UNIFORM));
    SCALINGS.put("he_normal", new VarianceScaling(2, FanMode.IN, Spread.TRUNCATED_NORMAL));
    SCALINGS.put("lecun_uniform", new VarianceScaling(1, FanMode.IN, Spread.UNIFORM));
    SCALINGS.put("lecun_normal", new VarianceScaling(1, FanMode.IN, Spread.TRUNCATED_NORMAL));
    OTHERS.put("variance_scaling", new VarianceScaling(1, FanMode.IN, Spread.TRUNCATED_NORMAL));
    OTHERS.put("random_normal", new BuiltIn.Normal(0, 0.05));
    OTHERS.put("random_uniform", new BuiltIn.Uniform(-0.05, 0.05));
    OTHERS.put("truncated_normal", new BuiltIn.TruncatedNormal(0, 0.05));
    OTHERS.put("orthogonal", new BuiltIn.Orthogonal(1));
    OTHERS.put("identity", new BuiltIn.Identity(1));
    OTHERS.put("zeros", new BuiltIn.Constant(0));
    OTHERS.put("ones", new BuiltIn.Constant(1));
  }

  private InitializerNames() {}

  /** {@return the initializer of a name that {@link #SCALINGS} has} */
  static VarianceScaling scaling(String name) {
    return SCALINGS.get(name);
  }

  /** {@return the short name of an initializer, in the spelling of its factory method} */
  static Optional<String> ofScaling(VarianceScaling scaling) {
    return SCALINGS.entrySet().stream()
        .filter(e -> e.getValue().equals(scaling))
        .map(e -> camelCase(e.getKey()))
        .findFirst();
  }

  private static String camelCase(String name) {
    int at = name.indexOf('_');
    return name.substring(0, at)
        + Character.toUpperCase(name.charAt(at + 1))
        + name.substring(at + 2);
  }

  /** {@return the initializer of a name or a text; see {@link Initializer#named}} */
  static Initializer initializer(String text) {
    NamedText named = NamedText.of("initializer", text);
    if (named.hasSettings()) {
      return withSettings(text, named);
    }
    for (Map<String, ? extends Initializer> names : Arrays.asList(SCALINGS, OTHERS)) {
      for (Map.Entry<String, ? extends Initializer> entry : names.entrySet()) {
        if (plain(entry.getKey()).equals(named.name())) {
          return entry.getValue();
        }
      }
    }
    throw unknown(text);
  }

  private static Initializer withSettings(String text, NamedText settings) {
    return switch (settings.name()) {
      case "constant" -> {
        settings.require("value");
        yield new BuiltIn.Constant(settings.number("value"));
      }
      case "normal" -> {
        settings.require("mean", "std");
        yield new BuiltIn.Normal(settings.number("mean"), settings.number("std"));
      }
      case "truncatednormal" -> {
        settings.require("mean", "std");
        yield new BuiltIn.TruncatedNormal(settings.number("mean"), settings.number("std"));
      }
      case "uniform" -> {
        settings.require("low", "high");
        yield new BuiltIn.Uniform(settings.number("low"), settings.number("high"));
      }
      case "variancescaling" -> {
        settings.require("scale", "mode", "spread");
        yield new VarianceScaling(
            settings.number("scale"),
            settings.constant("mode", FanMode.class),
            settings.constant("spread", Spread.class));
      }
      case "orthogonal" -> {
        settings.require("gain");
        yield new BuiltIn.Orthogonal(settings.number("gain"));
      }
      case "identity" -> {
        settings.require("gain");
        yield new BuiltIn.Identity(settings.number("gain"));
      }
      default -> throw unknown(text);
    };
  }

  private static String plain(String name) {
    return name.replace("_", "").toLowerCase(Locale.ROOT);
  }

  private static IllegalArgumentException unknown(String text) {
    return new IllegalArgumentException(
        "initializer: there is no '"
            + text
            + "'; names are "
            + String.join(", ", SCALINGS.keySet())
            + ", "
            + String.join(", ", OTHERS.keySet())
            + ", and with settings constant(value=0.5), normal(mean=0, std=1), uniform(low=-1,"
            + " high=1)");
  }
}
