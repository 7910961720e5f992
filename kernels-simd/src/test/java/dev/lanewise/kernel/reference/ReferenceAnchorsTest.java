package dev.lanewise.kernel.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.DType;
import dev.lanewise.array.Device;
import dev.lanewise.array.HostMemory;
import dev.lanewise.array.Memory;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Pool;
import dev.lanewise.array.Shape;
import dev.lanewise.kernel.Availability;
import dev.lanewise.kernel.BinaryOp;
import dev.lanewise.kernel.Distribution;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.Philox;
import dev.lanewise.kernel.ReduceOp;
import dev.lanewise.kernel.UnaryOp;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

/** Small examples computed by hand: what holds the judge itself to the definitions. */
class ReferenceAnchorsTest {
  private static final double INF = Double.POSITIVE_INFINITY;
  private static final double NAN = Double.NaN;

  private final ReferenceBackend backend = new ReferenceBackend();

  @Test
  void providerOffersIt() {
    ReferenceBackendProvider provider = new ReferenceBackendProvider();
    assertEquals("reference", provider.name());
    assertEquals(50, provider.priority());
    assertInstanceOf(Availability.Available.class, provider.availability());
    assertEquals("reference", provider.create().name());
    assertEquals(HostMemory.INSTANCE, provider.create().memory());
  }

  @Test
  void elementwiseRoundsEveryPart() {
    Expr x = Expr.arg(0);
    Expr third = x.div(Expr.constant(3));
    // A third in f32 times 3 is 1 + 2⁻²⁵, which f32 rounds to 1; in double something would remain.
    assertArrayEquals(new float[] {0}, f32(third.mul(Expr.constant(3)).sub(x), 1));
    // 2²⁴ + 1 is no f32: the sum is rounded to 2²⁴ before 2²⁴ is taken away.
    assertArrayEquals(
        new float[] {0}, f32(x.add(Expr.constant(1)).sub(Expr.constant(0x1p24)), 0x1p24f));
    // So is a constant, and a scalar.
    Expr constant = Expr.constant(0.1).sub(x);
    assertArrayEquals(new float[] {0}, f32(constant, 0.1f));
    NdArray out = NdArray.of(backend, new float[1]);
    NdArray in = NdArray.of(backend, new float[] {0.1f});
    backend.elementwise(Expr.param(0).sub(x), out, new double[] {0.1}, in);
    assertEquals(0, out.get(0));
  }

  @Test
  void elementwiseSelectsAndCompares() {
    Expr x = Expr.arg(0);
    Expr chosen = Expr.select(x, Expr.constant(7), Expr.constant(8));
    assertArrayEquals(new float[] {7, 8, 8, 7}, f32(chosen, 2, 0, -0f, Float.NaN));
    assertArrayEquals(new float[] {1, 0, 0}, f32(x.gt(Expr.constant(0)), 1, 0, Float.NaN));
    assertArrayEquals(new float[] {3, 0, Float.NaN}, f32(x.relu(), 3, -3, Float.NaN));
  }

  private float[] f32(Expr expr, float... values) {
    NdArray out = NdArray.of(backend, new float[values.length]);
    backend.elementwise(expr, out, new double[0], NdArray.of(backend, values));
    return out.toFloatArray();
  }

  @Test
  void functionsAtTheirEdges() {
    assertEquals(0.5, UnaryOp.SIGMOID.apply(0));
    assertEquals(Math.exp(-720), UnaryOp.SIGMOID.apply(-720));
    assertEquals(1, UnaryOp.SIGMOID.apply(800));
    assertEquals(0, UnaryOp.SIGMOID.apply(-INF));
    assertEquals(-0.0, UnaryOp.SILU.apply(-INF));
    assertEquals(INF, UnaryOp.SILU.apply(INF));
    assertEquals(NAN, UnaryOp.SILU.apply(NAN));
    // -720 · e^-720, from its logarithm: ln 720 - 720 = -713.4206...
    double expected = -Math.exp(Math.log(720) - 720);
    assertEquals(1, UnaryOp.SILU.apply(-720) / expected, 1e-12);
    assertEquals(-INF, UnaryOp.LOG.apply(0));
    assertEquals(NAN, UnaryOp.LOG.apply(-1));
    assertEquals(-0.0, UnaryOp.SIGN.apply(-0.0));
  }

