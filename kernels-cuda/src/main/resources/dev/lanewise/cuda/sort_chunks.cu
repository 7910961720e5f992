// Sorts pieces of 1024 elements of lines, a block for each: keys, and where they were in the line.
$key
extern "C" __global__ void __launch_bounds__(256) sort_chunks(
    const T* __restrict__ x, int count, long long step, int padded, int chunks,
    K* __restrict__ sorted, int* __restrict__ positions, $layouts) {
  __shared__ K keys[1024];
  __shared__ int places[1024];
  N i = (N) (blockIdx.x / chunks);
  int from = (int) (blockIdx.x % chunks) * 1024;
  int left = min(count - from, 1024);
  $places
  for (int k = threadIdx.x; k < padded; k = k + blockDim.x) {
    // What fills up to a power of 2 comes last, by its places.
    K mine = ~(K) 0;
    if (k < left) {
      mine = key(x[xAt + (from + k) * step]);
    }
    keys[k] = mine;
    places[k] = k;
  }
  __syncthreads();
$bitonic
  long long line = (long long) i * count + from;
  for (int k = threadIdx.x; k < left; k = k + blockDim.x) {
    sorted[line + k] = keys[k];
    positions[line + k] = from + places[k];
  }
}
