package dev.lanewise.nn.data;

import dev.lanewise.io.FileFormatException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * An array read from an IDX file, the format in which MNIST and its relatives are published.
 *
 * <p>An IDX file is two zero bytes, one byte for the element type, one for the number of dimensions
 * (1 to 255), each dimension as a 32-bit integer, then the elements in row-major order; all numbers
 * are big-endian. A gzip-compressed file is recognised by its first two bytes, whatever its name.
 *
 * <p>Files are not trusted. Memory grows with what a file really holds, never with what its header
 * promises, and a compressed file is inflated no further than the promised end.
 *
 * {@snippet :
 * import dev.lanewise.nn.data.IdxFile;
 * import java.nio.file.Path;
 *
 * void main(String[] args) throws Exception {
 *   IdxFile idx = IdxFile.read(Path.of(args[0]));
 *   IO.println(idx); // train-images-idx3-ubyte.gz: UBYTE [60000, 28, 28]
 *   float[] values = idx.toFloats(); // 0 to 255, row-major
 * }
 * }
 */
public final class IdxFile {

  /** The element types of the format. */
  public enum Type {
    /** Unsigned bytes, 0 to 255, code {@code 0x08}; Java keeps them in a {@code byte[]}. */
    UBYTE(0x08, 1),
    /** Signed bytes, code {@code 0x09}. */
    BYTE(0x09, 1),
    /** 16-bit signed integers, code {@code 0x0B}. */
    SHORT(0x0B, 2),
    /** 32-bit signed integers, code {@code 0x0C}. */
    INT(0x0C, 4),
    /** 32-bit floating point, code {@code 0x0D}. */
    FLOAT(0x0D, 4),
    /** 64-bit floating point, code {@code 0x0E}. */
    DOUBLE(0x0E, 8);

    private final int code;
    private final int bytes;

    Type(int code, int bytes) {
      this.code = code;
      this.bytes = bytes;
    }

    /** {@return the byte that stands for this type in a file} */
    public int code() {
      return code;
    }

    /** {@return the number of bytes of one element} */
    public int bytes() {
      return bytes;
    }

    static Optional<Type> ofCode(int code) {
      return Arrays.stream(values()).filter(type -> type.code == code).findFirst();
    }
  }

  private final String name;
  private final Type type;
  private final int[] dims;

  /** A {@code byte[]}, {@code short[]}, {@code int[]}, {@code float[]} or {@code double[]}. */
  private final Object elements;

  private IdxFile(String name, Type type, int[] dims, Object elements) {
    this.name = name;
    this.type = type;
    this.dims = dims;
    this.elements = elements;
  }

  /**
   * Reads a whole file, plain or gzip-compressed.
   *
   * @param path the file
   * @return its array
   * @throws NoSuchFileException if there is no such file
   * @throws FileFormatException if the file is not IDX, is damaged, or is shorter or longer than
   *     its header promises
   * @throws IOException if the file cannot be read
   */
  public static IdxFile read(Path path) throws IOException {
    String name = path.toString();
    if (Files.isDirectory(path)) {
      throw new FileFormatException(name, 0, "an IDX file", "a folder");
    }
    long size;
    InputStream in;
    try {
      size = Files.size(path);
      in = Files.newInputStream(path);
    } catch (NoSuchFileException _) {
      throw new NoSuchFileException(
          name, null, "no such IDX file; check the spelling, or add or drop the ending .gz");
    }
    return read(in, name, size);
  }

  /**
   * Reads a whole stream, plain or gzip-compressed, to its end, and closes it.
   *
   * @param in the stream
   * @param name what error messages call it
   * @return its array
   * @throws FileFormatException if the stream is not IDX, is damaged, or is shorter or longer than
   *     its header promises
   * @throws IOException if the stream cannot be read
   */
  public static IdxFile read(InputStream in, String name) throws IOException {
    return read(in, name, 0);
  }

  private static IdxFile read(InputStream in, String name, long sizeHint) throws IOException {
    try (var reader = IdxReader.open(in, name)) {
      Type type = reader.type();
      int[] dims = reader.dims();
      byte[] raw = reader.elements(type, dims, sizeHint);
      reader.expectEnd();
      return new IdxFile(name, type, dims, decode(type, raw));
    }
  }

