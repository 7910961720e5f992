package dev.lanewise.nn.layer;

import java.util.Locale;

/** What happens at the borders of an image. */
public enum Padding {
  /** Nothing is added: windows stay inside. */
  VALID,
  /**
   * Zeros are added so that a stride of 1 keeps height and width; an odd rest goes below and right.
   */
  SAME;

  /**
   * {@return the padding of a name: {@code "valid"} or {@code "same"}}
   *
   * @param name the constant's name; case does not matter
   * @throws IllegalArgumentException if there is none of this name
   */
  public static Padding named(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "valid" -> VALID;
      case "same" -> SAME;
      default ->
          throw new IllegalArgumentException(
              "padding: there is no '" + name + "'; names are valid, same");
    };
  }
}
