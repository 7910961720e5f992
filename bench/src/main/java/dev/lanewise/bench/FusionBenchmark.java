package dev.lanewise.bench;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.Backends;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.UnaryOp;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What it gains to compute an expression in one loop instead of operation by operation, in {@code
 * f32} on one thread: GELU, and a step of Adam without the corrections of its first steps. The
 * operations work in place, as few as PyTorch's.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 3,
    jvmArgsAppend = {
      "--add-modules=jdk.incubator.vector",
      "--enable-native-access=ALL-UNNAMED",
      "-Dlanewise.threads=1"
    })
@State(Scope.Thread)
public class FusionBenchmark {
  private static final Expr X = Expr.arg(0);
  private static final Expr Y = Expr.arg(1);
  private static final Expr P = Expr.param(0);
  private static final Expr SCALED = X.mul(P);
  private static final Expr SHIFTED = X.add(P);
  private static final Expr ERF = Expr.unary(UnaryOp.ERF, X);
  private static final Expr PRODUCT = X.mul(Y);
  private static final Expr MIXED = X.mul(P).add(Y.mul(Expr.param(1)));
  private static final Expr MIXED_SQUARE = X.mul(P).add(Y.square().mul(Expr.param(1)));
  private static final Expr ROOT = X.sqrt();
  private static final Expr STEP = X.add(Y.div(Expr.arg(2)).mul(P));

  private static final Expr GELU =
      Expr.unary(UnaryOp.ERF, X.mul(Expr.constant(Math.sqrt(0.5))))
          .add(Expr.constant(1))
          .mul(X)
          .mul(Expr.constant(0.5));
  private static final Expr MOMENT = MIXED;
  private static final Expr SQUARES =
      Expr.arg(3).mul(Expr.param(2)).add(Y.square().mul(Expr.param(3)));
  private static final Expr WEIGHT =
      Expr.arg(2).sub(MOMENT.div(SQUARES.sqrt().add(Expr.param(4))).mul(Expr.param(5)));

  private static final Expr SQUARE = X.square();
  private static final double[] NONE = {};
  private static final double RATE = 1e-3;
  private static final double EPS = 1e-7;

  /** What is computed. */
  public enum What {
    /** {@code x · (1 + erf(x / √2)) / 2}. */
    GELU,
    /** A step of Adam. */
    ADAM
  }

  /** What is computed. */
  @Param public What what;

  /** The number of elements. */
  @Param("16777216")
  public int length;

  private Backend backend;
  private NdArray x;
  private NdArray gradient;
  private NdArray moment;
  private NdArray squares;
  private NdArray out;
  private NdArray temporary;

  /** Makes the benchmark; JMH calls this. */
  public FusionBenchmark() {}

  /** Makes the arrays and proves the answers of both ways. */
  @Setup
  public void prepare() {
    backend = Backends.named("simd");
    // Not far below 0, where 1 + erf cancels.
    float[] values = RandomFloats.of(length, 1, 1);
    float[] slopes = RandomFloats.of(length, 1, 2);
    float[] moments = RandomFloats.of(length, 0.1, 3);
    float[] roots = RandomFloats.of(length, 1, 4);
    gradient = NdArray.of(backend, slopes);
    out = NdArray.zeros(backend, DType.F32, gradient.shape());
    temporary = NdArray.zeros(backend, DType.F32, gradient.shape());
    for (Runnable way : List.<Runnable>of(this::fused, this::operationByOperation)) {
      x = NdArray.of(backend, values);
      moment = NdArray.of(backend, moments);
      squares = NdArray.of(backend, roots);
      backend.elementwise(SQUARE, squares, NONE, squares);
      way.run();
      switch (what) {
        case GELU -> Answers.checkElements("gelu", out.toFloatArray(), i -> gelu(values[i]), 8);
        case ADAM -> checkAdam(values, slopes, moments, roots);
      }
    }
  }

  private static double gelu(double x) {
    return x * (1 + UnaryOp.ERF.apply(x * Math.sqrt(0.5))) / 2;
  }

  private void checkAdam(float[] values, float[] slopes, float[] moments, float[] roots) {
    float[] m = moment.toFloatArray();
    float[] v = squares.toFloatArray();
    float[] w = x.toFloatArray();
    for (int i = 0; i < length; i++) {
      double newM = 0.9 * moments[i] + 0.1 * slopes[i];
      double newV = 0.999 * roots[i] * roots[i] + 0.001 * slopes[i] * slopes[i];
      double step = RATE * newM / (Math.sqrt(newV) + EPS);
      double sizeOfM = Math.abs(0.9 * moments[i]) + Math.abs(0.1 * slopes[i]);
      double sizeOfStep = RATE * sizeOfM / (Math.sqrt(newV) + EPS);
      requireNear("moment", i, m[i], newM, sizeOfM);
      requireNear("square", i, v[i], newV, newV);
      requireNear("weight", i, w[i], values[i] - step, Math.abs(values[i]) + sizeOfStep);
    }
  }

  /** Terms may cancel: a sum is as exact as the sizes of its terms. */
  private static void requireNear(String what, int i, double found, double exact, double size) {
    if (!(Math.abs(found - exact) <= 8 * Math.ulp((float) size))) {
      throw new WrongAnswerException("adam: %s %d is %s, not %s".formatted(what, i, found, exact));
    }
  }

  /** Computes in one loop. */
  @Benchmark
  public void fused() {
    switch (what) {
      case GELU -> backend.elementwise(GELU, out, NONE, x);
      case ADAM ->
          backend.elementwise(
              List.of(MOMENT, SQUARES, WEIGHT),
              new NdArray[] {moment, squares, x},
              new double[] {0.9, 0.1, 0.999, 0.001, EPS, RATE},
              moment,
              gradient,
              x,
              squares);
    }
  }

  /** Computes with a pass over memory for each operation. */
  @Benchmark
  public void operationByOperation() {
    switch (what) {
      case GELU -> {
        one(SCALED, out, Math.sqrt(0.5), x);
        one(ERF, out, 0, out);
        one(SHIFTED, out, 1, out);
        one(PRODUCT, out, 0, out, x);
        one(SCALED, out, 0.5, out);
      }
      case ADAM -> {
        backend.elementwise(MIXED, moment, new double[] {0.9, 0.1}, moment, gradient);
        backend.elementwise(MIXED_SQUARE, squares, new double[] {0.999, 0.001}, squares, gradient);
        one(ROOT, temporary, 0, squares);
        one(SHIFTED, temporary, EPS, temporary);
        one(STEP, x, -RATE, x, moment, temporary);
      }
    }
  }

  private void one(Expr expr, NdArray to, double scalar, NdArray... ins) {
    backend.elementwise(expr, to, new double[] {scalar}, ins);
  }
}
