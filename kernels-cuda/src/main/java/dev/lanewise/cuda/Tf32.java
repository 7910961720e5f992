package dev.lanewise.cuda;

/**
 * Whether products and convolutions of {@code f32} may round their arguments to TF32, which has 10
 * bits after the point instead of 23 and which tensor cores multiply several times as fast. Not by
 * default: the contract's bounds hold for true {@code f32} alone.
 */
final class Tf32 {
  /** The system property that allows it: {@code true} or {@code false}. */
  static final String PROPERTY = "lanewise.cuda.tf32";

  private Tf32() {}

  /**
   * {@return whether {@value #PROPERTY} allows it}
   *
   * @throws IllegalArgumentException if the property is neither {@code true} nor {@code false}
   */
  static boolean configured() {
    String value = System.getProperty(PROPERTY, "false");
    return switch (value) {
      case "true" -> true;
      case "false" -> false;
      default ->
          throw new IllegalArgumentException(
              "system property " + PROPERTY + " must be true or false, not '" + value + "'");
    };
  }
}
