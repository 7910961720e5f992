package dev.lanewise.simd.gemm;

import static java.nio.channels.FileChannel.MapMode.READ_WRITE;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.DType;
import dev.lanewise.simd.Lanes;
import dev.lanewise.simd.gemm.GemmProblem.Form;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class GemmTest {
  private static final Blocking F32 = Blocking.of(Lanes.BITS, Element.F32);

  @Provide
  Arbitrary<Integer> rows() {
    int mr = F32.rows();
    return Arbitraries.of(
        1,
        2,
        3,
        mr - 1,
        mr,
        mr + 1,
        2 * mr - 1,
        2 * mr + 1,
        5 * mr + 3,
        16 * mr + 1,
        mr * F32.unpackedTiles() + 1);
  }

  @Provide
  Arbitrary<Integer> columns() {
    int lanes = F32.lanes();
    int nr = F32.columns();
    return Arbitraries.of(
        1,
        2,
        lanes / 2,
        lanes - 1,
        lanes,
        lanes + 1,
        nr - 1,
        nr,
        nr + 1,
        2 * nr + lanes + 3,
        5 * nr);
  }

  @Provide
  Arbitrary<Integer> depths() {
    return Arbitraries.of(
        1,
        2,
        3,
        4,
        7,
        9,
        16,
        31,
        64,
        100,
        F32.depth() - 1,
        F32.depth(),
        F32.depth() + 1,
        2 * F32.depth() + 5);
  }

  @Provide
  Arbitrary<Double> factors() {
    return Arbitraries.of(0.0, 1.0, -1.0, 0.5, -1.75);
  }

  @Property(tries = 700)
  void agreesWithTheNaiveProduct(
      @ForAll Element element,
      @ForAll("rows") int m,
      @ForAll("columns") int n,
      @ForAll("depths") int k,
      @ForAll Form formA,
      @ForAll Form formB,
      @ForAll @IntRange(max = 5) int padding,
      @ForAll @IntRange(max = 15) int shift,
      @ForAll("factors") double alpha,
      @ForAll("factors") double beta,
      @ForAll long seed) {
    try (var problem =
        new GemmProblem(element, m, n, k, formA, formB, padding, shift, alpha, beta, seed)) {
      problem.run();
      problem.check();
    }
  }

  @Property(tries = 60)
  void tasksInAnyOrderOnAnyThreadGiveTheBitsOfTheWhole(
      @ForAll Element element,
      @ForAll @IntRange(min = 100, max = 700) int m,
      @ForAll @IntRange(min = 100, max = 700) int n,
      @ForAll @IntRange(min = 60, max = 300) int k,
      @ForAll Form formA,
      @ForAll Form formB,
      @ForAll("factors") double beta,
      @ForAll long seed) {
    try (var problem = new GemmProblem(element, m, n, k, formA, formB, 1, 0, 1, beta, seed)) {
      final double[] whole = problem.resultOf(problem::run);
      List<Integer> tasks =
          new ArrayList<>(IntStream.range(0, problem.product().tasks()).boxed().toList());
      Collections.shuffle(tasks, new Random(seed));
      double[] shuffled = problem.resultOf(() -> tasks.forEach(problem.product()::accept));
      assertArrayEquals(whole, shuffled, problem.toString());
    }
  }

  @Property(tries = 60)
  void alignmentChangesNoBit(
      @ForAll Element element,
      @ForAll("rows") int m,
      @ForAll("columns") int n,
      @ForAll("depths") int k,
      @ForAll Form formA,
      @ForAll Form formB,
      @ForAll @IntRange(min = 1, max = 16) int shift,
      @ForAll long seed) {
    try (var one = new GemmProblem(element, m, n, k, formA, formB, 1, 0, 1, 0, seed);
        var other = new GemmProblem(element, m, n, k, formA, formB, 1, shift, 1, 0, seed)) {
      one.run();
      other.run();
      for (int i = 0; i < m; i++) {
        for (int j = 0; j < n; j++) {
          assertEquals(one.getC(i, j), other.getC(i, j), one + " at " + i + ", " + j);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void threadsGiveTheBitsOfTheWhole(Element element) {
    try (var problem =
        new GemmProblem(element, 300, 500, 200, Form.ROWS, Form.ROWS, 0, 0, 1, 1, 5)) {
      Product product = problem.product();
      int tasks = product.tasks();
      assertTrue(tasks > 4, tasks + " tasks");
      double[] whole = problem.resultOf(problem::run);
      double[] parallel =
          problem.resultOf(
              () -> {
                try (var pool = Executors.newFixedThreadPool(3)) {
                  for (int task = 0; task < tasks; task++) {
                    int one = task;
                    pool.execute(() -> product.accept(one));
                  }
                }
              });
      assertArrayEquals(whole, parallel);
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 1", "64, 10, 128", "1000, 10, 1000", "10, 5000, 300", "700, 700, 700"})
  void tasksCoverEveryElementOnce(int m, int n, int k) {
    try (var problem = new GemmProblem(Element.F32, m, n, k, Form.ROWS, Form.ROWS, 0, 0, 1, 1, 6)) {
      Product product = problem.product();
      IntStream.range(0, product.tasks()).forEach(product);
      problem.check();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aLargeProductUsesSeveralPackedBlocks(Element element) {
    Blocking blocking = Blocking.of(Lanes.BITS, element);
    int m = blocking.rows() * blocking.unpackedTiles() + 5;
    int n = blocking.blockPanels() * blocking.columns() + 5;
    int k = blocking.depth() + 3;
    try (var problem = new GemmProblem(element, m, n, k, Form.ROWS, Form.ROWS, 0, 0, 1, 1, 11)) {
      problem.run();
      problem.check();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aLeftMatrixWithFarRowsOrColumnsIsPacked(Form form) {
    for (Element element : Element.values()) {
      Blocking blocking = Blocking.of(Lanes.BITS, element);
      int m = blocking.rows() * (Blocking.TILES_OF_A + 1) + 2;
      int n = 6 * blocking.columns() + 1;
      int k = blocking.depth() + 3;
      try (var problem = new GemmProblem(element, m, n, k, form, Form.ROWS, 2100, 1, 1, 1, 12)) {
        problem.run();
        problem.check();
      }
    }
  }

  @Test
  void rowsOfTheLeftMatrixMayBeGigabytesApart(@TempDir Path folder) throws IOException {
    long stride = TileKernel.MOST_STRIDE / 4 * 3;
    try (Arena arena = Arena.ofConfined();
        FileChannel file = FileChannel.open(folder.resolve("sparse"), CREATE, READ, WRITE)) {
      MemorySegment a = file.map(READ_WRITE, 0, 8 * stride, arena);
      MemorySegment x = arena.allocate(8 * Float.BYTES, 4);
      for (int i = 0; i < 2; i++) {
        a.set(ValueLayout.JAVA_FLOAT, i * stride * Float.BYTES, i + 1);
        a.set(ValueLayout.JAVA_FLOAT, i * stride * Float.BYTES + 4, 10);
        x.setAtIndex(ValueLayout.JAVA_FLOAT, i, 1);
        x.setAtIndex(ValueLayout.JAVA_FLOAT, 2 + i, 3);
      }
      MemorySegment c = arena.allocate(4 * Float.BYTES, 4);
      new Product()
          .of(DType.F32, 2, 2, 2)
          .left(a.address(), stride, 1)
          .right(x.address(), 2, 1)
          .into(c.address(), 2)
          .run();
      assertArrayEquals(new float[] {31, 31, 32, 32}, c.toArray(ValueLayout.JAVA_FLOAT));
    }
  }

  @ParameterizedTest
  @CsvSource({"0, 3, 5", "3, 0, 5", "3, 5, 0"})
  void anEmptyDimensionIsFine(int m, int n, int k) {
    for (double beta : new double[] {0, 1, 2}) {
      try (var problem =
          new GemmProblem(Element.F32, m, n, k, Form.ROWS, Form.ROWS, 1, 0, 1, beta, 7)) {
        problem.run();
        problem.check();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"3, 5, 4", "64, 100, 70", "1, 50, 40", "50, 1, 40", "40, 50, 0"})
  void betaZeroHidesWhateverIsInC(int m, int n, int k) {
    for (Element element : Element.values()) {
      try (var problem = new GemmProblem(element, m, n, k, Form.ROWS, Form.ROWS, 1, 0, 1, 0, 8)) {
        problem.fillC(Double.NaN);
        problem.run();
        problem.check();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"3, 5, 4", "64, 100, 70", "1, 50, 40", "50, 1, 40"})
  void alphaZeroDoesNotReadA(int m, int n, int k) {
    for (Element element : Element.values()) {
      try (var problem = new GemmProblem(element, m, n, k, Form.ROWS, Form.ROWS, 1, 0, 0, 1, 9)) {
        double before = problem.getC(0, 0);
        problem.setA(0, 0, Double.NaN);
        problem.run();
        assertEquals(before, problem.getC(0, 0));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"3, 5, 4", "64, 100, 70", "1, 50, 40", "50, 1, 40", "70, 30, 600", "300, 30, 40"})
  void notANumberAndInfinityReachTheirRowAndNoOther(int m, int n, int k) {
    for (Element element : Element.values()) {
      for (Form form : Form.values()) {
        for (double special : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
          try (var problem = new GemmProblem(element, m, n, k, form, form, 0, 0, 1, 1, 10)) {
            int row = m / 2;
            problem.setA(row, k / 2, special);
            problem.run();
            for (int i = 0; i < m; i++) {
              for (int j = 0; j < n; j++) {
                assertEquals(i != row, Double.isFinite(problem.getC(i, j)), problem.toString());
              }
            }
          }
        }
      }
    }
  }

  @Test
  void aStrideOfZeroRepeatsARowOrColumn() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment ones = arena.allocateFrom(ValueLayout.JAVA_FLOAT, new float[64]);
      ones.setAtIndex(ValueLayout.JAVA_FLOAT, 0, 3);
      MemorySegment c = arena.allocate(20 * 40 * 4, 4);
      long one = ones.address();
      new Product()
          .of(DType.F32, 20, 40, 7)
          .left(one, 0, 0)
          .right(one, 0, 0)
          .into(c.address(), 40)
          .run();
      float[] expected = new float[20 * 40];
      Arrays.fill(expected, 63);
      assertArrayEquals(expected, c.toArray(ValueLayout.JAVA_FLOAT));
    }
  }

  @Test
  void everyWidthHasABlocking() {
    for (int bits : new int[] {128, 256, 512}) {
      for (Element element : Element.values()) {
        Blocking blocking = Blocking.of(bits, element);
        assertEquals(bits, blocking.lanes() * element.bytes * Byte.SIZE);
        assertEquals(blocking.columns(), blocking.panelBytes() / element.bytes);
      }
    }
    assertThrows(IllegalArgumentException.class, () -> Blocking.of(64, Element.F32));
  }
}
