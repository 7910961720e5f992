package dev.lanewise.simd;

import static dev.lanewise.simd.Addresses.ALL;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import dev.lanewise.array.DType;
import dev.lanewise.simd.gemm.IdlePool;
import dev.lanewise.simd.gemm.Product;
import java.util.function.IntConsumer;

/**
 * Compares each vector of one matrix with each of another, on the matrices of a program that has no
 * tensors: say where {@link #q}, {@link #x} and {@link #y} lie, then call what is to be computed,
 * then give it back. A task compares a block of queries with a block of candidates, while both stay
 * in the second-level cache. Nothing is allocated after the first calls.
 */
public final class SimilarityCall implements IntConsumer {
  /** About the numbers in a block of vectors: of float, half of a small second-level cache. */
  private static final int BLOCK = 1 << 16;

  /**
   * The same for each query, if there are few: a copied block is read so few times that it should
   * not leave the first-level cache for that.
   */
  private static final int BLOCK_OF_QUERY = 1 << 13;

  private enum Kind {
    DOTS,
    COSINES,
    SQUARED_DISTANCES,
    DISTANCES
  }

  private static final int MOST_CANDIDATES = 512;
  private static final int MOST_QUERIES = 128;

  private static final Cosines COSINES_F32 = new Cosines(DType.F32);
  private static final Cosines COSINES_F64 = new Cosines(DType.F64);
  private static final IdlePool<SimilarityCall> IDLE = new IdlePool<>(SimilarityCall::new);
  private static final IdlePool<Stage> STAGES = new IdlePool<>(Stage::new);

  /** What one task needs. */
  private static final class Stage {
    final Product product = new Product();
    final ReusedMemory memory = new ReusedMemory();
  }

  private final Matrix q = new Matrix();
  private final Matrix x = new Matrix();
  private final Matrix y = new Matrix();
  private DType dtype;
  private int bytes;
  private int m;
  private int n;
  private int d;
  private int queries;
  private int candidates;
  private int blocksOfTask;
  private int tasksOfQueries;

  private Kind kind;

  private SimilarityCall() {}

  /** {@return a call that no one else uses; to be given back} */
  public static SimilarityCall lend() {
    return IDLE.lend();
  }

  /** Lets others use it, and the garbage collector take the arrays. */
  public void giveBack() {
    q.clear();
    x.clear();
    y.clear();
    IDLE.giveBack(this);
  }

  /** {@return the queries, to be told where they lie} */
  public Matrix q() {
    return q;
  }

  /** {@return the candidates} */
  public Matrix x() {
    return x;
  }

  /** {@return the output, with a row for each query and a column for each candidate} */
  public Matrix y() {
    return y;
  }

  /**
   * Computes dot products.
   *
   * @param dtype what the matrices are made of, {@code F32} or {@code F64}
   * @param m how many queries
   * @param n how many candidates
   * @param d the length of each
   * @param threads the most threads that work on it
   */
  public void dots(DType dtype, int m, int n, int d, int threads) {
    run(Kind.DOTS, dtype, m, n, d, threads);
  }

  /**
   * Computes cosines; that of a vector of zeros is 0.
   *
   * @param dtype what the matrices are made of, {@code F32} or {@code F64}
   * @param m how many queries
   * @param n how many candidates
   * @param d the length of each
   * @param threads the most threads that work on it
   */
  public void cosines(DType dtype, int m, int n, int d, int threads) {
    run(Kind.COSINES, dtype, m, n, d, threads);
  }

  /**
   * Computes squares of distances.
   *
   * @param dtype what the matrices are made of, {@code F32} or {@code F64}
   * @param m how many queries
   * @param n how many candidates
   * @param d the length of each
   * @param threads the most threads that work on it
   */
  public void squaredDistances(DType dtype, int m, int n, int d, int threads) {
    run(Kind.SQUARED_DISTANCES, dtype, m, n, d, threads);
  }

  /**
   * Computes distances.
   *
   * @param dtype what the matrices are made of, {@code F32} or {@code F64}
   * @param m how many queries
   * @param n how many candidates
   * @param d the length of each
   * @param threads the most threads that work on it
   */
  public void distances(DType dtype, int m, int n, int d, int threads) {
    run(Kind.DISTANCES, dtype, m, n, d, threads);
  }

