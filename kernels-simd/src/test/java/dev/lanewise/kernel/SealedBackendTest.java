package dev.lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.ArrayFormat;
import dev.lanewise.array.DType;
import dev.lanewise.array.DTypeException;
import dev.lanewise.array.Device;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Pool;
import dev.lanewise.array.Scope;
import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.io.Npy;
import dev.lanewise.io.Npz;
import dev.lanewise.io.Safetensors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Arrays in memory that Java can not read: what works on all arrays works on them. */
class SealedBackendTest {
  private static final Expr SUM = Expr.arg(0).add(Expr.arg(1));
  private static final double[] NONE = {};
  private final Backend device = SealedBackend.over(Placed.REFERENCE);

  private static Stream<Backend> inMainMemory() {
    return Stream.of(Placed.REFERENCE, Backends.best());
  }

  private static <T extends Throwable> String message(Class<T> type, Runnable call) {
    return assertThrows(type, call::run).getMessage();
  }

  private static String refusal(Runnable call) {
    return message(IllegalArgumentException.class, call);
  }

  @Test
  void javaReachesNoElement() {
    NdArray x = NdArray.of(device, new float[] {1, 2});
    assertFalse(device.memory().isHost());
    assertThrows(WrongThreadException.class, () -> x.storage().segment().fill((byte) 0));
    assertThrows(WrongThreadException.class, () -> DType.F32.get(x.storage().segment(), 0));
  }

  @Test
  void valuesGoInAndComeBack() {
    NdArray floats = NdArray.of(device, new float[] {1, 2.5f, -3, 4, 5, 6}, 2, 3);
    assertArrayEquals(new float[] {1, 2.5f, -3, 4, 5, 6}, floats.toFloatArray());
    assertArrayEquals(new long[] {1, 2, -3, 4, 5, 6}, floats.toLongArray());
    assertArrayEquals(new float[] {4, 5, 6}, floats.slice(0, 1, 2).toFloatArray());
    assertArrayEquals(new float[] {1, 4, 2.5f, 5, -3, 6}, floats.permute(1, 0).toFloatArray());
    assertArrayEquals(
        new double[] {2.5, 2.5, 5, 5},
        floats.slice(1, 1, 2).broadcastTo(Shape.of(2, 2)).toDoubleArray());
    assertArrayEquals(
        new double[] {1e300}, NdArray.of(device, new double[] {1e300}).toDoubleArray());
    assertArrayEquals(new long[] {7, -7}, NdArray.of(device, new int[] {7, -7}).toLongArray());
    long large = (1L << 62) + 1;
    assertArrayEquals(new long[] {large}, NdArray.of(device, new long[] {large}).toLongArray());
    assertEquals(0, NdArray.of(device, new float[0]).toFloatArray().length);
    assertEquals(0, NdArray.zeros(device, DType.I64, Shape.of(3, 0)).toLongArray().length);
  }

  @ParameterizedTest
  @EnumSource
  void oneElementOfEveryTypeIsWrittenAndRead(DType dtype) {
    NdArray x = NdArray.zeros(device, dtype, Shape.of(2, 2));
    NdArray part = x.slice(0, 1, 2);
    part.set(1, 0, 1);
    assertEquals(1, x.get(1, 1));
    assertArrayEquals(new double[] {0, 0, 0, 1}, x.toDoubleArray());
    assertEquals(
        "index: [2, 0] is outside [2, 2]", message(ShapeException.class, () -> x.get(2, 0)));
  }

  @Test
  void textShowsTheElements() {
    NdArray x = NdArray.of(device, new float[] {1, -2.5f, 3, 4}, 2, 2);
    assertEquals("NdArray([[ 1.  -2.5]\n         [ 3.   4. ]], f32 [2, 2])", x.toString());
    String column = ArrayFormat.NUMPY.text(x.slice(1, 1, 2), 0);
    assertEquals(ArrayFormat.NUMPY.text(x.slice(1, 1, 2).inHost(), 0), column);
    NdArray mask = NdArray.zeros(device, DType.BOOL, Shape.of(2));
    mask.set(1, 1);
    assertTrue(mask.toString().startsWith("NdArray([False  True]"), mask.toString());
  }

  @Test
  void copiesInMainMemoryKeepTheLayout() {
    NdArray x = NdArray.of(device, new int[] {1, 2, 3, 4, 5, 6}, 2, 3);
    NdArray part = x.permute(1, 0).slice(0, 1, 3);
    NdArray copy = part.inHost();
    assertTrue(copy.device().memory().isHost());
    assertEquals(part.shape(), copy.shape());
    assertArrayEquals(new long[] {2, 5, 3, 6}, copy.toLongArray());
    assertSame(copy, copy.inHost());
    assertEquals(0, NdArray.of(device, new int[0]).inHost().size());
  }

