package dev.lanewise.array;

import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;

/**
 * The elements of an array as words of one length, with the points of numbers above each other. The
 * rules are those that NumPy documents for {@code numpy.array2string} with its option {@code
 * floatmode='maxprec'}.
 */
final class Columns {
  /** A number with more digits before its point is written with an exponent, in any type. */
  private static final int MOST_DIGITS = 8;

  private final DType dtype;
  private final int precision;

  /** Where numbers of the array's type are rounded. */
  private final MemorySegment cell = MemorySegment.ofArray(new double[1]);

  private Columns(DType dtype, int precision) {
    this.dtype = dtype;
    this.precision = precision;
  }

  /**
   * {@return the words of some elements}
   *
   * @param array any array
   * @param elements their places in the storage
   * @param precision the most digits behind a point
   */
  static List<String> words(NdArray array, List<Long> elements, int precision) {
    NdArray host = array.inHost();
    // A copy has the same elements at other places.
    long moved = host.layout().offset() - array.layout().offset();
    MemorySegment segment = host.storage().segment();
    DType dtype = array.dtype();
    List<String> words = new ArrayList<>();
    if (dtype.isFloating()) {
      double[] values = elements.stream().mapToDouble(e -> dtype.get(segment, e + moved)).toArray();
      words = new Columns(dtype, precision).numbers(values);
    } else {
      for (long element : elements) {
        long value = dtype.getLong(segment, element + moved);
        words.add(dtype == DType.BOOL ? truth(value != 0, array) : Long.toString(value));
      }
    }
    Reference.reachabilityFence(host);
    int width = words.stream().mapToInt(String::length).max().orElse(0);
    words.replaceAll(word -> " ".repeat(width - word.length()) + word);
    return words;
  }

  /** {@return a word as long as that for false, but for an array without columns} */
  private static String truth(boolean value, NdArray array) {
    return value ? array.shape().rank() == 0 ? "True" : " True" : "False";
  }

  /** A number cut at its point; {@code tail} is the exponent. */
  private record Parts(String head, String fraction, String tail) {}

  private List<String> numbers(double[] values) {
    boolean exponents = needExponents(values);
    // Fractions are first cut to what is needed, then all are filled up to the longest.
    int longest = 0;
    for (double value : values) {
      if (Double.isFinite(value)) {
        Parts parts = exponents ? scientific(value, 0, precision) : positional(value);
        longest = Math.max(longest, parts.fraction.length());
      }
    }
    int exponentDigits = 0;
    List<Parts> all = new ArrayList<>();
    for (double value : values) {
      Parts parts = null;
      if (Double.isFinite(value)) {
        parts = exponents ? scientific(value, longest, longest) : positional(value);
        exponentDigits = Math.max(exponentDigits, parts.tail.length());
      }
      all.add(parts);
    }
    List<String> words = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      words.add(word(values[i], all.get(i), longest, exponentDigits));
    }
    return words;
  }

  private static String word(double value, Parts parts, int longest, int exponentDigits) {
    if (parts == null) {
      return Double.isNaN(value) ? "nan" : value < 0 ? "-inf" : "inf";
    }
    String fraction = parts.fraction + " ".repeat(longest - parts.fraction.length());
    if (exponentDigits == 0) {
      return parts.head + "." + fraction;
    }
    String sign = parts.tail.substring(0, 1);
    String digits = parts.tail.substring(1);
    String zeros = "0".repeat(exponentDigits - parts.tail.length());
    return parts.head + "." + fraction + "e" + sign + zeros + digits;
  }

  /** {@return whether the numbers other than 0 are too far from 1 or from each other} */
  private boolean needExponents(double[] values) {
    double largest = 0;
    double smallest = Double.POSITIVE_INFINITY;
    for (double value : values) {
      if (Double.isFinite(value) && value != 0) {
        largest = Math.max(largest, Math.abs(value));
        smallest = Math.min(smallest, Math.abs(value));
      }
    }
    return largest != 0
        && (largest >= Math.pow(10, Math.min(MOST_DIGITS, sureDigits()))
            || smallest < rounded(1e-4)
            || rounded(largest / smallest) > 1000);
  }

  /** {@return how many decimal digits survive in the array's type} */
  private int sureDigits() {
    return switch (dtype) {
      case F64 -> 15;
      case F32 -> 6;
      case F16 -> 3;
      case BF16 -> 2;
      case I32, I64, BOOL -> throw new AssertionError(dtype);
    };
  }

  private double rounded(double value) {
    dtype.set(cell, 0, value);
    return dtype.get(cell, 0);
  }

  private Parts positional(double value) {
    BigDecimal digits = shortest(value);
    if (digits.scale() > precision) {
      digits = new BigDecimal(Math.abs(value)).setScale(precision, RoundingMode.HALF_EVEN);
    }
    String[] parts = trimmed(digits).split("\\.");
    return new Parts(sign(value) + parts[0], parts.length > 1 ? parts[1] : "", "");
  }

  /** {@return a number with from {@code least} to {@code most} digits behind the point} */
  private Parts scientific(double value, int least, int most) {
    BigDecimal digits = shortest(value);
    int count = digits.precision() - 1;
    if (count < least || count > most) {
      digits = rounded(new BigDecimal(Math.abs(value)), Math.clamp(count, least, most) + 1);
    }
    String text = digits.unscaledValue().toString();
    int exponent = value == 0 ? 0 : text.length() - 1 - digits.scale();
    String fraction = text.substring(1).replaceAll("0+$", "");
    fraction += "0".repeat(Math.max(0, least - fraction.length()));
    String size = Integer.toString(Math.abs(exponent));
    String tail = (exponent < 0 ? "-" : "+") + (size.length() < 2 ? "0" : "") + size;
    return new Parts(sign(value) + text.charAt(0), fraction, tail);
  }

  private static BigDecimal rounded(BigDecimal exact, int digits) {
    return exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
  }

  private static String sign(double value) {
    return Double.doubleToRawLongBits(value) < 0 ? "-" : "";
  }

  private static String trimmed(BigDecimal digits) {
    return digits.signum() == 0 ? "0" : digits.stripTrailingZeros().toPlainString();
  }

  /** {@return the fewest digits that round to a number's size in the array's type} */
  private BigDecimal shortest(double value) {
    double size = Math.abs(value);
    if (size == 0) {
      return BigDecimal.ZERO;
    }
    BigDecimal exact = new BigDecimal(size);
    // Java's text has two digits at least, where one may do.
    BigDecimal digits = rounded(exact, 1);
    if (rounded(digits.doubleValue()) == size) {
      return digits;
    }
    digits =
        switch (dtype) {
          case F64 -> new BigDecimal(Double.toString(size));
          case F32 -> new BigDecimal(Float.toString((float) size));
          case F16, BF16 -> searched(size, exact);
          case I32, I64, BOOL -> throw new AssertionError(dtype);
        };
    return digits.stripTrailingZeros();
  }

  private BigDecimal searched(double size, BigDecimal exact) {
    for (int n = 2; ; n++) {
      BigDecimal near = rounded(exact, n);
      if (rounded(near.doubleValue()) == size) {
        return near;
      }
      // Numbers lie twice as far apart above a power of 2 as below.
      BigDecimal above = exact.round(new MathContext(n, RoundingMode.UP));
      if (rounded(above.doubleValue()) == size) {
        return above;
      }
    }
  }
}
