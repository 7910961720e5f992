package dev.lanewise.nn.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.lanewise.io.FileFormatException;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.ThrowingSupplier;

/** Damaged and malicious files: one kind of error, which names the place, and no wasted memory. */
class IdxDamageTest {
  private static final String NAME = "some.idx";

  @Test
  void everyPrefixIsTruncated() throws IOException {
    for (IdxFile.Type type : IdxFile.Type.values()) {
      byte[] file = valid(type);
      for (int length = 0; length < file.length; length++) {
        byte[] prefix = Arrays.copyOf(file, length);
        FileFormatException error = assertThrows(FileFormatException.class, () -> read(prefix));
        assertNamesThePlace(error);
        assertEquals(length, error.offset(), error.getMessage());
      }
    }
  }

  @Test
  void everyCompressedPrefixIsTruncated() throws IOException {
    for (IdxFile.Type type : IdxFile.Type.values()) {
      byte[] plain = valid(type);
      byte[] file = IdxBytes.gzip(plain);
      for (int length = 0; length < file.length; length++) {
        byte[] prefix = Arrays.copyOf(file, length);
        FileFormatException error = assertThrows(FileFormatException.class, () -> read(prefix));
        assertNamesThePlace(error);
        assertTrue(error.offset() <= plain.length, error.getMessage());
      }
    }
  }

  @Property(tries = 2000)
  void aChangedHeaderByteIsAnErrorOrAnotherArray(
      @ForAll IdxFile.Type type, @ForAll @IntRange(max = 11) int index, @ForAll byte value)
      throws IOException {
    byte[] file = valid(type);
    file[index] = value;

    long allocated = allocatedBytes(() -> assertArrayOrDataFormatException(file, file.length));

    assertTrue(allocated < 1 << 20, allocated + " bytes allocated");
  }

  @Property(tries = 2000)
  void aChangedByteInACompressedFileIsAnErrorOrHarmless(
      @ForAll IdxFile.Type type, @ForAll @IntRange(max = 1000) int index, @ForAll byte value)
      throws IOException {
    byte[] plain = valid(type);
    byte[] file = IdxBytes.gzip(plain);
    file[index % file.length] = value;

    assertArrayOrDataFormatException(file, plain.length);
  }

  @Property(tries = 1000)
  void anyBytesAtAllAreAnErrorOrAnArray(@ForAll byte[] file) throws IOException {
    assertArrayOrDataFormatException(file, file.length);
    assertArrayOrDataFormatException(IdxBytes.concat(new byte[] {0x1f, (byte) 0x8b}, file), -1);
  }

  @Test
  void aPromiseCostsNoMemory() throws IOException {
    byte[] promise = IdxBytes.concat(IdxBytes.header(0x08, 1_000_000, 1_000), new byte[8]);
    for (byte[] file : new byte[][] {promise, IdxBytes.gzip(promise)}) {
      long allocated =
          allocatedBytes(
              () -> {
                var error = assertThrows(FileFormatException.class, () -> read(file));
                assertEquals(
                    "some.idx: at byte 20: expected UBYTE elements of [1000000, 1000], 1000000000"
                        + " bytes from byte 12, found the end of the data after 8 of them",
                    error.getMessage());
                return null;
              });
      assertTrue(allocated < 1 << 20, allocated + " bytes allocated");
    }
  }

  @Test
  void moreThanAnArrayHoldsIsRefused() throws IOException {
    int[] most = new int[255];
    Arrays.fill(most, Integer.MAX_VALUE);
    int[][] tooLarge = {{Integer.MAX_VALUE}, {1 << 16, 1 << 15}, {1 << 16, 1 << 16}, most};
    for (int[] dims : tooLarge) {
      for (IdxFile.Type type : IdxFile.Type.values()) {
        byte[] file = IdxBytes.header(type.code(), dims);
        assertError(
            file,
            file.length,
            "at most 2147483639 bytes of elements",
            "a header that promises more: " + type + " " + Arrays.toString(dims));
      }
    }
  }

