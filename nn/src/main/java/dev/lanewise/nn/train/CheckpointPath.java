package dev.lanewise.nn.train;

import dev.lanewise.nn.Training;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A path with places for numbers of the training, as Keras writes them: {@code {epoch:02d}}. */
final class CheckpointPath {
  private static final Pattern PLACE = Pattern.compile("\\{([^{}:]+)(?::([^{}]*))?}");
  private static final Pattern WHOLE = Pattern.compile("(0?[1-9][0-9]?)?d");
  private static final Pattern FRACTION = Pattern.compile("(\\.[0-9]{1,2})?[ef]");

  private final String who;
  private final String text;

  /**
   * Makes one.
   *
   * @throws IllegalArgumentException if a place is not as it must be
   */
  CheckpointPath(String who, String text) {
    this.who = who;
    this.text = text;
    Matcher places = PLACE.matcher(text);
    while (places.find()) {
      String format = places.group(2);
      boolean isWhole = isWhole(places.group(1));
      if (format != null && !(isWhole ? WHOLE : FRACTION).matcher(format).matches()) {
        throw new IllegalArgumentException(
            "%s: the format of %s in '%s' must be like %s"
                .formatted(who, places.group(), text, isWhole ? "{epoch:02d}" : "{val_loss:.4f}"));
      }
    }
    if (PLACE.matcher(text).replaceAll("").matches("(?s).*[{}].*")) {
      throw new IllegalArgumentException(
          "%s: braces in '%s' must enclose names, as in {epoch} or {val_loss:.2f}"
              .formatted(who, text));
    }
  }

  private static boolean isWhole(String name) {
    return name.equals("epoch") || name.equals("step");
  }

  /** Refuses names that are known before training not to come. */
  void requirePossible(Training training) {
    PLACE
        .matcher(text)
        .results()
        .map(place -> place.group(1))
        .filter(name -> !isWhole(name))
        .forEach(name -> Monitor.requirePossible(who, name, training));
  }

  /** {@return the path with the numbers of now} */
  Path at(Training training) {
    return Path.of(
        PLACE
            .matcher(text)
            .replaceAll(
                place ->
                    Matcher.quoteReplacement(number(place.group(1), place.group(2), training))));
  }

  private String number(String name, String format, Training training) {
    return switch (name) {
      case "epoch" -> format("d", format, training.epoch() + 1L);
      case "step" -> format("d", format, training.optimizer().iterations());
      default -> format(".4f", format, Monitor.read(who, name, training).orElse(Double.NaN));
    };
  }

  private static String format(String usual, String chosen, Object number) {
    return String.format(Locale.ROOT, "%" + (chosen == null ? usual : chosen), number);
  }
}
