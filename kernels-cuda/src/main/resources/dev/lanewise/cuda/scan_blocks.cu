// Combines each element with all before it: a block for each line, 2048 elements at a time. Each
// thread combines 8 neighbours; what is before them is combined by doubling distances (Hillis and
// Steele, "Data Parallel Algorithms", 1986).
$combine
extern "C" __global__ void __launch_bounds__(256) scan_blocks(
    const T* __restrict__ x, long long count, long long step, T* __restrict__ out,
    long long outStep, int exclusive, $layouts) {
  // Two of each: what is read, and what is written meanwhile.
  __shared__ A totals[512];
  N i = (N) blockIdx.x;
  $places
  int thread = threadIdx.x;
  A before = $first;
  for (long long base = 0; base < count; base = base + 2048) {
    long long from = base + thread * 8;
    A items[8];
    A total = $first;
    for (int k = 0; k < 8; k++) {
      items[k] = $first;
      if (from + k < count) {
        items[k] = (A) x[xAt + (from + k) * step];
        total = combine(total, items[k]);
      }
    }
    totals[thread] = total;
    __syncthreads();
    int side = 0;
    for (int reach = 1; reach < 256; reach = reach << 1) {
      A mine = totals[side + thread];
      if (thread >= reach) {
        mine = combine(totals[side + thread - reach], mine);
      }
      side = 256 - side;
      totals[side + thread] = mine;
      __syncthreads();
    }
    A running = before;
    if (thread > 0) {
      running = combine(before, totals[side + thread - 1]);
    }
    for (int k = 0; k < 8; k++) {
      if (from + k < count) {
        A next = combine(running, items[k]);
        out[outAt + (from + k) * outStep] = (T) (exclusive != 0 ? running : next);
        running = next;
      }
    }
    before = combine(before, totals[side + 255]);
    __syncthreads();
  }
}