  private void run(Kind what, DType type, int rows, int columns, int depth, int most) {
    if (rows == 0 || columns == 0) {
      return;
    }
    kind = what;
    dtype = type;
    bytes = type.byteSize();
    m = rows;
    n = columns;
    d = depth;
    queries = Math.clamp(BLOCK / Math.max(1, d), 1, Math.min(m, MOST_QUERIES));
    int numbers = Math.min(BLOCK, BLOCK_OF_QUERY * queries);
    candidates = Math.clamp(numbers / Math.max(1, d), 1, Math.min(n, MOST_CANDIDATES));
    blocksOfTask = BLOCK / numbers;
    tasksOfQueries = Math.ceilDiv(Math.ceilDiv(n, candidates), blocksOfTask);
    int tasks = Math.multiplyExact(Math.ceilDiv(m, queries), tasksOfQueries);
    Workers.shared().run(tasks, most, this);
  }

  /**
   * Runs one task.
   *
   * @param task its number
   */
  @Override
  public void accept(int task) {
    int i = task / tasksOfQueries * queries;
    int first = task % tasksOfQueries * blocksOfTask * candidates;
    int end = (int) Math.min(n, first + (long) blocksOfTask * candidates);
    Stage stage = STAGES.lend();
    try {
      for (int j = first; j < end; j += candidates) {
        compare(stage, i, Math.min(queries, m - i), j, Math.min(candidates, end - j));
      }
    } finally {
      STAGES.giveBack(stage);
    }
  }

  private void compare(Stage stage, int i, int height, int j, int width) {
    long sizeOfQ = q.isCopied() ? lines((long) queries * d) : 0;
    long sizeOfX = x.isCopied() ? lines((long) candidates * d) : 0;
    long sizeOfY = y.isCopied() ? lines((long) queries * candidates) : 0;
    long sizeOfLengths = kind == Kind.COSINES ? (queries + (long) candidates) * Double.BYTES : 0;
    long copy = stage.memory.place(sizeOfQ + sizeOfX + sizeOfY + sizeOfLengths);
    long copyOfY = copy + sizeOfQ + sizeOfX;
    long left = q.fetch(i, 0, height, d, copy);
    long right = x.fetch(j, 0, width, d, copy + sizeOfQ);
    long out = y.address(i, j, copyOfY);
    switch (kind) {
      case DOTS -> dots(stage.product, left, height, right, width, out);
      case COSINES -> {
        dots(stage.product, left, height, right, width, out);
        cosines(left, height, right, width, out, copyOfY + sizeOfY);
      }
      case SQUARED_DISTANCES -> distances(false, left, height, right, width, out);
      case DISTANCES -> distances(true, left, height, right, width, out);
    }
    y.store(i, j, height, width, copyOfY);
  }

  /** {@return the bytes of so many numbers, in whole lines of the cache} */
  private long lines(long numbers) {
    return Scratch.aligned(numbers * bytes);
  }

  private void dots(Product product, long left, int height, long right, int width, long out) {
    product
        .of(dtype, height, width, d)
        .left(left, q.step(d) / bytes, 1)
        .right(right, 1, x.step(d) / bytes)
        .into(out, y.step(width) / bytes)
        .run();
  }

  private void cosines(long left, int height, long right, int width, long out, long lengths) {
    Cosines cosines = dtype == DType.F32 ? COSINES_F32 : COSINES_F64;
    long others = lengths + (long) queries * Double.BYTES;
    cosines.lengths(d, left, q.step(d), height, lengths);
    cosines.lengths(d, right, x.step(d), width, others);
    for (int i = 0; i < height; i++) {
      long query = left + i * q.step(d);
      long length = lengths + (long) i * Double.BYTES;
      cosines.divide(d, query, length, right, x.step(d), others, width, out + i * y.step(width));
    }
  }

  private void distances(boolean root, long left, int height, long right, int width, long out) {
    for (int i = 0; i < height; i++) {
      long one = left + i * q.step(d);
      for (int j = 0; j < width; j++) {
        long other = right + j * x.step(d);
        long to = out + i * y.step(width) + (long) j * bytes;
        if (dtype == DType.F32) {
          float square = NativeFloats.squaredDistance(d, one, other);
          ALL.set(JAVA_FLOAT_UNALIGNED, to, root ? (float) Math.sqrt(square) : square);
        } else {
          double square = NativeDoubles.squaredDistance(d, one, other);
          ALL.set(JAVA_DOUBLE_UNALIGNED, to, root ? Math.sqrt(square) : square);
        }
      }
    }
  }
}
