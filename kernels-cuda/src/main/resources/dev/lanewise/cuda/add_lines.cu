// Adds at each index of a line, one after the other: a thread for each line.
extern "C" __global__ void __launch_bounds__(256) add_lines(
    T* __restrict__ table, const I* __restrict__ indices, const T* __restrict__ added,
    long long extent, long long tableStep, long long count, long long indicesStep,
    long long addedStep, $layouts) {
  N i = (N) blockIdx.x * blockDim.x + threadIdx.x;
  if (i < size) {
    $places
    for (long long k = 0; k < count; k++) {
      long long index = indices[indicesAt + k * indicesStep];
      // Indices were looked at before, but not those of a graph that is replayed.
      if (index >= 0 && index < extent) {
        long long at = tableAt + index * tableStep;
        table[at] = table[at] + added[addedAt + k * addedStep];
      }
    }
  }
}
