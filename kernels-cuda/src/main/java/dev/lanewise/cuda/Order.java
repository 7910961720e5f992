package dev.lanewise.cuda;

import dev.lanewise.array.DType;

/**
 * Orders of elements, by unsigned integers that grow along them: so one kernel sorts all types in
 * both directions. NaN is larger than any number, and −0 equals 0.
 */
enum Order {
  /** The smallest first, NaN last. */
  RISING("rising(x)"),
  /** NaN first, then the largest. */
  FALLING("~rising(x)"),
  /** The largest first, NaN last: its last element is NaN, or else the smallest. */
  FALLING_TO_NAN("x != x ? ~(K) 0 : ~rising(x)"),
  /** Indices, which are not negative; others come last. */
  INDEX("(K) x");

  private final String key;

  Order(String key) {
    this.key = key;
  }

  /** {@return how many bytes a key has} */
  static int bytes(DType dtype) {
    return dtype.byteSize();
  }

  /** {@return the type of keys in CUDA C} */
  static String type(DType dtype) {
    return dtype.byteSize() == Long.BYTES ? "unsigned long long" : "unsigned int";
  }

  /** {@return the text of {@code key}, which makes a key {@code K} of an element} */
  String function(DType dtype) {
    String rising =
        switch (dtype) {
          case F32 -> "key_float";
          case F64 -> "key_double";
          case I32 -> "key_int";
          case I64 -> "key_long";
          case BOOL, F16, BF16 -> throw new IllegalArgumentException("no order of " + dtype);
        };
    return (this == INDEX ? "" : KernelText.piece(rising))
        + "__device__ inline K key(T x) {\n  return "
        + key
        + ";\n}";
  }
}
