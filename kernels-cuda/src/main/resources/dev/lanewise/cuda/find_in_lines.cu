// Finds the first element of a line with the largest key: a thread for each line.
$key
extern "C" __global__ void __launch_bounds__(256) find_in_lines(
    const T* __restrict__ x, int count, long long step, long long* __restrict__ out, $layouts) {
  N i = (N) blockIdx.x * blockDim.x + threadIdx.x;
  if (i < size) {
    $places
    K best = key(x[xAt]);
    int place = 0;
    for (int k = 1; k < count; k++) {
      K next = key(x[xAt + k * step]);
      if (next > best) {
        best = next;
        place = k;
      }
    }
    out[outAt] = place;
  }
}
