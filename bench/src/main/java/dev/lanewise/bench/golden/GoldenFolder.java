package dev.lanewise.bench.golden;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.io.FileFormatException;
import dev.lanewise.io.Npy;
import dev.lanewise.io.Npz;
import dev.lanewise.kernel.Backend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A folder of cases: {@code index.json} lists them, and their arrays are in {@code arrays.npz}, or
 * in {@code .npy} files of their own.
 */
public final class GoldenFolder {
  private static final String INDEX = "index.json";
  private static final String ARRAYS = "arrays.npz";
  private static final String ENDING = ".npy";
  private static final int FORMAT = 1;
  private static final double USUAL_RTOL = 1e-4;
  private static final double USUAL_ATOL = 1e-5;

  private final Path folder;
  private final Backend backend;
  private final Map<String, NdArray> arrays;
  private final List<GoldenCase> cases;

  /**
   * Reads the list of cases, and their arrays.
   *
   * @param folder the folder
   * @param backend who computes on the arrays
   * @throws NoSuchFileException if there is no list
   * @throws FileFormatException if a file is not as it should be
   * @throws IOException if reading fails
   */
  public GoldenFolder(Path folder, Backend backend) throws IOException {
    this.folder = folder;
    this.backend = backend;
    this.cases = cases(folder.resolve(INDEX));
    Path together = folder.resolve(ARRAYS);
    this.arrays = Files.exists(together) ? Npz.read(backend, together) : Map.of();
  }

  /** {@return the cases, in the order of the list} */
  List<GoldenCase> cases() {
    return cases;
  }

  private static List<GoldenCase> cases(Path index) throws IOException {
    if (!Files.isRegularFile(index)) {
      throw new NoSuchFileException(
          index.toString(), null, "no such file; a folder of cases has an " + INDEX);
    }
    Map<String, Object> list;
    try {
      list = JSON.std.mapFrom(Files.readString(index));
    } catch (IOException e) {
      throw new FileFormatException(index.toString(), 0, "a JSON object", e.getMessage(), e);
    }
    if (!(list.get("format") instanceof Number format) || format.intValue() != FORMAT) {
      throw wrong(index, "'format' " + FORMAT, list.get("format"));
    }
    List<GoldenCase> cases = new ArrayList<>();
    for (Object each : elements(index, list.get("cases"))) {
      GoldenCase one = goldenCase(index, object(index, each));
      if (one.contradiction() != null) {
        throw wrong(index, one.id() + ": " + one.contradiction(), one);
      }
      cases.add(one);
    }
    if (cases.isEmpty()) {
      throw wrong(index, "'cases', at least one", list.get("cases"));
    }
    if (list.get("count") instanceof Number count && count.intValue() != cases.size()) {
      throw wrong(index, "as many cases as 'count', " + count, cases.size());
    }
    return List.copyOf(cases);
  }

  private static GoldenCase goldenCase(Path index, Map<String, Object> fields) throws IOException {
    return new GoldenCase(
        text(index, fields, "id"),
        text(index, fields, "group"),
        text(index, fields, "op"),
        new Attributes(object(index, fields.getOrDefault("attrs", Map.of()))),
        tolerance(index, fields.get("rtol"), USUAL_RTOL),
        tolerance(index, fields.get("atol"), USUAL_ATOL),
        entries(index, fields.get("inputs")),
        entries(index, fields.get("outputs")),
        entries(index, fields.get("up")),
        entries(index, fields.get("grads")));
  }

  private static double tolerance(Path index, Object value, double usual) throws IOException {
    return switch (value) {
      case null -> usual;
      case Number number -> number.doubleValue();
      default -> refuse(index, "a tolerance", value);
    };
  }

  private static List<GoldenCase.Entry> entries(Path index, Object list) throws IOException {
    List<GoldenCase.Entry> entries = new ArrayList<>();
    for (Object each : elements(index, list)) {
      Map<String, Object> fields = object(index, each);
      List<Integer> shape = new ArrayList<>();
      for (Object extent : elements(index, fields.get("shape"))) {
        shape.add(extent instanceof Integer number ? number : refuse(index, "an extent", extent));
      }
      entries.add(
          new GoldenCase.Entry(
              text(index, fields, "name"),
              text(index, fields, "file"),
              text(index, fields, "dtype"),
              List.copyOf(shape)));
    }
    return List.copyOf(entries);
  }

  private static String text(Path index, Map<String, Object> fields, String name)
      throws IOException {
    return fields.get(name) instanceof String text
        ? text
        : refuse(index, "the text '" + name + "'", fields);
  }

  private static List<?> elements(Path index, Object value) throws IOException {
    return switch (value) {
      case null -> List.of();
      case List<?> list -> list;
      default -> refuse(index, "a list", value);
    };
  }

  private static Map<String, Object> object(Path index, Object value) throws IOException {
    if (!(value instanceof Map<?, ?> map)) {
      throw wrong(index, "an object", value);
    }
    @SuppressWarnings("unchecked") // names in JSON are texts
    Map<String, Object> object = (Map<String, Object>) map;
    return object;
  }

  private static <T> T refuse(Path index, String expected, Object found) throws IOException {
    throw wrong(index, expected, found);
  }

  private static FileFormatException wrong(Path index, String expected, Object found) {
    return new FileFormatException(index.toString(), 0, expected, String.valueOf(found));
  }

  /**
   * {@return an array of a case}
   *
   * @throws FileFormatException if the folder has none such, or of another type or shape
   * @throws IOException if reading fails
   */
  NdArray array(GoldenCase.Entry entry) throws IOException {
    String key = entry.file();
    NdArray array = arrays.get(key.endsWith(ENDING) ? key.substring(0, key.length() - 4) : key);
    if (array == null) {
      Path root = folder.toAbsolutePath().normalize();
      Path file = root.resolve(key).normalize();
      if (!file.startsWith(root)) {
        throw wrong(folder.resolve(INDEX), "a file inside of the folder", key);
      }
      array = Npy.read(backend, file);
    }
    int[] dims = entry.shape().stream().mapToInt(Integer::intValue).toArray();
    if (array.dtype() != dtype(entry) || !Arrays.equals(array.shape().dims(), dims)) {
      throw new FileFormatException(
          key,
          0,
          entry.dtype() + " " + entry.shape() + ", as the list says",
          array.dtype() + " " + array.shape());
    }
    return array;
  }

  /** {@return the type that an array of a case has} */
  DType dtype(GoldenCase.Entry entry) throws IOException {
    return switch (entry.dtype()) {
      case "float32" -> DType.F32;
      case "float64" -> DType.F64;
      case "int32" -> DType.I32;
      case "int64" -> DType.I64;
      case "bool" -> DType.BOOL;
      default -> throw wrong(folder.resolve(INDEX), "the type of an array", entry.dtype());
    };
  }
}
