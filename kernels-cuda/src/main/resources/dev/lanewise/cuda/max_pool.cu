// The largest element of each window and its row-major index, the first of equals; NaN is largest.
$windows
extern "C" __global__ void __launch_bounds__(256) max_pool(
    const T* __restrict__ x, $stridesOfX, T* __restrict__ result, $stridesOfResult,
    int* __restrict__ indices, $stridesOfIndices, long long channels, $geometry, N size) {
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
    T largest = 0;
    int place = -1;
    for (int t0 = firstTap(o0, $axis0); t0 < end0; t0++) {
      int at0 = start0 + t0 * dilation0;
      for (int t1 = firstTap(o1, $axis1); t1 < end1; t1++) {
        int at1 = start1 + t1 * dilation1;
        for (int t2 = firstTap(o2, $axis2); t2 < end2; t2++) {
          int at2 = start2 + t2 * dilation2;
          T value = x[from + at0 * x0 + at1 * x1 + at2 * x2];
          if (place < 0 || value > largest || (value != value && largest == largest)) {
            largest = value;
            place = (at0 * in1 + at1) * in2 + at2;
          }
        }
      }
    }
    result[n * resultN + c * resultC + o0 * result0 + o1 * result1 + o2 * result2] = largest;
    indices[n * indicesN + c * indicesC + o0 * indices0 + o1 * indices1 + o2 * indices2] = place;
  }
}
