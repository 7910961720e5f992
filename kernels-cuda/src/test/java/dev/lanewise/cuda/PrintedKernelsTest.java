package dev.lanewise.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.Backends;
import dev.lanewise.kernel.BinaryOp;
import dev.lanewise.kernel.ElementwiseSpec;
import dev.lanewise.kernel.Exactness;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.ReduceOp;
import dev.lanewise.kernel.ReduceSpec;
import dev.lanewise.kernel.UnaryOp;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs printed kernels, compiled for the CPU, and compares what they compute. */
class PrintedKernelsTest {
  private static final Backend REFERENCE = Backends.named("reference");

  private static final double[] SPECIAL = {
    0,
    -0.0,
    1,
    -1,
    0.5,
    -0.5,
    2,
    -2,
    3,
    -3,
    1.5,
    2.5,
    -2.5,
    1e-3,
    -1e-3,
    1e-30,
    1e30,
    -1e30,
    Double.NaN,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY,
    1 - 0x1p-24,
    1 + 0x1p-23,
    Float.MIN_VALUE,
    -Float.MIN_VALUE,
    Float.MIN_NORMAL,
    Float.MAX_VALUE,
    -Float.MAX_VALUE,
    Double.MIN_VALUE,
    -Double.MIN_VALUE,
    Double.MIN_NORMAL,
    Double.MAX_VALUE,
    -Double.MAX_VALUE,
    88.72283,
    -103.97208,
    -87.34,
    709.782712893384,
    -745.1332,
    -708.4,
    -13.5,
    -37.6,
    64,
    0x1p-1050
  };

  private static final long[] INTEGERS = {
    0,
    1,
    -1,
    2,
    -3,
    7,
    Integer.MIN_VALUE,
    Integer.MAX_VALUE,
    46_341,
    1L << 32,
    (1L << 53) + 1,
    Long.MIN_VALUE,
    Long.MAX_VALUE
  };

  /** The extents of arrays of elementwise calls: enough for each value with each. */
  private static final Shape SHAPE = Shape.of(5, 37, 13);

  private static final CpuKernels KERNELS = new CpuKernels();
  private static final List<Ops> OPS = new ArrayList<>();
  private static final List<Sum> REDUCTIONS = new ArrayList<>();
  private static final List<Copy> COPIES = new ArrayList<>();

  @TempDir private static Path folder;

  /** All functions of a type, each with an output, in one kernel. */
  private record Ops(
      DType dtype, List<UnaryOp> unary, List<BinaryOp> binary, ElementwiseCall call) {}

  /** A reduction. */
  private record Sum(ReduceSpec spec, List<ReducePass> passes) {}

  /** A copy. */
  private record Copy(NdArray from, NdArray to, CopyCall call) {}

  @BeforeAll
  static void compile() throws Exception {
    assumeTrue(CpuKernels.compiler().isPresent(), "there is no C++ compiler (g++ or clang++)");
    for (DType dtype : PrintedKernels.COMPUTED) {
      for (boolean dense : new boolean[] {true, false}) {
        OPS.add(unary(dtype, dense));
        OPS.add(binary(dtype, dense));
      }
      for (ReduceOp op : ReduceOp.values()) {
        reductions(op, dtype);
      }
    }
    copies();
    KERNELS.compile(folder);
  }

  /** {@return an array of a layout that a kernel walks through by strides, or a dense one} */
  private static NdArray array(DType dtype, Shape shape, boolean dense) {
    if (dense) {
      return REFERENCE.uninitialized(dtype, shape);
    }
    int rank = shape.rank();
    int[] order = new int[rank];
    int[] dims = new int[rank];
    for (int i = 0; i < rank; i++) {
      order[i] = rank - 1 - i;
      dims[rank - 1 - i] = shape.dim(i) + 2;
    }
    NdArray array = REFERENCE.uninitialized(dtype, Shape.of(dims)).permute(order);
    for (int i = 0; i < rank; i++) {
      array = array.slice(i, 1, 1 + shape.dim(i));
    }
    return array;
  }

