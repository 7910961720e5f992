package dev.lanewise.array;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class NdArrayTest {
  private final Device device = TestDevice.HOST;

  @Test
  void valuesComeBack() {
    assertArrayEquals(
        new float[] {1, 2.5f}, NdArray.of(device, new float[] {1, 2.5f}).toFloatArray());
    assertArrayEquals(
        new double[] {1e300}, NdArray.of(device, new double[] {1e300}).toDoubleArray());
    assertArrayEquals(new long[] {7, -7}, NdArray.of(device, new int[] {7, -7}).toLongArray());
    long large = (1L << 62) + 1;
    assertArrayEquals(new long[] {large}, NdArray.of(device, new long[] {large}).toLongArray());
    assertEquals(DType.I64, NdArray.of(device, new long[1]).dtype());
    assertEquals(Shape.of(0), NdArray.of(device, new float[0]).shape());
    assertSame(device, NdArray.of(device, new int[1]).device());
    NdArray scalar = NdArray.zeros(device, DType.F64, Shape.SCALAR);
    scalar.set(3);
    assertEquals(3, scalar.get());
  }

  @Test
  void zerosAreZeroInRecycledMemory() {
    for (int i = 0; i < 50; i++) {
      try (Scope _ = Scope.open()) {
        NdArray x = NdArray.zeros(device, DType.F32, Shape.of(1000));
        assertTrue(Arrays.equals(new float[1000], x.toFloatArray()));
        x.storage().segment().fill((byte) 0x55);
      }
    }
  }

  @Test
  void viewsShareTheirStorage() {
    NdArray a = NdArray.of(device, new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
    NdArray t = a.permute(1, 0);
    assertArrayEquals(new float[] {1, 4, 2, 5, 3, 6}, t.toFloatArray());
    t.set(9, 2, 0);
    assertEquals(9, a.get(0, 2));
    NdArray column = a.slice(-1, 1, 2);
    assertEquals(Shape.of(2, 1), column.shape());
    assertArrayEquals(new double[] {2, 5}, column.toDoubleArray());
    assertArrayEquals(new float[] {2, 2, 5, 5}, column.broadcastTo(Shape.of(2, 2)).toFloatArray());
    assertSame(a.storage(), column.storage());
    assertSame(a, a.view(a.layout()));
    assertArrayEquals(new float[] {4, 5, 6}, a.slice(0, 1, 2).toFloatArray());
  }

  @Test
  void everyTypeRoundsOnWriting() {
    assertEquals((double) 0.1f, written(DType.F32, 0.1));
    assertEquals(0.1, written(DType.F64, 0.1));
    assertEquals(-3, written(DType.I32, -3.9));
    assertEquals(1L << 40, written(DType.I64, 0x1p40 + 0.5));
    assertEquals(1, written(DType.BOOL, 0.5));
    assertEquals(0, written(DType.BOOL, -0.0));
    assertEquals(0x1.998p-4, written(DType.F16, 0.1));
    assertEquals(0x1.9ap-4, written(DType.BF16, 0.1));
  }

  @Test
  void bfloat16RoundsToNearestEven() {
    assertEquals(1, written(DType.BF16, 0x1.01p0));
    assertEquals(0x1.04p0, written(DType.BF16, 0x1.03p0));
    assertEquals(Double.POSITIVE_INFINITY, written(DType.BF16, Float.MAX_VALUE));
    assertEquals(Double.NEGATIVE_INFINITY, written(DType.BF16, -Float.MAX_VALUE));
    assertEquals(Double.NaN, written(DType.BF16, Float.intBitsToFloat(0x7f800001)));
    assertEquals(-0.0, written(DType.BF16, -0.0));
    assertEquals(0x1p-133, written(DType.BF16, 0x1p-133));
  }

  private double written(DType dtype, double value) {
    NdArray x = NdArray.zeros(device, dtype, Shape.of(2));
    x.set(value, 1);
    assertEquals(0, x.get(0));
    return x.get(1);
  }

  @Test
  void wrongIndicesAndShapesAreRefused() {
    NdArray a = NdArray.of(device, new float[6], 2, 3);
    assertEquals("index: [1, 3] is outside [2, 3]", message(() -> a.get(1, 3)));
    assertEquals("index: [-1, 0] is outside [2, 3]", message(() -> a.set(0, -1, 0)));
    assertEquals("index: [1] has not one entry for each axis of [2, 3]", message(() -> a.get(1)));
    assertEquals(
        "array: 5 values were given for shape [2, 3], which has 6",
        message(() -> NdArray.of(device, new double[5], 2, 3)));
    assertEquals(
        "view: layout [7] strides [1] offset 0 leaves a storage of 6 elements",
        message(() -> a.view(Layout.contiguous(Shape.of(7)))));
  }

  @Test
  void storageIsAlignedToVectors() {
    for (int n : new int[] {0, 1, 5, 16, 1000}) {
      assertEquals(0, NdArray.of(device, new float[n]).storage().segment().address() % 64);
      try (Scope _ = Scope.open()) {
        assertEquals(0, NdArray.of(device, new float[n]).storage().segment().address() % 64);
        assertEquals(4L * n, NdArray.of(device, new float[n]).storage().byteSize());
      }
    }
  }

  @Test
  void memoryOfOthersIsSharedNotCopied() {
    MemorySegment memory = Arena.ofAuto().allocate(24, 4);
    NdArray a = NdArray.wrap(device, memory, DType.F32, Shape.of(2, 3));
    memory.setAtIndex(ValueLayout.JAVA_FLOAT, 4, 7);
    assertEquals(7, a.get(1, 1));
    a.set(8, 0, 0);
    assertEquals(8, memory.getAtIndex(ValueLayout.JAVA_FLOAT, 0));
    FloatBuffer buffer =
        ByteBuffer.allocateDirect(8).order(ByteOrder.nativeOrder()).asFloatBuffer();
    NdArray pair = NdArray.wrap(device, MemorySegment.ofBuffer(buffer), DType.F32, Shape.of(2));
    buffer.put(1, 3);
    assertEquals(3, pair.get(1));
  }

  @Test
  void memoryThatDoesNotFitIsRefused() {
    MemorySegment memory = Arena.ofAuto().allocate(24, 8);
    assertThrows(ShapeException.class, () -> NdArray.wrap(device, memory, DType.F32, Shape.of(7)));
    for (MemorySegment wrong :
        List.of(MemorySegment.ofArray(new float[6]), memory.asReadOnly(), memory.asSlice(1, 12))) {
      assertThrows(
          IllegalArgumentException.class,
          () -> NdArray.wrap(device, wrong, DType.F32, Shape.of(3)));
    }
    try (Arena confined = Arena.ofConfined()) {
      MemorySegment own = confined.allocate(8, 4);
      assertThrows(
          IllegalArgumentException.class, () -> NdArray.wrap(device, own, DType.F32, Shape.of(2)));
    }
  }

  @Test
  void arraysOverClosedMemoryAreDead() {
    NdArray dead;
    try (Arena arena = Arena.ofShared()) {
      dead = NdArray.wrap(device, arena.allocate(8, 4), DType.F32, Shape.of(2));
      assertTrue(dead.storage().isAlive());
    }
    assertFalse(dead.storage().isAlive());
    String text = assertThrows(IllegalStateException.class, () -> dead.get(0)).getMessage();
    assertTrue(text.contains("arena"), text);
  }

  @Test
  void textShowsElements() {
    assertEquals("NdArray([1. 2.], f32 [2])", NdArray.of(device, new float[] {1, 2}).toString());
    String matrix = NdArray.of(device, new int[] {1, 2, 3, 4}, 2, 2).toString();
    assertEquals("NdArray([[1 2]\n         [3 4]], i32 [2, 2])", matrix);
    NdArray dead;
    try (Scope _ = Scope.open()) {
      dead = NdArray.of(device, new int[2]);
    }
    assertEquals("NdArray(freed, i32 [2])", dead.toString());
  }

  private static String message(Executable call) {
    return assertThrows(ShapeException.class, call).getMessage();
  }
}
