$kind
// The first tap of a window that is inside the input, and the one behind the last such.
__device__ inline int firstTap(int o, $window) {
  long long before = -(long long) windowStart(o, $these);
  return before <= 0 ? 0 : (int) ((before + dilation - 1) / dilation);
}
__device__ inline int endTap(int o, $window) {
  long long left = (long long) in - windowStart(o, $these);
  return (int) min((long long) windowTaps(o, $these), (left + dilation - 1) / dilation);
}
// What a mean divides by along an axis.
__device__ inline int windowSize(int o, int countPadding, $window) {
  return countPadding != 0 ? windowTaps(o, $these) : endTap(o, $these) - firstTap(o, $these);
}
// Whether one of a window's taps is an element of which firstOutput and endOutput say that the
// window spans it.
__device__ inline bool hasTap(int o, int at, $window) {
  return (at - windowStart(o, $these)) % dilation == 0;
}
