// A number that is larger for larger numbers, and the largest for NaN; -0 is 0.
__device__ inline unsigned long long rising(double x) {
  if (x != x) {
    return 0xffffffffffffffffull;
  }
  unsigned long long bits = (unsigned long long) __double_as_longlong(x == 0.0 ? 0.0 : x);
  return (bits & 0x8000000000000000ull) != 0ull ? ~bits : bits | 0x8000000000000000ull;
}
