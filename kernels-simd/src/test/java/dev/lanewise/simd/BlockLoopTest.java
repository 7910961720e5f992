package dev.lanewise.simd;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.DType;
import dev.lanewise.kernel.BinaryOp;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.ReduceOp;
import dev.lanewise.kernel.UnaryOp;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** An interpreted loop gives every bit that the compiled one gives. */
class BlockLoopTest {
  private static final int ARRAY_BYTES = 1 << 16;

  /** Rows and columns around vectors, four of them, and blocks; the last row is not full. */
  private static final int[][] SIZES = {
    {1, 1}, {3, 10}, {2, 31}, {1, 67}, {33, 3}, {3, 129}, {1, 256}, {2, 300}
  };

  /** Rows and columns around the strips of loops in parts. */
  private static final int[][] STRIPS = {{1, 1_100}, {40, 70}};

  /** Where there are no masked loads, maps differ in the rest of a row alone. */
  private static final int[][] RESTS = {{3, 10}, {1, 67}};

  private static final double[] SPECIAL = {
    0,
    -0.0,
    1,
    -1,
    Double.NaN,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY,
    Float.MIN_VALUE,
    -Float.MIN_NORMAL / 4,
    Double.MIN_VALUE,
    Float.MAX_VALUE,
    -Double.MAX_VALUE
  };

  private static final Set<BinaryOp> DIVISIONS = EnumSet.of(BinaryOp.DIV, BinaryOp.REM);

  static Stream<Arguments> bodies() {
    Expr x = Expr.arg(0);
    Expr y = Expr.arg(1);
    Expr p = Expr.param(0);
    List<List<Expr>> bodies = new ArrayList<>();
    for (UnaryOp op : UnaryOp.values()) {
      bodies.add(List.of(Expr.unary(op, x)));
      bodies.add(List.of(Expr.unary(op, x.mul(y).add(p)).mul(Expr.constant(0.3))));
    }
    for (BinaryOp op : BinaryOp.values()) {
      bodies.add(List.of(Expr.binary(op, x, y)));
      bodies.add(List.of(Expr.select(Expr.binary(op, x, p), y, x.neg())));
    }
    bodies.add(List.of(x, y, Expr.param(1), Expr.constant(Math.PI)));
    // In parts, one of which is passed a mask's operands, with rows longer than a strip.
    Expr tanh = Expr.unary(UnaryOp.TANH, x);
    bodies.add(
        List.of(
            Expr.select(
                Expr.binary(BinaryOp.LT, x.exp(), y), tanh.mul(y.sigmoid()), tanh.log().add(p)),
            tanh,
            x));
    // A polynomial whose coefficients are the call's.
    Expr sum = x;
    for (int i = 0; i < 60; i++) {
      sum = sum.mul(y).add(Expr.param(i));
    }
    bodies.add(List.of(sum));
    // Rows of a reduction in parts.
    Expr chain = x;
    for (int i = 0; i < 12; i++) {
      chain = chain.sigmoid().add(y);
    }
    bodies.add(List.of(chain));
    bodies.add(List.of(x.add(y), x.add(y).exp().mul(x), y, x.add(y).sqrt().div(x)));
    return Stream.concat(
        bodies.stream()
            .flatMap(b -> Stream.of(DType.F32, DType.F64).map(type -> Arguments.of(type, b))),
        integerBodies().stream()
            .flatMap(b -> Stream.of(DType.I32, DType.I64).map(type -> Arguments.of(type, b))));
  }

  private static List<List<Expr>> integerBodies() {
    Expr x = Expr.arg(0);
    Expr y = Expr.arg(1);
    Expr p = Expr.param(0);
    List<List<Expr>> bodies = new ArrayList<>();
    for (UnaryOp op : UnaryOp.values()) {
      if (op.isForIntegers()) {
        bodies.add(List.of(Expr.unary(op, x)));
        bodies.add(List.of(Expr.unary(op, x.mul(y).add(p)).mul(Expr.constant(-7))));
      }
    }
    for (BinaryOp op : BinaryOp.values()) {
      if (op.isForIntegers() && !DIVISIONS.contains(op)) {
        bodies.add(List.of(Expr.binary(op, x, y)));
        bodies.add(List.of(Expr.select(Expr.binary(op, x, p), y, x.neg())));
      }
    }
    bodies.add(List.of(x, y, Expr.param(1), Expr.constant(Integer.MIN_VALUE)));
    return bodies;
  }

