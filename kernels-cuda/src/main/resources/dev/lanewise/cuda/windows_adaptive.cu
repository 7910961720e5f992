// Where an output looks along an axis, and which outputs look at an element: for windows that
// follow from the number of outputs.
__device__ inline int windowStart(int o, $window) {
  return (int) ((long long) o * in / out);
}
__device__ inline int windowTaps(int o, $window) {
  long long end = ((o + 1ll) * in + out - 1) / out;
  return (int) end - windowStart(o, $these);
}
__device__ inline int firstOutput(int at, $window) {
  return (int) ((long long) at * out / in);
}
__device__ inline int endOutput(int at, $window) {
  return (int) min((long long) out, ((at + 1ll) * out + in - 1) / in);
}
