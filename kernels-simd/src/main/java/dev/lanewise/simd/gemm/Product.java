package dev.lanewise.simd.gemm;

import dev.lanewise.array.DType;
import dev.lanewise.simd.Addresses;
import dev.lanewise.simd.Lanes;
import java.lang.foreign.ValueLayout;
import java.util.function.IntConsumer;

/**
 * One general matrix multiplication, {@code C = alpha · A · B + beta · C}, on raw addresses. An
 * object can be used for any number of multiplications, one after the other: {@link #of} says how
 * large they are, and after it {@link #left}, {@link #right} and {@link #into} where they lie.
 *
 * <p>Strides are in elements and not negative, so a transposed operand is one with exchanged
 * strides; C has unit column stride and overlaps neither A nor B. Nothing is checked here: the
 * caller has checked that every element is in live memory. As in BLAS, C is not read if {@code
 * beta} is 0, and A and B are not read if {@code alpha} is 0.
 *
 * <p>It can be run as {@link #tasks} independent tasks, in any order and on any threads. The bits
 * of the result depend on the vector width, but neither on the tasks nor on alignment. With {@code
 * eps} the unit round-off, {@code |error| ≤ (k + 4) · eps · (|alpha| · |A| · |B| + |beta · C|)}.
 */
public final class Product implements IntConsumer {
  // 20 µs at 200 GFLOP/s: below that, handing work to another thread costs more than it gains.
  private static final long LEAST_WORK_OF_TASK = 2_000_000;

  // Fewer rows than that do not pay for transposing B once more.
  private static final int LEAST_TILES_OF_TASK = 8;

  // Tasks meet on borders of tiles, of float, as there are narrower vectors of double.
  private static final int ROWS = Blocking.of(Lanes.BITS, Element.F32).rows();
  private static final int COLUMNS = Blocking.of(Lanes.BITS, Element.F32).columns();

  // Addresses and strides are in bytes.
  Element element = Element.F32;
  int m;
  int n;
  int k;
  double alpha;
  double beta;
  long a;
  long rsA;
  long csA;
  long b;
  long rsB;
  long csB;
  long c;
  long rsC;

  /**
   * Whether the whole of C is a row or a column, of which this product may be a part: then products
   * are summed in another order.
   */
  boolean oneRowOrColumn;

  private int batch;
  private long batchA;
  private long batchB;
  private long batchC;
  private int rowTasks = 1;
  private int columnTasks = 1;

  /** Makes a multiplication of nothing. */
  public Product() {}

  /**
   * {@return this, now a multiplication of matrices of some size, with factors 1 and 0}
   *
   * @param dtype what the matrices are made of, {@code F32} or {@code F64}
   * @param m rows of A and C
   * @param n columns of B and C
   * @param k columns of A and rows of B
   */
  public Product of(DType dtype, int m, int n, int k) {
    assert m >= 0 && n >= 0 && k >= 0 && (dtype == DType.F32 || dtype == DType.F64);
    this.element = dtype == DType.F32 ? Element.F32 : Element.F64;
    this.m = m;
    this.n = n;
    this.k = k;
    this.oneRowOrColumn = m == 1 || n == 1;
    this.batch = 1;
    return factors(1, 0);
  }

  /**
   * {@return this, now as many such multiplications}
   *
   * @param count how many
   * @param left from one A to the next, in elements
   * @param right from one B to the next
   * @param into from one C to the next
   */
  public Product batch(int count, long left, long right, long into) {
    this.batch = count;
    this.batchA = left * element.bytes;
    this.batchB = right * element.bytes;
    this.batchC = into * element.bytes;
    return this;
  }

  /**
   * {@return this, with other factors}
   *
   * @param alpha the factor of A · B
   * @param beta the factor of C
   */
  public Product factors(double alpha, double beta) {
    this.alpha = element == Element.F32 ? (float) alpha : alpha;
    this.beta = element == Element.F32 ? (float) beta : beta;
    return this;
  }

  /**
   * {@return this, with A at some place}
   *
   * @param address its first element
   * @param rows from one row to the next
   * @param columns from one column to the next
   */
  public Product left(long address, long rows, long columns) {
    assert rows >= 0 && columns >= 0;
    this.a = address;
    this.rsA = rows * element.bytes;
    this.csA = columns * element.bytes;
    return this;
  }

  /**
   * {@return this, with B at some place}
   *
   * @param address its first element
   * @param rows from one row to the next
   * @param columns from one column to the next
   */
  public Product right(long address, long rows, long columns) {
    assert rows >= 0 && columns >= 0;
    this.b = address;
    this.rsB = rows * element.bytes;
    this.csB = columns * element.bytes;
    cutIntoTasks();
    return this;
  }

  /**
   * {@return this, with C at some place}
   *
   * @param address its first element
   * @param rows from one row to the next
   */
  public Product into(long address, long rows) {
    assert rows >= 0;
    this.c = address;
    this.rsC = rows * element.bytes;
    return this;
  }

  /**
   * {@return this, with the same matrices at other places}
   *
   * @param left the address of A's first element
   * @param right of B's
   * @param into of C's
   */
  public Product at(long left, long right, long into) {
    this.a = left;
    this.b = right;
    this.c = into;
    return this;
  }

