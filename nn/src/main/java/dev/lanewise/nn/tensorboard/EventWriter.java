package dev.lanewise.nn.tensorboard;

import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.nn.internal.Optionals;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Writes a file that TensorBoard shows, as Keras's {@code TensorBoard} callback and PyTorch's
 * {@code SummaryWriter} do: numbers, histograms, pictures, texts, hyperparameters and a graph.
 *
 * <p>A folder is a run, and each writer makes a file of its own in it. Give each run its folder,
 * below one that TensorBoard is started with: {@code tensorboard --logdir logs}. Of files that grow
 * in one folder at the same time, TensorBoard may follow the last alone, unless it is started with
 * {@code --reload_multifile=true}. Tags name curves; those with a common first part, as in {@code
 * loss/train} and {@code loss/val}, are shown together.
 *
 * <p>What is written reaches the file in bundles: when 64 KiB are waiting, when the last bundle was
 * more than two seconds ago, and with {@link #flush} and {@link #close}. Any thread may write. If
 * writing fails, the file is cut after the last whole record, and the writer takes no more.
 *
 * <p>The library protobuf-java does the encoding ({@code com.google.protobuf:protobuf-java}), which
 * the rest of Lanewise does without. On the module path, start Java with {@code --add-modules
 * com.google.protobuf}, or let the program's module require it.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() throws IOException {
 *   Path logs = Files.createTempDirectory("logs");
 *   try (EventWriter writer = EventWriter.open(logs.resolve("first"))) {
 *     for (int step = 0; step < 100; step++) {
 *       writer.scalar("loss/train", Math.exp(-0.05 * step), step);
 *     }
 *     writer.histogram("weights", Tensor.of(new float[] {-0.1f, 0.2f, 0.3f}), 99);
 *     writer.text("notes", "**Dense**, no dropout", 0);
 *     writer.hparams(Map.of("lr", 0.05, "optimizer", "sgd"), Map.of("final/loss", 0.007));
 *   }
 *   IO.println("tensorboard --logdir " + logs);
 * }
 * }
 */