  private static NdArray filled(DType dtype, Shape shape, boolean dense, int seed) {
    Random random = new Random(seed);
    NdArray plain = REFERENCE.uninitialized(dtype, shape);
    MemorySegment segment = plain.storage().segment();
    for (long i = 0; i < shape.size(); i++) {
      if (dtype.isInteger()) {
        boolean known = random.nextInt(3) == 0;
        long any = known ? INTEGERS[random.nextInt(INTEGERS.length)] : random.nextInt(19) - 9;
        dtype.setLong(segment, i, any);
      } else {
        dtype.set(
            segment,
            i,
            switch (random.nextInt(4)) {
              case 0 -> SPECIAL[random.nextInt(SPECIAL.length)];
              case 1 ->
                  dtype == DType.F64
                      ? Double.longBitsToDouble(random.nextLong())
                      : Float.intBitsToFloat(random.nextInt());
              case 2 -> random.nextGaussian() * 30;
              default -> random.nextGaussian();
            });
      }
    }
    NdArray array = array(dtype, shape, dense);
    REFERENCE.copy(plain, array);
    return array;
  }

  private static Ops unary(DType dtype, boolean dense) {
    List<UnaryOp> ops =
        Arrays.stream(UnaryOp.values())
            .filter(op -> !dtype.isInteger() || op.isForIntegers())
            .toList();
    List<Expr> exprs = ops.stream().map(op -> Expr.unary(op, Expr.arg(0))).toList();
    return new Ops(dtype, ops, null, call(exprs, dtype, dense, filled(dtype, SHAPE, dense, 1)));
  }

  private static Ops binary(DType dtype, boolean dense) {
    List<BinaryOp> ops =
        Arrays.stream(BinaryOp.values())
            .filter(op -> !dtype.isInteger() || op.isForIntegers())
            .toList();
    List<Expr> exprs = ops.stream().map(op -> Expr.binary(op, Expr.arg(0), Expr.arg(1))).toList();
    NdArray row = filled(dtype, dense ? SHAPE : Shape.of(37, 13), dense, 3);
    return new Ops(
        dtype, null, ops, call(exprs, dtype, dense, filled(dtype, SHAPE, dense, 2), row));
  }

  private static ElementwiseCall call(
      List<Expr> exprs, DType dtype, boolean dense, NdArray... ins) {
    NdArray[] outs = new NdArray[exprs.size()];
    Arrays.setAll(outs, _ -> array(dtype, SHAPE, dense));
    ElementwiseCall call = ElementwiseCall.of(ElementwiseSpec.of(exprs, outs, new double[0], ins));
    KERNELS.add(ElementwiseCall.print(call.key()));
    return call;
  }

  private static long address(NdArray array) {
    return array.storage().segment().address() + array.layout().offset() * array.dtype().byteSize();
  }

  @Test
  void everyOpIsAsExactAsPromisedDenseAndStrided() {
    for (Ops ops : OPS) {
      ElementwiseCall call = ops.call;
      assertTrue(call.arguments() <= dev.lanewise.cuda.Arguments.MOST);
      Arguments arguments = new Arguments();
      call.pass(arguments, PrintedKernelsTest::address);
      KERNELS.launch(
          ElementwiseCall.print(call.key()),
          Grid.blocks(call.walk().size(), 1),
          Grid.THREADS,
          arguments);
      if (ops.unary != null) {
        checkUnary(ops);
      } else {
        checkBinary(ops);
      }
    }
  }

  private static void checkUnary(Ops ops) {
    NdArray[] arrays = ops.call.arrays();
    NdArray in = arrays[ops.unary.size()];
    for (int k = 0; k < ops.unary.size(); k++) {
      UnaryOp op = ops.unary.get(k);
      if (ops.dtype.isInteger()) {
        long[] expected = Arrays.stream(in.toLongArray()).map(op::applyInteger).toArray();
        assertIntegers(op, ops.dtype, expected, arrays[k].toLongArray());
      } else {
        double[] xs = in.toDoubleArray();
        double[] ys = arrays[k].toDoubleArray();
        for (int i = 0; i < xs.length; i++) {
          assertNull(Exactness.complaint(op, ops.dtype, xs[i], ys[i]));
        }
      }
    }
  }

