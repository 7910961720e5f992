package dev.lanewise.nn.train;

import dev.lanewise.nn.Model;
import dev.lanewise.nn.Training;
import dev.lanewise.nn.TrainingCallback;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Saves the model while it is trained, after each epoch or after each so many steps. In Keras
 * {@code ModelCheckpoint}.
 *
 * {@snippet :
 * var best =
 *     ModelCheckpoint.weights("runs/{epoch:02d}-{val_loss:.4f}.safetensors").saveBestOnly(true).keep(3);
 * model.fit(examples, FitOptions.epochs(20).validationSplit(0.2).callbacks(best));
 * IO.println(best.files());
 * }
 *
 * <p>In the path, {@code {epoch}} is the epoch from 1, {@code {step}} the number of steps that the
 * optimizer has taken, and any other name in braces what the epoch reports under it, NaN where it
 * was not validated; after a colon may come a format as {@code 02d} for the first two, or {@code
 * .2f} for the others. Folders that are missing are made. A path without braces is written again
 * and again.
 */
public final class ModelCheckpoint implements TrainingCallback {
  private static final String NAME = "ModelCheckpoint";

  private final CheckpointPath path;
  private final Saver saver;
  private final Set<Path> written = new LinkedHashSet<>();
  private Monitor monitor = new Monitor(NAME, "val_loss");
  private boolean saveBestOnly;
  private String mode = "auto";
  private long everySteps;
  private int keep;
  private long steps;

  /** Writes a model into a file. */
  @FunctionalInterface
  public interface Saver {
    /**
     * Writes it.
     *
     * @param model the model
     * @param file the file, in a folder that exists; one that is there is replaced
     * @throws IOException if that fails
     */
    void save(Model model, Path file) throws IOException;
  }

  /**
   * Makes one that saves the whole model, as {@link Model#save} does.
   *
   * @param path where to; see above. Usual is the ending {@code .lw}
   * @throws IllegalArgumentException if the braces of the path are not as they must be
   */
  public ModelCheckpoint(String path) {
    this(path, Model::save);
  }

  /**
   * Makes one that saves in a form of one's own.
   *
   * @param path where to; see above
   * @param saver writes the file
   * @throws IllegalArgumentException if the braces of the path are not as they must be
   */
  public ModelCheckpoint(String path, Saver saver) {
    this.path = new CheckpointPath(NAME, path);
    this.saver = Objects.requireNonNull(saver, "saver");
  }

  /**
   * {@return one that saves the weights alone, as {@link Model#saveWeights} does}
   *
   * @param path where to; see above. It ends in {@code .safetensors} or {@code .npz}
   * @throws IllegalArgumentException if it does not, or its braces are not as they must be
   */
  public static ModelCheckpoint weights(String path) {
    // Not only after the first epoch.
    if (!path.endsWith(".safetensors") && !path.endsWith(".npz")) {
      throw new IllegalArgumentException(
          NAME + ": a path of weights must end in .safetensors or .npz, unlike '" + path + "'");
    }
    return new ModelCheckpoint(path, Model::saveWeights);
  }

  /**
   * Chooses what tells which model is best.
   *
   * @param name a name of the history; {@code val_loss} if nobody says
   * @return this
   */
  public ModelCheckpoint monitor(String name) {
    monitor = new Monitor(NAME, name);
    monitor.mode(mode);
    return this;
  }

  /**
   * Chooses whether less or more of it is better.
   *
   * @param mode {@code "min"}, {@code "max"}, or {@code "auto"} to tell by the name, as it is if
   *     nobody says
   * @return this
   * @throws IllegalArgumentException if it is none of these
   */
  public ModelCheckpoint mode(String mode) {
    monitor.mode(mode);
    this.mode = mode;
    return this;
  }

  /**
   * Chooses which models are saved.
   *
   * @param bestOnly whether only one that is better than all before, in this call of {@code fit};
   *     each if nobody says
   * @return this
   */
  public ModelCheckpoint saveBestOnly(boolean bestOnly) {
    saveBestOnly = bestOnly;
    return this;
  }

  /**
   * Chooses to save after each so many steps, counted through all epochs, not after epochs.
   *
   * @param steps how many, at least 1
   * @return this
   * @throws IllegalArgumentException if it is not positive
   */
  public ModelCheckpoint everySteps(long steps) {
    if (steps < 1) {
      throw new IllegalArgumentException(NAME + ": everySteps must be at least 1, not " + steps);
    }
    everySteps = steps;
    return this;
  }

  /**
   * Chooses how many files stay; all if nobody says. Files of other programs, or of before, are
   * left alone.
   *
   * @param files how many of those that this has written, the last ones, at least 1
   * @return this
   * @throws IllegalArgumentException if it is not positive
   */
  public ModelCheckpoint keep(int files) {
    if (files < 1) {
      throw new IllegalArgumentException(NAME + ": keep must be at least 1, not " + files);
    }
    keep = files;
    return this;
  }

  @Override
  public void onTrainBegin(Training training) {
    steps = 0;
    path.requirePossible(training);
    if (saveBestOnly) {
      monitor.begin(training);
      if (everySteps > 0 && monitor.isOfValidation()) {
        throw new IllegalArgumentException(
            "%s: in the middle of an epoch there is no '%s'; save after epochs, or monitor 'loss'"
                .formatted(NAME, monitor.name()));
      }
    }
  }

  @Override
  public void onBatchEnd(Training training) {
    steps++;
    if (everySteps > 0 && steps % everySteps == 0) {
      saveIfWanted(training);
    }
  }

  @Override
  public void onEpochEnd(Training training) {
    if (everySteps == 0) {
      saveIfWanted(training);
    }
  }

  private void saveIfWanted(Training training) {
    if (saveBestOnly) {
      var value = monitor.read(training);
      if (value.isEmpty() || !monitor.improve(value.getAsDouble())) {
        return;
      }
    }
    Path file = path.at(training);
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      saver.save(training.model(), file);
      written.remove(file);
      written.add(file);
      while (keep > 0 && written.size() > keep) {
        Path oldest = written.iterator().next();
        Files.deleteIfExists(oldest);
        written.remove(oldest);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("%s: can not write '%s': %s".formatted(NAME, file, e), e);
    }
  }

  /** {@return the files that this has written and not deleted, the oldest first} */
  public List<Path> files() {
    return List.copyOf(written);
  }
}
