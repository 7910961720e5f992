// The gradient of average_pool: each element looks at the windows that hold it, in the order of the
// outputs, and adds its share of their gradients.
$windows
extern "C" __global__ void __launch_bounds__(256) average_pool_backward(
    const T* __restrict__ grad, $stridesOfGrad, T* __restrict__ result, $stridesOfResult,
    int countPadding, long long channels, $geometry, N size) {
  N i = (N) blockIdx.x * blockDim.x + threadIdx.x;
  if (i < size) {
    $inputs
    long long gradFrom = n * gradN + c * gradC;
    int end0 = endOutput(at0, $axis0);
    int end1 = endOutput(at1, $axis1);
    int end2 = endOutput(at2, $axis2);
    T sum = 0;
    for (int o0 = firstOutput(at0, $axis0); o0 < end0; o0++) {
      if (hasTap(o0, at0, $axis0)) {
        long long elements0 = windowSize(o0, countPadding, $axis0);
        for (int o1 = firstOutput(at1, $axis1); o1 < end1; o1++) {
          if (hasTap(o1, at1, $axis1)) {
            long long elements1 = elements0 * windowSize(o1, countPadding, $axis1);
            for (int o2 = firstOutput(at2, $axis2); o2 < end2; o2++) {
              if (hasTap(o2, at2, $axis2)) {
                long long elements = elements1 * windowSize(o2, countPadding, $axis2);
                T share = grad[gradFrom + o0 * grad0 + o1 * grad1 + o2 * grad2] / (T) elements;
                sum = sum + share;
              }
            }
          }
        }
      }
    }
    result[n * resultN + c * resultC + at0 * result0 + at1 * result1 + at2 * result2] = sum;
  }
}
