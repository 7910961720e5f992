package dev.lanewise.io;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What stands before the elements of an {@code .npy} file: a magic string, a version, a length and
 * a dictionary in Python's notation.
 *
 * @param type the type of the elements
 * @param columnMajor whether the first axis varies fastest
 * @param shape the extents
 */
record NpyHeader(StoredType type, boolean columnMajor, Shape shape) {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

  /** Dictionaries of plain types take about a hundred bytes. */
  private static final int LONGEST = 1 << 16;

  /** As many as NumPy's arrays have. */
  private static final int MOST_AXES = 64;

  /** Elements begin at a multiple of this many bytes, as NumPy has it. */
  private static final int ALIGNMENT = 64;

  private static final Pattern DESCR =
      Pattern.compile("['\"]descr['\"]\\s*:\\s*['\"]([^'\"]*)['\"]");
  private static final Pattern ORDER =
      Pattern.compile("['\"]fortran_order['\"]\\s*:\\s*(True|False)\\b");
  private static final Pattern SHAPE =
      Pattern.compile(
          "['\"]shape['\"]\\s*+:\\s*+\\(\\s*+"
              + "((?:\\d++L?+\\s*+,\\s*+)*+(?:\\d++L?+\\s*+)?+)\\)");

  static NpyHeader read(Source in) throws IOException {
    ByteBuffer start = in.take(MAGIC.length + 2, "an .npy file");
    byte[] magic = new byte[MAGIC.length];
    start.get(magic);
    if (!Arrays.equals(magic, MAGIC)) {
      throw in.wrong(0, "the start of an .npy file, \\x93NUMPY", text(magic));
    }
    int version = start.get();
    if (version < 1 || version > 3) {
      throw in.wrong(MAGIC.length, "version 1, 2 or 3", "version " + version);
    }
    ByteBuffer size = in.take(version == 1 ? 2 : 4, "the length of the header");
    size.order(ByteOrder.LITTLE_ENDIAN);
    long length = version == 1 ? size.getShort() & 0xffff : Integer.toUnsignedLong(size.getInt());
    long at = in.position();
    if (length > LONGEST) {
      throw in.wrong(at, "a header of at most " + LONGEST + " bytes", length + " bytes");
    }
    byte[] dictionary = new byte[(int) length];
    in.take(dictionary.length, "a header of " + length + " bytes").get(dictionary);
    return parse(in, at, new String(dictionary, StandardCharsets.UTF_8));
  }

  private static String text(byte[] bytes) {
    StringBuilder text = new StringBuilder();
    for (byte b : bytes) {
      text.append(b >= ' ' && b < 127 ? "" + (char) b : "\\x%02x".formatted(b));
    }
    return text.toString();
  }

  private static NpyHeader parse(Source in, long at, String dictionary) throws IOException {
    Matcher descr = DESCR.matcher(dictionary);
    Matcher order = ORDER.matcher(dictionary);
    Matcher shape = SHAPE.matcher(dictionary);
    if (!descr.find() || !order.find() || !shape.find()) {
      throw in.wrong(
          at,
          "a dictionary with descr, fortran_order and shape of one plain type",
          dictionary.strip());
    }
    StoredType type = NpyType.of(descr.group(1));
    if (type == null) {
      throw in.wrong(
          at,
          "a type that arrays have (f2, f4, f8, b1, i1 to i8, u1 to u4)",
          "'" + descr.group(1) + "'");
    }
    List<Integer> dims = new ArrayList<>();
    for (String dim : shape.group(1).split("[L,\\s]+")) {
      if (!dim.isEmpty()) {
        dims.add(extent(in, at, dim));
      }
    }
    if (dims.size() > MOST_AXES) {
      throw in.wrong(at, "a shape of at most " + MOST_AXES + " axes", dims.size() + " axes");
    }
    int[] extents = dims.stream().mapToInt(Integer::intValue).toArray();
    try {
      Shape found = Shape.of(extents);
      Math.multiplyExact(found.size(), type.bytes());
      return new NpyHeader(type, order.group(1).equals("True"), found);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw in.wrong(at, "the shape of an array", shape.group(), e);
    }
  }

  private static int extent(Source in, long at, String digits) throws IOException {
    try {
      return Integer.parseInt(digits);
    } catch (NumberFormatException _) {
      throw in.wrong(at, "extents up to " + Integer.MAX_VALUE, digits);
    }
  }

  /** {@return how many bytes the elements take in the file} */
  long bytes() {
    return shape.size() * type.bytes();
  }

  /** {@return the extents in the order in which a row-major array has what the file holds} */
  Shape stored() {
    return columnMajor ? reversed(shape) : shape;
  }

  /** {@return the array, of the {@link #stored} shape, with its axes in their order} */
  NdArray arrange(NdArray array) {
    if (!columnMajor) {
      return array;
    }
    int[] order = new int[shape.rank()];
    Arrays.setAll(order, i -> order.length - 1 - i);
    return array.permute(order);
  }

  private static Shape reversed(Shape shape) {
    int[] dims = new int[shape.rank()];
    Arrays.setAll(dims, i -> shape.dim(dims.length - 1 - i));
    return Shape.of(dims);
  }

  /** {@return the bytes that stand before the elements, as NumPy writes them} */
  static byte[] write(DType dtype, Shape shape) {
    StringBuilder dims = new StringBuilder("(");
    for (int i = 0; i < shape.rank(); i++) {
      dims.append(i == 0 ? "" : " ")
          .append(shape.dim(i))
          .append(i + 1 < shape.rank() || i == 0 ? "," : "");
    }
    String dictionary =
        "{'descr': '"
            + NpyType.of(dtype)
            + "', 'fortran_order': False, 'shape': "
            + dims.append(')')
            + ", }";
    int before = MAGIC.length + 4;
    int unpadded = before + dictionary.length() + 1;
    int padding = -unpadded & ALIGNMENT - 1;
    ByteBuffer header = ByteBuffer.allocate(unpadded + padding).order(ByteOrder.LITTLE_ENDIAN);
    header.put(MAGIC).put((byte) 1).put((byte) 0);
    header.putShort((short) (header.capacity() - before));
    header.put((dictionary + " ".repeat(padding) + "\n").getBytes(StandardCharsets.US_ASCII));
    return header.array();
  }
}
