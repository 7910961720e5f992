package dev.lanewise.nn.data;

import dev.lanewise.array.DType;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Numbers as CSV files have them. */
final class CsvNumber {
  private CsvNumber() {}

  /** {@return whether a field says that there is no number} */
  static boolean isMissing(String field) {
    return field.isBlank() || field.strip().equals("NA");
  }

  /**
   * {@return the nearest number of a type} Java's parser would also take {@code 1f} and {@code
   * 0x1p3}, which are codes and not numbers in a table.
   *
   * @throws NumberFormatException if the field is none, or is too large for the type
   */
  static double parse(String field, DType dtype) {
    String text = field.strip();
    if (!hasDigitsAlone(text)) {
      return special(text);
    }
    double value = dtype == DType.F32 ? Float.parseFloat(text) : Double.parseDouble(text);
    if (Double.isInfinite(value)) {
      throw new NumberFormatException(field);
    }
    return value;
  }

  private static boolean hasDigitsAlone(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ((c < '0' || c > '9') && "+-.eE".indexOf(c) < 0) {
        return false;
      }
    }
    return true;
  }

  private static double special(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "nan", "+nan", "-nan" -> Double.NaN;
      case "inf", "+inf", "infinity", "+infinity" -> Double.POSITIVE_INFINITY;
      case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
      default -> throw new NumberFormatException(text);
    };
  }

  /** {@return the different labels: by value if all are whole numbers, else as texts} */
  static List<String> sorted(List<String> labels) {
    List<String> different = labels.stream().distinct().sorted().toList();
    return different.stream().allMatch(label -> label.matches("[+-]?[0-9]{1,18}"))
        ? different.stream().sorted(Comparator.comparingLong(Long::parseLong)).toList()
        : different;
  }

  /** {@return the shortest text that is read as the same f32} */
  static String text(float value) {
    return shortest(Float.toString(value));
  }

  /** {@return the shortest text that is read as the same f64} */
  static String text(double value) {
    return shortest(Double.toString(value));
  }

  private static String shortest(String java) {
    return switch (java) {
      case "Infinity" -> "inf";
      case "-Infinity" -> "-inf";
      default ->
          java.endsWith(".0") ? java.substring(0, java.length() - 2) : java.replace(".0E", "E");
    };
  }
}
