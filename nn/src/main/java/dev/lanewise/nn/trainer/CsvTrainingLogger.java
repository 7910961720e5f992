package dev.lanewise.nn.trainer;

import dev.lanewise.io.NewFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.function.Function;

/**
 * Writes what is logged as a table: a row for each step and epoch that has logged, a column for
 * each name, nothing where the row has no such number. The columns are known at the end alone, so
 * the file is written when the training ends, also if it fails.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() throws IOException {
 *   Path file = Files.createTempFile("metrics", ".csv");
 *   var logger = new CsvTrainingLogger(file);
 *   logger.scalars(10, 0, Map.of("loss", 0.5));
 *   logger.finish(Map.of());
 *   IO.println(Files.readString(file)); // epoch,step,loss and 0,10,0.5
 * }
 * }
 */
public final class CsvTrainingLogger implements TrainingLogger {
  private final Path file;
  private final MemoryLogger rows = new MemoryLogger();

  /**
   * Makes one.
   *
   * @param file what to write; one that is there is replaced at the end
   */
  public CsvTrainingLogger(Path file) {
    this.file = file;
  }

  @Override
  public void scalars(long step, int epoch, Map<String, Double> values) {
    rows.scalars(step, epoch, values);
  }

  /**
   * Writes the file.
   *
   * @throws UncheckedIOException if that fails; what was there is then as it was
   */
  @Override
  public void finish(Map<String, Double> last) {
    byte[] text = text().getBytes(StandardCharsets.UTF_8);
    try {
      NewFile.write(file, out -> out.write(text));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String text() {
    // A row is what has one step and one epoch: numbers of a step and means of an epoch may meet.
    record Key(int epoch, long step) {}

    Map<Key, Map<String, Double>> table = new LinkedHashMap<>();
    Set<String> names = new LinkedHashSet<>();
    for (MemoryLogger.Entry entry : rows.entries()) {
      names.addAll(entry.values().keySet());
      table
          .computeIfAbsent(new Key(entry.epoch(), entry.step()), _ -> new LinkedHashMap<>())
          .putAll(entry.values());
    }
    StringBuilder text = new StringBuilder();
    line(text, "epoch", "step", names, CsvTrainingLogger::quoted);
    table.forEach(
        (key, values) ->
            line(
                text,
                Integer.toString(key.epoch),
                Long.toString(key.step),
                names,
                name -> values.containsKey(name) ? values.get(name).toString() : ""));
    return text.toString();
  }

  private static void line(
      StringBuilder text,
      String first,
      String second,
      Set<String> names,
      Function<String, String> field) {
    StringJoiner line = new StringJoiner(",", "", "\n").add(first).add(second);
    names.forEach(name -> line.add(field.apply(name)));
    text.append(line);
  }

  private static String quoted(String name) {
    boolean plain = name.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return plain ? name : '"' + name.replace("\"", "\"\"") + '"';
  }
}
