// The gradient of max_pool: each element looks at the windows that span it, in the order of the
// outputs, and adds the gradients of those in which it was chosen.
$windows
extern "C" __global__ void __launch_bounds__(256) max_pool_backward(
    const T* __restrict__ grad, $stridesOfGrad, const int* __restrict__ indices,
    $stridesOfIndices, T* __restrict__ result, $stridesOfResult, long long channels, $geometry,
    N size) {
  N i = (N) blockIdx.x * blockDim.x + threadIdx.x;
  if (i < size) {
    $inputs
    long long gradFrom = n * gradN + c * gradC;
    long long indicesFrom = n * indicesN + c * indicesC;
    int place = (at0 * in1 + at1) * in2 + at2;
    int end0 = endOutput(at0, $axis0);
    int end1 = endOutput(at1, $axis1);
    int end2 = endOutput(at2, $axis2);
    T sum = 0;
    for (int o0 = firstOutput(at0, $axis0); o0 < end0; o0++) {
      for (int o1 = firstOutput(at1, $axis1); o1 < end1; o1++) {
        for (int o2 = firstOutput(at2, $axis2); o2 < end2; o2++) {
          if (indices[indicesFrom + o0 * indices0 + o1 * indices1 + o2 * indices2] == place) {
            sum = sum + grad[gradFrom + o0 * grad0 + o1 * grad1 + o2 * grad2];
          }
        }
      }
    }
    result[n * resultN + c * resultC + at0 * result0 + at1 * result1 + at2 * result2] = sum;
  }
}
