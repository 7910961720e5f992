package dev.lanewise.nn.layer;

import java.util.Locale;

/** Where the new pixels of a larger image come from. */
public enum Interpolation {
  /** From the nearest old one. */
  NEAREST,
  /** From the four old ones around it, by its distance to them; corners are not aligned. */
  BILINEAR;

  /**
   * {@return the interpolation of a name: {@code "nearest"} or {@code "bilinear"}}
   *
   * @param name the constant's name; case does not matter
   * @throws IllegalArgumentException if there is none of this name
   */
  public static Interpolation named(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "nearest" -> NEAREST;
      case "bilinear" -> BILINEAR;
      default ->
          throw new IllegalArgumentException(
              "interpolation: there is no '" + name + "'; names are nearest, bilinear");
    };
  }
}