  private static void checkBinary(Ops ops) {
    NdArray[] arrays = ops.call.arrays();
    NdArray left = arrays[ops.binary.size()];
    NdArray right = arrays[ops.binary.size() + 1];
    for (int k = 0; k < ops.binary.size(); k++) {
      BinaryOp op = ops.binary.get(k);
      if (ops.dtype.isInteger()) {
        long[] xs = left.toLongArray();
        long[] ys = right.toLongArray();
        long[] expected = new long[xs.length];
        Arrays.setAll(expected, i -> op.applyInteger(xs[i], ys[i]));
        assertIntegers(op, ops.dtype, expected, arrays[k].toLongArray());
      } else {
        double[] xs = left.toDoubleArray();
        double[] ys = right.toDoubleArray();
        double[] zs = arrays[k].toDoubleArray();
        for (int i = 0; i < xs.length; i++) {
          assertNull(Exactness.complaint(op, ops.dtype, xs[i], ys[i], zs[i]));
        }
      }
    }
  }

  private static void assertIntegers(Object op, DType dtype, long[] expected, long[] actual) {
    long[] kept = Arrays.stream(expected).map(x -> dtype == DType.I32 ? (int) x : x).toArray();
    assertArrayEquals(kept, actual, () -> op + " in " + dtype);
  }

  private static void reductions(ReduceOp op, DType dtype) {
    // Each op in each type by threads, by blocks and in two passes; one of them in all layouts.
    reduction(op, dtype, dtype, Shape.of(7), new int[0], true);
    reduction(op, dtype, dtype, Shape.of(70, 300), new int[] {1}, true);
    reduction(op, dtype, dtype, Shape.of(200_000), new int[0], true);
    if (op == ReduceOp.SUM && dtype == DType.F32) {
      Shape[] shapes = {Shape.of(3, 40), Shape.of(300, 70), Shape.of(2000, 66)};
      for (Shape shape : shapes) {
        for (int axis = 0; axis < 2; axis++) {
          reduction(op, dtype, dtype, shape, new int[] {axis}, true);
          reduction(op, dtype, dtype, shape, new int[] {axis}, false);
        }
      }
      reduction(op, dtype, dtype, Shape.of(6, 5, 90, 4), new int[] {0, 2}, true);
      reduction(op, dtype, dtype, Shape.of(6, 5, 90, 4), new int[] {1, 3}, false);
      reduction(op, dtype, DType.BOOL, Shape.of(9, 50), new int[] {1}, true);
    }
  }

  private static void reduction(
      ReduceOp op, DType dtype, DType to, Shape shape, int[] axes, boolean dense) {
    Random random = new Random(shape.size());
    NdArray plain = REFERENCE.uninitialized(dtype, shape);
    long n = shape.size();
    for (long i = 0; i < n; i++) {
      double x = random.nextGaussian();
      double value =
          dtype.isInteger() ? Math.round(9 * x) : op == ReduceOp.PROD ? Math.exp(x / n) : x;
      dtype.set(plain.storage().segment(), i, value);
    }
    NdArray x = array(dtype, shape, dense);
    REFERENCE.copy(plain, x);
    Shape reduced = shape.reduced(shape.axes("test", axes), false);
    NdArray out = array(to, reduced, dense);
    Expr expr = Expr.arg(0).add(Expr.param(0));
    ReduceSpec spec = ReduceSpec.of(op, expr, axes, out, new double[] {0}, x);
    Sum sum = new Sum(spec, ReducePass.of(spec));
    sum.passes.forEach(pass -> KERNELS.add(ReduceCode.print(pass.key())));
    REDUCTIONS.add(sum);
  }

