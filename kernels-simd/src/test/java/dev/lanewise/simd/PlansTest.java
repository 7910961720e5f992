package dev.lanewise.simd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.DType;
import dev.lanewise.array.DTypeException;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Scope;
import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.array.Storage;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.ConvSpec;
import dev.lanewise.kernel.CrossEntropySpec;
import dev.lanewise.kernel.Distribution;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.NormSpec;
import dev.lanewise.kernel.PoolSpec;
import dev.lanewise.kernel.ReduceOp;
import dev.lanewise.kernel.Window;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** A call that is made again uses its plan again, is still right, and refused if it is wrong. */
class PlansTest {
  private static final Backend BACKEND = new SimdBackend(2);
  private static final Shape INPUT = Shape.of(2, 3, 7, 9);
  private static final Shape FILTER = Shape.of(4, 3, 3, 3);

  /** A new object each time, as a caller may have it. */
  private static ConvSpec spec() {
    return ConvSpec.of(INPUT, FILTER, Window.of(3, 3).withSamePadding(), 1);
  }

  private static NdArray random(int stream, DType dtype, Shape shape) {
    NdArray x = BACKEND.uninitialized(dtype, shape);
    BACKEND.random(Distribution.NORMAL, 3, stream, x);
    return x;
  }

  private static NdArray random(int stream, Shape shape) {
    return random(stream, DType.F32, shape);
  }

  /** {@return the convolution by a backend that has no plan yet} */
  private static double[] fresh(NdArray x, NdArray filter) {
    NdArray out = BACKEND.uninitialized(x.dtype(), spec().output());
    new SimdBackend(1).conv(spec(), x, filter, out);
    return out.toDoubleArray();
  }

  private static final class Numbered extends Plan {
    Numbered(Signature call) {
      super(call);
    }
  }

  private static Signature call(int variant, NdArray... arrays) {
    return Signature.of(spec(), variant).in(arrays);
  }

  @Test
  void aPlanIsLentToOneCallAtATime() {
    Plans<Numbered> plans = new Plans<>();
    NdArray x = random(1, INPUT);
    assertNull(plans.lend(call(0, x)));
    Numbered plan = new Numbered(call(0, x));
    plans.giveBack(plan);
    assertNull(plans.lend(call(1, x)));
    assertNull(plans.lend(call(0)));
    assertNull(plans.lend(call(0, x, x)));
    assertNull(plans.lend(call(0, x.permute(0, 1, 3, 2))));
    assertNull(plans.lend(call(0, random(1, DType.F64, INPUT))));
    assertSame(plan, plans.lend(call(0, random(2, INPUT))));
    assertNull(plans.lend(call(0, x)));
  }

  @Test
  void aBoundedNumberOfPlansIsKeptAndTheNewestIsAmongThem() {
    Plans<Numbered> plans = new Plans<>();
    int made = 10_000;
    for (int i = 0; i < made; i++) {
      Numbered plan = new Numbered(call(i));
      plans.giveBack(plan);
      assertSame(plan, plans.lend(call(i)));
      plans.giveBack(plan);
    }
    int kept = 0;
    for (int i = 0; i < made; i++) {
      kept += plans.lend(call(i)) == null ? 0 : 1;
    }
    assertTrue(kept > 0 && kept <= 1_000, kept + " kept");
  }

  @Test
  void newNumbersNewArraysAndOtherLayoutsCount() {
    for (int i = 0; i < 3; i++) {
      NdArray filter = random(10 * i, FILTER);
      NdArray plain = random(10 * i + 1, INPUT);
      NdArray turned = random(10 * i + 2, Shape.of(2, 3, 9, 7)).permute(0, 1, 3, 2);
      NdArray wide = random(10 * i + 3, Shape.of(2, 4, 9, 7));
      NdArray out = BACKEND.uninitialized(DType.F32, spec().output());
      for (NdArray x : List.of(plain, turned)) {
        BACKEND.conv(spec(), x, filter, out);
        assertArrayEquals(fresh(x, filter), out.toDoubleArray());
        BACKEND.conv(spec(), x, filter, wide.permute(0, 1, 3, 2));
        assertArrayEquals(fresh(x, filter), wide.permute(0, 1, 3, 2).toDoubleArray());
      }
    }
  }

