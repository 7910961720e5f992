package dev.lanewise.bench.cases;

import dev.lanewise.array.DType;

/**
 * What one call of a kernel does.
 *
 * @param flops additions and multiplications, by the textbook's count; 0 where memory decides
 * @param bytes what must at least be read and written: each operand once
 * @param dtype in which type it is computed
 */
public record Work(double flops, double bytes, DType dtype) {
  /** Up to here operands are taken to stay in a core's cache. */
  private static final double CACHE_BYTES = 1 << 19;

  /** {@return work that is counted by its arithmetic, in GFLOP/s} */
  static Work arithmetic(double flops, double elements, DType dtype) {
    return new Work(flops, elements * dtype.byteSize(), dtype);
  }

  /** {@return work in {@code f32} that is counted by the memory it touches, in GB/s} */
  static Work memory(double elements) {
    return new Work(0, elements * Float.BYTES, DType.F32);
  }

  /** {@return whether speed is given in GFLOP/s, else in GB/s} */
  public boolean isArithmetic() {
    return flops > 0;
  }

  /** {@return the unit of {@link #amount} a second} */
  public String unit() {
    return isArithmetic() ? "GFLOP/s" : "GB/s";
  }

  /** {@return billions of operations or bytes} */
  public double amount() {
    return 1e-9 * (isArithmetic() ? flops : bytes);
  }

  /** {@return whether the operands stay in a core's cache between two calls} */
  public boolean fitsCache() {
    return bytes <= CACHE_BYTES;
  }
}