public final class EventWriter implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("dev.lanewise.nn");

  private final RecordFile records;
  private final Instant start = Instant.now();
  private final AtomicBoolean hasHParams = new AtomicBoolean();

  /** The tags of histograms that left values out, which is said once for each. */
  private final Set<String> incomplete = ConcurrentHashMap.newKeySet();

  private EventWriter(RecordFile records) {
    this.records = records;
  }

  /**
   * Makes a file of a new name, {@code events.out.tfevents.<seconds>.<host>.<process>.<number>}, in
   * a folder.
   *
   * @param logdir the folder of the run, made if it is not there; of the default file system
   * @return a writer of that file
   * @throws IOException if the file cannot be made or written
   * @throws IllegalStateException if protobuf-java is not there
   */
  public static EventWriter open(Path logdir) throws IOException {
    Optionals.require(
        "EventWriter: TensorBoard's files need the library protobuf-java",
        "com.google.protobuf.Message",
        "com.google.protobuf:protobuf-java",
        "com.google.protobuf");
    if (Files.exists(logdir) && !Files.isDirectory(logdir)) {
      throw new FileAlreadyExistsException(
          logdir.toString(), null, "EventWriter.open: a file is where the folder should be");
    }
    Files.createDirectories(logdir);
    Path path = newFile(logdir);
    return open(new RecordFile(path, new RandomAccessFile(path.toFile(), "rw"), System::nanoTime));
  }

  /** Starts a file. */
  static EventWriter open(RecordFile records) throws IOException {
    try {
      records.append("EventWriter.open", Events.version());
      records.flush("EventWriter.open");
    } catch (IOException e) {
      records.close("EventWriter.open");
      throw e;
    }
    return new EventWriter(records);
  }

  /** Makes the file: of two writers that start in one second, one finds the other's name taken. */
  private static Path newFile(Path logdir) throws IOException {
    String name =
        "events.out.tfevents.%010d.%s.%d."
            .formatted(Instant.now().getEpochSecond(), hostName(), ProcessHandle.current().pid());
    for (int number = 0; ; number++) {
      try {
        return Files.createFile(logdir.resolve(name + number));
      } catch (FileAlreadyExistsException _) {
        // The next number, then.
      }
    }
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName().replaceAll("[^A-Za-z0-9._-]", "-");
    } catch (UnknownHostException _) {
      return "localhost";
    }
  }

  /** {@return the file that is written} */
  public Path file() {
    return records.path();
  }

  /**
   * Writes a number: a point of a curve.
   *
   * @param tag the name of the curve
   * @param value the number, which the file keeps as f32; NaN and infinities are marked in the
   *     curve
   * @param step where in the training it belongs
   * @throws IllegalArgumentException if the tag is blank
   * @throws UncheckedIOException if this is closed, or writing fails or has failed
   */
  public void scalar(String tag, double value, long step) {
    append("scalar", Events.scalar(requireTag("scalar", tag), value, step));
  }

  /**
   * Writes how numbers are spread, in 30 equally wide buckets from the least to the greatest.
   * Values that are NaN or infinite are in no bucket; the first time that a tag has some, the log
   * says how many.
   *
   * @param tag its name
   * @param values the numbers, of any shape and type; there may be none
   * @param step where in the training it belongs
   * @throws IllegalArgumentException if the tag is blank
   * @throws UncheckedIOException if this is closed, or writing fails or has failed
   */
  public void histogram(String tag, Tensor values, long step) {
    requireTag("histogram", tag);
    histogram(tag, Histogram.of(values), values.size(), step);
  }

  /**
   * Writes how numbers are spread, as {@link #histogram(String, Tensor, long)} does.
   *
   * @param tag its name
   * @param values the numbers; there may be none
   * @param step where in the training it belongs
   * @throws IllegalArgumentException if the tag is blank
   * @throws UncheckedIOException if this is closed, or writing fails or has failed
   */
  public void histogram(String tag, float[] values, long step) {
    requireTag("histogram", tag);
    histogram(tag, Histogram.of(values), values.length, step);
  }

  private void histogram(String tag, Histogram histogram, long count, long step) {
    if (histogram.leftOut() > 0 && incomplete.add(tag)) {
      LOG.log(
          System.Logger.Level.WARNING,
          "EventWriter.histogram: \"%s\" leaves out %d of %d values, NaN or infinite, at step %d"
              .formatted(tag, histogram.leftOut(), count, step));
    }
    append("histogram", Events.histogram(tag, histogram, step));
  }

  /**
   * Writes pictures, as PNG. Floating-point numbers are 0 (dark) to 1 (bright), integers 0 to 255,
   * truth values 0 or 1; what is outside becomes the nearer end, and NaN 0.
   *
   * @param tag their name
   * @param image {@code [h, w]}, {@code [c, h, w]} or {@code [n, c, h, w]}; c is 1 (gray), 3 (red,
   *     green, blue) or 4 (opacity too), and all n are written
   * @param step where in the training they belong
   * @throws ShapeException if the tensor has another shape, or no pixel
   * @throws IllegalArgumentException if the tag is blank
   * @throws IllegalStateException if the module java.desktop is not there, which makes the PNGs
   * @throws UncheckedIOException if this is closed, or writing fails or has failed
   */
  public void image(String tag, Tensor image, long step) {
    requireTag("image", tag);
    append("image", Events.pictures(tag, Pictures.of(image), step));
  }

  /**
   * Writes a picture that is a PNG already.
   *
   * @param tag its name
   * @param png the bytes of a PNG file
   * @param step where in the training it belongs
   * @throws IllegalArgumentException if the bytes do not start as a PNG file does, or the tag is
   *     blank
   * @throws UncheckedIOException if this is closed, or writing fails or has failed
   */
  public void image(String tag, byte[] png, long step) {
    requireTag("image", tag);
    append("image", Events.pictures(tag, Pictures.of(png), step));
  }

  /**
   * Writes a text.
   *
   * @param tag its name
   * @param markdown the text, as Markdown
   * @param step where in the training it belongs
   * @throws IllegalArgumentException if the tag is blank
   * @throws UncheckedIOException if this is closed, or writing fails or has failed
   */
  public void text(String tag, String markdown, long step) {
    append("text", Events.text(requireTag("text", tag), markdown, step));
  }

  /**
   * Writes the hyperparameters of this run and what came out with them, once, when it is over:
   * TensorBoard compares the runs of one folder by them.
   *
   * @param hparams the hyperparameters by name: finite numbers, truth values, texts and constants
   *     of enums
   * @param metrics what came out, by tag; each is written as a {@link #scalar} of step 0, so let
   *     the tags be others than those of curves. The last numbers of curves are compared anyway
   * @throws IllegalArgumentException if there is no hyperparameter, one is of another type, or the
   *     tag of a metric is blank
   * @throws IllegalStateException if they were written before: TensorBoard would not see others
   * @throws UncheckedIOException if this is closed, or writing fails or has failed
   */
  public void hparams(Map<String, ?> hparams, Map<String, Double> metrics) {
    byte[] event = HParams.encode(hparams, metrics, start);
    if (!hasHParams.compareAndSet(false, true)) {
      throw new IllegalStateException(
          "EventWriter.hparams: the hyperparameters of this run were written before; open a writer"
              + " in another folder for another run");
    }
    append("hparams", event);
  }

  /**
   * Writes a graph, which TensorBoard draws. Where a run has several, it draws the last.
   *
   * @param nodes its nodes, in any order
   * @throws IllegalArgumentException if there is no node, two have the same name, or an input names
   *     no node
   * @throws UncheckedIOException if this is closed, or writing fails or has failed
   */
  public void graph(List<GraphNode> nodes) {
    append("graph", Graphs.encode(nodes));
  }

  /**
   * Brings all that was written into the file, where TensorBoard sees it.
   *
   * @throws UncheckedIOException if this is closed, or writing fails or has failed
   */
  public void flush() {
    try {
      records.flush("EventWriter.flush");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Brings all that was written into the file and closes it. Closing again does nothing.
   *
   * @throws UncheckedIOException if writing fails; not if it has failed before, which was said then
   */
  @Override
  public void close() {
    try {
      records.close("EventWriter.close");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void append(String method, byte[] event) {
    try {
      records.append("EventWriter." + method, event);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@return a tag that is not blank} */
  static String requireTag(String method, String tag) {
    if (tag.isBlank()) {
      throw new IllegalArgumentException(
          "EventWriter." + method + ": a tag names what is written, and must not be blank");
    }
    return tag;
  }
}