  @Test
  void scalarsOfAnEpilogueCount() {
    NdArray a = random(1, Shape.of(5, 6));
    NdArray b = random(2, Shape.of(6, 7));
    NdArray bias = random(3, Shape.of(7));
    NdArray product = BACKEND.uninitialized(DType.F32, Shape.of(5, 7));
    BACKEND.matmul(a, b, 1, 0, product);
    NdArray out = BACKEND.uninitialized(DType.F32, Shape.of(5, 7));
    Expr scaled = Expr.arg(0).add(Expr.arg(1)).mul(Expr.param(0));
    for (double factor : new double[] {2, -4, 0.5}) {
      BACKEND.matmul(a, b, 1, 0, out, scaled, new double[] {factor}, bias);
      float expected = (product.toFloatArray()[8] + bias.toFloatArray()[1]) * (float) factor;
      assertEquals(expected, out.toFloatArray()[8]);
    }
    assertThrows(
        IllegalArgumentException.class,
        () -> BACKEND.matmul(a, b, 1, 0, out, scaled, new double[0], bias));
  }

  @Test
  void wrongCallsAreRefusedThoughRightOnesAreKnown() {
    NdArray x = random(1, INPUT);
    NdArray filter = random(2, FILTER);
    NdArray out = BACKEND.uninitialized(DType.F32, spec().output());
    NdArray square = random(3, Shape.of(4, 4));
    NdArray other = random(4, Shape.of(4, 4));
    NdArray target = random(5, Shape.of(4, 4));
    for (int i = 0; i < 2; i++) {
      BACKEND.conv(spec(), x, filter, out);
      BACKEND.convBackwardData(spec(), out, filter, x);
      BACKEND.convBackwardFilter(spec(), x, out, filter);
      BACKEND.matmul(square, other, 1, 0, target);
    }
    NdArray dead;
    try (Scope _ = Scope.open("a short life")) {
      dead = random(6, INPUT);
    }
    NdArray same = random(7, Shape.of(2, 2, 4, 7, 9));
    NdArray first = same.view(same.layout().slice(0, 0, 1, 1).reshape(spec().output()));
    NdArray over = same.view(same.layout().slice(2, 0, 3, 1).slice(0, 0, 1, 1).reshape(INPUT));
    NdArray wide = random(8, DType.F64, INPUT);
    assertThrows(IllegalStateException.class, () -> BACKEND.conv(spec(), dead, filter, out));
    assertThrows(
        IllegalStateException.class, () -> BACKEND.convBackwardData(spec(), out, filter, dead));
    assertThrows(IllegalArgumentException.class, () -> BACKEND.conv(spec(), over, filter, first));
    assertThrows(DTypeException.class, () -> BACKEND.conv(spec(), wide, filter, out));
    assertThrows(ShapeException.class, () -> BACKEND.conv(spec(), x, out, out));
    assertThrows(IllegalArgumentException.class, () -> BACKEND.matmul(square, other, 1, 0, square));
    assertThrows(
        IllegalArgumentException.class, () -> BACKEND.matmul(square, target, 1, 0, target));
    // And the right ones still work.
    BACKEND.conv(spec(), x, filter, out);
    assertArrayEquals(fresh(x, filter), out.toDoubleArray());
  }

  @Test
  void indicesAreCheckedEachTime() {
    NdArray table = random(1, Shape.of(5, 4));
    NdArray picked = random(2, Shape.of(2, 4));
    NdArray indices = NdArray.of(BACKEND, new int[] {4, 0});
    for (int i = 0; i < 2; i++) {
      BACKEND.indexSelect(table, 0, indices, picked);
      BACKEND.indexAdd(picked, 0, indices, table);
    }
    indices.set(5, 0);
    assertThrows(ShapeException.class, () -> BACKEND.indexSelect(table, 0, indices, picked));
    assertThrows(ShapeException.class, () -> BACKEND.indexAdd(picked, 0, indices, table));
    indices.set(3, 0);
    BACKEND.indexSelect(table, 0, indices, picked);
    assertEquals(table.get(3, 2), picked.get(0, 2));
  }

