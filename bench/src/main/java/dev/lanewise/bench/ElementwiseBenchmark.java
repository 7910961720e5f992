package dev.lanewise.bench;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.Backends;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.UnaryOp;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
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
 * Elementwise kernels in {@code f32} on one thread: the SIMD backend, called through the contract
 * as a program would, against a loop in plain Java. The line {@code gelements} of the report is the
 * speed in billions of elements a second. 16,384 elements stay in a core's cache, 1,048,576 do not.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
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
public class ElementwiseBenchmark {
  private static final double[] NO_PARAMS = {};

  /** What is computed for each element. */
  public enum Op {
    /** A sum of two arrays. */
    ADD,
    /** e to the power of each element. */
    EXP,
    /** The logistic function of each element. */
    SIGMOID;

    private Expr expr() {
      return switch (this) {
        case ADD -> Expr.arg(0).add(Expr.arg(1));
        case EXP -> Expr.arg(0).exp();
        case SIGMOID -> Expr.arg(0).sigmoid();
      };
    }

    private double exact(double x, double y) {
      return switch (this) {
        case ADD -> x + y;
        case EXP -> Math.exp(x);
        case SIGMOID -> 1 / (1 + Math.exp(-x));
      };
    }

    private double ulps() {
      return switch (this) {
        case ADD -> 0.5;
        case EXP -> UnaryOp.EXP.ulps();
        case SIGMOID -> UnaryOp.SIGMOID.ulps();
      };
    }

    private void runPlainly(float[] x, float[] y, float[] out) {
      switch (this) {
        case ADD -> PlainJava.add(x, y, out);
        case EXP -> PlainJava.exp(x, out);
        case SIGMOID -> PlainJava.sigmoid(x, out);
      }
    }
  }

  /** Counts work, so that JMH reports a speed. */
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  @State(Scope.Thread)
  public static class Work {
    /** Billions of elements. */
    public double gelements;
  }

  /** What is computed for each element. */
  @Param public Op op;

  /** The number of elements. */
  @Param({"16384", "1048576"})
  public int length;

  private double billions;
  private Expr expr;
  private Backend backend;
  private NdArray[] ins;
  private NdArray out;
  private float[] x;
  private float[] y;
  private float[] plainOut;

  /** Makes the arrays and proves both answers. */
  @Setup
  public void prepare() {
    billions = 1e-9 * length;
    x = RandomFloats.of(length, 10, 1);
    y = RandomFloats.of(length, 10, 2);
    plainOut = new float[length];
    expr = op.expr();
    backend = Backends.named("simd");
    NdArray first = NdArray.of(backend, x);
    ins = op == Op.ADD ? new NdArray[] {first, NdArray.of(backend, y)} : new NdArray[] {first};
    out = backend.uninitialized(DType.F32, first.shape());
    backend.elementwise(expr, out, NO_PARAMS, ins);
    check("simd " + op, out.toFloatArray());
    op.runPlainly(x, y, plainOut);
    check("plain " + op, plainOut);
  }

  private void check(String what, float[] actual) {
    Answers.checkElements(what, actual, i -> op.exact(x[i], y[i]), op.ulps());
  }

  /**
   * {@return the values, by the SIMD backend}
   *
   * @param work counts
   */
  @Benchmark
  public NdArray simd(Work work) {
    backend.elementwise(expr, out, NO_PARAMS, ins);
    work.gelements += billions;
    return out;
  }

  /**
   * {@return the values, by a loop in plain Java}
   *
   * @param work counts
   */
  @Benchmark
  public float[] plainJava(Work work) {
    op.runPlainly(x, y, plainOut);
    work.gelements += billions;
    return plainOut;
  }
}