  @Test
  void wholeArraysAreOverwrittenFromMainMemory() {
    NdArray x = NdArray.of(device, new float[] {1, 2, 3, 4});
    x.slice(0, 1, 3).copyFromHost(NdArray.of(Device.HOST, new float[] {8, 9}));
    assertArrayEquals(new float[] {1, 8, 9, 4}, x.toFloatArray());
    NdArray two = NdArray.of(Device.HOST, new float[] {1, 2});
    message(ShapeException.class, () -> x.copyFromHost(two));
    message(ShapeException.class, () -> x.copyFromHost(NdArray.of(device, new float[4])));
    message(DTypeException.class, () -> x.copyFromHost(NdArray.of(Device.HOST, new int[4])));
    assertArrayEquals(new float[] {1, 8, 9, 4}, x.toFloatArray());
  }

  @Test
  void whatIsKeptMovesOutOfItsScope() {
    NdArray outer;
    NdArray inner;
    NdArray lost;
    try (Scope step = Scope.open("step")) {
      try (Scope part = Scope.open("part")) {
        inner = part.keep(NdArray.of(device, new float[] {1, 2, 3})).slice(0, 1, 3);
      }
      assertArrayEquals(new float[] {2, 3}, inner.toFloatArray());
      outer = step.keep(NdArray.zeros(device, DType.F64, Shape.of(2)));
      lost = step.keep(inner);
      NdArray.of(device, new float[1000]); // over what was there
    }
    assertArrayEquals(new float[] {2, 3}, lost.toFloatArray());
    assertArrayEquals(new double[2], outer.toDoubleArray());
  }

  @Test
  void useAfterTheScopeIsAnError() {
    NdArray x;
    try (Scope _ = Scope.open("step")) {
      x = NdArray.of(device, new float[] {1, 2});
    }
    for (Runnable use :
        List.<Runnable>of(
            x::toFloatArray,
            x::toLongArray,
            () -> x.get(0),
            () -> x.set(1, 0),
            x::inHost,
            () -> device.elementwise(SUM, x, NONE, x, x))) {
      String text = message(IllegalStateException.class, use);
      assertTrue(text.contains("freed when scope 'step' closed"), text);
    }
    assertEquals("NdArray(freed, f32 [2])", x.toString());
  }

  @Test
  void scopesTakeTheirMemoryFromTheDevicesPoolAndGiveItBack() {
    Pool pool = device.memory().pool();
    // Until scopes of this thread take as little ahead as these need, whatever ran before.
    for (int i = 0; i < 80; i++) {
      try (Scope _ = Scope.open()) {
        NdArray.zeros(device, DType.F32, Shape.of(1000));
        assertTrue(pool.mappedBytes() > 0);
      }
    }
    assertEquals(pool.mappedBytes(), pool.cachedBytes());
    long before = pool.mappedBytes();
    for (int i = 0; i < 3; i++) {
      try (Scope _ = Scope.open()) {
        assertEquals(0, NdArray.zeros(device, DType.F32, Shape.of(1000)).get(7));
      }
    }
    assertEquals(before, pool.mappedBytes());
    pool.trim();
    assertEquals(0, pool.mappedBytes());
  }

  @ParameterizedTest
  @MethodSource("inMainMemory")
  void numbersMoveInAndOutByTheDevicesCopy(Backend host) {
    NdArray there = NdArray.of(host, new int[] {1, 2, 3, 4}, 2, 2);
    NdArray here = device.uninitialized(DType.F64, Shape.of(2, 2));
    device.copy(there.permute(1, 0), here);
    assertArrayEquals(new double[] {1, 3, 2, 4}, here.toDoubleArray());
    NdArray back = host.uninitialized(DType.I64, Shape.of(2, 2));
    device.copy(here.permute(1, 0), back);
    assertArrayEquals(new long[] {1, 2, 3, 4}, back.toLongArray());
  }

