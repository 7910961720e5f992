package dev.lanewise.simd.gemm;

import dev.lanewise.array.DType;
import dev.lanewise.simd.HeapCopies;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.IntConsumer;

/**
 * A {@link Product} of matrices in Java arrays, in the same steps: {@link #of}, {@link #left},
 * {@link #right}, {@link #into}, then its tasks. Blocks of the matrices are copied to and from
 * memory off the heap that stays in the second-level cache, and multiplied there: one kernel serves
 * arrays and segments, and no loop sees both. The copies take 2 to 16 % of the time.
 *
 * <p>Nothing is checked here but by the copying, which refuses to leave an array.
 */
public final class ArrayProduct implements IntConsumer {
  private static final int ROWS = 128;
  private static final int DEPTH = 512;
  private static final int COLUMN_BYTES = 2048;

  /** Rows of a copy lie a cache line further apart than they are long, or cache sets collide. */
  private static final int GAP_BYTES = 64;

  private static final IdlePool<Stage> STAGES = new IdlePool<>(Stage::new);
  private static final IdlePool<ArrayProduct> IDLE = new IdlePool<>(ArrayProduct::new);

  /** A matrix: its numbers are {@code array[offset + row * stride + column]}, or transposed. */
  private static final class Operand {
    private Object array;
    private int offset;
    private int stride;
    private boolean transposed;
    private int batchStride;

    void set(Object array, int offset, int stride, boolean transposed) {
      this.array = array;
      this.offset = offset;
      this.stride = stride;
      this.transposed = transposed;
      this.batchStride = 0;
    }
  }

  /** What one task needs: memory for a block of each matrix. */
  private static final class Stage {
    final Product block = new Product();
    final long a;
    final long b;
    final long c;
    private final MemorySegment owner;

    Stage() {
      long columns = COLUMN_BYTES + GAP_BYTES;
      long depth = DEPTH * Double.BYTES + GAP_BYTES;
      // Transposed blocks have their extents exchanged; the longer of both fits either way.
      long bytesOfA = (ROWS + 8) * depth + DEPTH * (long) GAP_BYTES;
      long bytesOfB = (DEPTH + 8) * columns + COLUMN_BYTES / Float.BYTES * (long) GAP_BYTES;
      owner = Arena.ofAuto().allocate(bytesOfA + bytesOfB + ROWS * columns, 64);
      a = owner.address();
      b = a + bytesOfA;
      c = b + bytesOfB;
    }
  }

  private final Product plan = new Product();
  private final Operand a = new Operand();
  private final Operand b = new Operand();
  private final Operand c = new Operand();
  private Element element;
  private int m;
  private int n;
  private int k;

  private ArrayProduct() {}

  /** {@return a product that no one else uses; to be given back} */
  public static ArrayProduct lend() {
    return IDLE.lend();
  }

  /** Lets others use it, and the garbage collector take the arrays. */
  public void giveBack() {
    a.array = null;
    b.array = null;
    c.array = null;
    IDLE.giveBack(this);
  }

  /**
   * {@return this, now a multiplication of matrices of some size}
   *
   * @param dtype what the matrices are made of, {@code F32} or {@code F64}
   * @param m rows of A and C
   * @param n columns of B and C
   * @param k columns of A and rows of B
   * @param alpha the factor of A · B
   * @param beta the factor of C
   */
  public ArrayProduct of(DType dtype, int m, int n, int k, double alpha, double beta) {
    plan.of(dtype, m, n, k).factors(alpha, beta);
    this.element = plan.element;
    this.m = m;
    this.n = n;
    this.k = k;
    return this;
  }

  /**
   * {@return this, with A in an array}
   *
   * @param array a {@code float[]} or {@code double[]}
   * @param offset where it begins
   * @param stride from one row to the next; if transposed, from one column to the next
   * @param transposed whether columns lie in one piece instead of rows
   */
  public ArrayProduct left(Object array, int offset, int stride, boolean transposed) {
    a.set(array, offset, stride, transposed);
    return this;
  }

