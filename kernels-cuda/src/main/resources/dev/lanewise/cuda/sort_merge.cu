// Merges each two sorted runs of a line: a thread for each element counts how many of the other run
// come before it. An element of the left run comes before its equals in the right one.
extern "C" __global__ void __launch_bounds__(256) sort_merge(
    const K* __restrict__ keys, const int* __restrict__ positions, K* __restrict__ mergedKeys,
    int* __restrict__ mergedPositions, long long size, long long count, long long run) {
  long long i = (long long) blockIdx.x * blockDim.x + threadIdx.x;
  if (i < size) {
    long long line = i / count * count;
    long long at = i - line;
    long long begin = at / (2 * run) * (2 * run);
    long long middle = min(begin + run, count);
    long long end = min(middle + run, count);
    bool isLeft = at < middle;
    K key = keys[i];
    long long low = isLeft ? middle : begin;
    long long high = isLeft ? end : middle;
    long long first = low;
    while (low < high) {
      long long half = (low + high) >> 1;
      K other = keys[line + half];
      bool isBefore = isLeft ? other < key : other <= key;
      if (isBefore) {
        low = half + 1;
      } else {
        high = half;
      }
    }
    long long own = isLeft ? at - begin : at - middle;
    long long to = line + begin + own + (low - first);
    mergedKeys[to] = key;
    mergedPositions[to] = positions[i];
  }
}