  private static Object decode(Type type, byte[] raw) {
    int count = raw.length / type.bytes;
    ByteBuffer bigEndian = ByteBuffer.wrap(raw);
    return switch (type) {
      case UBYTE, BYTE -> raw;
      case SHORT -> {
        short[] values = new short[count];
        bigEndian.asShortBuffer().get(values);
        yield values;
      }
      case INT -> {
        int[] values = new int[count];
        bigEndian.asIntBuffer().get(values);
        yield values;
      }
      case FLOAT -> {
        float[] values = new float[count];
        bigEndian.asFloatBuffer().get(values);
        yield values;
      }
      case DOUBLE -> {
        double[] values = new double[count];
        bigEndian.asDoubleBuffer().get(values);
        yield values;
      }
    };
  }

  /** {@return the name of the file, for messages} */
  public String name() {
    return name;
  }

  /** {@return the type of the elements} */
  public Type type() {
    return type;
  }

  /** {@return the dimensions, outermost first, as a copy; 1 to 255 of them, each 0 or more} */
  public int[] dims() {
    return dims.clone();
  }

  /** {@return the number of elements, the product of the dimensions} */
  public int size() {
    return Array.getLength(elements);
  }

  /**
   * {@return the byte of the uncompressed file at which an element starts} Who checks values can
   * say with it where a wrong one stands.
   *
   * @param index the element, from 0, row-major
   */
  public long offset(int index) {
    return 4L + 4L * dims.length + (long) type.bytes * index;
  }

  /**
   * {@return the elements of a {@link Type#UBYTE} or {@link Type#BYTE} file, row-major} The array
   * is the one this object holds, not a copy: treat it as read-only. An unsigned byte {@code b} is
   * {@code b & 0xff}.
   *
   * @throws IllegalStateException if the elements are of another type
   */
  public byte[] bytes() {
    return as(byte[].class);
  }

  /**
   * {@return the elements of a {@link Type#SHORT} file, row-major} The array is the one this object
   * holds, not a copy: treat it as read-only.
   *
   * @throws IllegalStateException if the elements are of another type
   */
  public short[] shorts() {
    return as(short[].class);
  }

  /**
   * {@return the elements of an {@link Type#INT} file, row-major} The array is the one this object
   * holds, not a copy: treat it as read-only.
   *
   * @throws IllegalStateException if the elements are of another type
   */
  public int[] ints() {
    return as(int[].class);
  }

  /**
   * {@return the elements of a {@link Type#FLOAT} file, row-major} The array is the one this object
   * holds, not a copy: treat it as read-only.
   *
   * @throws IllegalStateException if the elements are of another type
   */
  public float[] floats() {
    return as(float[].class);
  }

  /**
   * {@return the elements of a {@link Type#DOUBLE} file, row-major} The array is the one this
   * object holds, not a copy: treat it as read-only.
   *
   * @throws IllegalStateException if the elements are of another type
   */
  public double[] doubles() {
    return as(double[].class);
  }

  private <A> A as(Class<A> wanted) {
    if (wanted.isInstance(elements)) {
      return wanted.cast(elements);
    }
    throw new IllegalStateException(
        "%s: %s holds elements of type %s; use %s() or toFloats()"
            .formatted(accessor(wanted), name, type, accessor(elements.getClass())));
  }

  /** The method that gives arrays of a class: {@code floats} for {@code float[]}. */
  private static String accessor(Class<?> array) {
    return array.getComponentType().getSimpleName() + "s";
  }

  /**
   * {@return the elements of any type as floats, row-major, in a new array} Unsigned bytes become 0
   * to 255; {@link Type#INT} and {@link Type#DOUBLE} elements are rounded to the nearest float.
   */
  public float[] toFloats() {
    float[] floats = new float[size()];
    switch (type) {
      case UBYTE -> {
        byte[] values = bytes();
        for (int i = 0; i < floats.length; i++) {
          floats[i] = values[i] & 0xff;
        }
      }
      case BYTE -> {
        byte[] values = bytes();
        for (int i = 0; i < floats.length; i++) {
          floats[i] = values[i];
        }
      }
      case SHORT -> {
        short[] values = shorts();
        for (int i = 0; i < floats.length; i++) {
          floats[i] = values[i];
        }
      }
      case INT -> {
        int[] values = ints();
        for (int i = 0; i < floats.length; i++) {
          floats[i] = values[i];
        }
      }
      case FLOAT -> System.arraycopy(floats(), 0, floats, 0, floats.length);
      case DOUBLE -> {
        double[] values = doubles();
        for (int i = 0; i < floats.length; i++) {
          floats[i] = (float) values[i];
        }
      }
    }
    return floats;
  }

  /** {@return the name, the type and the dimensions, such as {@code a.idx: UBYTE [10, 28, 28]}} */
  @Override
  public String toString() {
    return name + ": " + type + " " + Arrays.toString(dims);
  }
}
