package dev.lanewise.cuda.simt;

import java.math.BigInteger;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a number in the text is: its type and value. */
final class Literal {
  private static final Pattern INTEGER =
      Pattern.compile(
          "(0[xX][0-9a-fA-F]+|[0-9]+)(|u|U)(|ll|LL)|(0[xX][0-9a-fA-F]+|[0-9]+)(ll|LL)[uU]");
  private static final Pattern DECIMAL =
      Pattern.compile(
          "((?:[0-9]+\\.[0-9]*|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[0-9]+[eE][+-]?[0-9]+)([fF]?)");
  private static final Pattern HEXADECIMAL =
      Pattern.compile(
          "(0[xX](?:[0-9a-fA-F]+\\.?[0-9a-fA-F]*|\\.[0-9a-fA-F]+)[pP][+-]?[0-9]+)([fF]?)");

  private Literal() {}

  static Constant of(Token token) {
    String text = token.text();
    Matcher matcher = INTEGER.matcher(text);
    if (matcher.matches()) {
      boolean mixed = matcher.group(4) != null;
      String digits = matcher.group(mixed ? 4 : 1);
      boolean unsigned = mixed || !matcher.group(2).isEmpty();
      boolean wide = mixed || !matcher.group(3).isEmpty();
      return integer(token, digits, unsigned, wide);
    }
    matcher = DECIMAL.matcher(text);
    if (!matcher.matches()) {
      matcher = HEXADECIMAL.matcher(text);
      if (!matcher.matches()) {
        throw new SimtSyntaxException(token.line(), "'" + text + "' is no number of the subset");
      }
    }
    boolean single = !matcher.group(2).isEmpty();
    double value =
        single ? Float.parseFloat(matcher.group(1)) : Double.parseDouble(matcher.group(1));
    if (Double.isInfinite(value)) {
      throw new SimtSyntaxException(token.line(), "'" + text + "' is beyond the range of its type");
    }
    return single
        ? new Constant(ScalarType.FLOAT, token.line(), Node.bits((float) value))
        : new Constant(ScalarType.DOUBLE, token.line(), Node.bits(value));
  }

  private static Constant integer(Token token, String digits, boolean unsigned, boolean wide) {
    boolean hex = digits.toLowerCase(Locale.ROOT).startsWith("0x");
    if (!hex && digits.length() > 1 && digits.startsWith("0")) {
      throw new SimtSyntaxException(
          token.line(), "'" + token.text() + "': octal is outside the subset");
    }
    BigInteger value = hex ? new BigInteger(digits.substring(2), 16) : new BigInteger(digits);
    int bits = value.bitLength();
    ScalarType type;
    if (bits <= 31 && !unsigned && !wide) {
      type = ScalarType.INT;
    } else if (bits <= 32 && (unsigned || hex) && !wide) {
      type = ScalarType.UINT;
    } else if (bits <= 63 && !unsigned) {
      type = ScalarType.LLONG;
    } else if (bits <= 64 && (unsigned || hex)) {
      type = ScalarType.ULLONG;
    } else {
      throw new SimtSyntaxException(
          token.line(), "'" + token.text() + "' is too large for its type");
    }
    return new Constant(type, token.line(), value.longValue());
  }
}
