// Finds the first element of a line with the largest key: a block for each line.
$key
extern "C" __global__ void __launch_bounds__(256) find_in_blocks(
    const T* __restrict__ x, int count, long long step, long long* __restrict__ out, $layouts) {
  __shared__ K keys[256];
  __shared__ int found[256];
  N i = (N) blockIdx.x;
  $places
  // Behind the line, and with the smallest key: any element is found before this.
  K best = 0;
  int place = count;
  for (long long k = threadIdx.x; k < count; k = k + blockDim.x) {
    K next = key(x[xAt + k * step]);
    if (next > best || place == count) {
      best = next;
      place = (int) k;
    }
  }
  keys[threadIdx.x] = best;
  found[threadIdx.x] = place;
  __syncthreads();
  for (int reach = 128; reach > 0; reach = reach >> 1) {
    if (threadIdx.x < reach) {
      K other = keys[threadIdx.x + reach];
      int otherPlace = found[threadIdx.x + reach];
      bool isBefore = otherPlace < found[threadIdx.x];
      if (other > keys[threadIdx.x] || (other == keys[threadIdx.x] && isBefore)) {
        keys[threadIdx.x] = other;
        found[threadIdx.x] = otherPlace;
      }
    }
    __syncthreads();
  }
  if (threadIdx.x == 0) {
    out[outAt] = found[0];
  }
}
