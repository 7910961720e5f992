package dev.lanewise.bench.report;

import java.util.Locale;

/** Builds XML text; what stands between tags is escaped. */
final class Markup {
  private final StringBuilder text = new StringBuilder();

  /** Appends markup as it is, formatted by {@link String#format}; numbers and fixed words only. */
  Markup raw(String format, Object... values) {
    text.append(values.length == 0 ? format : String.format(Locale.ROOT, format, values));
    return this;
  }

  /** Appends text. */
  Markup text(String value) {
    text.append(
        value
            .replace("&", "&amp;")
            .replace("<", "&lt;")
            .replace(">", "&gt;")
            .replace("\"", "&quot;"));
    return this;
  }

  /** Appends an element that holds text. */
  Markup element(String tag, String attributes, String value) {
    text.append('<').append(tag).append(attributes.isEmpty() ? "" : " ").append(attributes);
    text.append('>');
    text(value);
    text.append("</").append(tag).append('>');
    return this;
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
