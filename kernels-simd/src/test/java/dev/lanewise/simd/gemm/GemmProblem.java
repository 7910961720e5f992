package dev.lanewise.simd.gemm;

import dev.lanewise.array.DType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;

/**
 * A multiplication in memory of its own, and the naive answer to it. Operands lie in the middle of
 * segments filled with NaN, so that an element read by mistake spoils the result; whatever of C's
 * segment is not an element of C must keep its bits.
 */
final class GemmProblem implements AutoCloseable {
  /** One operand: where it starts in its segment and its strides, all in elements. */
  private record Operand(MemorySegment segment, int start, int rs, int cs) {
    int at(int i, int j) {
      return start + i * rs + j * cs;
    }
  }

  /** How an operand lies in memory. */
  enum Form {
    ROWS,
    COLUMNS,
    /** Neither stride is 1. */
    SPREAD
  }

  private static final int MARGIN = 67;

  final Element element;
  final int m;
  final int n;
  final int k;
  private final double alpha;
  private final double beta;
  private final Arena arena = Arena.ofConfined();
  private final Operand a;
  private final Operand b;
  private final Operand c;
  private final double[] original;

  /**
   * Makes a problem with random elements.
   *
   * @param formA how A lies in memory
   * @param formB how B lies in memory
   * @param padding added to each leading dimension
   * @param shift moves all operands in memory
   */
  GemmProblem(
      Element element,
      int m,
      int n,
      int k,
      Form formA,
      Form formB,
      int padding,
      int shift,
      double alpha,
      double beta,
      long seed) {
    this.element = element;
    this.m = m;
    this.n = n;
    this.k = k;
    this.alpha = alpha;
    this.beta = beta;
    Random random = new Random(seed);
    a = operand(m, k, formA, padding, shift, random);
    b = operand(k, n, formB, padding, shift, random);
    c = operand(m, n, Form.ROWS, padding, shift, random);
    original = elementsOfC();
  }

  private Operand operand(int rows, int columns, Form form, int padding, int shift, Random random) {
    int rs = form == Form.COLUMNS ? 1 : columns * (form == Form.SPREAD ? 2 : 1) + padding;
    int cs =
        switch (form) {
          case ROWS -> 1;
          case COLUMNS -> rows + padding;
          case SPREAD -> 2;
        };
    int length = Math.max(1, rows) * rs + Math.max(1, columns) * cs + 2 * MARGIN + shift;
    MemorySegment segment = arena.allocate((long) length * element.bytes, element.bytes);
    Operand operand = new Operand(segment, MARGIN + shift, rs, cs);
    for (int i = 0; i < length; i++) {
      set(segment, i, Double.NaN);
    }
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        set(segment, operand.at(i, j), 2 * random.nextDouble() - 1);
      }
    }
    return operand;
  }

  private double get(MemorySegment segment, int index) {
    return switch (element) {
      case F32 -> segment.getAtIndex(ValueLayout.JAVA_FLOAT, index);
      case F64 -> segment.getAtIndex(ValueLayout.JAVA_DOUBLE, index);
    };
  }

  private void set(MemorySegment segment, int index, double value) {
    switch (element) {
      case F32 -> segment.setAtIndex(ValueLayout.JAVA_FLOAT, index, (float) value);
      case F64 -> segment.setAtIndex(ValueLayout.JAVA_DOUBLE, index, value);
    }
  }

  void setA(int i, int p, double value) {
    set(a.segment, a.at(i, p), value);
  }

  double getC(int i, int j) {
    return get(c.segment, c.at(i, j));
  }

  void fillC(double value) {
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        set(c.segment, c.at(i, j), value);
      }
    }
  }

  private double[] elementsOfC() {
    double[] all = new double[(int) (c.segment.byteSize() / element.bytes)];
    Arrays.setAll(all, i -> get(c.segment, i));
    return all;
  }

  private void restoreC() {
    for (int i = 0; i < original.length; i++) {
      set(c.segment, i, original[i]);
    }
  }

  private long address(Operand operand) {
    return operand.segment.address() + (long) operand.start * element.bytes;
  }

  /** {@return the multiplication} */
  Product product() {
    return new Product()
        .of(element == Element.F32 ? DType.F32 : DType.F64, m, n, k)
        .factors(alpha, beta)
        .left(address(a), a.rs, a.cs)
        .right(address(b), b.rs, b.cs)
        .into(address(c), c.rs);
  }

  /** Runs the whole multiplication. */
  void run() {
    product().run();
  }

  /** {@return all of C's segment after the action, which finds C as it was at first} */
  double[] resultOf(Runnable action) {
    restoreC();
    action.run();
    return elementsOfC();
  }

  /** Compares C with the naive answer, and what surrounds C with what it was. */
  void check() {
    double eps = element == Element.F32 ? 0x1p-24 : 0x1p-53;
    double least = element == Element.F32 ? Float.MIN_VALUE : Double.MIN_VALUE;
    double[] actual = elementsOfC();
    double[] bound = new double[actual.length];
    double[] expected = original.clone();
    Arrays.fill(bound, -1);
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        int at = c.at(i, j);
        double sum = 0;
        double size = 0;
        for (int p = 0; p < k; p++) {
          double product = get(a.segment, a.at(i, p)) * get(b.segment, b.at(p, j));
          sum += product;
          size += Math.abs(product);
        }
        double old = beta == 0 ? 0 : beta * original[at];
        expected[at] = alpha * sum + old;
        // The reference in double has an error of its own, as large as that of an F64 kernel.
        double references = element == Element.F64 ? 2 : 1;
        bound[at] =
            references * (k + 4) * eps * (Math.abs(alpha) * size + Math.abs(old)) + 4 * least;
      }
    }
    for (int at = 0; at < actual.length; at++) {
      boolean good =
          bound[at] < 0
              ? Double.compare(actual[at], original[at]) == 0
              : Math.abs(actual[at] - expected[at]) <= bound[at];
      if (!good) {
        throw new AssertionError(
            "%s: element %d of C's memory is %s, expected %s ± %s (it was %s)"
                .formatted(this, at, actual[at], expected[at], bound[at], original[at]));
      }
    }
  }

  @Override
  public String toString() {
    return "%s m %d n %d k %d A %d,%d B %d,%d C %d alpha %s beta %s"
        .formatted(element, m, n, k, a.rs, a.cs, b.rs, b.cs, c.rs, alpha, beta);
  }

  @Override
  public void close() {
    arena.close();
  }
}