  /**
   * {@return this, with B in an array}
   *
   * @param array a {@code float[]} or {@code double[]}
   * @param offset where it begins
   * @param stride from one row to the next; if transposed, from one column to the next
   * @param transposed whether columns lie in one piece instead of rows
   */
  public ArrayProduct right(Object array, int offset, int stride, boolean transposed) {
    b.set(array, offset, stride, transposed);
    plan.right(0, transposed ? 1 : stride, transposed ? stride : 1);
    return this;
  }

  /**
   * {@return this, with C in an array}
   *
   * @param array a {@code float[]} or {@code double[]}
   * @param offset where it begins
   * @param stride from one row to the next
   */
  public ArrayProduct into(Object array, int offset, int stride) {
    c.set(array, offset, stride, false);
    return this;
  }

  /**
   * {@return this, now as many such multiplications}
   *
   * @param count how many
   * @param left from one A to the next
   * @param right from one B to the next
   * @param into from one C to the next
   */
  public ArrayProduct batch(int count, int left, int right, int into) {
    plan.batch(count, 0, 0, 0);
    a.batchStride = left;
    b.batchStride = right;
    c.batchStride = into;
    return this;
  }

  /** {@return into how many independent tasks it is cut} */
  public int tasks() {
    return plan.tasks();
  }

  /**
   * Runs one task.
   *
   * @param task from 0 to {@code tasks() - 1}
   */
  @Override
  public void accept(int task) {
    Stage stage = STAGES.lend();
    try {
      int index = plan.index(task);
      int end = plan.endColumn(task);
      int most = COLUMN_BYTES / element.bytes;
      for (int j = plan.firstColumn(task); j < end; j += most) {
        int width = Math.min(most, end - j);
        int p = 0;
        do {
          panel(stage, index, plan.firstRow(task), plan.endRow(task), j, width, p);
          p += DEPTH;
        } while (p < k);
      }
    } finally {
      STAGES.giveBack(stage);
    }
  }

  /** Some rows of A times one block of B. */
  private void panel(Stage stage, int index, int i0, int i1, int j, int width, int p) {
    int depth = Math.min(DEPTH, k - p);
    double beta = p == 0 ? plan.beta : 1;
    long strideB = copyIn(b, index, p, j, depth, width, stage.b);
    for (int i = i0; i < i1; i += ROWS) {
      int height = Math.min(ROWS, i1 - i);
      long strideA = copyIn(a, index, i, p, height, depth, stage.a);
      // In the layout in which it is copied back, too.
      long strideC =
          beta == 0 ? strideOf(c, height, width) : copyIn(c, index, i, j, height, width, stage.c);
      stage
          .block
          .of(element == Element.F32 ? DType.F32 : DType.F64, height, width, depth)
          .factors(plan.alpha, beta)
          .left(stage.a, a.transposed ? 1 : strideA, a.transposed ? strideA : 1)
          .right(stage.b, b.transposed ? 1 : strideB, b.transposed ? strideB : 1)
          .into(stage.c, strideC)
          .run();
      copyOut(index, i, j, height, width, strideC, stage.c);
    }
  }

  /** {@return the stride of a copy: none but its width if it can be copied in one piece} */
  private long strideOf(Operand x, int rows, int width) {
    return rows == 1 || x.stride == width ? width : width + GAP_BYTES / element.bytes;
  }

  /** {@return the stride of the copy of a block of a matrix, which is made as the block lies} */
  private long copyIn(Operand x, int index, int i, int j, int height, int width, long to) {
    int line = x.transposed ? j : i;
    int first = x.transposed ? i : j;
    int lines = x.transposed ? width : height;
    int length = x.transposed ? height : width;
    long stride = strideOf(x, lines, length);
    int at = x.offset + index * x.batchStride + line * x.stride + first;
    if (stride == length) {
      HeapCopies.read(x.array, at, to, lines * length);
    } else {
      for (int l = 0; l < lines; l++) {
        HeapCopies.read(x.array, at + l * x.stride, to + l * stride * element.bytes, length);
      }
    }
    return stride;
  }

  private void copyOut(int index, int i, int j, int height, int width, long stride, long from) {
    int at = c.offset + index * c.batchStride + i * c.stride + j;
    if (stride == width) {
      HeapCopies.write(from, c.array, at, height * width);
    } else {
      for (int l = 0; l < height; l++) {
        HeapCopies.write(from + l * stride * element.bytes, c.array, at + l * c.stride, width);
      }
    }
  }
}