  @Test
  void aDimensionOfZeroIsAnEmptyArrayWhateverTheOthers() throws IOException {
    int[] dims = {Integer.MAX_VALUE, Integer.MAX_VALUE, 0};

    IdxFile idx = read(IdxBytes.header(0x0E, dims));

    assertArrayEquals(dims, idx.dims());
    assertEquals(0, idx.size());
  }

  @Test
  void theHeaderIsChecked() throws IOException {
    assertError(
        "PK\3\4 a zip file".getBytes("US-ASCII"),
        0,
        "an IDX file, which starts with two zero bytes",
        "0x50 0x4b");
    assertError(
        IdxBytes.header(0x0A, 1),
        2,
        "an element type (0x08, 0x09, 0x0b, 0x0c, 0x0d or 0x0e)",
        "0x0a");
    assertError(IdxBytes.header(0x08), 3, "1 to 255 dimensions", "0");
    assertError(IdxBytes.header(0x08, 1, -1), 8, "a dimension from 0 to 2147483647", "4294967295");
  }

  @Test
  void trailingBytesAreRefused() throws IOException {
    for (IdxFile.Type type : IdxFile.Type.values()) {
      byte[] file = valid(type);
      byte[] longer = Arrays.copyOf(file, file.length + 1);
      assertError(longer, file.length, "the end of the data", "more bytes");
      assertError(IdxBytes.gzip(longer), file.length, "the end of the data", "more bytes");
    }
  }

  @Test
  void aCompressedFileIsInflatedNoFurtherThanPromised() throws IOException {
    byte[] bomb = new byte[4 << 20];
    new Random(1).nextBytes(bomb);
    byte[] file = IdxBytes.gzip(IdxBytes.concat(IdxBytes.header(0x08, 10), bomb));
    long[] consumed = {0};
    InputStream counting =
        new FilterInputStream(new ByteArrayInputStream(file)) {
          @Override
          public int read(byte[] bytes, int from, int length) throws IOException {
            int n = super.read(bytes, from, length);
            consumed[0] += n;
            return n;
          }
        };

    assertThrows(FileFormatException.class, () -> IdxFile.read(counting, NAME));

    assertTrue(consumed[0] < 1 << 18, consumed[0] + " bytes of " + file.length + " were read");
  }

  @Test
  void aDamagedCompressedFileSaysWhatIsWrong() throws IOException {
    byte[] file = IdxBytes.gzip(valid(IdxFile.Type.FLOAT));
    file[file.length - 8] ^= 1; // the first byte of the check sum

    var error = assertThrows(FileFormatException.class, () -> read(file));

    assertTrue(error.getMessage().contains("a damaged gzip file ("), error.getMessage());
    assertEquals(NAME, error.file());
  }

  private static byte[] valid(IdxFile.Type type) throws IOException {
    byte[] raw = new byte[6 * type.bytes()];
    new Random(7).nextBytes(raw);
    return IdxBytes.concat(IdxBytes.header(type.code(), 2, 3), raw);
  }

  private static IdxFile read(byte[] file) throws IOException {
    return IdxFile.read(new ByteArrayInputStream(file), NAME);
  }

  private static void assertError(byte[] file, long offset, String expected, String found) {
    var error = assertThrows(FileFormatException.class, () -> read(file));
    assertEquals(
        NAME + ": at byte " + offset + ": expected " + expected + ", found " + found,
        error.getMessage());
    assertEquals(offset, error.offset());
  }

  /** Any other exception fails; {@code length} is that of the plain file, -1 if unknown. */
  private static Void assertArrayOrDataFormatException(byte[] file, int length) throws IOException {
    try {
      IdxFile idx = read(file);
      if (length >= 0) {
        assertEquals(length, idx.offset(idx.size()));
      }
    } catch (FileFormatException e) {
      assertNamesThePlace(e);
    }
    return null;
  }

  private static void assertNamesThePlace(FileFormatException error) {
    assertEquals(NAME, error.file());
    assertTrue(
        error.getMessage().startsWith(NAME + ": at byte " + error.offset() + ": expected "),
        error.getMessage());
    assertTrue(error.getMessage().contains(", found "), error.getMessage());
  }

  private static long allocatedBytes(ThrowingSupplier<?> action) throws IOException {
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    try {
      action.get();
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
    return threads.getCurrentThreadAllocatedBytes() - before;
  }
}
