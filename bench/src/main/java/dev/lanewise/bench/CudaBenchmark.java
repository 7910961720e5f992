package dev.lanewise.bench;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import dev.lanewise.cuda.RawCalls;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.Backends;
import dev.lanewise.kernel.ConvSpec;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.Window;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Operations of the CUDA backend in {@code f32}, each beside the bare call that could do no better:
 * cuBLAS's product, cuDNN's convolution, and for an elementwise operation a copy that moves as many
 * bytes, the bandwidth of the memory. Each invocation gives the device {@value #TIMES} operations
 * and waits for all. Needs an NVIDIA device.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {"--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"})
@State(Scope.Thread)
public class CudaBenchmark {
  private static final int TIMES = 20;
  private static final double[] NONE = {};

  /** What is timed. */
  public enum Work {
    /** Matrices of this extent: where the call itself takes its time. */
    MATMUL_256,
    /** Matrices of this extent. */
    MATMUL_1024,
    /** Matrices of this extent. */
    MATMUL_4096,
    /** Images {@code [32, 64, 56, 56]}, 64 filters of 3 x 3. */
    CONV_64,
    /** Images {@code [32, 256, 14, 14]}, 256 filters of 3 x 3. */
    CONV_256,
    /** ReLU of so many numbers. */
    RELU_1M,
    /** ReLU of so many numbers. */
    RELU_64M
  }

  /** What is timed. */
  @Param public Work work;

  private Backend cuda;
  private RawCalls raw;
  private Runnable ours;
  private Runnable bare;
  private RawCalls.Convolution convolution;

  /** Makes the arrays, and proves both answers. */
  @Setup
  public void prepare() {
    cuda = Backends.named("cuda");
    raw = RawCalls.of(cuda);
    switch (work) {
      case MATMUL_256 -> matmul(256);
      case MATMUL_1024 -> matmul(1024);
      case MATMUL_4096 -> matmul(4096);
      case CONV_64 -> conv(64, 56);
      case CONV_256 -> conv(256, 14);
      case RELU_1M -> relu(1 << 20);
      case RELU_64M -> relu(1 << 26);
    }
  }

  private void matmul(int n) {
    float[] a = RandomFloats.of(n * n, 1, 1);
    float[] b = RandomFloats.of(n * n, 1, 2);
    NdArray left = NdArray.of(cuda, a, n, n);
    NdArray right = NdArray.of(cuda, b, n, n);
    NdArray out = cuda.uninitialized(DType.F32, Shape.of(n, n));
    ours = () -> cuda.matmul(left, right, 1, 0, out);
    bare = () -> raw.matmul(left, right, out);
    // The first rows prove all: a full check of the largest would take minutes.
    int rows = Math.min(n, 16);
    for (Runnable call : new Runnable[] {ours, bare}) {
      call.run();
      float[] first = out.slice(0, 0, rows).toFloatArray();
      String what = (call == ours ? "cuda" : "cuBLAS") + " " + work;
      Answers.checkProduct(what, a, b, first, rows, n, n);
    }
  }

  private void conv(int channels, int side) {
    Shape images = Shape.of(32, channels, side, side);
    Shape filters = Shape.of(channels, channels, 3, 3);
    float[] x = RandomFloats.of((int) images.size(), 1, 1);
    float[] filter = RandomFloats.of((int) filters.size(), 1, 2);
    ConvSpec spec = ConvSpec.of(images, filters, Window.of(3, 3).withPadding(1, 1), 1);
    NdArray in = NdArray.of(cuda, x, images.dims());
    NdArray weights = NdArray.of(cuda, filter, filters.dims());
    NdArray out = cuda.uninitialized(DType.F32, spec.output());
    convolution = raw.conv(in, weights, 1, out);
    ours = () -> cuda.conv(spec, in, weights, out);
    bare = convolution::run;
    for (Runnable call : new Runnable[] {ours, bare}) {
      call.run();
      String what = (call == ours ? "cuda" : "cuDNN") + " " + work;
      checkImage(what, x, filter, channels, side, out.toFloatArray());
    }
  }

  /** Every element of the first image's first plane must be its sum but for roundings. */
  private static void checkImage(
      String what, float[] x, float[] filter, int channels, int side, float[] actual) {
    for (int i = 0; i < side * side; i++) {
      double sum = 0;
      double magnitude = 0;
      for (int tap = 0; tap < channels * 9; tap++) {
        int row = i / side + tap % 9 / 3 - 1;
        int column = i % side + tap % 3 - 1;
        if (row >= 0 && row < side && column >= 0 && column < side) {
          double term = (double) filter[tap] * x[(tap / 9 * side + row) * side + column];
          sum += term;
          magnitude += Math.abs(term);
        }
      }
      // Negated, so that a NaN does not pass.
      if (!(Math.abs(actual[i] - sum) <= (9 * channels + 2) * 0x1p-24 * magnitude)) {
        throw new WrongAnswerException(
            String.format(Locale.ROOT, "%s: element %d is %s, not %s", what, i, actual[i], sum));
      }
    }
  }

  private void relu(int n) {
    float[] x = RandomFloats.of(n, 1, 1);
    NdArray in = NdArray.of(cuda, x);
    NdArray out = cuda.uninitialized(DType.F32, Shape.of(n));
    Expr relu = Expr.arg(0).relu();
    ours = () -> cuda.elementwise(relu, out, NONE, in);
    bare = () -> raw.copy(in, out);
    ours.run();
    Answers.checkElements("cuda " + work, out.toFloatArray(), i -> Math.max(x[i], 0), 0);
    bare.run();
    Answers.checkElements("copy " + work, out.toFloatArray(), i -> x[i], 0);
  }

  /** Gives the descriptors back. */
  @TearDown
  public void close() {
    if (convolution != null) {
      convolution.close();
    }
  }

  /** Times the backend's operation, called through the contract as a program would. */
  @Benchmark
  @OperationsPerInvocation(TIMES)
  public void lanewise() {
    for (int i = 0; i < TIMES; i++) {
      ours.run();
    }
    raw.synchronize();
  }

  /** Times the bare call. */
  @Benchmark
  @OperationsPerInvocation(TIMES)
  public void raw() {
    for (int i = 0; i < TIMES; i++) {
      bare.run();
    }
    raw.synchronize();
  }
}
