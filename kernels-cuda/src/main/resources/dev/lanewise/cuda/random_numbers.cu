// Random numbers by Philox4x32-10: a thread for each two, which are made of one block of words.
__device__ inline double uniform(unsigned int high, unsigned int low) {
  unsigned long long bits = ((unsigned long long) high << 32) | (unsigned long long) low;
  return (double) (bits >> 11) * 0x1p-53;
}
$functions
extern "C" __global__ void __launch_bounds__(256) random_numbers(
    T* __restrict__ out, unsigned int key0, unsigned int key1, unsigned int stream0,
    unsigned int stream1, $layouts) {
  N pair = (N) blockIdx.x * blockDim.x + threadIdx.x;
  if (pair < size - size / 2) {
    unsigned int x0 = (unsigned int) pair;
    unsigned int x1 = (unsigned int) ((unsigned long long) pair >> 32);
    unsigned int x2 = stream0;
    unsigned int x3 = stream1;
    for (int round = 0; round < 10; round++) {
      unsigned int high0 = __umulhi(0xD2511F53u, x0);
      unsigned int high1 = __umulhi(0xCD9E8D57u, x2);
      unsigned int low0 = 0xD2511F53u * x0;
      unsigned int low1 = 0xCD9E8D57u * x2;
      x0 = high1 ^ x1 ^ key0;
      x2 = high0 ^ x3 ^ key1;
      x1 = low1;
      x3 = low0;
      key0 = key0 + 0x9E3779B9u;
      key1 = key1 + 0xBB67AE85u;
    }
    T numbers[2] = {0, 0};
$numbers
    for (int half = 0; half < 2; half++) {
      N i = 2 * pair + half;
      if (i < size) {
        $places
        out[outAt] = numbers[half];
      }
    }
  }
}
