package dev.lanewise.array;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Memory in pages of 2 MB instead of 4 KB, where Linux gives them on request. A processor finds a
 * page in its tables while it reads another, but in a virtual machine the tables of two systems
 * must be walked: there a sum over 64 MB reads 30 % more in a second from large pages, and a first
 * touch takes 512 times as much memory at once.
 */
final class LargePages {
  private static final Path SETTINGS = Path.of("/sys/kernel/mm/transparent_hugepage");

  /** Systems with larger ones would waste too much of them. */
  private static final long MOST_BYTES = 32L << 20;

  // Of Linux, the same for x86-64 and AArch64.
  private static final int PROT_READ_WRITE = 1 | 2;
  private static final int MAP_PRIVATE_ANONYMOUS = 2 | 0x20;
  private static final long MAP_FAILED = -1;
  private static final int MADV_HUGEPAGE = 14;

  /** The size of a large page; {@link Long#MAX_VALUE} if there are none. */
  static final long BYTES = size();

  private LargePages() {}

  private static long size() {
    if (!LargePages.class.getModule().isNativeAccessEnabled()) {
      return Long.MAX_VALUE;
    }
    try {
      String enabled = Files.readString(SETTINGS.resolve("enabled"));
      long bytes = Long.parseLong(Files.readString(SETTINGS.resolve("hpage_pmd_size")).strip());
      boolean usable = !enabled.contains("[never]") && bytes > 0 && bytes <= MOST_BYTES;
      return usable ? bytes : Long.MAX_VALUE;
    } catch (IOException | NumberFormatException _) {
      return Long.MAX_VALUE; // another system, or one that does not say
    }
  }

  /** The system's functions, looked up when the first large block is wanted. */
  private static final class Functions {
    private static final MethodHandle MMAP =
        find(
            "mmap",
            FunctionDescriptor.of(
                JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
    private static final MethodHandle MADVISE =
        find("madvise", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));
    private static final MethodHandle MUNMAP =
        find("munmap", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));

    private Functions() {}

    @SuppressWarnings("restricted") // functions of the C library, with arguments of our own making
    private static MethodHandle find(String name, FunctionDescriptor type) {
      Linker linker = Linker.nativeLinker();
      return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type);
    }
  }

  /**
   * {@return zeroed memory that begins with a large page, or null if the system has none of it}
   *
   * @param bytes at least {@link #BYTES}
   * @param arena gives it back when it is closed
   */
  static MemorySegment map(long bytes, Arena arena) {
    // So much more that the block can begin at a multiple of the page's size.
    long mapped = bytes + BYTES;
    long base = mmap(mapped);
    if (base == MAP_FAILED) {
      return null;
    }
    long address = (base + BYTES - 1) / BYTES * BYTES;
    advise(address, bytes);
    return segment(address, bytes, arena, base, mapped);
  }

  @SuppressWarnings("restricted") // the bytes were mapped, and stay so until the arena is closed
  private static MemorySegment segment(
      long address, long bytes, Arena arena, long base, long mapped) {
    return MemorySegment.ofAddress(address).reinterpret(bytes, arena, _ -> unmap(base, mapped));
  }

  private static long mmap(long bytes) {
    try {
      return (long)
          Functions.MMAP.invokeExact(0L, bytes, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS, -1, 0L);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  /** Asks for large pages; where the system has none at hand it gives small ones. */
  private static void advise(long address, long bytes) {
    try {
      int _ = (int) Functions.MADVISE.invokeExact(address, bytes, MADV_HUGEPAGE);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  private static void unmap(long address, long bytes) {
    try {
      int _ = (int) Functions.MUNMAP.invokeExact(address, bytes);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  /** A handle of a native function is declared to throw anything, but throws nothing. */
  private static AssertionError impossible(Throwable e) {
    return new AssertionError("a call of the C library failed", e);
  }
}
