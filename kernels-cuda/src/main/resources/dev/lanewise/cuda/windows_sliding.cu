// Where an output looks along an axis, padding included, and which outputs look at an element: for
// one window that slides. Behind the padding, the last window is cut off.
__device__ inline int windowStart(int o, $window) {
  return o * stride - pad;
}
__device__ inline int windowTaps(int o, $window) {
  long long left = (long long) in + padHigh - windowStart(o, $these);
  return (int) min((long long) kernel, (left + dilation - 1) / dilation);
}
__device__ inline int firstOutput(int at, $window) {
  int low = at + pad - (kernel - 1) * dilation;
  return low <= 0 ? 0 : (low + stride - 1) / stride;
}
__device__ inline int endOutput(int at, $window) {
  return min(out, (at + pad) / stride + 1);
}
