// Writes the first elements of sorted lines, and where they were. T is only moved.
extern "C" __global__ void __launch_bounds__(256) sort_write(
    const T* __restrict__ x, long long step, const int* __restrict__ positions,
    T* __restrict__ values, long long* __restrict__ indices, $layouts) {
  N i = (N) blockIdx.x * blockDim.x + threadIdx.x;
  if (i < size) {
    $places
    int place = positions[positionsAt];
    values[valuesAt] = x[xAt + place * step];
    indices[indicesAt] = place;
  }
}
