package dev.lanewise.bindings.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ForeignMemoryTest {

  @Test
  @Timeout(value = 30, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void memoryOfADeviceHasAddressAndSizeAndRefusesEveryAccess() {
    MemorySegment block = ForeignMemory.onDevice(1L << 52, 64);
    assertEquals(1L << 52, block.address());
    assertEquals(16, block.asSlice(32, 16).byteSize());
    assertEquals((1L << 52) + 32, block.asSlice(32, 16).address());
    assertThrows(WrongThreadException.class, () -> block.get(ValueLayout.JAVA_INT, 0));
    assertThrows(WrongThreadException.class, () -> block.fill((byte) 0));
    assertThrows(
        WrongThreadException.class, () -> block.asSlice(8, 8).toArray(ValueLayout.JAVA_BYTE));
    assertThrows(IndexOutOfBoundsException.class, () -> block.asSlice(60, 8));
  }

  @Test
  void mainMemoryOfALibraryIsReadAndWritten() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment own = arena.allocate(8, 8);
      ForeignMemory.onHost(own.address(), 8).set(ValueLayout.JAVA_LONG, 0, 7);
      assertEquals(7, own.get(ValueLayout.JAVA_LONG, 0));
    }
  }
}
