package dev.lanewise.array;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PoolTest {
  private static final int MEGABYTE = 1 << 20;

  @Test
  void blocksComeInFourSizesToEachPowerOfTwo() {
    assertEquals(64, Pool.blockSize(0));
    assertEquals(64, Pool.blockSize(64));
    assertEquals(128, Pool.blockSize(65));
    assertEquals(1024, Pool.blockSize(1000));
    assertEquals(1280, Pool.blockSize(1025));
    for (long bytes = 256; bytes < 1L << 40; bytes = bytes * 9 / 8 + 1) {
      long block = Pool.blockSize(bytes);
      assertTrue(block >= bytes && block % 64 == 0, bytes + " in " + block);
      assertTrue(block - bytes <= block / 4, bytes + " in " + block);
      assertEquals(block, Pool.blockSize(block));
    }
    assertThrows(ArithmeticException.class, () -> Pool.blockSize(Long.MAX_VALUE - 5));
  }

  @Test
  void aFreedBlockServesTheNextRequestOfItsSize() {
    TestDevice own = TestDevice.withMemory(10L * MEGABYTE);
    Pool pool = own.pool();
    Pool.Block block = pool.take(1000);
    assertEquals(1024, pool.mappedBytes());
    assertEquals(0, pool.cachedBytes());
    pool.give(block);
    assertEquals(1024, pool.cachedBytes());
    assertEquals(block, pool.take(1010));
    assertEquals(1024, pool.mappedBytes());
    assertEquals(0, pool.cachedBytes());
    pool.give(block);
    assertEquals(0, block.segment.address() % 64);
  }

  @Test
  void trimGivesWaitingBytesBack() {
    TestDevice own = TestDevice.withMemory(10L * MEGABYTE);
    Pool pool = own.pool();
    Pool.Block used = pool.take(MEGABYTE);
    pool.give(pool.take(2 * MEGABYTE));
    pool.give(pool.take(100));
    pool.trim();
    assertEquals(0, pool.cachedBytes());
    assertEquals(MEGABYTE, pool.mappedBytes());
    pool.give(used);
    pool.trim();
    assertEquals(0, pool.mappedBytes());
  }

  @Test
  void droppedArraysComeBack() {
    TestDevice own = TestDevice.withMemory(1L << 40);
    long most = 0;
    for (int i = 0; i < 6000; i++) {
      NdArray.uninitialized(own, DType.F32, Shape.of(MEGABYTE / 4)).set(i, 0);
      most = Math.max(most, own.pool().mappedBytes());
    }
    assertTrue(most < 2L << 30, "6000 arrays of a megabyte, none kept, mapped " + most + " bytes");
  }

  @Test
  void memoryThatIsUsedUpIsLookedForAmongTheDropped() {
    TestDevice own = TestDevice.withMemory(20L * MEGABYTE);
    for (int i = 0; i < 200; i++) {
      // All but a few are unreachable: the pool must find them before it gives up.
      NdArray.uninitialized(own, DType.F32, Shape.of(MEGABYTE / 4 + i));
    }
    assertTrue(own.pool().mappedBytes() <= 20L * MEGABYTE);
  }

  @Test
  void fullMemoryIsAnErrorThatCountsAndThePoolGoesOn() {
    TestDevice own = TestDevice.withMemory(3L * MEGABYTE);
    List<NdArray> kept = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      kept.add(NdArray.uninitialized(own, DType.F32, Shape.of(MEGABYTE / 4)));
    }
    OutOfMemoryError e =
        assertThrows(
            OutOfMemoryError.class,
            () -> NdArray.uninitialized(own, DType.F32, Shape.of(MEGABYTE / 4)));
    assertEquals(
        "array memory: 1048576 bytes were asked for while 3145728 are in use, and the system has no"
            + " more",
        e.getMessage());
    assertEquals(3L * MEGABYTE, own.pool().mappedBytes());
    for (NdArray x : kept) {
      x.set(1, 0);
    }
  }
}
