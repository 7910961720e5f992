// Sorts lines that fit into a block's own memory: a block for each.
$key
extern "C" __global__ void __launch_bounds__(256) sort_lines(
    const T* __restrict__ x, int count, long long step, int padded, T* __restrict__ values,
    long long valuesStep, long long* __restrict__ indices, long long indicesStep, int wanted,
    $layouts) {
  __shared__ K keys[1024];
  __shared__ int places[1024];
  N i = (N) blockIdx.x;
  $places
  for (int k = threadIdx.x; k < padded; k = k + blockDim.x) {
    // What fills up to a power of 2 comes last, by its places.
    K mine = ~(K) 0;
    if (k < count) {
      mine = key(x[xAt + k * step]);
    }
    keys[k] = mine;
    places[k] = k;
  }
  __syncthreads();
$bitonic
  for (int k = threadIdx.x; k < wanted; k = k + blockDim.x) {
    int place = places[k];
    values[valuesAt + k * valuesStep] = x[xAt + place * step];
    indices[indicesAt + k * indicesStep] = place;
  }
}
