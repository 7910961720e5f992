package dev.lanewise.bench.report;

/**
 * A kind of processor, as far as speeds depend on it.
 *
 * @param architecture for example {@code amd64}
 * @param vectorBits how wide vectors are
 * @param family maker and family, or whatever the system tells
 */
public record Processor(String architecture, int vectorBits, String family) {
  /** {@return architecture and width} */
  String width() {
    return architecture + " " + vectorBits + "-bit";
  }

  /** {@return all of it} */
  public String key() {
    return width() + ", " + family;
  }
}
