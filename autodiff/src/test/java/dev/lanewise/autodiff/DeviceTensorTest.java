package dev.lanewise.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.DType;
import dev.lanewise.array.Shape;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.Backends;
import dev.lanewise.kernel.Distribution;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.SealedBackend;
import dev.lanewise.kernel.Window;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tensors whose numbers Java can not read, alone and beside others. */
class DeviceTensorTest {
  private static final Backend DEVICE = SealedBackend.over(Backends.named("reference"));
  private static final Backend HOST = Backends.best();

  private static Stream<Backend> others() {
    return Stream.of(
        Backends.named("reference"), HOST, SealedBackend.over(Backends.named("reference")));
  }

  private static Tensor device(float... values) {
    return Tensor.of(DEVICE, values);
  }

  @Test
  void elementsTextIndicesAndMasksAreThoseOfAnyTensor() {
    Tensor x = Tensor.of(DEVICE, new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
    assertEquals(21, x.sum().item());
    assertTrue(x.toString().startsWith("Tensor([[1. 2. 3.]"), x.toString());
    assertArrayEquals(new float[][] {{1, 2, 3}, {4, 5, 6}}, x.toFloatMatrix());
    assertArrayEquals(new float[] {6, 4}, x.at("1, ::-2").toFloatArray());
    assertArrayEquals(
        new float[] {3, 1, 6, 4}, x.at(Index.ALL, Index.of(new int[] {2, 0})).toFloatArray());
    assertArrayEquals(new float[] {4, 5, 6}, x.maskedSelect(x.gt(3)).toFloatArray());
    assertArrayEquals(new long[] {0, 2, 1, 0}, x.eq(3).or(x.eq(4)).nonzero().toLongArray());
    x.set(-1, Index.where(x.gt(5)));
    x.set(device(8, 9), Index.ALL, Index.of(0));
    assertArrayEquals(new float[] {8, 2, 3, 9, 5, -1}, x.toFloatArray());
    x.fill(2);
    assertEquals(12, x.sum().item());
    int rows = 0;
    for (Tensor row : x) {
      assertSame(DEVICE, row.backend());
      rows++;
    }
    assertEquals(2, rows);
  }

  @ParameterizedTest
  @MethodSource("others")
  void numbersAndGradientsGoThereAndBack(Backend other) {
    for (Backend[] way : new Backend[][] {{DEVICE, other}, {other, DEVICE}}) {
      Tensor x = Tensor.of(way[0], new float[] {1, 2, 3, 4}, 2, 2).requiresGrad(true);
      Tensor there = x.transpose(0, 1).to(way[1]);
      assertSame(way[1], there.backend());
      assertArrayEquals(new float[] {1, 3, 2, 4}, there.toFloatArray());
      there.mul(Tensor.of(way[1], new float[] {1, 10, 100, 1000}, 2, 2)).sum().backward();
      assertSame(way[0], x.grad().backend());
      assertArrayEquals(new float[] {1, 100, 10, 1000}, x.grad().toFloatArray());
    }
    Tensor x = Tensor.of(DEVICE, new double[] {3}).requiresGrad(true);
    Tensor slope = Gradients.of(x.to(other).square().to(DEVICE).square(), x)[0];
    assertEquals(4 * 27, slope.item());
    assertSame(x, x.to(DEVICE));
  }

  @Test
  void hooksSeeGradientsOnTheDeviceAndMayNotBringOthers() {
    Tensor x = device(1, 2).requiresGrad(true);
    x.onGradient(up -> up.mul(10));
    x.square().sum().backward();
    assertArrayEquals(new float[] {20, 40}, x.grad().toFloatArray());
    Tensor y = device(1, 2).requiresGrad(true);
    y.onGradient(up -> up.to(HOST));
    mixed("onGradient", HOST, () -> y.square().sum().backward());
  }

  @Test
  void aLeafMovesAndStaysTheSameTensor() {
    Tensor w = Tensor.of(HOST, new float[] {1, 2}).requiresGrad(true);
    w.square().sum().backward();
    assertSame(w, w.moveTo(DEVICE));
    assertSame(DEVICE, w.backend());
    assertTrue(w.requiresGrad());
    assertSame(DEVICE, w.grad().backend());
    w.mul(device(3, 5)).sum().backward();
    assertArrayEquals(new float[] {5, 9}, w.grad().toFloatArray());
    Tensor before = w.detach();
    w.moveTo(DEVICE);
    assertSame(before.storage(), w.storage());
    w.moveTo(HOST);
    assertNotSame(before.storage(), w.storage());
    assertArrayEquals(new float[] {1, 2}, w.toFloatArray());
    GradientException computed =
        assertThrows(GradientException.class, () -> w.square().moveTo(DEVICE));
    assertTrue(computed.getMessage().contains("call to(backend)"), computed.getMessage());
  }

  @Test
  void randomNumbersAreTheSameEverywhere() {
    Tensor here = Tensor.randomNormal(new Generator(7), Shape.of(50));
    Tensor there =
        Tensor.random(DEVICE, DType.F32, Distribution.NORMAL, new Generator(7), Shape.of(50));
    assertArrayEquals(here.toFloatArray(), there.toFloatArray());
  }

  private static void mixed(String operation, Backend other, Executable call) {
    IllegalArgumentException thrown = assertThrows(IllegalArgumentException.class, call, operation);
    String text = thrown.getMessage();
    assertTrue(
        text.contains(DEVICE.name()) && text.contains("'" + other.name() + "'"),
        operation + ": " + text);
    assertTrue(text.contains("to(backend)"), operation + ": " + text);
  }

  @ParameterizedTest
  @MethodSource("others")
  void twoBackendsInOneOperationAreRefused(Backend other) {
    Tensor x = Tensor.of(DEVICE, new float[] {1, 2, 3, 4}, 2, 2);
    Tensor y = Tensor.of(other, new float[] {1, 2, 3, 4}, 2, 2);
    Tensor row = Tensor.of(other, new float[] {1, 2});
    Tensor ownRow = device(1, 2);
    Tensor places = Tensor.of(other, new int[] {0, 1});
    Tensor grid = Tensor.of(other, new int[] {0, 1, 1, 0}, 2, 2);
    Tensor ownPlaces = Tensor.of(DEVICE, new int[] {0, 1});
    Tensor image = x.reshape(1, 1, 2, 2);
    Tensor filter = y.reshape(1, 1, 2, 2);
    Tensor ownMask = x.gt(2);
    Tensor sequence = x.reshape(1, 2, 2);
    Map<String, Executable> calls = new LinkedHashMap<>();
    calls.put("add", () -> x.add(y));
    calls.put("add of a mask", () -> x.add(y.gt(2)));
    calls.put("compare", () -> x.lt(y));
    calls.put("and", () -> ownMask.and(y.gt(2)));
    calls.put("where", () -> Tensor.where(ownMask, x, y));
    calls.put("where by a mask", () -> Tensor.where(y.gt(2), x, x));
    calls.put("map", () -> Tensor.map(Expr.arg(0).mul(Expr.arg(1)), new double[0], x, y));
    calls.put(
        "mapSum",
        () ->
            Tensor.mapSum(Expr.arg(0).mul(Expr.arg(1)), new double[0], new int[] {0}, false, x, y));
    calls.put("addInPlace", () -> x.addInPlace(y));
    calls.put("assign", () -> x.assign(y));
    calls.put("set", () -> x.set(row, Index.of(0)));
    calls.put("maskedFill", () -> x.maskedFill(y.gt(2), 0));
    calls.put("concat", () -> Tensor.concat(0, x, y));
    calls.put("stack", () -> Tensor.stack(0, x, y));
    calls.put("matmul", () -> x.matmul(y));
    calls.put("affine", () -> x.affine(y, ownRow));
    calls.put("affine's bias", () -> x.affine(x, row));
    calls.put("einsum", () -> Tensor.einsum("ij,jk->ik", x, y));
    calls.put("conv", () -> image.conv(filter, Window.of(1, 1), 1));
    calls.put("gather", () -> x.gather(0, grid));
    calls.put("scatterAdd", () -> x.scatterAdd(0, grid.to(DEVICE), y));
    calls.put("indexSelect", () -> x.indexSelect(0, places));
    calls.put("indexAdd", () -> x.indexAdd(0, ownPlaces, y));
    calls.put("crossEntropy", () -> x.crossEntropy(places));
    calls.put("layerNorm", () -> x.layerNorm(1, row, ownRow, 1e-5));
    calls.put("rmsNorm", () -> x.rmsNorm(1, row, 1e-5));
    calls.put("attention", () -> sequence.attention(y.reshape(1, 2, 2), sequence));
    calls.put("rnn", () -> x.rnnCell(ownRow.broadcastTo(2, 2), new RecurrentWeights(y, x)));
    calls.put("rnn's state", () -> x.rnnCell(y, new RecurrentWeights(x, x)));
    calls.put("batchNorm", () -> x.batchNorm(row, ownRow, null, null, 1e-5));
    calls.put("backward", () -> x.detach().requiresGrad(true).square().backward(y));
    calls.forEach((name, call) -> mixed(name, other, call));
    assertArrayEquals(new float[] {1, 2, 3, 4}, x.toFloatArray());
  }
}
