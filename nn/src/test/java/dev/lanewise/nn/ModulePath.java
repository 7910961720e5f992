package dev.lanewise.nn;

import de.siegmar.fastcsv.reader.CsvReader;
import dev.lanewise.array.NdArray;
import dev.lanewise.autodiff.Tensor;
import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Where this module and what it needs were loaded from, as javac and java take it. */
final class ModulePath {
  private ModulePath() {}

  /** {@return it without FastCSV, which only CSV files need} */
  static String get() {
    return of(NdArray.class, Tensor.class, Sequential.class);
  }

  static String withFastCsv() {
    return with(CsvReader.class);
  }

  /** {@return it with optional libraries too, each by one of its classes} */
  static String with(Class<?>... libraries) {
    return get() + File.pathSeparator + of(libraries);
  }

  private static String of(Class<?>... classes) {
    List<String> parts = new ArrayList<>();
    for (Class<?> part : classes) {
      try {
        parts.add(
            Path.of(part.getProtectionDomain().getCodeSource().getLocation().toURI()).toString());
      } catch (URISyntaxException e) {
        throw new IllegalStateException(e);
      }
    }
    return String.join(File.pathSeparator, parts);
  }
}
