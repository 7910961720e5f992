package dev.lanewise.bench;

import dev.lanewise.array.DType;
import dev.lanewise.blas.Functions;
import dev.lanewise.blas.NativeFunctions;
import dev.lanewise.blas.NativeRows;
import dev.lanewise.blas.NativeSimilarity;
import dev.lanewise.blas.Rows;
import dev.lanewise.blas.Similarity;
import dev.lanewise.blas.SimilarityFunction;
import dev.lanewise.kernel.UnaryOp;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The calls on plain {@code float[]} beside the same on segments and plain Java, on one thread: a
 * function of each number of {@code [rows, 768]}, softmax of each row, and each row's likeness to
 * one query. Answers are proved before they are timed.
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
public class ArraysBenchmark {
  private static final int COLUMNS = 768;
  private static final DType F32 = DType.F32;

  /** What is called. */
  public enum Call {
    /** The exponential of each number. */
    EXP,
    /** Softmax of each row. */
    SOFTMAX,
    /** Cosines of rows and a query. */
    COSINE,
    /** Squared distances of rows from a query. */
    SQUARED_DISTANCE;

    boolean isOnePerRow() {
      return this == COSINE || this == SQUARED_DISTANCE;
    }
  }

  /** What is called. */
  @Param public Call call;

  /** How many rows: 100 stay in a core's cache, 10,000 do not. */
  @Param({"100", "10000"})
  public int rows;

  private float[] x;
  private float[] query;
  private float[] y;
  private Arena arena;
  private MemorySegment nativeX;
  private MemorySegment nativeQuery;
  private MemorySegment nativeY;

  /** Makes the benchmark; JMH calls this. */
  public ArraysBenchmark() {}

  /** Makes the numbers and proves the answers. */
  @Setup
  public void prepare() {
    x = positive(rows * COLUMNS, 1);
    query = positive(COLUMNS, 2);
    y = new float[call.isOnePerRow() ? rows : rows * COLUMNS];
    arena = Arena.ofShared();
    nativeX = arena.allocateFrom(ValueLayout.JAVA_FLOAT, x);
    nativeQuery = arena.allocateFrom(ValueLayout.JAVA_FLOAT, query);
    nativeY = arena.allocate(4L * y.length, 64);
    check("arrays", arrays());
    segments();
    check("segments", nativeY.toArray(ValueLayout.JAVA_FLOAT));
    check("plain Java", plainJava());
  }

  /** Sums of positive numbers lose no digits, so that errors can be told in units of results. */
  private static float[] positive(int length, long seed) {
    float[] numbers = RandomFloats.of(length, 1, seed);
    for (int i = 0; i < length; i++) {
      numbers[i] = Math.abs(numbers[i]);
    }
    return numbers;
  }

  private void check(String who, float[] answer) {
    // A sum of as many rounded numbers, added one after the other, is off by so much at most.
    double ulps = call == Call.EXP ? UnaryOp.EXP.ulps() : COLUMNS + 12;
    Answers.checkElements(who + ", " + call, answer, this::exact, ulps);
  }

  private double exact(int i) {
    return switch (call) {
      case EXP -> Math.exp(x[i]);
      case SOFTMAX -> {
        double sum = 0;
        int first = i / COLUMNS * COLUMNS;
        for (int j = first; j < first + COLUMNS; j++) {
          sum += Math.exp((double) x[j] - x[i]);
        }
        yield 1 / sum;
      }
      case COSINE, SQUARED_DISTANCE -> {
        double dot = 0;
        double squares = 0;
        double others = 0;
        for (int j = 0; j < COLUMNS; j++) {
          double a = query[j];
          double b = x[i * COLUMNS + j];
          dot += a * b;
          squares += a * a;
          others += b * b;
        }
        yield call == Call.COSINE ? dot / Math.sqrt(squares * others) : squares - 2 * dot + others;
      }
    };
  }

  /** Frees the segments. */
  @TearDown
  public void close() {
    arena.close();
  }

  /** {@return the results of the call on arrays} */
  @Benchmark
  public float[] arrays() {
    switch (call) {
      case EXP -> Functions.apply(UnaryOp.EXP, y.length, x, 0, y, 0, 1);
      case SOFTMAX -> Rows.softmax(rows, COLUMNS, x, 0, COLUMNS, y, 0, COLUMNS, 1);
      case COSINE -> compare(SimilarityFunction.COSINE);
      case SQUARED_DISTANCE -> compare(SimilarityFunction.SQUARED_DISTANCE);
    }
    return y;
  }

  private void compare(SimilarityFunction metric) {
    Similarity.compare(metric, 1, rows, COLUMNS, query, 0, COLUMNS, x, 0, COLUMNS, y, 0, rows, 1);
  }

  /** Makes the call on segments. */
  @Benchmark
  public void segments() {
    switch (call) {
      case EXP -> NativeFunctions.apply(UnaryOp.EXP, F32, y.length, nativeX, nativeY, 1);
      case SOFTMAX -> NativeRows.softmax(F32, rows, COLUMNS, nativeX, COLUMNS, nativeY, COLUMNS, 1);
      case COSINE -> compareNatively(SimilarityFunction.COSINE);
      case SQUARED_DISTANCE -> compareNatively(SimilarityFunction.SQUARED_DISTANCE);
    }
  }

  private void compareNatively(SimilarityFunction metric) {
    NativeSimilarity.compare(
        metric, F32, 1, rows, COLUMNS, nativeQuery, COLUMNS, nativeX, COLUMNS, nativeY, rows, 1);
  }

  /** {@return the results of what a program would write without a library} */
  @Benchmark
  public float[] plainJava() {
    switch (call) {
      case EXP -> PlainJava.exp(x, y);
      case SOFTMAX -> PlainJava.softmax(x, y, COLUMNS);
      case COSINE -> PlainJava.cosines(query, x, y);
      case SQUARED_DISTANCE -> PlainJava.squaredDistances(query, x, y);
    }
    return y;
  }
}
