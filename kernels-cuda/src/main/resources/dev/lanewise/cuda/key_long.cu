// A number that is larger for larger numbers.
__device__ inline unsigned long long rising(long long x) {
  return (unsigned long long) x ^ 0x8000000000000000ull;
}
