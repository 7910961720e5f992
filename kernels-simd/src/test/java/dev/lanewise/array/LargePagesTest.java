package dev.lanewise.array;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class LargePagesTest {
  private static final Path ENABLED = Path.of("/sys/kernel/mm/transparent_hugepage/enabled");
  private static final boolean ARE_THERE = LargePages.BYTES != Long.MAX_VALUE;

  @Test
  void theyAreUsedWhereTheSystemHasThem() throws IOException {
    boolean expected = Files.exists(ENABLED) && !Files.readString(ENABLED).contains("[never]");
    assertEquals(expected, ARE_THERE);
  }

  @Test
  void aLargeBlockBeginsWithAPageAndHoldsZeros() {
    long bytes = 5L << 20;
    MemorySegment block = HostMemory.INSTANCE.map(bytes);
    assertEquals(bytes, block.byteSize());
    assertEquals(0, block.address() % (ARE_THERE ? LargePages.BYTES : 64));
    for (long i = 0; i < bytes; i += 4093) {
      assertEquals(0, block.get(JAVA_BYTE, i));
    }
    block.fill((byte) 1);
    HostMemory.INSTANCE.unmap(block);
    assertFalse(block.scope().isAlive());
  }

  @Test
  void memoryIsGivenBack() {
    // More address space than a process has, if blocks stayed mapped.
    for (int i = 0; ARE_THERE && i < 1 << 15; i++) {
      try (Arena arena = Arena.ofShared()) {
        assertNotNull(LargePages.map(1L << 32, arena), "block " + i);
      }
    }
  }
}