  /**
   * Each task packs its part of B, so the fewer rows a task has, the more of its time that takes.
   * Where B has to be transposed, tasks are therefore columns; else a tall C is cut into rows, and
   * so is one with too few panels of B to be dealt out evenly.
   */
  private void cutIntoTasks() {
    int wanted = wantedTasks();
    int panels = Math.max(1, Math.ceilDiv(n, COLUMNS));
    if (csB != element.bytes && n != 1) {
      columnTasks = Math.min(wanted, panels);
      rowTasks = Math.clamp(m / (LEAST_TILES_OF_TASK * ROWS), 1, wanted / columnTasks);
      return;
    }
    boolean even = panels >= (wanted < 8 ? 2 * wanted : wanted);
    rowTasks = m > n || !even ? Math.clamp(Math.ceilDiv(m, ROWS), 1, wanted) : 1;
    columnTasks = Math.min(wanted / rowTasks, panels);
  }

  /** {@return into how many independent tasks it is cut; those of a batch one after another} */
  public int tasks() {
    return Math.multiplyExact(batch, tasksOfOne());
  }

  private int tasksOfOne() {
    return rowTasks * columnTasks;
  }

  /** {@return which multiplication of a batch a task belongs to} */
  int index(int task) {
    return task / tasksOfOne();
  }

  /** A power of two: 8 for medium problems, then more with the side, so that tasks stay large. */
  private int wantedTasks() {
    long work = (long) m * n * k;
    if (work < 2 * LEAST_WORK_OF_TASK) {
      return 1;
    }
    long most = Math.max(8, Math.round(Math.cbrt(work)) / 64);
    return (int) Long.highestOneBit(Math.min(work / LEAST_WORK_OF_TASK, most));
  }

  /** {@return where a task begins, on the border of a tile} */
  private static int cut(int length, int unit, int index, int parts) {
    if (parts == 1) {
      return index * length;
    }
    int units = Math.ceilDiv(length, unit);
    return (int) Math.min(length, (long) unit * ((long) units * index / parts));
  }

  /** {@return the first row of C that a task computes} */
  public int firstRow(int task) {
    return cut(m, ROWS, task % tasksOfOne() / columnTasks, rowTasks);
  }

  /** {@return the row of C behind the last that a task computes} */
  public int endRow(int task) {
    return cut(m, ROWS, task % tasksOfOne() / columnTasks + 1, rowTasks);
  }

  /** {@return the first column of C that a task computes} */
  public int firstColumn(int task) {
    return cut(n, COLUMNS, task % columnTasks, columnTasks);
  }

  /** {@return the column of C behind the last that a task computes} */
  public int endColumn(int task) {
    return cut(n, COLUMNS, task % columnTasks + 1, columnTasks);
  }

  /** Multiplies on this thread. */
  public void run() {
    for (int index = 0; index < batch; index++) {
      run(index, 0, m, 0, n);
    }
  }

  /**
   * Runs one task.
   *
   * @param task from 0 to {@code tasks() - 1}
   */
  @Override
  public void accept(int task) {
    assert task >= 0 && task < tasks();
    run(index(task), firstRow(task), endRow(task), firstColumn(task), endColumn(task));
  }

  private void run(int index, int i0, int i1, int j0, int j1) {
    if (i0 == i1 || j0 == j1) {
      return;
    }
    Workspace workspace = Workspace.lend(element);
    try {
      Product part = workspace.part;
      part.setToPart(this, index, i0, i1, j0, j1);
      if (beta != 1 && (beta != 0 || part.isZero())) {
        part.scale();
      }
      if (!part.isZero()) {
        workspace.run();
      }
    } finally {
      workspace.giveBack();
    }
  }

  /** Makes this a part of another product. */
  private void setToPart(Product whole, int index, int i0, int i1, int j0, int j1) {
    element = whole.element;
    m = i1 - i0;
    n = j1 - j0;
    k = whole.k;
    oneRowOrColumn = whole.oneRowOrColumn;
    alpha = whole.alpha;
    beta = whole.beta;
    a = whole.a + index * whole.batchA + i0 * whole.rsA;
    rsA = whole.rsA;
    csA = whole.csA;
    b = whole.b + index * whole.batchB + j0 * whole.csB;
    rsB = whole.rsB;
    csB = whole.csB;
    c = whole.c + index * whole.batchC + i0 * whole.rsC + (long) j0 * element.bytes;
    rsC = whole.rsC;
  }

  /** Exchanges and transposes the factors of a product whose result is a row or a dense column. */
  void transpose() {
    assert m == 1 || (n == 1 && rsC == element.bytes);
    int rows = m;
    long left = a;
    long leftRows = rsA;
    long leftColumns = csA;
    m = n;
    n = rows;
    a = b;
    rsA = csB;
    csA = rsB;
    b = left;
    rsB = leftColumns;
    csB = leftRows;
    rsC = element.bytes;
  }

  private boolean isZero() {
    return k == 0 || alpha == 0;
  }

  /** {@code C = beta · C}, a pass of its own, as factors other than 0 and 1 are rare. */
  private void scale() {
    for (int i = 0; i < m; i++) {
      long row = c + i * rsC;
      for (int j = 0; j < n; j++) {
        long at = row + (long) j * element.bytes;
        switch (element) {
          case F32 -> {
            ValueLayout.OfFloat type = ValueLayout.JAVA_FLOAT_UNALIGNED;
            float old = beta == 0 ? 0 : Addresses.ALL.get(type, at) * (float) beta;
            Addresses.ALL.set(type, at, old);
          }
          case F64 -> {
            ValueLayout.OfDouble type = ValueLayout.JAVA_DOUBLE_UNALIGNED;
            double old = beta == 0 ? 0 : Addresses.ALL.get(type, at) * beta;
            Addresses.ALL.set(type, at, old);
          }
        }
      }
    }
  }
}
