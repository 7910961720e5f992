package dev.lanewise.cuda.fake;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import dev.lanewise.bindings.cuda.Cublas;
import dev.lanewise.bindings.cuda.Cudnn;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/** The element types that the double's libraries compute with, as bytes and as doubles. */
enum NumberType {
  F32(4),
  F64(8),
  F16(2),
  BF16(2),
  I32(4);

  private final int bytes;

  NumberType(int bytes) {
    this.bytes = bytes;
  }

  int bytes() {
    return bytes;
  }

  /** {@return the element at a byte offset} */
  double get(MemorySegment memory, long offset) {
    return switch (this) {
      case F32 -> memory.get(JAVA_FLOAT_UNALIGNED, offset);
      case F64 -> memory.get(JAVA_DOUBLE_UNALIGNED, offset);
      case F16 -> Float.float16ToFloat(memory.get(JAVA_SHORT_UNALIGNED, offset));
      case BF16 -> Float.intBitsToFloat(memory.get(JAVA_SHORT_UNALIGNED, offset) << 16);
      case I32 -> memory.get(JAVA_INT_UNALIGNED, offset);
    };
  }

  /** Stores a value at a byte offset, rounded to the nearest of this type. */
  void set(MemorySegment memory, long offset, double value) {
    switch (this) {
      case F32 -> memory.set(JAVA_FLOAT_UNALIGNED, offset, (float) value);
      case F64 -> memory.set(JAVA_DOUBLE_UNALIGNED, offset, value);
      // by way of float, as the libraries do: their sums are floats
      case F16 -> memory.set(JAVA_SHORT_UNALIGNED, offset, Float.floatToFloat16((float) value));
      case BF16 -> memory.set(JAVA_SHORT_UNALIGNED, offset, bf16((float) value));
      case I32 -> memory.set(JAVA_INT_UNALIGNED, offset, (int) value);
    }
  }

  private static short bf16(float value) {
    if (Float.isNaN(value)) {
      return 0x7fff; // the quiet NaN that CUDA's conversion gives
    }
    int bits = Float.floatToRawIntBits(value);
    return (short) (bits + 0x7fff + (bits >>> 16 & 1) >>> 16); // to nearest, ties to even
  }

  /** {@return the type of a {@code cudaDataType}, if the double knows it} */
  static Optional<NumberType> ofCuda(int type) {
    for (NumberType each : values()) {
      if (each.cuda() == type) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }

  /** {@return the type of a {@code cudnnDataType_t}, if the double knows it} */
  static Optional<NumberType> ofCudnn(int type) {
    for (NumberType each : values()) {
      if (each.cudnn() == type) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }

  int cuda() {
    return switch (this) {
      case F32 -> Cublas.CUDA_R_32F();
      case F64 -> Cublas.CUDA_R_64F();
      case F16 -> Cublas.CUDA_R_16F();
      case BF16 -> Cublas.CUDA_R_16BF();
      case I32 -> Cublas.CUDA_R_32I();
    };
  }

  int cudnn() {
    return switch (this) {
      case F32 -> Cudnn.CUDNN_DATA_FLOAT();
      case F64 -> Cudnn.CUDNN_DATA_DOUBLE();
      case F16 -> Cudnn.CUDNN_DATA_HALF();
      case BF16 -> Cudnn.CUDNN_DATA_BFLOAT16();
      case I32 -> Cudnn.CUDNN_DATA_INT32();
    };
  }
}
