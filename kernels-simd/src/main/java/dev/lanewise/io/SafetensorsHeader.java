package dev.lanewise.io;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a safetensors file says of its arrays.
 *
 * @param entries the arrays, in the header's order
 * @param metadata texts by their names
 */
record SafetensorsHeader(List<Entry> entries, Map<String, String> metadata) {
  static final String METADATA = "__metadata__";

  /** A header is an object of objects with lists; what is deeper is none. */
  private static final int DEEPEST = 8;

  private static final Map<String, StoredType> TYPES =
      Map.ofEntries(
          type("F64", DType.F64, 8, true),
          type("F32", DType.F32, 4, true),
          type("F16", DType.F16, 2, true),
          type("BF16", DType.BF16, 2, true),
          type("I64", DType.I64, 8, true),
          type("I32", DType.I32, 4, true),
          type("I16", DType.I32, 2, true),
          type("I8", DType.I32, 1, true),
          type("U32", DType.I64, 4, false),
          type("U16", DType.I32, 2, false),
          type("U8", DType.I32, 1, false),
          type("BOOL", DType.BOOL, 1, false));

  /**
   * An array of the file.
   *
   * @param name its name
   * @param type the type of its elements
   * @param shape its extents
   * @param begin where its first byte is, counted from the first of all
   * @param end where its last byte was
   */
  record Entry(String name, StoredType type, Shape shape, long begin, long end) {
    /** {@return whether its bytes can be an array's memory where the file has them} */
    boolean isMappable(long start) {
      return type.isPlain() && (start + begin) % type.bytes() == 0;
    }
  }

  private static Map.Entry<String, StoredType> type(
      String name, DType dtype, int bytes, boolean signed) {
    boolean swapped = ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN && bytes > 1;
    return Map.entry(name, new StoredType(dtype, bytes, swapped, signed));
  }

  static SafetensorsHeader parse(Source source, String text) throws IOException {
    Object value;
    try {
      value = Json.parse(text, DEEPEST);
    } catch (Json.SyntaxException e) {
      String found = text.substring(e.at(), Math.min(text.length(), e.at() + 10));
      throw source.wrong(Long.BYTES + e.at(), e.expected(), "'" + found + "'", e);
    }
    if (!(value instanceof Map<?, ?> fields)) {
      throw source.wrong(Long.BYTES, "an object", "'" + text.charAt(0) + "'");
    }
    List<Entry> entries = new ArrayList<>();
    Map<String, String> metadata = new LinkedHashMap<>();
    for (Map.Entry<?, ?> field : fields.entrySet()) {
      String name = (String) field.getKey();
      if (name.equals(METADATA)) {
        metadata.putAll(texts(source, field.getValue()));
      } else {
        entries.add(entry(source, name, field.getValue()));
      }
    }
    return new SafetensorsHeader(entries, metadata);
  }

  private static Map<String, String> texts(Source source, Object value) throws IOException {
    Map<String, String> texts = new LinkedHashMap<>();
    if (!(value instanceof Map<?, ?> fields)) {
      throw source.wrong(Long.BYTES, METADATA + " to be an object", String.valueOf(value));
    }
    for (Map.Entry<?, ?> field : fields.entrySet()) {
      if (!(field.getValue() instanceof String text)) {
        throw source.wrong(
            Long.BYTES, METADATA + " to hold texts", String.valueOf(field.getValue()));
      }
      texts.put((String) field.getKey(), text);
    }
    return texts;
  }

  private static Entry entry(Source source, String name, Object value) throws IOException {
    boolean complete =
        value instanceof Map<?, ?> fields
            && fields.get("dtype") instanceof String
            && isNumbers(fields.get("shape"))
            && isNumbers(fields.get("data_offsets"))
            && ((List<?>) fields.get("data_offsets")).size() == 2;
    if (!complete) {
      throw source.wrong(
          Long.BYTES,
          "dtype, shape and two data_offsets of the array '" + name + "'",
          String.valueOf(value));
    }
    Map<?, ?> fields = (Map<?, ?>) value;
    StoredType type = TYPES.get(fields.get("dtype"));
    if (type == null) {
      throw source.wrong(
          Long.BYTES,
          "the array '" + name + "' to be of one of " + TYPES.keySet().stream().sorted().toList(),
          String.valueOf(fields.get("dtype")));
    }
    List<?> dims = (List<?>) fields.get("shape");
    List<?> offsets = (List<?>) fields.get("data_offsets");
    long begin = (Long) offsets.get(0);
    long end = (Long) offsets.get(1);
    Shape shape;
    long bytes;
    try {
      shape = Shape.of(dims.stream().mapToInt(dim -> Math.toIntExact((Long) dim)).toArray());
      bytes = Math.multiplyExact(shape.size(), type.bytes());
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw source.wrong(Long.BYTES, "the shape of the array '" + name + "'", dims.toString(), e);
    }
    if (end - begin != bytes) {
      throw source.wrong(
          Long.BYTES,
          bytes + " bytes of the array '" + name + "', whose shape is " + shape,
          (end - begin) + " bytes");
    }
    return new Entry(name, type, shape, begin, end);
  }

  private static boolean isNumbers(Object value) {
    return value instanceof List<?> list && list.stream().allMatch(Long.class::isInstance);
  }

  /** {@return arrays by their names, in the header's order} */
  Map<String, NdArray> inOrder(Map<String, NdArray> arrays) {
    Map<String, NdArray> ordered = new LinkedHashMap<>();
    entries.forEach(entry -> ordered.put(entry.name(), arrays.get(entry.name())));
    return ordered;
  }

  /** {@return the arrays in the order of their bytes} */
  List<Entry> byPlace() {
    return entries.stream()
        .sorted(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end))
        .toList();
  }

  /** Refuses a file in which bytes belong to two arrays, or to none. */
  void expectTiles(Source source, long bytes) throws IOException {
    long at = 0;
    for (Entry entry : byPlace()) {
      if (entry.begin != at) {
        throw source.wrong(
            source.position() + at,
            "the bytes of an array",
            "those of '" + entry.name + "' begin at " + entry.begin);
      }
      at = entry.end;
    }
    if (at != bytes) {
      throw source.wrong(source.position(), at + " bytes of elements", bytes + " bytes");
    }
  }
}
