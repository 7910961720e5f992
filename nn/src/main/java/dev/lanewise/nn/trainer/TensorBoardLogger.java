package dev.lanewise.nn.trainer;

import dev.lanewise.nn.tensorboard.EventWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Writes what is logged for TensorBoard, by the library protobuf-java, see {@link EventWriter}.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() throws IOException {
 *   Path logs = Files.createTempDirectory("logs");
 *   try (var logger = TensorBoardLogger.open(logs.resolve("first"))) {
 *     logger.scalars(10, 0, Map.of("loss", 0.5));
 *   }
 *   IO.println("tensorboard --logdir " + logs);
 * }
 * }
 */
public final class TensorBoardLogger implements TrainingLogger, AutoCloseable {
  private final EventWriter writer;
  private Map<String, Object> hyperparameters = Map.of();
  private boolean told;

  private TensorBoardLogger(EventWriter writer) {
    this.writer = writer;
  }

  /**
   * {@return a logger that makes a file of a new name in a folder}
   *
   * @param logdir the folder of the run, made if it is not there
   * @throws IOException if the file cannot be made or written
   * @throws IllegalStateException if protobuf-java is not there
   */
  public static TensorBoardLogger open(Path logdir) throws IOException {
    return new TensorBoardLogger(EventWriter.open(logdir));
  }

  @Override
  public void hyperparameters(Map<String, Object> values) {
    hyperparameters = new LinkedHashMap<>(values);
  }

  /** Writes each number under its name. */
  @Override
  public void scalars(long step, int epoch, Map<String, Double> values) {
    values.forEach((name, value) -> writer.scalar(name, value, step));
  }

  /**
   * Writes the hyperparameters, if there are some, with what was reached, as {@code final/name}. A
   * file takes those of one training alone: the first.
   */
  @Override
  public void finish(Map<String, Double> last) {
    if (!told && !hyperparameters.isEmpty()) {
      Map<String, Double> reached = new LinkedHashMap<>();
      last.forEach((name, value) -> reached.put("final/" + name, value));
      writer.hparams(hyperparameters, reached);
      told = true;
    }
    writer.flush();
  }

  /** Closes the file. */
  @Override
  public void close() {
    writer.close();
  }
}
