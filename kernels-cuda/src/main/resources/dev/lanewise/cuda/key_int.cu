// A number that is larger for larger numbers.
__device__ inline unsigned int rising(int x) {
  return (unsigned int) x ^ 0x80000000u;
}
