package dev.lanewise.bench;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.Backends;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.ReduceOp;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
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
 * Expressions and sums of integers on one thread, by the SIMD backend. The unit is microseconds for
 * all elements; the answers, which have one right value, are proven first.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
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
public class IntegerBenchmark {
  private static final Expr X = Expr.arg(0);
  private static final Expr Y = Expr.arg(1);
  private static final double[] NO_PARAMS = {};
  private static final int[] ALL_AXES = {};

  /** The type of the elements. */
  @Param({"I32", "I64"})
  public DType dtype;

  /** The number of elements: 16,384 stay in a core's cache, 1,048,576 do not. */
  @Param({"16384", "1048576"})
  public int length;

  private Backend backend;
  private NdArray x;
  private NdArray y;
  private NdArray out;
  private NdArray total;

  /** Makes the benchmark; JMH calls this. */
  public IntegerBenchmark() {}

  /** Makes the arrays and proves the answers. */
  @Setup
  public void prepare() {
    SplittableRandom random = new SplittableRandom(1);
    // Products and sums stay in 32 bits, but not in the 24 of a float.
    long[] first = random.longs(length, -1_000, 1_000).toArray();
    long[] second = random.longs(length, 1, 1_000_000).toArray();
    backend = Backends.named("simd");
    x = array(first);
    y = array(second);
    out = backend.uninitialized(dtype, x.shape());
    total = backend.uninitialized(dtype, Shape.SCALAR);
    long[] sums = new long[length];
    Arrays.setAll(sums, i -> first[i] + second[i]);
    check("add", add(), sums);
    long[] quotients = new long[length];
    Arrays.setAll(quotients, i -> first[i] / second[i]);
    check("divide", divide(), quotients);
    check("sum", sum(), LongStream.of(first).sum());
  }

  private NdArray array(long[] values) {
    NdArray wide = NdArray.of(backend, values, length);
    NdArray array = backend.uninitialized(dtype, wide.shape());
    backend.copy(wide, array);
    return array;
  }

  private void check(String what, NdArray actual, long... expected) {
    int wrong = Arrays.mismatch(actual.toLongArray(), expected);
    if (wrong >= 0) {
      throw new WrongAnswerException(
          what + ": element " + wrong + " must be " + expected[wrong] + " in " + dtype);
    }
  }

  /** {@return the sums of two arrays' elements} */
  @Benchmark
  public NdArray add() {
    backend.elementwise(X.add(Y), out, NO_PARAMS, x, y);
    return out;
  }

  /** {@return the quotients of two arrays' elements} */
  @Benchmark
  public NdArray divide() {
    backend.elementwise(X.div(Y), out, NO_PARAMS, x, y);
    return out;
  }

  /** {@return the sum of all elements} */
  @Benchmark
  public NdArray sum() {
    backend.reduce(ReduceOp.SUM, X, ALL_AXES, total, NO_PARAMS, x);
    return total;
  }
}
