// Adds at sorted indices: of those that are equal, the first's thread adds all, in the order in
// which they came. K is unsigned, so a negative index is beyond the extent too.
extern "C" __global__ void __launch_bounds__(256) add_sorted(
    T* __restrict__ table, const T* __restrict__ added, const K* __restrict__ keys,
    const int* __restrict__ positions, unsigned long long extent, long long tableStep,
    long long count, long long addedStep, $layouts) {
  N i = (N) blockIdx.x * blockDim.x + threadIdx.x;
  if (i < size) {
    $places
    K key = keys[keysAt];
    bool isFirst = placeAt == 0;
    if (!isFirst) {
      isFirst = keys[keysAt - 1] != key;
    }
    if (isFirst && key < extent) {
      long long at = tableAt + (long long) key * tableStep;
      long long left = count - placeAt;
      T sum = table[at];
      for (long long k = 0; k < left && keys[keysAt + k] == key; k++) {
        sum = sum + added[addedAt + positions[keysAt + k] * addedStep];
      }
      table[at] = sum;
    }
  }
}
