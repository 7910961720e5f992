package dev.lanewise.bench;

import dev.lanewise.array.Shape;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.Backends;
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
import org.openjdk.jmh.annotations.Warmup;

/**
 * What an operation on a small tensor costs beside its arithmetic: nanoseconds for each operation
 * of a long chain, forward alone, and forward and backward. With {@code -prof gc}, the line {@code
 * gc.alloc.rate.norm} is the bytes that each leaves on the Java heap.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 10, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 3,
    jvmArgsAppend = {
      "--add-modules=jdk.incubator.vector",
      "--enable-native-access=ALL-UNNAMED",
      "-Dlanewise.threads=1"
    })
@State(Scope.Thread)
public class TapeBenchmark {
  /** How many operations a chain has. */
  private static final int CHAIN = 1000;

  /** Near 1, so that a thousand factors neither vanish nor overflow. */
  private static final double FACTOR = 1.0009765625;

  /** The number of elements of each tensor. */
  @Param({"10", "1000"})
  public int length;

  private Tensor x;
  private Tensor factor;

  /** Makes the benchmark; JMH calls this. */
  public TapeBenchmark() {}

  /** Makes the tensors and proves the gradient. */
  @Setup
  public void prepare() {
    Backend backend = Backends.named("simd");
    x = Tensor.of(backend, RandomFloats.of(length, 1, 1)).requiresGrad(true);
    factor = Tensor.full(backend, x.dtype(), Shape.of(length), FACTOR);
    forwardAndBackward();
    double exact = Math.pow(FACTOR, CHAIN / 2);
    Answers.checkElements("gradient of the chain", x.grad().toFloatArray(), _ -> exact, CHAIN);
    double sum = 0;
    for (float value : x.toFloatArray()) {
      // y ← FACTOR · y + 1, again and again.
      sum += exact * value + (exact - 1) / (FACTOR - 1);
    }
    double expected = sum;
    Answers.checkElements("chain", new float[] {(float) forward()}, _ -> expected, CHAIN);
  }

  /** {@return the sum of a chain of products and sums} */
  private Tensor chain(Tensor start) {
    Tensor y = start;
    for (int i = 0; i < CHAIN / 2; i++) {
      y = y.mul(factor).add(1);
    }
    return y.sum();
  }

  /** {@return the sum of the chain, recording nothing} */
  @Benchmark
  @OperationsPerInvocation(CHAIN)
  public double forward() {
    try (dev.lanewise.array.Scope _ = dev.lanewise.array.Scope.open("chain")) {
      return chain(x.detach()).item();
    }
  }

  /** Computes the chain and its gradient. */
  @Benchmark
  @OperationsPerInvocation(CHAIN)
  public void forwardAndBackward() {
    try (dev.lanewise.array.Scope scope = dev.lanewise.array.Scope.open("chain")) {
      x.zeroGrad();
      chain(x).backward();
      scope.keep(x.grad());
    }
  }
}
