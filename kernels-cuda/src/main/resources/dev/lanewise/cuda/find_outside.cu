// Finds, for each block, the first of its indices that is outside a range: its place and itself.
// No index of the block is, if the place is the size.
extern "C" __global__ void __launch_bounds__(256) find_outside(
    const I* __restrict__ indices, long long extent, int hasAllowed, long long allowed,
    long long* __restrict__ found, $layouts) {
  __shared__ N first[256];
  N mine = size;
  N step = (N) gridDim.x * blockDim.x;
  for (N i = (N) blockIdx.x * blockDim.x + threadIdx.x; i < size && mine == size; i = i + step) {
    $places
    long long index = indices[indicesAt];
    bool isInside = index >= 0 && index < extent;
    if (!isInside && !(hasAllowed != 0 && index == allowed)) {
      mine = i;
    }
  }
  first[threadIdx.x] = mine;
  __syncthreads();
  for (int reach = 128; reach > 0; reach = reach >> 1) {
    if (threadIdx.x < reach && first[threadIdx.x + reach] < first[threadIdx.x]) {
      first[threadIdx.x] = first[threadIdx.x + reach];
    }
    __syncthreads();
  }
  if (threadIdx.x == 0) {
    N i = first[0];
    found[2 * blockIdx.x] = (long long) i;
    found[2 * blockIdx.x + 1] = 0;
    if (i < size) {
      $places
      found[2 * blockIdx.x + 1] = indices[indicesAt];
    }
  }
}
