package dev.lanewise.nn.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.io.FileFormatException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.reflect.Array;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the reader gives back, for every element type, plain and compressed, and its accessors. */
class IdxFileTest {

  @Property(tries = 300)
  void givesBackWhatWasWritten(
      @ForAll IdxFile.Type type,
      @ForAll @Size(min = 1, max = 4) int[] seeds,
      @ForAll boolean gzip,
      @ForAll long seed)
      throws IOException {
    int[] dims = Arrays.stream(seeds).map(s -> Math.floorMod(s, 6)).toArray();
    int size = Arrays.stream(dims).reduce(1, (a, b) -> a * b);
    Object elements = randomElements(type, size, new Random(seed));
    byte[] plain = IdxBytes.of(type.code(), dims, elements);
    // The name says the opposite of the content: only the bytes count.
    Path file = Files.createTempFile("array", gzip ? "-idx" : "-idx.gz");
    try {
      Files.write(file, gzip ? IdxBytes.gzip(plain) : plain);
      IdxFile idx = IdxFile.read(file);

      assertEquals(type, idx.type());
      assertArrayEquals(dims, idx.dims());
      assertEquals(size, idx.size());
      assertSameElements(elements, idx);
      for (int i = 0; i < size; i++) {
        assertEquals(plain.length - (long) (size - i) * type.bytes(), idx.offset(i));
      }
    } finally {
      Files.delete(file);
    }
  }

  /** Elements enough that the array of a stream of unknown length grows several times. */
  @Property(tries = 20)
  void readsLongStreams(@ForAll @IntRange(min = 60_000, max = 400_000) int size, @ForAll long seed)
      throws IOException {
    byte[] elements = new byte[size];
    new Random(seed).nextBytes(elements);
    byte[] plain = IdxBytes.of(0x08, new int[] {size}, elements);

    assertArrayEquals(elements, read(plain).bytes());
    assertArrayEquals(elements, read(IdxBytes.gzip(plain)).bytes());
  }

  @Test
  void readsTheExampleOfTheFormat() throws IOException {
    byte[] file = {0, 0, 0x0B, 2, 0, 0, 0, 1, 0, 0, 0, 2, 0x12, 0x34, (byte) 0xff, (byte) 0xfe};

    IdxFile idx = read(file);

    assertArrayEquals(new short[] {0x1234, -2}, idx.shorts());
    assertEquals("some.idx: SHORT [1, 2]", idx.toString());
  }

  @Test
  void unsignedBytesBecomeFloatsFrom0To255() throws IOException {
    byte[] extremes = {0, 1, 127, (byte) 128, (byte) 255};

    assertArrayEquals(
        new float[] {0, 1, 127, 128, 255},
        read(IdxBytes.of(0x08, new int[] {5}, extremes)).toFloats());
    assertArrayEquals(
        new float[] {0, 1, 127, -128, -1},
        read(IdxBytes.of(0x09, new int[] {5}, extremes)).toFloats());
  }

  @Test
  void toFloatsIsACopy() throws IOException {
    IdxFile idx = read(IdxBytes.of(0x0D, new int[] {1}, new float[] {3}));

    idx.toFloats()[0] = 4;

    assertArrayEquals(new float[] {3}, idx.floats());
  }

  @Test
  void aWrongAccessorNamesTheRightOne() throws IOException {
    for (IdxFile.Type type : IdxFile.Type.values()) {
      IdxFile idx = read(IdxBytes.header(type.code(), 0));
      String right =
          switch (type) {
            case UBYTE, BYTE -> "bytes";
            case SHORT -> "shorts";
            case INT -> "ints";
            case FLOAT -> "floats";
            case DOUBLE -> "doubles";
          };
      var error =
          assertThrows(
              IllegalStateException.class, right.equals("floats") ? idx::doubles : idx::floats);
      assertEquals(
          (right.equals("floats") ? "doubles" : "floats")
              + ": some.idx holds elements of type "
              + type
              + "; use "
              + right
              + "() or toFloats()",
          error.getMessage());
    }
  }

  @Test
  void aMissingFileIsNamed(@TempDir Path dir) {
    Path file = dir.resolve("absent-idx");

    var error = assertThrows(NoSuchFileException.class, () -> IdxFile.read(file));

    assertEquals(
        file + ": no such IDX file; check the spelling, or add or drop the ending .gz",
        error.getMessage());
  }

  @Test
  void aFolderIsNoFile(@TempDir Path dir) {
    var error = assertThrows(FileFormatException.class, () -> IdxFile.read(dir));

    assertEquals(dir + ": at byte 0: expected an IDX file, found a folder", error.getMessage());
  }

  @Test
  void theStreamIsClosed() throws IOException {
    for (byte[] file :
        new byte[][] {IdxBytes.header(0x08, 0), IdxBytes.gzip(IdxBytes.header(0x08, 0)), {}}) {
      boolean[] closed = {false};
      var stream =
          new ByteArrayInputStream(file) {
            @Override
            public void close() {
              closed[0] = true;
            }
          };
      try {
        IdxFile.read(stream, "some.idx");
      } catch (FileFormatException _) {
        assertEquals(0, file.length);
      }
      assertTrue(closed[0]);
    }
  }

  private static IdxFile read(byte[] file) throws IOException {
    return IdxFile.read(new ByteArrayInputStream(file), "some.idx");
  }

  private static Object randomElements(IdxFile.Type type, int size, Random random) {
    Object elements =
        switch (type) {
          case UBYTE, BYTE -> new byte[size];
          case SHORT -> new short[size];
          case INT -> new int[size];
          case FLOAT -> new float[size];
          case DOUBLE -> new double[size];
        };
    for (int i = 0; i < size; i++) {
      switch (elements) {
        case byte[] values -> values[i] = (byte) random.nextInt();
        case short[] values -> values[i] = (short) random.nextInt();
        case int[] values -> values[i] = random.nextInt();
        // Any bits: NaN, infinities and subnormals come too.
        case float[] values -> values[i] = Float.intBitsToFloat(random.nextInt());
        case double[] values -> values[i] = Double.longBitsToDouble(random.nextLong());
        default -> throw new AssertionError(type);
      }
    }
    return elements;
  }

  private static void assertSameElements(Object elements, IdxFile idx) {
    float[] floats = new float[idx.size()];
    for (int i = 0; i < floats.length; i++) {
      double value = ((Number) Array.get(elements, i)).doubleValue();
      floats[i] = (float) (idx.type() == IdxFile.Type.UBYTE && value < 0 ? value + 256 : value);
    }
    assertArrayEquals(floats, idx.toFloats());
    switch (idx.type()) {
      case UBYTE, BYTE -> assertArrayEquals((byte[]) elements, idx.bytes());
      case SHORT -> assertArrayEquals((short[]) elements, idx.shorts());
      case INT -> assertArrayEquals((int[]) elements, idx.ints());
      case FLOAT -> assertArrayEquals((float[]) elements, idx.floats());
      case DOUBLE -> assertArrayEquals((double[]) elements, idx.doubles());
    }
  }
}