  @ParameterizedTest
  @EnumSource(names = {"I32", "I64"})
  void loopsThatDivideIntegersOrHaveMasksOfTwoLanesAreNeverCompiled(DType dtype) {
    boolean twoLanes = Lanes.BITS == 2 * Byte.SIZE * dtype.byteSize();
    for (BinaryOp op : BinaryOp.values()) {
      if (op.isForIntegers()) {
        Expr e = Expr.binary(op, Expr.arg(0), Expr.arg(1)).add(Expr.constant(1));
        LoopKernel kernel = Kernels.get(Form.MAP, dtype, List.of(e), null, new boolean[2]);
        boolean masks = Lowering.lower(dtype, List.of(e)).ssa().hasMasks();
        boolean expected = DIVISIONS.contains(op) || twoLanes && masks;
        assertEquals(expected, kernel instanceof BlockLoop, op.name());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("bodies")
  void sameBits(DType dtype, List<Expr> exprs) {
    compare(Form.MAP, dtype, exprs, null, false, false);
    compare(Form.MAP, dtype, exprs, null, false, true);
    List<Expr> one = exprs.subList(0, 1);
    compare(Form.ROW, dtype, one, ReduceOp.SUM, true, false);
    compare(Form.COLUMN, dtype, one, ReduceOp.SUM, false, true);
  }

  @ParameterizedTest
  @EnumSource
  void reductionsHaveTheSameBits(ReduceOp op) {
    // One that works on four vectors at a time, and one too long for that.
    for (Expr e : List.of(Expr.arg(0).mul(Expr.arg(1)), Expr.arg(0).exp())) {
      for (DType dtype : new DType[] {DType.F32, DType.F64}) {
        compare(Form.ROW, dtype, List.of(e), op, false, false);
        compare(Form.COLUMN, dtype, List.of(e), op, true, false);
      }
    }
    Expr longer = Expr.arg(0).add(Expr.arg(1));
    while (Lowering.lower(DType.I32, List.of(longer)).ssa().size() < 20) {
      longer = longer.mul(Expr.arg(0)).sub(Expr.arg(1));
    }
    for (Expr e : List.of(Expr.arg(0).mul(Expr.arg(1)), longer)) {
      for (DType dtype : new DType[] {DType.I32, DType.I64}) {
        compare(Form.ROW, dtype, List.of(e), op, false, false);
        compare(Form.COLUMN, dtype, List.of(e), op, true, false);
      }
    }
  }

  private static void compare(
      Form form, DType dtype, List<Expr> exprs, ReduceOp op, boolean... rowConstant) {
    LoopSpec spec = new LoopSpec(form, Lowering.lower(dtype, exprs), rowConstant, op);
    compare(spec, true, SIZES);
    compare(spec, false, form == Form.MAP ? RESTS : SIZES);
    if (LoopPart.of(spec).size() > 1) {
      compare(spec, true, STRIPS);
    }
  }

  private static void compare(LoopSpec spec, boolean maskedLoads, int[][] sizes) {
    LoopKernel compiled = PartedLoop.compile(spec, "BlockLoopTest", maskedLoads);
    LoopKernel interpreted = new BlockLoop(spec);
    for (int[] size : sizes) {
      for (boolean ordinary : new boolean[] {true, false}) {
        compare(spec, compiled, interpreted, size[0], size[1], ordinary);
      }
    }
  }

  private static void compare(
      LoopSpec spec,
      LoopKernel compiled,
      LoopKernel interpreted,
      int rows,
      int cols,
      boolean ordinary) {
    DType dtype = spec.dtype();
    int arrays = spec.inputs() + spec.outputs();
    // Rows one after the other, or with a gap between them.
    int stride = cols + (ordinary ? 0 : 5);
    double[] params = new double[60];
    Arrays.setAll(params, i -> dtype.isInteger() ? 9 - 12 * i : 0.75 - 0.5 * i);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment first = arena.allocate((long) arrays * ARRAY_BYTES, 64);
      MemorySegment second = arena.allocate((long) arrays * ARRAY_BYTES, 64);
      Random random = new Random(rows * 1_000L + cols);
      long count = (long) arrays * ARRAY_BYTES / dtype.byteSize();
      for (long i = 0; i < count; i++) {
        if (dtype.isInteger()) {
          dtype.setLong(first, i, random.nextLong() >> random.nextInt(64));
          continue;
        }
        double value =
            ordinary || random.nextInt(4) > 0
                ? random.nextGaussian() * 2
                : SPECIAL[random.nextInt(SPECIAL.length)];
        dtype.set(first, i, value);
      }
      second.copyFrom(first);
      compiled.run(pointers(first, arrays, (long) stride * dtype.byteSize()), params, rows, cols);
      interpreted.run(
          pointers(second, arrays, (long) stride * dtype.byteSize()), params, rows, cols);
      for (long i = 0; i < count; i++) {
        assertEquals(
            bits(dtype, first, i),
            bits(dtype, second, i),
            () -> spec.form() + " " + dtype + " " + rows + " x " + cols + " " + spec.op());
      }
    }
  }

  private static long[] pointers(MemorySegment memory, int arrays, long rowBytes) {
    long[] pointers = new long[2 * arrays];
    for (int i = 0; i < arrays; i++) {
      pointers[2 * i] = memory.address() + (long) i * ARRAY_BYTES;
      pointers[2 * i + 1] = rowBytes;
    }
    return pointers;
  }

  /** One NaN is as good as another. */
  private static long bits(DType dtype, MemorySegment memory, long i) {
    return switch (dtype) {
      case F32 -> Float.floatToIntBits(memory.getAtIndex(JAVA_FLOAT, i));
      case F64 -> Double.doubleToLongBits(memory.getAtIndex(JAVA_DOUBLE, i));
      default -> dtype.getLong(memory, i);
    };
  }

  @Test
  void busyLoopIsCompiledAndKeepsItsBits() throws InterruptedException {
    Expr e = Expr.arg(0).sigmoid().mul(Expr.arg(1)).add(Expr.param(0));
    LoopSpec spec =
        new LoopSpec(Form.ROW, Lowering.lower(DType.F32, List.of(e)), new boolean[2], ReduceOp.SUM);
    AdaptiveLoop loop = new AdaptiveLoop(spec, "BlockLoopTestBusy");
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(3L * ARRAY_BYTES, 64);
      for (int i = 0; i < 2 * ARRAY_BYTES / 4; i++) {
        memory.setAtIndex(JAVA_FLOAT, i, (float) Math.sin(i));
      }
      long[] pointers = pointers(memory, 3, 4_000);
      double[] params = {0.01};
      loop.run(pointers, params, 16, 1_000);
      byte[] expected = memory.toArray(JAVA_BYTE);
      long end = System.nanoTime() + 60_000_000_000L;
      while (!loop.isHot()) {
        assertTrue(System.nanoTime() < end, "still interpreted after a minute");
        loop.run(pointers, params, 16, 1_000);
        Thread.sleep(1);
      }
      memory.asSlice(2L * ARRAY_BYTES).fill((byte) 0);
      loop.run(pointers, params, 16, 1_000);
      assertEquals(-1, MemorySegment.ofArray(expected).mismatch(memory));
    }
  }

  @Test
  void modesHaveNames() {
    assertEquals(LoopMode.AUTO, LoopMode.of(null));
    assertEquals(LoopMode.AUTO, LoopMode.of(" "));
    assertEquals(LoopMode.COMPILED, LoopMode.of("compiled"));
    assertEquals(LoopMode.INTERPRETED, LoopMode.of("interpreted"));
    assertTrue(
        assertThrows(IllegalArgumentException.class, () -> LoopMode.of("fast"))
            .getMessage()
            .contains("'fast'"));
  }
}
