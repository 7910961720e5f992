package dev.lanewise.bench;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import dev.lanewise.bench.cases.Gemm;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.Backends;
import java.util.Arrays;
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
 * Matrix products in {@code f32} on one thread: the SIMD backend, called through the contract as a
 * program would, against loops in plain Java over flat arrays, and over arrays of rows. The line
 * {@code gflops} of the report is the speed in GFLOP/s.
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
public class GemmBenchmark {
  /** Counts work, so that JMH reports a speed. */
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  @State(Scope.Thread)
  public static class Work {
    /** Billions of additions and multiplications. */
    public double gflops;
  }

  /** How the operands lie in memory. */
  @Param public Gemm.Form form;

  /** Rows of the result, length of the sums, columns of the result. */
  @Param({"64x784x128", "256x256x256", "512x512x512", "1024x1024x1024"})
  public String size;

  private int m;
  private int k;
  private int n;
  private double gigaflops;
  private Backend backend;
  private NdArray left;
  private NdArray right;
  private NdArray out;
  private float[] a;
  private float[] b;
  private float[] c;
  private float[][] bRows;
  private float[][] turnedRows;
  private float[][] cRows;

  /** Makes the matrices and proves both answers. */
  @Setup
  public void prepare() {
    int[] dims = Arrays.stream(size.split("x")).mapToInt(Integer::parseInt).toArray();
    m = dims[0];
    k = dims[1];
    n = dims[2];
    gigaflops = 2e-9 * m * k * n;
    float[] plainA = RandomFloats.of(m * k, 1, 1);
    float[] plainB = RandomFloats.of(k * n, 1, 2);
    a = form == Gemm.Form.TN ? transposed(plainA, m, k) : plainA;
    b = form == Gemm.Form.NT ? transposed(plainB, k, n) : plainB;
    c = new float[m * n];
    bRows = rows(b, form == Gemm.Form.NT ? k : n);
    turnedRows = new float[k][n];
    cRows = new float[m][n];
    backend = Backends.named("simd");
    left =
        form == Gemm.Form.TN
            ? NdArray.of(backend, a, k, m).permute(1, 0)
            : NdArray.of(backend, a, m, k);
    right =
        form == Gemm.Form.NT
            ? NdArray.of(backend, b, n, k).permute(1, 0)
            : NdArray.of(backend, b, k, n);
    out = backend.uninitialized(DType.F32, Shape.of(m, n));
    multiply();
    Answers.checkProduct("simd " + form + " " + size, plainA, plainB, out.toFloatArray(), m, k, n);
    multiplyPlainly();
    Answers.checkProduct("plain " + form + " " + size, plainA, plainB, c, m, k, n);
    multiplyRows();
    for (int i = 0; i < m; i++) {
      System.arraycopy(cRows[i], 0, c, i * n, n);
    }
    Answers.checkProduct("rows " + form + " " + size, plainA, plainB, c, m, k, n);
  }

  private static float[][] rows(float[] matrix, int columns) {
    float[][] rows = new float[matrix.length / columns][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = Arrays.copyOfRange(matrix, i * columns, (i + 1) * columns);
    }
    return rows;
  }

  private static float[] transposed(float[] matrix, int rows, int columns) {
    float[] turned = new float[matrix.length];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        turned[j * rows + i] = matrix[i * columns + j];
      }
    }
    return turned;
  }

  /**
   * {@return the product, by the SIMD backend}
   *
   * @param work counts
   */
  @Benchmark
  public NdArray simd(Work work) {
    multiply();
    work.gflops += gigaflops;
    return out;
  }

  /**
   * {@return the product, by loops in plain Java over flat arrays}
   *
   * @param work counts
   */
  @Benchmark
  public float[] plainJava(Work work) {
    multiplyPlainly();
    work.gflops += gigaflops;
    return c;
  }

  /**
   * {@return the product, by loops in plain Java over arrays of rows}
   *
   * @param work counts
   */
  @Benchmark
  public float[][] plainJavaRows(Work work) {
    multiplyRows();
    work.gflops += gigaflops;
    return cRows;
  }

  private void multiply() {
    backend.matmul(left, right, 1, 0, out);
  }

  private void multiplyPlainly() {
    switch (form) {
      case NN -> PlainJava.matmul(a, b, c, m, k, n);
      case TN -> PlainJava.matmulTransposedA(a, b, c, m, k, n);
      case NT -> PlainJava.matmulTransposedB(a, b, c, m, k, n);
    }
  }

  private void multiplyRows() {
    switch (form) {
      case NN -> PlainJava.matmulRows(a, k, 1, bRows, cRows);
      case TN -> PlainJava.matmulRows(a, 1, m, bRows, cRows);
      case NT -> {
        PlainJava.transpose(bRows, turnedRows);
        PlainJava.matmulRows(a, k, 1, turnedRows, cRows);
      }
    }
  }
}