  @Test
  void partsOfOneStorageThatLieApartAreComputed() {
    NdArray all = random(1, Shape.of(3, 4, 4));
    NdArray[] part = new NdArray[3];
    for (int i = 0; i < part.length; i++) {
      part[i] = all.view(all.layout().slice(0, i, i + 1, 1).reshape(Shape.of(4, 4)));
    }
    NdArray expected = BACKEND.uninitialized(DType.F32, Shape.of(4, 4));
    for (int i = 0; i < 2; i++) {
      BACKEND.matmul(part[0], part[1], 1, 0, part[2]);
      BACKEND.matmul(part[0], part[1], 1, 0, expected);
      assertArrayEquals(expected.toDoubleArray(), part[2].toDoubleArray());
    }
  }

  @Test
  void threadsMakeEqualCallsAtTheSameTime() throws Exception {
    int threads = 6;
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      List<Future<Boolean>> done = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        NdArray x = random(2 * t, INPUT);
        NdArray filter = random(2 * t + 1, FILTER);
        double[] expected = fresh(x, filter);
        done.add(
            pool.submit(
                () -> {
                  NdArray out = BACKEND.uninitialized(DType.F32, spec().output());
                  for (int i = 0; i < 50; i++) {
                    BACKEND.conv(spec(), x, filter, out);
                    assertArrayEquals(expected, out.toDoubleArray());
                  }
                  return true;
                }));
      }
      for (Future<Boolean> one : done) {
        assertTrue(one.get());
      }
    }
  }

  private static WeakReference<Storage> convolved() {
    NdArray x = random(1, INPUT);
    NdArray out = BACKEND.uninitialized(DType.F32, spec().output());
    Expr relu = Expr.arg(0).add(Expr.arg(1)).relu();
    NdArray bias = random(3, Shape.of(4, 1, 1));
    for (int i = 0; i < 2; i++) {
      BACKEND.conv(spec(), x, random(2, FILTER), out, relu, new double[0], bias);
    }
    return new WeakReference<>(x.storage());
  }

  @Test
  void plansKeepNoArrayAlive() throws InterruptedException {
    assertForgotten(convolved());
    assertForgotten(normalized());
  }

  private static void assertForgotten(WeakReference<Storage> storage) throws InterruptedException {
    for (int i = 0; i < 100 && storage.get() != null; i++) {
      System.gc();
      Thread.sleep(10);
    }
    assertNull(storage.get());
  }

  private static WeakReference<Storage> normalized() {
    NdArray x = random(1, INPUT);
    NdArray out = BACKEND.uninitialized(DType.F32, INPUT);
    for (int i = 0; i < 2; i++) {
      BACKEND.normalize(NormSpec.batch(INPUT, 1e-5), x, null, null, out);
    }
    return new WeakReference<>(x.storage());
  }

  @Test
  void arraysThatAreOneInACallMayBeTwoInTheNext() {
    NdArray c = random(1, Shape.of(3, 2));
    NdArray next = BACKEND.uninitialized(DType.F32, Shape.of(3, 2));
    NdArray h = BACKEND.uninitialized(DType.F32, Shape.of(3, 2));
    NdArray activations = BACKEND.uninitialized(DType.F32, Shape.of(3, 8));
    for (int i = 0; i < 4; i++) {
      NdArray gates = random(2, Shape.of(3, 8));
      BACKEND.lstm(gates, c, i % 2 == 0 ? gates : activations, next, h);
      NdArray expected = BACKEND.uninitialized(DType.F32, Shape.of(3, 8));
      new SimdBackend(1).lstm(random(2, Shape.of(3, 8)), c, expected, next, h);
      assertArrayEquals(
          expected.toDoubleArray(), (i % 2 == 0 ? gates : activations).toDoubleArray());
    }
    NormSpec norm = NormSpec.batch(INPUT, 1e-5);
    NdArray x = random(3, INPUT);
    NdArray out = BACKEND.uninitialized(DType.F32, INPUT);
    NdArray expected = BACKEND.uninitialized(DType.F32, INPUT);
    NdArray one = random(4, Shape.of(3));
    NdArray other = random(5, Shape.of(3));
    for (NdArray bias : new NdArray[] {one, other, one}) {
      BACKEND.normalize(norm, x, one, bias, out);
      new SimdBackend(1).normalize(norm, x, one, bias, expected);
      assertArrayEquals(expected.toDoubleArray(), out.toDoubleArray());
    }
  }

  @Test
  void rowsMayBeComputedInPlaceButNotOverOthers() {
    Shape shape = Shape.of(4, 6);
    NdArray x = random(1, shape);
    NdArray out = BACKEND.uninitialized(DType.F32, shape);
    NormSpec norm = NormSpec.layer(shape, 2, 1e-5);
    NdArray longer = random(2, Shape.of(5, 6));
    NdArray first = longer.view(longer.layout().slice(0, 0, 4, 1));
    NdArray second = longer.view(longer.layout().slice(0, 1, 5, 1));
    for (int i = 0; i < 2; i++) {
      BACKEND.softmax(x, 1, out);
      BACKEND.normalize(norm, x, out, null, random(3, shape));
      assertThrows(
          IllegalArgumentException.class, () -> BACKEND.normalize(norm, x, out, null, out));
      assertThrows(IllegalArgumentException.class, () -> BACKEND.softmax(first, 1, second));
    }
    BACKEND.softmax(x, 1, x);
    assertArrayEquals(out.toDoubleArray(), x.toDoubleArray());
  }

  @Test
  void indicesAndLabelsAreLookedAtInEachCall() {
    NdArray x = random(1, Shape.of(3, 4));
    NdArray target = random(2, Shape.of(3, 4));
    NdArray loss = BACKEND.uninitialized(DType.F32, Shape.of(3));
    CrossEntropySpec spec = CrossEntropySpec.of(x.shape(), 1);
    PoolSpec pool = PoolSpec.of(Shape.of(1, 1, 4, 4), Window.of(2, 2).withStride(2, 2));
    NdArray image = random(3, Shape.of(1, 1, 4, 4));
    NdArray pooled = random(4, Shape.of(1, 1, 2, 2));
    NdArray labels = NdArray.of(BACKEND, new int[] {0, 3, 1});
    NdArray four = NdArray.of(BACKEND, new int[] {0, 1, 2, 3});
    NdArray places = four.view(four.layout().reshape(Shape.of(1, 1, 2, 2)));
    NdArray others = NdArray.of(BACKEND, new int[] {2, 0, 1, 2});
    NdArray picks = others.view(others.layout().reshape(Shape.of(1, 4)));
    NdArray some = random(5, Shape.of(1, 4));
    BACKEND.crossEntropy(spec, x, labels, loss);
    BACKEND.crossEntropyWithGradient(spec, x, labels, loss, random(6, Shape.of(3)), target);
    BACKEND.maxPoolBackward(pool, pooled, places, image);
    BACKEND.gather(x, 0, picks, some);
    BACKEND.scatterAdd(some, 0, picks, x);
    labels.set(4, 1);
    places.set(16, 0, 0, 1, 1);
    picks.set(-1, 0, 2);
    assertThrows(ShapeException.class, () -> BACKEND.crossEntropy(spec, x, labels, loss));
    NdArray losses = random(6, Shape.of(3));
    assertThrows(
        ShapeException.class,
        () -> BACKEND.crossEntropyWithGradient(spec, x, labels, loss, losses, target));
    assertThrows(ShapeException.class, () -> BACKEND.maxPoolBackward(pool, pooled, places, image));
    assertThrows(ShapeException.class, () -> BACKEND.gather(x, 0, picks, some));
    assertThrows(ShapeException.class, () -> BACKEND.scatterAdd(some, 0, picks, x));
  }

  @Test
  void noAxisIsTakenForAnother() {
    NdArray x = NdArray.zeros(BACKEND, DType.F32, Shape.of(3, 4));
    NdArray out = NdArray.zeros(BACKEND, DType.F32, Shape.of(3, 4));
    NdArray places = NdArray.zeros(BACKEND, DType.I64, Shape.of(3, 4));
    BACKEND.scan(ReduceOp.SUM, x, 0, false, false, out);
    BACKEND.sort(x, 0, false, out, places);
    for (int axis : new int[] {2, -3, 1 << 30, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
      assertThrows(
          ShapeException.class,
          () -> BACKEND.scan(ReduceOp.SUM, x, axis, false, false, out),
          () -> "scan along axis " + axis);
      assertThrows(
          ShapeException.class,
          () -> BACKEND.sort(x, axis, false, out, places),
          () -> "sort along axis " + axis);
    }
  }
}
