package dev.lanewise.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.Backends;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsTest {
  private static final Backend BACKEND = Backends.best();

  @TempDir private Path folder;

  private Path write(String header, byte... elements) throws IOException {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.allocate(8 + text.length + elements.length);
    bytes.order(ByteOrder.LITTLE_ENDIAN).putLong(text.length).put(text).put(elements);
    return Files.write(folder.resolve("x.safetensors"), bytes.array());
  }

  @Test
  void aFileOfOthersIsRead() throws IOException {
    Path file =
        write(
            "{\"__metadata__\":{\"format\":\"pt\"},\"b\":{\"dtype\":\"I16\",\"shape\":[2],"
                + "\"data_offsets\":[4,8]}, \"a\\u0041\" : {\"dtype\":\"BF16\",\"shape\":[1,2],"
                + "\"data_offsets\":[0,4]}}  ",
            new byte[] {(byte) 0x80, 0x3f, 0x00, (byte) 0xc0, -2, -1, 3, 0});
    Safetensors read = Safetensors.read(file);
    assertEquals(Map.of("format", "pt"), read.metadata());
    assertEquals(List.of("b", "aA"), List.copyOf(read.arrays().keySet()));
    assertArrayEquals(new long[] {-2, 3}, read.arrays().get("b").toLongArray());
    NdArray a = read.arrays().get("aA");
    assertEquals(DType.BF16, a.dtype());
    assertEquals(Shape.of(1, 2), a.shape());
    assertArrayEquals(new float[] {1, -2}, a.toFloatArray());
  }

  @ParameterizedTest
  @EnumSource(DType.class)
  void whatIsWrittenIsReadAndMapped(DType dtype) throws IOException {
    NdArray values = NdArray.of(BACKEND, new double[] {0, 1, -2, 3, 4.5, 6e4}, 3, 2);
    NdArray typed = NdArray.uninitialized(BACKEND, dtype, values.shape());
    BACKEND.copy(values, typed);
    Map<String, NdArray> arrays = new LinkedHashMap<>();
    arrays.put("mask", NdArray.zeros(BACKEND, DType.BOOL, Shape.of(3)));
    arrays.put("a \"quoted\"\nname", typed.permute(1, 0));
    arrays.put("none", NdArray.zeros(BACKEND, DType.F32, Shape.of(0, 2)));
    Path file = folder.resolve("x.safetensors");
    new Safetensors(arrays, Map.of("k", "v\\")).write(file);
    for (Safetensors back : List.of(Safetensors.read(file), Safetensors.map(BACKEND, file))) {
      assertEquals(arrays.keySet(), back.arrays().keySet());
      assertEquals(Map.of("k", "v\\"), back.metadata());
      NdArray x = back.arrays().get("a \"quoted\"\nname");
      assertEquals(dtype, x.dtype());
      assertEquals(Shape.of(2, 3), x.shape());
      assertArrayEquals(typed.permute(1, 0).toDoubleArray(), x.toDoubleArray());
    }
  }

  @Test
  void aPartOfAnotherFileIsReadAndWritten() throws IOException {
    Map<String, NdArray> arrays = new LinkedHashMap<>();
    arrays.put("narrow", NdArray.zeros(BACKEND, DType.BOOL, Shape.of(3)));
    arrays.put("wide", NdArray.of(BACKEND, new double[] {1, 2}));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new Safetensors(arrays, Map.of()).write(out);
    byte[] bytes = out.toByteArray();
    Safetensors read =
        Safetensors.read(BACKEND, new ByteArrayInputStream(bytes), "part", bytes.length);
    assertEquals(Set.of("narrow", "wide"), read.arrays().keySet());
    assertArrayEquals(new double[] {1, 2}, read.arrays().get("wide").toDoubleArray());
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      FileFormatException e =
          assertThrows(
              FileFormatException.class,
              () -> Safetensors.read(BACKEND, new ByteArrayInputStream(cut), "part", bytes.length));
      assertEquals("part", e.file());
    }
  }

  @Test
  void numbersAreWrittenInAsciiWhateverTheLocale() throws IOException {
    Path file = folder.resolve("x.safetensors");
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
    try {
      new Safetensors(Map.of("x", NdArray.of(BACKEND, new float[] {1})), Map.of()).write(file);
    } finally {
      Locale.setDefault(before);
    }
    String text = Files.readString(file, StandardCharsets.ISO_8859_1);
    assertTrue(text.contains("\"data_offsets\":[0,4]"), text);
  }

  @Test
  void noArrayHasTheNameOfTheTexts() {
    Map<String, NdArray> arrays = Map.of("__metadata__", NdArray.of(BACKEND, new float[] {1}));
    assertThrows(IllegalArgumentException.class, () -> new Safetensors(arrays, Map.of()));
  }

  @Test
  void arraysAreMappedWithoutACopy() throws IOException {
    Path file = folder.resolve("x.safetensors");
    new Safetensors(Map.of("x", NdArray.of(BACKEND, new float[] {1, 2, 3})), Map.of()).write(file);
    byte[] before = Files.readAllBytes(file);
    NdArray x = Safetensors.map(BACKEND, file).arrays().get("x");
    assertTrue(x.storage().segment().isMapped());
    x.set(9, 0);
    assertArrayEquals(before, Files.readAllBytes(file));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "{\"x\":1}",
        "{\"x\":{\"dtype\":\"F32\",\"shape\":[1]}}",
        "{\"x\":{\"dtype\":\"F99\",\"shape\":[1],\"data_offsets\":[0,4]}}",
        "{\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}",
        "{\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[1,5]}}",
        "{\"x\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}",
        "{\"x\":{\"dtype\":\"F32\",\"shape\":[4294967296],\"data_offsets\":[0,4]}}",
        "{\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"x\":{}}",
        "{\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
            + "\"y\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
        "{\"__metadata__\":{\"a\":1}}",
        "{\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}",
        "{\"x\":[[[[[[[[[[[[]]]]]]]]]]]]}",
        "{\"x\":01}",
        "{\"x\":true}",
        "{}",
      })
  void wrongHeadersAreRefused(String header) throws IOException {
    Path file = write(header, new byte[4]);
    FileFormatException e = assertThrows(FileFormatException.class, () -> Safetensors.read(file));
    assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
  }

  @Test
  void everyTruncationIsRefused() throws IOException {
    Path file = folder.resolve("x.safetensors");
    new Safetensors(Map.of("x", NdArray.of(BACKEND, new float[] {1, 2, 3})), Map.of()).write(file);
    byte[] whole = Files.readAllBytes(file);
    for (int length = 0; length < whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertThrows(FileFormatException.class, () -> Safetensors.read(file));
    }
    // A length that nobody could have.
    byte[] huge = whole.clone();
    huge[7] = -1;
    Files.write(file, huge);
    assertThrows(FileFormatException.class, () -> Safetensors.read(file));
  }
}