  @ParameterizedTest
  @MethodSource("inMainMemory")
  void backendsOfMainMemoryRefuseTheDevicesArrays(Backend host) {
    NdArray here = NdArray.of(host, new float[] {1, 2, 3, 4}, 2, 2);
    NdArray there = NdArray.of(device, new float[] {1, 2, 3, 4}, 2, 2);
    NdArray indices = NdArray.of(device, new int[] {0, 1});
    // A plan is found again by its arrays' types and layouts, which do not tell where they are.
    for (int i = 0; i < 3; i++) {
      host.elementwise(SUM, here, NONE, here, here);
      host.matmul(here, here, 1, 0, NdArray.of(host, new float[4], 2, 2));
      host.copy(here, NdArray.of(host, new float[4], 2, 2));
    }
    for (Runnable call :
        List.<Runnable>of(
            () -> host.elementwise(SUM, here, NONE, here, there),
            () -> host.elementwise(SUM, there, NONE, here, here),
            () -> host.reduce(ReduceOp.SUM, Expr.arg(0), new int[] {0, 1}, scalar(), NONE, there),
            () -> host.matmul(here, there, 1, 0, NdArray.of(host, new float[4], 2, 2)),
            () -> host.copy(there, here),
            () -> host.copy(here, there),
            () -> host.indexSelect(here, 0, indices, NdArray.of(host, new float[4], 2, 2)),
            () -> host.gather(there, 0, NdArray.of(host, new int[2], 1, 2), row(host)),
            () -> host.softmax(there, 1, NdArray.of(host, new float[4], 2, 2)),
            () -> host.sort(there, 0, false, here, NdArray.of(host, new long[4], 2, 2)),
            () -> host.random(Distribution.NORMAL, 1, 2, there),
            () ->
                host.crossEntropy(
                    CrossEntropySpec.of(Shape.of(2, 2), 1),
                    here,
                    indices,
                    row(host).view(NdArray.of(host, new float[2]).layout())))) {
      String text = refusal(call);
      assertTrue(text.contains("'sealed' is not in the main memory"), text);
    }
  }

  private static NdArray scalar() {
    return NdArray.zeros(Placed.REFERENCE, DType.F32, Shape.SCALAR);
  }

  private static NdArray row(Backend host) {
    return NdArray.of(host, new float[2], 1, 2);
  }

  @ParameterizedTest
  @MethodSource("inMainMemory")
  void theDeviceRefusesArraysOfMainMemoryAndOfOtherDevices(Backend host) {
    NdArray here = NdArray.of(device, new float[] {1, 2});
    for (Backend other : List.of(host, SealedBackend.over(host))) {
      NdArray there = NdArray.of(other, new float[] {1, 2});
      String text = refusal(() -> device.elementwise(SUM, here, NONE, here, there));
      assertTrue(text.contains("'" + other.name() + "'") && text.contains("to(backend)"), text);
    }
    NdArray elsewhere = NdArray.of(SealedBackend.over(host), new float[] {1, 2});
    refusal(() -> device.copy(elsewhere, here));
  }

  @Test
  void whatIsComposedStaysOnTheDevice() {
    Backend composed = SealedBackend.composedOver(Placed.REFERENCE);
    NdArray x = NdArray.of(composed, new float[] {0, (float) Math.log(3)});
    NdArray y = composed.uninitialized(DType.F32, x.shape());
    composed.softmax(x, 0, y);
    assertArrayEquals(new float[] {0.25f, 0.75f}, y.toFloatArray(), 1e-6f);
  }

  @Test
  void filesAreWrittenAndReadInEveryFormat(@TempDir Path folder) throws IOException {
    NdArray x = NdArray.of(device, new double[] {1, 2, 3, 4, 5, 6}, 2, 3);
    NdArray turned = x.permute(1, 0);
    NdArray part = x.slice(0, 1, 2);
    for (Backend reader : List.of(device, Placed.REFERENCE)) {
      Path npy = folder.resolve("x.npy");
      Npy.write(npy, turned);
      NdArray read = Npy.read(reader, npy);
      assertSame(reader, read.device());
      assertArrayEquals(turned.toDoubleArray(), read.toDoubleArray());

      Map<String, NdArray> arrays = new LinkedHashMap<>();
      arrays.put("turned", turned);
      arrays.put("part", part);
      arrays.put("none", NdArray.of(device, new float[0]));
      Npz.write(folder.resolve("x.npz"), arrays);
      Map<String, NdArray> all = Npz.read(reader, folder.resolve("x.npz"));
      assertEquals(arrays.keySet(), all.keySet());
      assertArrayEquals(part.toDoubleArray(), all.get("part").toDoubleArray());

      Path tensors = folder.resolve("x.safetensors");
      new Safetensors(arrays, Map.of()).write(tensors);
      Map<String, NdArray> again = Safetensors.read(reader, tensors).arrays();
      assertArrayEquals(turned.toDoubleArray(), again.get("turned").toDoubleArray());
      assertSame(reader, again.get("none").device());
    }
    NdArray mask = NdArray.zeros(device, DType.BOOL, Shape.of(2));
    mask.set(1, 1);
    Npy.write(folder.resolve("mask.npy"), mask);
    NdArray readMask = Npy.read(device, folder.resolve("mask.npy"));
    assertArrayEquals(new long[] {0, 1}, readMask.toLongArray());
  }

  @Test
  void aDeviceMapsNoFile(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("x.npy");
    Npy.write(file, NdArray.of(device, new float[] {1}));
    String text =
        assertThrows(IllegalArgumentException.class, () -> Npy.map(device, file)).getMessage();
    assertTrue(text.contains("'sealed' are not in main memory; load the file instead"), text);
  }
}
