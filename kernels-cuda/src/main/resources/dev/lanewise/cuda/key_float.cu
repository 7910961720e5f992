// A number that is larger for larger numbers, and the largest for NaN; -0 is 0.
__device__ inline unsigned int rising(float x) {
  if (x != x) {
    return 0xffffffffu;
  }
  unsigned int bits = __float_as_uint(x == 0.0f ? 0.0f : x);
  return (bits & 0x80000000u) != 0u ? ~bits : bits | 0x80000000u;
}
