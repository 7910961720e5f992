package dev.lanewise.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.DType;
import dev.lanewise.array.DTypeException;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.Backends;
import dev.lanewise.kernel.Expr;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class NpyTest {
  private static final Backend BACKEND = Backends.best();

  @TempDir private Path folder;

  /** {@return the bytes of a file as NumPy's documentation describes it} */
  private static byte[] file(int version, String dictionary, ByteBuffer elements) {
    byte[] header = dictionary.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.allocate(12 + header.length + elements.capacity());
    bytes.order(ByteOrder.LITTLE_ENDIAN).put((byte) 0x93);
    bytes.put("NUMPY".getBytes(StandardCharsets.US_ASCII)).put((byte) version).put((byte) 0);
    if (version == 1) {
      bytes.putShort((short) header.length);
    } else {
      bytes.putInt(header.length);
    }
    bytes.put(header).put(elements.array());
    byte[] all = new byte[bytes.position()];
    bytes.flip().get(all);
    return all;
  }

  private static String dictionary(String descr, boolean columnMajor, String shape) {
    return "{'descr': '%s', 'fortran_order': %s, 'shape': %s, }     \n"
        .formatted(descr, columnMajor ? "True" : "False", shape);
  }

  private Path write(byte[] bytes) throws IOException {
    return Files.write(folder.resolve("x.npy"), bytes);
  }

  private NdArray read(int version, String descr, boolean columnMajor, String shape, ByteBuffer b)
      throws IOException {
    return Npy.read(write(file(version, dictionary(descr, columnMajor, shape), b)));
  }

  private static ByteBuffer little(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void everyVersionIsRead(int version) throws IOException {
    ByteBuffer elements = little(24);
    for (int i = 0; i < 6; i++) {
      elements.putFloat(i + 0.5f);
    }
    NdArray x = read(version, "<f4", false, "(2, 3)", elements);
    assertEquals(DType.F32, x.dtype());
    assertEquals(Shape.of(2, 3), x.shape());
    assertArrayEquals(new float[] {0.5f, 1.5f, 2.5f, 3.5f, 4.5f, 5.5f}, x.toFloatArray());
  }

  @Test
  void columnMajorArraysKeepTheirAxes() throws IOException {
    ByteBuffer elements = little(6 * 8);
    for (double value : new double[] {1, 4, 2, 5, 3, 6}) {
      elements.putDouble(value);
    }
    NdArray x = read(1, "<f8", true, "(2, 3)", elements);
    assertEquals(Shape.of(2, 3), x.shape());
    assertArrayEquals(new double[] {1, 2, 3, 4, 5, 6}, x.toDoubleArray());
  }

  @Test
  void theOtherByteOrderIsTurned() throws IOException {
    ByteBuffer elements = ByteBuffer.allocate(16).putLong(-3).putLong(1L << 40);
    assertArrayEquals(
        new long[] {-3, 1L << 40}, read(1, ">i8", false, "(2,)", elements).toLongArray());
    ByteBuffer floats = ByteBuffer.allocate(8).putFloat(-0.1f).putFloat(Float.MIN_VALUE);
    assertArrayEquals(
        new float[] {-0.1f, Float.MIN_VALUE}, read(1, ">f4", false, "(2,)", floats).toFloatArray());
  }

  @Test
  void shortIntegersBecomeWider() throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(new byte[] {-1, 2});
    assertArrayEquals(new long[] {255, 2}, read(1, "|u1", false, "(2,)", bytes).toLongArray());
    assertArrayEquals(new long[] {-1, 2}, read(1, "|i1", false, "(2,)", bytes).toLongArray());
    ByteBuffer shorts = little(4).putShort((short) -2).putShort((short) 3);
    assertArrayEquals(new long[] {65534, 3}, read(1, "<u2", false, "(2,)", shorts).toLongArray());
    ByteBuffer ints = little(4).putInt(-2);
    NdArray wide = read(1, "<u4", false, "(1,)", ints);
    assertEquals(DType.I64, wide.dtype());
    assertArrayEquals(new long[] {(1L << 32) - 2}, wide.toLongArray());
  }

  @Test
  void masksAreZeroOrOne() throws IOException {
    NdArray mask = read(1, "|b1", false, "(3,)", ByteBuffer.wrap(new byte[] {0, 1, 7}));
    assertEquals(DType.BOOL, mask.dtype());
    assertArrayEquals(new long[] {0, 1, 1}, mask.toLongArray());
  }

  @Test
  void scalarsAndEmptyArrays() throws IOException {
    assertArrayEquals(
        new double[] {2.5}, read(1, "<f8", false, "()", little(8).putDouble(2.5)).toDoubleArray());
    assertEquals(Shape.of(0, 3), read(1, "<f4", false, "(0, 3)", little(0)).shape());
    assertEquals(Shape.of(2), read(1, "<f4", false, "(2L,)", little(8)).shape());
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"BF16"},
      mode = EnumSource.Mode.EXCLUDE)
  void whatIsWrittenIsRead(DType dtype) throws IOException {
    NdArray values = NdArray.of(BACKEND, new double[] {0, 1, -2, 3, 4.5, 6e4}, 3, 2);
    NdArray typed = NdArray.uninitialized(BACKEND, dtype, values.shape());
    BACKEND.copy(values, typed);
    NdArray turned = typed.permute(1, 0);
    Path file = folder.resolve("turned.npy");
    Npy.write(file, turned);
    NdArray back = Npy.read(file);
    assertEquals(dtype, back.dtype());
    assertEquals(Shape.of(2, 3), back.shape());
    assertArrayEquals(turned.toDoubleArray(), back.toDoubleArray());
    assertEquals(0, (Files.size(file) - 6L * dtype.byteSize()) % 64);
  }

  @Test
  void bfloatsAreRefusedAndTheOldFileStays() throws IOException {
    Path file = write(new byte[] {1, 2, 3});
    NdArray x = NdArray.zeros(BACKEND, DType.BF16, Shape.of(2));
    assertThrows(DTypeException.class, () -> Npy.write(file, x));
    assertArrayEquals(new byte[] {1, 2, 3}, Files.readAllBytes(file));
  }

  @Test
  void mappedArraysAreThoseOfTheFileAndDoNotChangeIt() throws IOException {
    Path file = folder.resolve("x.npy");
    Npy.write(file, NdArray.of(BACKEND, new float[] {1, 2, 3, 4, 5, 6}, 2, 3));
    byte[] before = Files.readAllBytes(file);
    NdArray x = Npy.map(BACKEND, file);
    NdArray doubled = NdArray.uninitialized(BACKEND, DType.F32, x.shape());
    BACKEND.elementwise(Expr.arg(0).add(Expr.arg(0)), doubled, new double[0], x);
    assertArrayEquals(new float[] {2, 4, 6, 8, 10, 12}, doubled.toFloatArray());
    x.set(100, 0, 0);
    assertEquals(100, x.get(0, 0));
    assertArrayEquals(before, Files.readAllBytes(file));
  }

  @Test
  void whatIsNotInMemoryAsInTheFileIsNotMapped() throws IOException {
    Path file = write(file(1, dictionary("|u1", false, "(2,)"), ByteBuffer.allocate(2)));
    assertThrows(FileFormatException.class, () -> Npy.map(BACKEND, file));
  }

  private void assertRefused(String part, byte[] bytes) throws IOException {
    Path file = write(bytes);
    FileFormatException e = assertThrows(FileFormatException.class, () -> Npy.read(file));
    assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
    assertTrue(e.getMessage().contains(part), e.getMessage());
  }

  @Test
  void damagedFilesAreRefused() throws IOException {
    assertRefused("an .npy file", new byte[0]);
    assertRefused("PK", "PK\3\4 no array".getBytes(StandardCharsets.US_ASCII));
    byte[] good = file(1, dictionary("<f4", false, "(2,)"), little(8));
    byte[] future = good.clone();
    future[6] = 9;
    assertRefused("version 9", future);
    for (int length = 0; length < good.length; length++) {
      byte[] cut = Arrays.copyOf(good, length);
      Path file = write(cut);
      assertThrows(FileFormatException.class, () -> Npy.read(file));
    }
    assertRefused("12 bytes", file(1, dictionary("<f4", false, "(2,)"), little(12)));
    assertRefused("'<c8'", file(1, dictionary("<c8", false, "(2,)"), little(16)));
    assertRefused("'<u8'", file(1, dictionary("<u8", false, "(2,)"), little(16)));
    assertRefused("descr", file(1, "{'descr': [('a', '<f4')]}", little(0)));
    assertRefused("shape", file(1, dictionary("<f4", false, "(-2,)"), little(0)));
    assertRefused("99999999999", file(1, dictionary("<f4", false, "(99999999999,)"), little(0)));
    // No memory is taken for what is only promised.
    assertRefused(
        "17179869176 bytes", file(1, dictionary("<f8", false, "(2147483647,)"), little(8)));
  }

  @Test
  void headersOfManyExtentsAreRefused() throws IOException {
    String extents = "1,".repeat(20_000);
    assertRefused("shape", file(1, dictionary("<f4", false, "(" + extents + ")"), little(4)));
    assertRefused("shape", file(1, dictionary("<f4", false, "(3 4)"), little(48)));
  }

  @Test
  void linksAndPermissionsStay() throws IOException {
    NdArray x = NdArray.of(BACKEND, new float[] {1});
    Path target = folder.resolve("target.npy");
    Npy.write(target, x);
    Path link = Files.createSymbolicLink(folder.resolve("link.npy"), target);
    Npy.write(link, NdArray.of(BACKEND, new float[] {2}));
    assertTrue(Files.isSymbolicLink(link));
    assertArrayEquals(new float[] {2}, Npy.read(target).toFloatArray());
    Path plain = Files.createFile(folder.resolve("plain"));
    assertEquals(Files.getPosixFilePermissions(plain), Files.getPosixFilePermissions(target));
    try (var files = Files.list(folder)) {
      assertEquals(3, files.count());
    }
  }

  @Test
  void missingFilesAreNamed() {
    Path file = folder.resolve("missing.npy");
    NoSuchFileException e = assertThrows(NoSuchFileException.class, () -> Npy.read(file));
    assertTrue(e.getMessage().contains("missing.npy"), e.getMessage());
    assertThrows(FileFormatException.class, () -> Npy.read(folder));
    NdArray x = NdArray.zeros(BACKEND, DType.F32, Shape.of(2));
    Path nowhere = folder.resolve("no/where.npy");
    assertThrows(NoSuchFileException.class, () -> Npy.write(nowhere, x));
  }

  @Test
  void archivesKeepNamesAndOrder() throws IOException {
    Map<String, NdArray> arrays = new LinkedHashMap<>();
    arrays.put("weights/b", NdArray.of(BACKEND, new float[] {1, 2}));
    arrays.put("a", NdArray.of(BACKEND, new long[] {7, 8, 9}, 3, 1));
    Path file = folder.resolve("x.npz");
    Npz.write(file, arrays);
    Map<String, NdArray> back = Npz.read(file);
    assertEquals(List.of("weights/b", "a"), List.copyOf(back.keySet()));
    assertArrayEquals(new float[] {1, 2}, back.get("weights/b").toFloatArray());
    assertEquals(Shape.of(3, 1), back.get("a").shape());
    assertArrayEquals(new long[] {7, 8, 9}, back.get("a").toLongArray());
  }

  @Test
  void deflatedArchivesAreRead() throws IOException {
    Path file = folder.resolve("x.npz");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      zip.putNextEntry(new ZipEntry("x.npy"));
      zip.write(file(1, dictionary("<f4", false, "(100,)"), little(400)));
      zip.closeEntry();
    }
    assertEquals(Shape.of(100), Npz.read(file).get("x").shape());
  }

  @Test
  void damagedArchivesAreRefused() throws IOException {
    Path file = Files.write(folder.resolve("x.npz"), new byte[] {1, 2, 3});
    assertThrows(FileFormatException.class, () -> Npz.read(file));
    Npz.write(file, Map.of("x", NdArray.of(BACKEND, new float[] {1, 2, 3, 4})));
    byte[] bytes = Files.readAllBytes(file);
    // An element, which the archive's sum guards.
    bytes[30 + "x.npy".length() + 128 + 3] ^= 1;
    Files.write(file, bytes);
    FileFormatException e = assertThrows(FileFormatException.class, () -> Npz.read(file));
    assertTrue(e.getMessage().contains("x.npz!x.npy"), e.getMessage());
  }
}
