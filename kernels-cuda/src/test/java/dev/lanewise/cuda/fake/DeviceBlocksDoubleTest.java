package dev.lanewise.cuda.fake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

final class DeviceBlocksDoubleTest {

  private final DeviceBlocks blocks = new DeviceBlocks(10_000);

  private String fault(long address, long bytes) {
    return assertThrows(DeviceFault.class, () -> blocks.at(address, bytes)).getMessage();
  }

  private static void assertContains(String text, String part) {
    assertTrue(text.contains(part), text);
  }

  @Test
  void aBlockIsAlignedApartFromOthersAndFullOfNoise() {
    long first = blocks.allocate(100);
    long second = blocks.allocate(256);
    long third = blocks.allocate(1);
    assertEquals(0, first % 256);
    assertEquals(0, second % 256);
    assertTrue(first >= 1L << 52);
    assertTrue(second - (first + 100) >= 256);
    assertTrue(third - (second + 256) >= 256);
    assertEquals((byte) 0xA5, blocks.at(second + 255, 1).get(ValueLayout.JAVA_BYTE, 0));
    assertEquals(357, blocks.used());
    assertEquals(3, blocks.count());
  }

  @Test
  void theBytesBehindAnAddressAreTheBlocksOwn() {
    long block = blocks.allocate(16);
    blocks.at(block, 16).set(ValueLayout.JAVA_INT, 8, 42);
    assertEquals(42, blocks.at(block + 8, 4).get(ValueLayout.JAVA_INT, 0));
    assertEquals(8, blocks.at(block + 8, 8).byteSize());
    assertEquals(0, blocks.at(block + 16, 0).byteSize());
  }

  @Test
  void whatMissesItsBlockIsToldExactly() {
    long block = blocks.allocate(16);
    assertContains(fault(block + 8, 12), "12 bytes at 0x" + Long.toHexString(block + 8));
    assertContains(fault(block + 8, 12), "offset 8, reach 4 bytes past the end of the block of 16");
    assertContains(fault(block + 20, 4), "outside of any block, 4 bytes past the end of the block");
    assertContains(fault(block - 4, 4), "looks like a host pointer");
    assertContains(fault(0, 4), "null pointer");
    assertContains(fault(block, -1), "negative");
    assertContains(fault(block, Long.MAX_VALUE), "past the end");
    MemorySegment handle = new Handles().add("thing");
    assertContains(fault(handle.address(), 4), "looks like a handle");
  }

  @Test
  void aFreedAddressIsKnownAndNeverUsedAgain() {
    long block = blocks.allocate(16);
    blocks.free(block);
    assertEquals(0, blocks.used());
    assertContains(fault(block + 4, 4), "offset 4 of a freed block of 16 bytes");
    assertTrue(blocks.allocate(16) > block);
    assertContains(
        assertThrows(DeviceFault.class, () -> blocks.free(block)).getMessage(), "freed block");
  }

  @Test
  void onlyTheBeginningOfABlockIsFreed() {
    long block = blocks.allocate(16);
    assertContains(
        assertThrows(DeviceFault.class, () -> blocks.free(block + 8)).getMessage(),
        "only its beginning");
    blocks.beginFree(block);
    assertContains(
        assertThrows(DeviceFault.class, () -> blocks.beginFree(block)).getMessage(), "already");
  }

  @Test
  void memoryEnds() {
    long block = blocks.allocate(9_000);
    assertEquals(0, blocks.allocate(1_001));
    blocks.free(block);
    assertTrue(blocks.allocate(10_000) > 0);
  }
}
