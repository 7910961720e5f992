package dev.lanewise.cli;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Scope;
import dev.lanewise.array.Shape;
import dev.lanewise.bench.Answers;
import dev.lanewise.bench.PlainJava;
import dev.lanewise.bench.RandomFloats;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.UnaryOp;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Times two kernels of a backend against plain Java on the same numbers, to see whether the JVM
 * made vector instructions of them. Where it did not, each vector operation is a method call on
 * objects, and kernels are ten to a thousand times slower than plain loops: the verdict is not a
 * close call, even on a busy machine.
 */
final class SpeedCheck {
  private static final int LENGTH = 16_384;
  private static final int SIDE = 256;
  private static final int ROUNDS = 9;
  private static final long WARM_UP_NANOS = 100_000_000;
  private static final long ROUND_NANOS = 500_000;

  /**
   * How fast a computation ran.
   *
   * @param what what was computed
   * @param unit the unit of the speeds
   * @param kernel the backend's speed
   * @param plain the speed of plain Java
   * @param least the ratio from which on the kernel must be vector code
   */
  record Result(String what, String unit, double kernel, double plain, double least) {
    /** {@return how many times faster the backend is} */
    double ratio() {
      return kernel / plain;
    }

    /** {@return whether the kernel is too fast to be anything but vector code} */
    boolean isVectorCode() {
      return ratio() >= least;
    }
  }

  private static final String CURE =
      "run a HotSpot JVM with its C2 compiler, without -Xint, -XX:TieredStopAtLevel and"
          + " -XX:-EnableVectorSupport; or ask again when the machine is less busy";

  private final Backend backend;
  private final long patienceNanos;

  /**
   * Makes a check.
   *
   * @param backend what to measure
   * @param patience how long a kernel may take to become fast: where the machine is busy, the JIT
   *     is late
   */
  SpeedCheck(Backend backend, Duration patience) {
    this.backend = backend;
    this.patienceNanos = patience.toNanos();
  }

  /**
   * {@return the results, after about a second if the kernels are fast}
   *
   * @throws dev.lanewise.bench.WrongAnswerException if the backend computes wrongly
   */
  List<Result> run() {
    return List.of(exp(), matmul());
  }

  /**
   * {@return what to tell about results}
   *
   * @param results what was measured
   */
  static String verdict(List<Result> results) {
    String slow =
        results.stream()
            .filter(result -> !result.isVectorCode())
            .map(Result::what)
            .collect(Collectors.joining(" and "));
    return slow.isEmpty()
        ? "compiled to vector code"
        : "NOT compiled: " + slow + " ran like vector objects on the heap; cure: " + CURE;
  }

  private Result exp() {
    float[] x = RandomFloats.of(LENGTH, 10, 1);
    float[] plain = new float[LENGTH];
    try (Scope _ = Scope.open("doctor: exp")) {
      NdArray in = NdArray.of(backend, x);
      NdArray out = backend.uninitialized(DType.F32, in.shape());
      Expr exp = Expr.arg(0).exp();
      double[] none = {};
      Runnable kernel = () -> backend.elementwise(exp, out, none, in);
      kernel.run();
      Answers.checkElements("exp", out.toFloatArray(), i -> Math.exp(x[i]), UnaryOp.EXP.ulps());
      // Four bytes read and four written. The JIT has no vector code for Math.exp, so vectors win:
      // measured 3.4 times at 128 bits, 9 times at 512.
      return measure(
          "exp of 16,384 floats",
          "GB/s",
          8e-9 * LENGTH,
          1.5,
          kernel,
          () -> PlainJava.exp(x, plain));
    }
  }

  private Result matmul() {
    float[] a = RandomFloats.of(SIDE * SIDE, 1, 1);
    float[] b = RandomFloats.of(SIDE * SIDE, 1, 2);
    float[] plain = new float[SIDE * SIDE];
    try (Scope _ = Scope.open("doctor: matmul")) {
      NdArray left = NdArray.of(backend, a, SIDE, SIDE);
      NdArray right = NdArray.of(backend, b, SIDE, SIDE);
      NdArray out = backend.uninitialized(DType.F32, Shape.of(SIDE, SIDE));
      Runnable kernel = () -> backend.matmul(left, right, 1, 0, out);
      kernel.run();
      Answers.checkProduct("matmul", a, b, out.toFloatArray(), SIDE, SIDE, SIDE);
      // Even where a JIT makes vector code of the plain loop, a tiled kernel moves less memory:
      // measured 9 times as fast at 128 bits and one thread, 20 to 30 times at 512 bits and two.
      return measure(
          "matmul, 256 x 256 x 256",
          "GFLOP/s",
          2e-9 * SIDE * SIDE * SIDE,
          1.5,
          kernel,
          () -> PlainJava.matmul(a, b, plain, SIDE, SIDE, SIDE));
    }
  }

  /** Measures again and again until the JIT has nothing more to give, or patience ends. */
  private Result measure(
      String what, String unit, double work, double least, Runnable kernel, Runnable plain) {
    long end = System.nanoTime() + patienceNanos;
    Result before = null;
    while (true) {
      warmUp(kernel, plain);
      double[] kernelSeconds = new double[ROUNDS];
      double[] plainSeconds = new double[ROUNDS];
      int rounds = 0;
      do {
        // In turn, so that a disturbance slows both.
        kernelSeconds[rounds] = seconds(kernel);
        plainSeconds[rounds] = seconds(plain);
        rounds++;
      } while (rounds < ROUNDS && System.nanoTime() < end);
      if (rounds < ROUNDS && before != null) {
        return before; // the median of all rounds says more than that of a few
      }
      double speed = work / median(kernelSeconds, rounds);
      Result result = new Result(what, unit, speed, work / median(plainSeconds, rounds), least);
      boolean steady = before != null && speed < 1.1 * before.kernel();
      if (steady && result.isVectorCode() || System.nanoTime() >= end) {
        return result;
      }
      before = result;
    }
  }

  private static void warmUp(Runnable kernel, Runnable plain) {
    long end = System.nanoTime() + WARM_UP_NANOS;
    do {
      kernel.run();
      plain.run();
    } while (System.nanoTime() < end);
  }

  /** {@return how long one run takes, from as many as fill a round} */
  private static double seconds(Runnable computation) {
    long start = System.nanoTime();
    long elapsed;
    int runs = 0;
    do {
      computation.run();
      runs++;
      elapsed = System.nanoTime() - start;
    } while (elapsed < ROUND_NANOS);
    return elapsed * 1e-9 / runs;
  }

  private static double median(double[] seconds, int count) {
    double[] sorted = Arrays.copyOf(seconds, count);
    Arrays.sort(sorted);
    return sorted[count / 2];
  }
}
