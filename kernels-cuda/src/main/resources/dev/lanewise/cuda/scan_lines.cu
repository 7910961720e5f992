// Combines each element with all before it, one after the other: a thread for each line.
$combine
extern "C" __global__ void __launch_bounds__(256) scan_lines(
    const T* __restrict__ x, long long count, long long step, T* __restrict__ out,
    long long outStep, int exclusive, $layouts) {
  N i = (N) blockIdx.x * blockDim.x + threadIdx.x;
  if (i < size) {
    $places
    A running = $first;
    for (long long k = 0; k < count; k++) {
      A next = combine(running, (A) x[xAt + k * step]);
      out[outAt + k * outStep] = (T) (exclusive != 0 ? running : next);
      running = next;
    }
  }
}
