package dev.lanewise.simd.gemm;

/** What a matrix is made of. */
enum Element {
  F32(Float.BYTES),
  F64(Double.BYTES);

  /** The size of one element. */
  final int bytes;

  Element(int bytes) {
    this.bytes = bytes;
  }
}
