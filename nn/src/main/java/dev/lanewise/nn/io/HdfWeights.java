package dev.lanewise.nn.io;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.io.FileFormatException;
import dev.lanewise.nn.internal.NamedWeights;
import io.jhdf.HdfFile;
import io.jhdf.api.Attribute;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/** The arrays of a file of Keras. Who loads this class has made sure that jHDF is there. */
final class HdfWeights implements AutoCloseable {
  private static final String PART = "model.weights.h5";
  private static final String LEGACY_GROUP = "model_weights";
  private static final String LEGACY_LAYERS = "layer_names";
  private static final String LEGACY_WEIGHTS = "weight_names";
  private static final String VARIABLES = "vars";

  /** What Keras keeps besides the weights. */
  private static final List<String> OTHERS = List.of("optimizer", "optimizer_weights", "metrics");

  /** No deflated data becomes more than so many times its size. */
  private static final long MOST_INFLATED = 1032;

  private final String file;
  private final HdfFile hdf;
  private final Group root;

  private HdfWeights(String file, HdfFile hdf) {
    this.file = file;
    this.hdf = hdf;
    this.root =
        hdf.getChild(LEGACY_GROUP) instanceof Group group
                && group.getAttribute(LEGACY_LAYERS) != null
            ? group
            : hdf;
  }

  static HdfWeights open(Path path) throws IOException {
    if (!Files.exists(path)) {
      throw new NoSuchFileException(path.toString(), null, "no such file; check the spelling");
    }
    byte[] start;
    try (InputStream in = Files.newInputStream(path)) {
      start = in.readNBytes(2);
    }
    boolean isZip = start.length == 2 && start[0] == 'P' && start[1] == 'K';
    String name = path + (isZip ? "!" + PART : "");
    if (isZip) {
      byte[] bytes = unzipped(path, name);
      return guarded(name, () -> new HdfWeights(name, HdfFile.fromBytes(bytes)));
    }
    return guarded(name, () -> new HdfWeights(name, new HdfFile(path)));
  }

  private static byte[] unzipped(Path path, String name) throws IOException {
    try (ZipFile zip = new ZipFile(path.toFile())) {
      ZipEntry entry = zip.getEntry(PART);
      if (entry == null) {
        throw new FileFormatException(path.toString(), "its parts", PART, "no such part");
      }
      long packed = Math.min(entry.getCompressedSize(), Files.size(path));
      if (entry.getSize() / MOST_INFLATED > packed || entry.getSize() > Integer.MAX_VALUE) {
        throw new FileFormatException(
            name, "its start", "a part that fits into memory", entry.getSize() + " bytes promised");
      }
      try (CheckedInputStream in = new CheckedInputStream(zip.getInputStream(entry), new CRC32())) {
        byte[] bytes = in.readAllBytes();
        long sum = in.getChecksum().getValue();
        if (sum != entry.getCrc()) {
          throw new FileFormatException(
              name, bytes.length, "the sum %08x".formatted(entry.getCrc()), "%08x".formatted(sum));
        }
        return bytes;
      }
    } catch (ZipException e) {
      throw new FileFormatException(path.toString(), 0, "a whole zip archive", e.getMessage(), e);
    }
  }

  /** jHDF throws whatever its parts throw when it meets a damaged file. */
  private static <T> T guarded(String file, Supplier<T> reading) throws FileFormatException {
    try {
      return reading.get();
    } catch (RuntimeException e) {
      throw new FileFormatException(file, 0, "a whole HDF5 file of Keras", e.toString(), e);
    }
  }

  FileFormatException wrong(String place, String expected, String found) {
    return new FileFormatException(file, place, expected, found);
  }

  /** {@return whether Keras 2 wrote it} */
  boolean isLegacy() throws FileFormatException {
    return guarded(file, () -> root.getAttribute(LEGACY_LAYERS) != null);
  }

  /** {@return the paths of all arrays of weights, from the group that has them} */
  List<String> paths() throws FileFormatException {
    if (isLegacy()) {
      return legacyLayers().values().stream().flatMap(List::stream).toList();
    }
    List<String> paths = new ArrayList<>();
    guarded(
        file,
        () -> {
          collect(root, "", paths);
          return paths;
        });
    return paths;
  }

  private static void collect(Group group, String path, List<String> paths) {
    for (Node node : group) {
      String name = path + node.getName();
      if (node instanceof Group inner) {
        if (!(path.isEmpty() && OTHERS.contains(name))) {
          collect(inner, name + "/", paths);
        }
      } else if (path.endsWith(VARIABLES + "/")) {
        paths.add(name);
      }
    }
  }

  /** {@return the paths of the arrays of each layer that has some, in the file's order} */
  Map<String, List<String>> legacyLayers() throws FileFormatException {
    return guarded(
        file,
        () -> {
          Map<String, List<String>> layers = new LinkedHashMap<>();
          for (String layer : texts(root, LEGACY_LAYERS)) {
            List<String> weights =
                texts((Group) root.getByPath(layer), LEGACY_WEIGHTS).stream()
                    .map(weight -> layer + "/" + weight)
                    .toList();
            if (!weights.isEmpty()) {
              layers.put(layer, weights);
            }
          }
          return layers;
        });
  }

  private static List<String> texts(Group group, String attribute) {
    Attribute texts = group.getAttribute(attribute);
    return texts == null || texts.isEmpty() ? List.of() : List.of((String[]) texts.getData());
  }

  /** {@return an array, as one of another type of floating-point numbers} */
  NdArray read(String path, DType dtype) throws FileFormatException {
    Dataset data = guarded(file, () -> root.getDatasetByPath(path));
    Object numbers = guarded(file, data::getDataFlat);
    int[] dims = data.getDimensions();
    NdArray array =
        switch (numbers) {
          case float[] floats -> NdArray.of(NamedWeights.host(), floats, dims);
          case double[] doubles -> NdArray.of(NamedWeights.host(), doubles, dims);
          default ->
              throw wrong(path, "floating-point numbers", numbers.getClass().getSimpleName());
        };
    return array.dtype() == dtype ? array : Tensor.of(array).cast(dtype).data();
  }

  @Override
  public void close() {
    hdf.close();
  }
}