  @Test
  void reductionsOfAllShapesAreExactEnough() {
    int severalPasses = 0;
    for (Sum sum : REDUCTIONS) {
      ReduceSpec spec = sum.spec;
      try (Arena arena = Arena.ofConfined()) {
        long from = address(spec.ins()[0]);
        for (ReducePass pass : sum.passes) {
          boolean last = pass == sum.passes.getLast();
          long to = last ? address(spec.out()) : arena.allocate(8 * pass.results(), 8).address();
          Arguments arguments = new Arguments();
          pass.pass(arguments, spec.params(), to, from);
          KERNELS.launch(ReduceCode.print(pass.key()), pass.blocks(), pass.threads(), arguments);
          from = to;
          severalPasses += last ? 0 : 1;
        }
      }
      check(spec);
    }
    assertTrue(severalPasses > 0, "no reduction was long enough for a second pass");
  }

  private static void check(ReduceSpec spec) {
    NdArray expected = REFERENCE.uninitialized(spec.out().dtype(), spec.out().shape());
    REFERENCE.reduce(spec.op(), spec.expr(), spec.axes(), expected, spec.params(), spec.ins());
    String what =
        spec.op()
            + " in "
            + spec.dtype()
            + " of "
            + spec.ins()[0].layout()
            + " over "
            + Arrays.toString(spec.axes());
    if (spec.out().dtype() != DType.F32 && spec.out().dtype() != DType.F64) {
      assertArrayEquals(expected.toLongArray(), spec.out().toLongArray(), what);
      return;
    }
    double[] e = expected.toDoubleArray();
    double[] a = spec.out().toDoubleArray();
    long n = spec.shape().size() / e.length;
    double epsilon = spec.dtype() == DType.F32 ? 0x1p-23 : 0x1p-52;
    for (int i = 0; i < e.length; i++) {
      double bound =
          switch (spec.op()) {
            case MAX, MIN -> 0;
            case PROD -> (n + 1) * epsilon * Math.abs(e[i]);
            // About 1 for each element, and errors that add up like those of a tree.
            case SUM -> n * epsilon * 6;
          };
      assertEquals(e[i], a[i], bound, what);
    }
  }

  private static void copies() {
    for (DType from : DType.values()) {
      for (DType to : DType.values()) {
        for (boolean dense : new boolean[] {true, false}) {
          if (!dense && from != to) {
            continue; // conversions do not ask where an element is
          }
          NdArray x = array(from, Shape.of(40, 33), dense);
          NdArray plain = REFERENCE.uninitialized(from, Shape.of(40, 33));
          byte[] noise = new byte[Math.toIntExact(plain.storage().byteSize())];
          new Random(5).nextBytes(noise);
          plain.storage().segment().copyFrom(MemorySegment.ofArray(noise));
          for (int i = 0; i < SPECIAL.length && from.isFloating(); i++) {
            from.set(plain.storage().segment(), i, SPECIAL[i]);
          }
          if (from == DType.BOOL) {
            for (int i = 0; i < plain.size(); i++) {
              from.set(plain.storage().segment(), i, i % 3 == 0 ? 1 : 0);
            }
          }
          REFERENCE.copy(plain, x);
          NdArray y = array(to, Shape.of(40, 33), dense);
          CopyCall call = CopyCall.of(x, y);
          KERNELS.add(CopyCall.print(call.key()));
          COPIES.add(new Copy(x, y, call));
        }
      }
    }
  }

  @Test
  void copiesConvertAsJavaCastsDo() {
    for (Copy copy : COPIES) {
      Arguments arguments = new Arguments();
      copy.call.pass(arguments, address(copy.from), address(copy.to));
      KERNELS.launch(
          CopyCall.print(copy.call.key()),
          Grid.blocks(copy.call.walk().size(), 1),
          Grid.THREADS,
          arguments);
      NdArray expected = REFERENCE.uninitialized(copy.to.dtype(), copy.to.shape());
      REFERENCE.copy(copy.from, expected);
      String what = copy.from.dtype() + " to " + copy.to.dtype();
      assertArrayEquals(expected.toDoubleArray(), copy.to.toDoubleArray(), what);
      assertArrayEquals(expected.toLongArray(), copy.to.toLongArray(), what);
    }
  }
}