  @Test
  void reduceCombinesAlongAxes() {
    NdArray x = NdArray.of(backend, new double[] {1, 2, 3, 4, 5, 6}, 2, 3);
    assertArrayEquals(new double[] {6, 15}, reduced(ReduceOp.SUM, x, 2, 1));
    assertArrayEquals(new double[] {5, 7, 9}, reduced(ReduceOp.SUM, x, 3, 0));
    assertArrayEquals(new double[] {6, 120}, reduced(ReduceOp.PROD, x, 2, -1));
    assertArrayEquals(new double[] {4, 5, 6}, reduced(ReduceOp.MAX, x, 3, 0));
    assertArrayEquals(new double[] {1, 4}, reduced(ReduceOp.MIN, x, 2, 1));
    NdArray all =
        NdArray.of(backend, new double[1])
            .view(x.layout().slice(0, 0, 1, 1).slice(1, 0, 1, 1).reshape(Shape.SCALAR));
    backend.reduce(ReduceOp.SUM, Expr.arg(0).square(), new int[0], all, new double[0], x);
    assertEquals(91, all.get());
  }

  @Test
  void reduceSumsInDoubleAndRoundsOnce() {
    // In f32, 2²⁴ + 1 + 1 would stay 2²⁴.
    NdArray x = NdArray.of(backend, new float[] {0x1p24f, 1, 1});
    NdArray out = NdArray.zeros(backend, DType.F32, Shape.SCALAR);
    backend.reduce(ReduceOp.SUM, Expr.arg(0), new int[0], out, new double[0], x);
    assertEquals(0x1p24 + 2, out.get());
  }

  private double[] reduced(ReduceOp op, NdArray x, int length, int... axes) {
    NdArray out = NdArray.of(backend, new double[length]);
    backend.reduce(op, Expr.arg(0), axes, out, new double[0], x);
    return out.toDoubleArray();
  }

  @Test
  void sortPutsNanLastAndKeepsEqualElementsInOrder() {
    NdArray x = NdArray.of(backend, new float[] {2, Float.NaN, -0f, 7, 0, 2, -3});
    NdArray values = backend.uninitialized(DType.F32, Shape.of(7));
    NdArray places = backend.uninitialized(DType.I64, Shape.of(7));
    backend.sort(x, 0, false, values, places);
    assertArrayEquals(new long[] {6, 2, 4, 0, 5, 3, 1}, places.toLongArray());
    assertArrayEquals(new float[] {-3, -0f, 0, 2, 2, 7, Float.NaN}, values.toFloatArray());
    NdArray first = backend.uninitialized(DType.F32, Shape.of(4));
    NdArray where = backend.uninitialized(DType.I64, Shape.of(4));
    backend.sort(x, 0, true, first, where);
    assertArrayEquals(new long[] {1, 3, 0, 5}, where.toLongArray());
    assertArrayEquals(new float[] {Float.NaN, 7, 2, 2}, first.toFloatArray());
  }

  @Test
  void argMinTakesTheFirstAndIntegersAreComparedExactly() {
    NdArray x = NdArray.of(backend, new long[] {5, (1L << 60) + 1, 1L << 60, -9, -9}, 5);
    NdArray out = backend.uninitialized(DType.I64, Shape.SCALAR);
    backend.argMin(x, 0, out);
    assertArrayEquals(new long[] {3}, out.toLongArray());
    backend.argMax(x, 0, out);
    assertArrayEquals(new long[] {1}, out.toLongArray());
  }

  @Test
  void argMaxTakesTheFirstAndNanFirst() {
    NdArray x = NdArray.of(backend, new double[] {1, 3, 3, 0, NAN, NAN, -INF, -INF, -INF}, 3, 3);
    NdArray out = NdArray.of(backend, new long[3]);
    backend.argMax(x, 1, out);
    assertArrayEquals(new long[] {1, 1, 0}, out.toLongArray());
    backend.argMax(x, 0, out);
    assertArrayEquals(new long[] {0, 1, 1}, out.toLongArray());
    backend.argMax(
        NdArray.of(backend, new float[] {-0f, 0, -1}),
        0,
        out.slice(0, 0, 1).view(out.layout().slice(0, 0, 1, 1).reshape(Shape.SCALAR)));
    assertEquals(0, out.get(0));
  }

