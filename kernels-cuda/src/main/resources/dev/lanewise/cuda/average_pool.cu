// The mean of each window. Rows are summed apart, which rounds less.
$windows
extern "C" __global__ void __launch_bounds__(256) average_pool(
    const T* __restrict__ x, $stridesOfX, T* __restrict__ result, $stridesOfResult,
    int countPadding, long long channels, $geometry, N size) {
  N i = (N) blockIdx.x * blockDim.x + threadIdx.x;
  if (i < size) {
    $outputs
    long long from = n * xN + c * xC;
    int start0 = windowStart(o0, $axis0);
    int start1 = windowStart(o1, $axis1);
    int start2 = windowStart(o2, $axis2);
    int end0 = endTap(o0, $axis0);
    int end1 = endTap(o1, $axis1);
    int end2 = endTap(o2, $axis2);
    T sum = 0;
    for (int t0 = firstTap(o0, $axis0); t0 < end0; t0++) {
      int at0 = start0 + t0 * dilation0;
      for (int t1 = firstTap(o1, $axis1); t1 < end1; t1++) {
        int at1 = start1 + t1 * dilation1;
        T row = 0;
        for (int t2 = firstTap(o2, $axis2); t2 < end2; t2++) {
          int at2 = start2 + t2 * dilation2;
          row = row + x[from + at0 * x0 + at1 * x1 + at2 * x2];
        }
        sum = sum + row;
      }
    }
    long long elements = windowSize(o0, countPadding, $axis0);
    elements = elements * windowSize(o1, countPadding, $axis1);
    elements = elements * windowSize(o2, countPadding, $axis2);
    result[n * resultN + c * resultC + o0 * result0 + o1 * result1 + o2 * result2] =
        sum / (T) elements;
  }
}
