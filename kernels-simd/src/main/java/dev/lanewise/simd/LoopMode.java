package dev.lanewise.simd;

import java.util.Locale;

/** How the loops of expressions are run. All ways give the same bits. */
enum LoopMode {
  /** Interpreted at first; compiled, in the background, once that pays. */
  AUTO,
  /** Compiled before their first use, which is slow until the JIT has compiled them too. */
  COMPILED,
  /** Never compiled: for systems that can not define classes at run time. */
  INTERPRETED;

  /** The system property that chooses the mode by its name. */
  static final String PROPERTY = "lanewise.simd.loops";

  /**
   * {@return the mode that the property chooses}
   *
   * @throws IllegalArgumentException if there is no such mode
   */
  static LoopMode configured() {
    return of(System.getProperty(PROPERTY));
  }

  /**
   * {@return the mode for a value of the property, which is null if it is not set}
   *
   * @throws IllegalArgumentException if there is no such mode
   */
  static LoopMode of(String asked) {
    if (asked == null || asked.isBlank()) {
      return AUTO;
    }
    for (LoopMode mode : values()) {
      if (mode.name().toLowerCase(Locale.ROOT).equals(asked.strip())) {
        return mode;
      }
    }
    throw new IllegalArgumentException(
        PROPERTY + ": loops are run as auto, compiled or interpreted, not '" + asked + "'");
  }
}
