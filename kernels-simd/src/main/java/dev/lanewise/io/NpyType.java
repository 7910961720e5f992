package dev.lanewise.io;

import dev.lanewise.array.DType;
import dev.lanewise.array.DTypeException;
import java.nio.ByteOrder;
import java.util.Map;

/** The names that NumPy gives to types of elements. */
final class NpyType {
  private static final Map<String, DType> TYPES =
      Map.ofEntries(
          Map.entry("f2", DType.F16),
          Map.entry("f4", DType.F32),
          Map.entry("f8", DType.F64),
          Map.entry("b1", DType.BOOL),
          Map.entry("i1", DType.I32),
          Map.entry("u1", DType.I32),
          Map.entry("i2", DType.I32),
          Map.entry("u2", DType.I32),
          Map.entry("i4", DType.I32),
          Map.entry("u4", DType.I64),
          Map.entry("i8", DType.I64));

  private NpyType() {}

  /** {@return the type of a name such as {@code <f4}, or {@code null} if arrays have none such} */
  static StoredType of(String descr) {
    DType dtype = descr.length() == 3 ? TYPES.get(descr.substring(1)) : null;
    if (dtype == null) {
      return null;
    }
    boolean big = ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN;
    int bytes = descr.charAt(2) - '0';
    boolean signed = descr.charAt(1) == 'i';
    return switch (descr.charAt(0)) {
      case '<' -> new StoredType(dtype, bytes, big && bytes > 1, signed);
      case '>' -> new StoredType(dtype, bytes, !big && bytes > 1, signed);
      case '=', '|' -> new StoredType(dtype, bytes, false, signed);
      default -> null;
    };
  }

  /** {@return the name that NumPy gives to elements of an array in this machine's memory} */
  static String of(DType dtype) {
    String order = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? "<" : ">";
    return switch (dtype) {
      case F32 -> order + "f4";
      case F64 -> order + "f8";
      case I32 -> order + "i4";
      case I64 -> order + "i8";
      case F16 -> order + "f2";
      case BOOL -> "|b1";
      case BF16 ->
          throw new DTypeException("npy: NumPy has no bf16; cast the array to f32 to write it");
    };
  }
}
