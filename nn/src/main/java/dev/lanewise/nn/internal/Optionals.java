package dev.lanewise.nn.internal;

/** What this module can use at run time, and does without where it is not there. */
public final class Optionals {
  private Optionals() {}

  /**
   * {@return whether a class is there and this module may use it}
   *
   * @param className a class of the library
   */
  public static boolean canUse(String className) {
    try {
      Class<?> type = Class.forName(className, false, Optionals.class.getClassLoader());
      return Optionals.class.getModule().canRead(type.getModule());
    } catch (ClassNotFoundException _) {
      return false;
    }
  }

  /**
   * Checks that a library is there, before a class is loaded that needs it.
   *
   * @param need who needs which library and for what, for the error's text
   * @param className a class of the library
   * @param coordinates what Maven calls it
   * @param module the name of its module
   * @throws IllegalStateException if it is not there; the text says how to get it
   */
  public static void require(String need, String className, String coordinates, String module) {
    if (!canUse(className)) {
      throw new IllegalStateException(
          need
              + ", which is not there; add its jar (in Maven "
              + coordinates
              + ") to the "
              + (Optionals.class.getModule().isNamed()
                  ? "module path, and start Java with --add-modules " + module
                  : "class path"));
    }
  }
}