  @Test
  void matmulMultipliesAndAccumulates() {
    NdArray a = NdArray.of(backend, new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
    NdArray b = NdArray.of(backend, new float[] {7, 8, 9, 10, 11, 12}, 3, 2);
    NdArray out = NdArray.of(backend, new float[] {NAN_F, NAN_F, NAN_F, NAN_F}, 2, 2);
    backend.matmul(a, b, 1, 0, out);
    assertArrayEquals(new float[] {58, 64, 139, 154}, out.toFloatArray());
    backend.matmul(a, b, -1, 2, out);
    assertArrayEquals(new float[] {58, 64, 139, 154}, out.toFloatArray());
    backend.matmul(b.permute(1, 0), a.permute(1, 0), 1, 0, out);
    assertArrayEquals(new float[] {58, 139, 64, 154}, out.toFloatArray());
  }

  private static final float NAN_F = Float.NaN;

  @Test
  void matmulBroadcastsBatches() {
    NdArray a = NdArray.of(backend, new float[] {1, 2, 3, 4}, 2, 1, 2);
    NdArray b = NdArray.of(backend, new float[] {1, 10, 100, 1000, 5, 6}, 3, 2, 1);
    NdArray out = NdArray.of(backend, new float[6], 2, 3, 1, 1);
    backend.matmul(a.view(a.layout().reshape(Shape.of(2, 1, 1, 2))), b, 1, 0, out);
    assertArrayEquals(new float[] {21, 2100, 17, 43, 4300, 39}, out.toFloatArray());
  }

  @Test
  void indexSelectPicksRowsAndIndexAddAddsThem() {
    NdArray table = NdArray.of(backend, new float[] {1, 2, 3, 4, 5, 6}, 3, 2);
    NdArray places = NdArray.of(backend, new int[] {2, 0, 2});
    NdArray rows = backend.uninitialized(DType.F32, Shape.of(3, 2));
    backend.indexSelect(table, 0, places, rows);
    assertArrayEquals(new float[] {5, 6, 1, 2, 5, 6}, rows.toFloatArray());
    backend.indexAdd(rows, 0, places, table);
    assertArrayEquals(new float[] {2, 4, 3, 4, 15, 18}, table.toFloatArray());
  }

  @Test
  void scanCombinesEachElementWithAllBefore() {
    NdArray x = NdArray.of(backend, new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
    NdArray out = backend.uninitialized(DType.F32, x.shape());
    backend.scan(ReduceOp.SUM, x, 1, false, false, out);
    assertArrayEquals(new float[] {1, 3, 6, 4, 9, 15}, out.toFloatArray());
    backend.scan(ReduceOp.PROD, x, 1, true, true, out);
    assertArrayEquals(new float[] {6, 3, 1, 30, 6, 1}, out.toFloatArray());
    NdArray n = NdArray.of(backend, new int[] {Integer.MAX_VALUE, 1, -7});
    NdArray sums = backend.uninitialized(DType.I32, n.shape());
    backend.scan(ReduceOp.SUM, n, 0, false, false, sums);
    assertArrayEquals(
        new long[] {Integer.MAX_VALUE, Integer.MIN_VALUE, Integer.MAX_VALUE - 6},
        sums.toLongArray());
    backend.scan(ReduceOp.MAX, n, 0, true, true, sums);
    assertArrayEquals(new long[] {1, -7, Integer.MIN_VALUE}, sums.toLongArray());
  }

  @Test
  void integersAreJavas() {
    int[] x = {7, -7, 7, Integer.MIN_VALUE, Integer.MIN_VALUE, 46_341, 0, -5};
    int[] y = {2, 2, -2, -1, 0, 46_341, 0, 3};
    integers(BinaryOp.DIV, x, y, 3, -3, -3, Integer.MIN_VALUE, 0, 1, 0, -1);
    integers(BinaryOp.REM, x, y, 1, -1, 1, 0, Integer.MIN_VALUE, 0, 0, -2);
    integers(BinaryOp.MUL, x, y, 14, -14, -14, Integer.MIN_VALUE, 0, -2_147_479_015, 0, -15);
    integers(BinaryOp.SUB, x, y, 5, -9, 9, -Integer.MAX_VALUE, Integer.MIN_VALUE, 0, 0, -8);
    integers(BinaryOp.MAX, x, y, 7, 2, 7, -1, 0, 46_341, 0, 3);
    integers(BinaryOp.LE, x, y, 0, 1, 0, 1, 1, 1, 1, 1);
    integers(BinaryOp.XOR, x, y, 0, 0, 0, 0, 1, 0, 0, 0);
    NdArray large = NdArray.of(backend, new long[] {(1L << 53) + 1, Long.MIN_VALUE, -3}, 3);
    integers(UnaryOp.NEG, large, -(1L << 53) - 1, Long.MIN_VALUE, 3);
    integers(UnaryOp.ABS, large, (1L << 53) + 1, Long.MIN_VALUE, 3);
    integers(UnaryOp.SIGN, large, 1, -1, -1);
    integers(UnaryOp.SQUARE, large, (1L << 54) + 1, 0, 9);
    integers(UnaryOp.ROUND, large, (1L << 53) + 1, Long.MIN_VALUE, -3);
    integers(UnaryOp.IS_FINITE, large, 1, 1, 1);
    integers(UnaryOp.NOT, large, 0, 0, 0);
  }

  private void integers(BinaryOp op, int[] x, int[] y, long... expected) {
    NdArray out = NdArray.zeros(backend, DType.I32, Shape.of(x.length));
    Expr expr = Expr.binary(op, Expr.arg(0), Expr.arg(1));
    NdArray[] ins = {NdArray.of(backend, x, x.length), NdArray.of(backend, y, y.length)};
    backend.elementwise(expr, out, new double[0], ins);
    assertArrayEquals(expected, out.toLongArray(), op.name());
  }

  private void integers(UnaryOp op, NdArray x, long... expected) {
    NdArray out = NdArray.zeros(backend, x.dtype(), x.shape());
    backend.elementwise(Expr.unary(op, Expr.arg(0)), out, new double[0], x);
    assertArrayEquals(expected, out.toLongArray(), op.name());
  }

  @Test
  void integersAreCombinedAsJavaDoes() {
    NdArray x = NdArray.of(backend, new int[] {Integer.MAX_VALUE, 2, -1, 65_536, 65_536, 3}, 2, 3);
    NdArray out = NdArray.zeros(backend, DType.I32, Shape.of(2));
    long[][] expected = {
      {Integer.MIN_VALUE, 131_075}, {2, 0}, {Integer.MAX_VALUE, 65_536}, {-1, 3}
    };
    for (ReduceOp op : ReduceOp.values()) {
      backend.reduce(op, Expr.arg(0), new int[] {1}, out, new double[0], x);
      assertArrayEquals(expected[op.ordinal()], out.toLongArray(), op.name());
    }
  }

  @Test
  void masksAreZerosAndOnes() {
    NdArray x = NdArray.of(backend, new float[] {1, Float.NaN, -2, 0});
    NdArray mask = backend.uninitialized(DType.BOOL, x.shape());
    backend.elementwise(Expr.arg(0).gt(Expr.constant(-1)), mask, new double[0], x);
    assertArrayEquals(new long[] {1, 0, 0, 1}, mask.toLongArray());
    NdArray chosen = backend.uninitialized(DType.F32, x.shape());
    Expr choice = Expr.select(Expr.arg(1), Expr.arg(0), Expr.constant(9));
    backend.elementwise(choice, chosen, new double[0], x, mask);
    assertArrayEquals(new float[] {1, 9, 9, 0}, chosen.toFloatArray());
    NdArray any = backend.uninitialized(DType.BOOL, Shape.SCALAR);
    NdArray nothing = backend.uninitialized(DType.BOOL, Shape.of(0));
    backend.reduce(ReduceOp.MAX, Expr.arg(0), new int[0], any, new double[0], nothing);
    assertArrayEquals(new long[] {0}, any.toLongArray());
    backend.reduce(ReduceOp.MIN, Expr.arg(0), new int[0], any, new double[0], nothing);
    assertArrayEquals(new long[] {1}, any.toLongArray());
    backend.reduce(ReduceOp.MAX, Expr.arg(0), new int[0], any, new double[0], mask);
    assertArrayEquals(new long[] {1}, any.toLongArray());
  }

  @Test
  void gatherPicksAndScatterAddAdds() {
    NdArray x = NdArray.of(backend, new float[] {1, 2, 3, 4, 5, 6}, 3, 2);
    NdArray indices = NdArray.of(backend, new int[] {2, 0, 2, 1}, 2, 2);
    NdArray picked = NdArray.of(backend, new float[4], 2, 2);
    backend.gather(x, 0, indices, picked);
    assertArrayEquals(new float[] {5, 2, 5, 4}, picked.toFloatArray());
    backend.scatterAdd(picked, 0, indices, x);
    assertArrayEquals(new float[] {1, 4, 3, 8, 15, 6}, x.toFloatArray());
    NdArray wide = NdArray.of(backend, new long[] {1, 1, 0}, 1, 3);
    NdArray row = NdArray.of(backend, new float[] {1, 1, 1}, 1, 3);
    NdArray out = NdArray.of(backend, new float[] {-0f, 7}, 1, 2);
    backend.scatterAdd(row, 1, wide, out);
    assertArrayEquals(new float[] {1, 9}, out.toFloatArray());
  }

  @Test
  void copyCastsLikeJava() {
    double[] values = {1.9, -1.9, NAN, INF, -INF, 3e9, 1e19, -0.0};
    NdArray x = NdArray.of(backend, values);
    NdArray ints = NdArray.zeros(backend, DType.I32, x.shape());
    backend.copy(x, ints);
    int most = Integer.MAX_VALUE;
    int least = Integer.MIN_VALUE;
    assertArrayEquals(new long[] {1, -1, 0, most, least, most, most, 0}, ints.toLongArray());
    NdArray longs = NdArray.zeros(backend, DType.I64, x.shape());
    backend.copy(x, longs);
    assertArrayEquals(
        new long[] {1, -1, 0, Long.MAX_VALUE, Long.MIN_VALUE, 3_000_000_000L, Long.MAX_VALUE, 0},
        longs.toLongArray());
    NdArray truths = NdArray.zeros(backend, DType.BOOL, x.shape());
    backend.copy(x, truths);
    assertArrayEquals(new long[] {1, 1, 1, 1, 1, 1, 1, 0}, truths.toLongArray());
  }

  @Test
  void copyOfLongsRoundsOnce() {
    // As a double first, 2⁶⁰ + 2³⁶ + 1 would lose its last bit and become a tie.
    long value = (1L << 60) + (1L << 36) + 1;
    NdArray x = NdArray.of(backend, new long[] {value, (1L << 32) + 5, -1});
    NdArray floats = NdArray.zeros(backend, DType.F32, x.shape());
    backend.copy(x, floats);
    assertArrayEquals(new float[] {0x1p60f + 0x1p37f, 0x1p32f, -1}, floats.toFloatArray());
    NdArray ints = NdArray.zeros(backend, DType.I32, x.shape());
    backend.copy(x, ints);
    assertArrayEquals(new long[] {1, 5, -1}, ints.toLongArray());
  }

  @Test
  void copyRoundsToHalfFloatsToEven() {
    NdArray x = NdArray.of(backend, new float[] {1, 0x1.01p0f, 0x1.03p0f, 0x1.030002p0f, 3.4e38f});
    NdArray upper = NdArray.zeros(backend, DType.BF16, x.shape());
    backend.copy(x, upper);
    // bf16 has 7 bits behind the point.
    assertArrayEquals(new double[] {1, 1, 0x1.04p0, 0x1.04p0, INF}, upper.toDoubleArray());
    NdArray half = NdArray.zeros(backend, DType.F16, Shape.of(4));
    backend.copy(NdArray.of(backend, new float[] {0x1.002p0f, 65519, 65520, 0x1p-24f}), half);
    assertArrayEquals(new double[] {1, 65504, INF, 0x1p-24}, half.toDoubleArray());
    NdArray nan = NdArray.zeros(backend, DType.BF16, Shape.of(1));
    backend.copy(NdArray.of(backend, new float[] {Float.intBitsToFloat(0x7f800001)}), nan);
    assertTrue(Double.isNaN(nan.get(0)));
  }

  @Test
  void randomFollowsPhilox() {
    NdArray out = NdArray.zeros(backend, DType.F64, Shape.of(2, 3));
    backend.random(Distribution.UNIFORM, 5, 6, out.permute(1, 0).permute(1, 0));
    for (int i = 0; i < 6; i++) {
      double expected = new Philox(5).sample(Distribution.UNIFORM, 6, i, false);
      assertEquals(expected, out.get(i / 3, i % 3));
    }
  }

  @Test
  void arraysOfOtherMemoryAreRefused() {
    Memory elsewhere =
        new Memory() {
          private final Pool pool = new Pool(this);

          @Override
          public Pool pool() {
            return pool;
          }

          @Override
          public MemorySegment map(long bytes) {
            return HostMemory.INSTANCE.map(bytes);
          }

          @Override
          public void unmap(MemorySegment block) {
            HostMemory.INSTANCE.unmap(block);
          }

          @Override
          public boolean isHost() {
            return false;
          }
        };
    Device device =
        new Device() {
          @Override
          public String name() {
            return "elsewhere";
          }

          @Override
          public Memory memory() {
            return elsewhere;
          }
        };
    NdArray x = NdArray.uninitialized(device, DType.F32, Shape.of(3));
    NdArray y = NdArray.of(backend, new float[3]);
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> backend.copy(x, y));
    assertTrue(e.getMessage().contains("'elsewhere'"), e.getMessage());
  }
}
