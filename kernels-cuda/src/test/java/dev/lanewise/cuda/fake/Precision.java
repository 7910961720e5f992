package dev.lanewise.cuda.fake;

/** How a product rounds its inputs before it multiplies them. */
public enum Precision {
  /** Doubles, multiplied as they are. */
  F64,
  /** Floats, or 16-bit numbers, multiplied as they are; sums in float. */
  F32,
  /** The same, and the library promises to reorder nothing for speed. */
  PEDANTIC_F32,
  /** Floats cut to the 10 bits of fraction of a tensor core's TF32. */
  TF32,
  /** Floats cut to half. */
  FAST_F16,
  /** Floats cut to bfloat16. */
  FAST_BF16;

  /** {@return whether floats lose bits before they are multiplied} */
  public boolean reduced() {
    return switch (this) {
      case F64, F32, PEDANTIC_F32 -> false;
      case TF32, FAST_F16, FAST_BF16 -> true;
    };
  }

  /** Rounds all values in place, as this precision does on their way to the multiplier. */
  void round(double[] values) {
    if (!reduced()) {
      return;
    }
    for (int i = 0; i < values.length; i++) {
      values[i] = rounded((float) values[i]);
    }
  }

  private float rounded(float value) {
    return switch (this) {
      case F64, F32, PEDANTIC_F32 -> value;
      case TF32 -> withFractionBits(value, 10);
      case FAST_F16 -> Float.float16ToFloat(Float.floatToFloat16(value));
      case FAST_BF16 -> withFractionBits(value, 7);
    };
  }

  private static float withFractionBits(float value, int kept) {
    if (!Float.isFinite(value)) {
      return value;
    }
    int dropped = 23 - kept;
    int bits = Float.floatToRawIntBits(value);
    int rounded = bits + (1 << dropped - 1) - 1 + (bits >>> dropped & 1);
    return Float.intBitsToFloat(rounded & -1 << dropped);
  }
}
