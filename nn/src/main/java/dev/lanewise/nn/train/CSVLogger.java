package dev.lanewise.nn.train;

import dev.lanewise.io.FileFormatException;
import dev.lanewise.nn.Training;
import dev.lanewise.nn.TrainingCallback;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;

/**
 * Writes what each epoch reports as a line of a CSV file: the epoch, from 0, and the numbers in
 * full. In Keras {@code CSVLogger}. The file has each line as soon as its epoch is over, and needs
 * no library.
 *
 * {@snippet :
 * var log = new CSVLogger(Path.of("training.csv"));
 * model.fit(examples, FitOptions.epochs(10).callbacks(log));
 * }
 *
 * <p>Columns are what the first epoch reports, and what {@code fit} will report of later ones; what
 * callbacks log later under other names is left out. {@code NA} stands where an epoch has no
 * number. Name this after the callbacks that log: they are called in turn.
 */
public final class CSVLogger implements TrainingCallback {
  private static final String NAME = "CSVLogger";
  private static final String EPOCH = "epoch";

  private final Path file;
  private boolean append;
  private List<String> columns = List.of();

  /**
   * Makes one.
   *
   * @param file is written anew by each call of {@code fit}, in a folder that exists
   */
  public CSVLogger(Path file) {
    this.file = file;
  }

  /**
   * Chooses what becomes of a file that is there.
   *
   * @param append whether lines are added to it, below the columns that it has; if not, as it is if
   *     nobody says, it is written anew
   * @return this
   */
  public CSVLogger append(boolean append) {
    this.append = append;
    return this;
  }

  /**
   * Makes the file, or reads its columns.
   *
   * @throws UncheckedIOException if it can not be written, or is not such a file
   */
  @Override
  public void onTrainBegin(Training training) {
    try {
      boolean goesOn = append && Files.exists(file) && Files.size(file) > 0;
      columns = goesOn ? columnsOfFile() : List.of();
      if (!goesOn) {
        Files.writeString(file, "");
      }
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private List<String> columnsOfFile() throws IOException {
    try (BufferedReader reader = Files.newBufferedReader(file)) {
      List<String> found = List.of(reader.readLine().split(",", -1));
      if (!found.getFirst().equals(EPOCH)) {
        throw new FileFormatException(
            file.toString(),
            0,
            "a line of columns that begins with '" + EPOCH + "'",
            "'" + found.getFirst() + "'");
      }
      return found;
    }
  }

  /**
   * Adds a line.
   *
   * @throws UncheckedIOException if that fails
   * @throws IllegalArgumentException if a name has a comma, a quote or a line break in it
   */
  @Override
  public void onEpochEnd(Training training) {
    Map<String, Double> scores = training.scores().asMap();
    StringBuilder text = new StringBuilder();
    if (columns.isEmpty()) {
      columns = columns(training, scores.keySet());
      text.append(String.join(",", columns)).append('\n');
    }
    StringJoiner line = new StringJoiner(",");
    for (String column : columns) {
      Double value = scores.get(column);
      line.add(
          column.equals(EPOCH)
              ? Integer.toString(training.epoch())
              : value == null ? "NA" : value.toString());
    }
    try {
      Files.writeString(file, text.append(line).append('\n'), StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private static List<String> columns(Training training, Set<String> reported) {
    Set<String> all = new LinkedHashSet<>(List.of(EPOCH));
    all.addAll(training.names());
    all.addAll(reported);
    for (String name : all) {
      if (name.matches("(?s).*[,\"\r\n].*")) {
        throw new IllegalArgumentException(
            "%s: '%s' can not be a column, as it has a comma, a quote or a line break; rename it"
                .formatted(NAME, name));
      }
    }
    return new ArrayList<>(all);
  }

  private UncheckedIOException failed(IOException e) {
    return new UncheckedIOException("%s: can not write '%s': %s".formatted(NAME, file, e), e);
  }
}
