package dev.lanewise.cuda;

/** CUDA C as the backend writes it: one kernel without, and one with memory shared by a block. */
final class SampleKernels {

  static final String ELEMENTWISE =
      """
      __device__ inline float axpy(float a, float x, float y) {
        return a * x + y;
      }

      extern "C" __global__ void __launch_bounds__(256)
      axpy_f32(float a, const float* __restrict__ x, const float* __restrict__ y,
               float* __restrict__ out, long long n) {
        long long i = (long long)blockIdx.x * blockDim.x + threadIdx.x;
        if (i < n) {
          out[i] = axpy(a, x[i], y[i]);
        }
      }
      """;

  static final String SHARED =
      """
      extern "C" __global__ void __launch_bounds__(256)
      sum_f64(const double* __restrict__ x, double* __restrict__ out, long long n) {
        __shared__ double part[256];
        double sum = 0.0;
        for (long long i = threadIdx.x; i < n; i += 256) {
          sum += x[i];
        }
        part[threadIdx.x] = sum;
        __syncthreads();
        for (int half = 128; half > 0; half /= 2) {
          if (threadIdx.x < half) {
            part[threadIdx.x] += part[threadIdx.x + half];
          }
          __syncthreads();
        }
        if (threadIdx.x == 0) {
          out[0] = part[0];
        }
      }
      """;

  private SampleKernels() {}
}
