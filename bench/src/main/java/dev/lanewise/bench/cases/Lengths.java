package dev.lanewise.bench.cases;

/** How long arrays are. */
public final class Lengths {
  /** 16 Ki elements, which stay in a core's cache. */
  public static final int IN_CACHE = 1 << 14;

  /** 16 Mi elements, which no cache holds. */
  public static final int IN_MEMORY = 1 << 24;

  private Lengths() {}

  /** {@return a number of elements as people write it, for example {@code "16 Ki"}} */
  static String text(int length) {
    if (length % (1 << 20) == 0) {
      return (length >> 20) + " Mi";
    }
    return length % (1 << 10) == 0 ? (length >> 10) + " Ki" : Integer.toString(length);
  }
}
