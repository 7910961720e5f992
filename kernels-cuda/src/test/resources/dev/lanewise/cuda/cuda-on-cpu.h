// Lets a C++ compiler for the CPU take kernels as they are: a grid is a loop over blocks, the
// threads of a block are loops too, or fibers that take turns where they meet in __syncthreads().
#include <ucontext.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <utility>

using std::ceil, std::copysign, std::fabs, std::floor, std::fma, std::fmax, std::fmin, std::fmod;
using std::isfinite, std::isinf, std::isnan, std::max, std::min, std::rint, std::signbit;
using std::sqrt, std::trunc;

// From the next wider type, as a library's own errors are not what is looked for here.
#define ROUNDED(f)                                                          \
  static float f(float x) { return (float)std::f((double)x); }              \
  static double f(double x) { return (double)std::f((long double)x); }
#define ROUNDED_OF_TWO(f)                                                                    \
  static float f(float x, float y) { return (float)std::f((double)x, (double)y); }           \
  static double f(double x, double y) {                                                      \
    return (double)std::f((long double)x, (long double)y);                                   \
  }
namespace cuda {
ROUNDED(acos)
ROUNDED(acosh)
ROUNDED(asin)
ROUNDED(asinh)
ROUNDED(atan)
ROUNDED(atanh)
ROUNDED(cbrt)
ROUNDED(cos)
ROUNDED(cosh)
ROUNDED(erf)
ROUNDED(erfc)
ROUNDED(exp)
ROUNDED(exp2)
ROUNDED(expm1)
ROUNDED(log)
ROUNDED(log10)
ROUNDED(log1p)
ROUNDED(log2)
ROUNDED(sin)
ROUNDED(sinh)
ROUNDED(tan)
ROUNDED(tanh)
ROUNDED_OF_TWO(atan2)
ROUNDED_OF_TWO(pow)
}  // namespace cuda

// In each kernel's own namespace, where they hide those of the C library.
#define CUDA_FUNCTIONS                                                                        \
  using cuda::acos, cuda::acosh, cuda::asin, cuda::asinh, cuda::atan, cuda::atan2;            \
  using cuda::atanh, cuda::cbrt, cuda::cos, cuda::cosh, cuda::erf, cuda::erfc, cuda::exp;     \
  using cuda::exp2, cuda::expm1, cuda::log, cuda::log10, cuda::log1p, cuda::log2, cuda::pow;  \
  using cuda::sin, cuda::sinh, cuda::tan, cuda::tanh;

#define __device__
#define __shared__ static
#define __launch_bounds__(threads)

struct Numbers {
  unsigned int x, y, z;
};
static Numbers threadIdx, blockIdx, blockDim, gridDim;

template <class To, class From>
static To bits(From from) {
  To to;
  static_assert(sizeof to == sizeof from);
  std::memcpy(&to, &from, sizeof to);
  return to;
}
static float __int_as_float(int x) { return bits<float>(x); }
static float __uint_as_float(unsigned int x) { return bits<float>(x); }
static unsigned int __float_as_uint(float x) { return bits<unsigned int>(x); }
static double __longlong_as_double(long long x) { return bits<double>(x); }
static long long __double_as_longlong(double x) { return bits<long long>(x); }
static unsigned int __umulhi(unsigned int x, unsigned int y) {
  return (unsigned int)(((unsigned long long)x * y) >> 32);
}

static const int MOST_THREADS = 1024;
static const int STACK = 64 * 1024;
static ucontext_t scheduler, fibers[MOST_THREADS];
static bool done[MOST_THREADS];
static char* stacks;
static void (*work)(void*);
static void* workArgument;

static void __syncthreads() { swapcontext(&fibers[threadIdx.x], &scheduler); }

static void fiber() {
  work(workArgument);
  done[threadIdx.x] = true;
}

static void runFibers(int threads) {
  if (!stacks) stacks = (char*)std::malloc((size_t)MOST_THREADS * STACK);
  for (int i = 0; i < threads; i++) {
    done[i] = false;
    getcontext(&fibers[i]);
    fibers[i].uc_stack.ss_sp = stacks + (size_t)i * STACK;
    fibers[i].uc_stack.ss_size = STACK;
    fibers[i].uc_link = &scheduler;
    makecontext(&fibers[i], fiber, 0);
  }
  for (bool live = true; live;) {
    live = false;
    for (int i = 0; i < threads; i++) {
      if (done[i]) continue;
      threadIdx.x = i;
      swapcontext(&scheduler, &fibers[i]);
      live |= !done[i];
    }
  }
}

template <class... A, size_t... I>
static void launch(void (*kernel)(A...), bool meets, int blocks, int threads, void** arguments,
                   std::index_sequence<I...>) {
  auto body = [=](void*) { kernel(*(A*)arguments[I]...); };
  static decltype(body)* current;
  current = &body;
  work = [](void* argument) { (*current)(argument); };
  blockDim.x = threads;
  gridDim.x = blocks;
  for (int b = 0; b < blocks; b++) {
    blockIdx.x = b;
    if (meets) {
      runFibers(threads);
    } else {
      for (int t = 0; t < threads; t++) {
        threadIdx.x = t;
        body(nullptr);
      }
    }
  }
}

template <class... A>
static void launch(void (*kernel)(A...), bool meets, int blocks, int threads, void** arguments) {
  launch(kernel, meets, blocks, threads, arguments, std::index_sequence_for<A...>{});
}
