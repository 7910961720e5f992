// Picks one element for each index. T is an integer as wide as an element, which is only moved.
extern "C" __global__ void __launch_bounds__(256) gather(
    const T* __restrict__ table, const I* __restrict__ indices, T* __restrict__ picked,
    long long extent, long long step, $layouts) {
  N i = (N) blockIdx.x * blockDim.x + threadIdx.x;
  if (i < size) {
    $places
    long long index = indices[indicesAt];
    // Indices were looked at before, but not those of a graph that is replayed.
    T value = 0;
    if (index >= 0 && index < extent) {
      value = table[tableAt + index * step];
    }
    picked[pickedAt] = value;
  }
}
