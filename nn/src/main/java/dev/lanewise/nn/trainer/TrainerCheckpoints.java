package dev.lanewise.nn.trainer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Pattern;

/**
 * Writes checkpoints while a {@link Trainer} trains: after each epoch, the last one is kept, unless
 * other things are chosen. {@link Trainer#from} goes on from one.
 *
 * {@snippet :
 * import module dev.lanewise.nn;
 *
 * void main() throws IOException {
 *   Path folder = Files.createTempDirectory("run");
 *   var checkpoints = TrainerCheckpoints.in(folder).everyEpochs(5).keepLowest("val_loss", 2);
 *   IO.println(TrainerOptions.maxEpochs(100).callbacks(checkpoints));
 *   IO.println(checkpoints.best()); // Optional.empty before the first
 * }
 * }
 *
 * <p>A file is called {@code epoch-3-step-120.safetensors} by the epoch, from 0, and the steps that
 * were taken. It is there as a whole or not at all.
 */
public final class TrainerCheckpoints implements TrainerCallback {
  /** A file, and how good it is: the larger the better. */
  private record Kept(Path file, double score) {
    /** No number is worse than any. */
    double rank() {
      return Double.isNaN(score) ? Double.NEGATIVE_INFINITY : score;
    }
  }

  private static final Pattern NAME = Pattern.compile("epoch-\\d+-step-\\d+\\.safetensors");

  private final Path folder;
  private final List<Kept> kept = new ArrayList<>();
  private int everyEpochs = 1;
  private long everySteps;
  private int most = 1;
  private String monitored;
  private int sign = 1;

  private TrainerCheckpoints(Path folder) {
    this.folder = folder;
  }

  /**
   * {@return checkpoints in a folder}
   *
   * @param folder the folder, made if it is not there
   */
  public static TrainerCheckpoints in(Path folder) {
    return new TrainerCheckpoints(folder);
  }

  /**
   * Writes one every so many epochs.
   *
   * @param epochs how many, at least 1
   * @return this callback
   * @throws IllegalArgumentException if it is less than 1
   */
  public TrainerCheckpoints everyEpochs(int epochs) {
    everyEpochs = (int) requirePositive("everyEpochs", epochs);
    everySteps = 0;
    return this;
  }

  /**
   * Writes one every so many steps of the optimizer, in the middle of epochs, and none at their
   * ends.
   *
   * @param steps how many, at least 1
   * @return this callback
   * @throws IllegalArgumentException if it is less than 1, or a number of epochs is to decide which
   *     are kept
   */
  public TrainerCheckpoints everySteps(long steps) {
    if (monitored != null) {
      throw mixed();
    }
    everySteps = requirePositive("everySteps", steps);
    return this;
  }

  /**
   * Keeps the last ones.
   *
   * @param files how many, at least 1
   * @return this callback
   * @throws IllegalArgumentException if it is less than 1
   */
  public TrainerCheckpoints keepLatest(int files) {
    most = (int) requirePositive("keepLatest", files);
    monitored = null;
    sign = 1;
    return this;
  }

  /**
   * Keeps those of the epochs in which a number was lowest.
   *
   * @param name the number's name, for example {@code "val_loss"}
   * @param files how many, at least 1
   * @return this callback
   * @throws IllegalArgumentException if it is less than 1, or checkpoints are written every so many
   *     steps
   */
  public TrainerCheckpoints keepLowest(String name, int files) {
    return keep(name, files, -1);
  }

  /**
   * Keeps those of the epochs in which a number was highest.
   *
   * @param name the number's name, for example {@code "val_accuracy"}
   * @param files how many, at least 1
   * @return this callback
   * @throws IllegalArgumentException if it is less than 1, or checkpoints are written every so many
   *     steps
   */
  public TrainerCheckpoints keepHighest(String name, int files) {
    return keep(name, files, 1);
  }

  private TrainerCheckpoints keep(String name, int files, int sign) {
    if (everySteps > 0) {
      throw mixed();
    }
    most = (int) requirePositive("keep", files);
    monitored = name;
    this.sign = sign;
    return this;
  }

  private static IllegalArgumentException mixed() {
    return new IllegalArgumentException(
        "TrainerCheckpoints: numbers of epochs can not decide about checkpoints of steps; choose"
            + " everyEpochs, or keepLatest");
  }

  private static long requirePositive(String setting, long value) {
    if (value < 1) {
      throw new IllegalArgumentException(
          "TrainerCheckpoints: %s must be at least 1, not %d".formatted(setting, value));
    }
    return value;
  }

  /** {@return the best of the files that are kept: the last one, if no number decides} */
  public Optional<Path> best() {
    return kept.isEmpty() ? Optional.empty() : Optional.of(kept.getFirst().file);
  }

  /** {@return the files that are kept, the best first} */
  public List<Path> files() {
    return kept.stream().map(Kept::file).toList();
  }

  @Override
  public void onTrainStep(TrainerRun run) {
    if (everySteps > 0 && run.step() % everySteps == 0) {
      save(run, run.step());
    }
  }

  @Override
  public void onTrainEpochEnd(TrainerRun run) {
    if (everySteps > 0 || (run.epoch() + 1) % everyEpochs != 0) {
      return;
    }
    OptionalDouble score =
        monitored == null ? OptionalDouble.of(run.step()) : run.monitored(monitored);
    if (score.isPresent()) {
      save(run, sign * score.getAsDouble());
    }
  }

  private void save(TrainerRun run, double score) {
    Path file = folder.resolve("epoch-%d-step-%d.safetensors".formatted(run.epoch(), run.step()));
    Kept made = new Kept(file, score);
    kept.removeIf(other -> other.file.equals(file));
    kept.add(made);
    // Of two that are as good, the later one is kept.
    kept.sort(
        Comparator.comparingDouble(Kept::rank)
            .thenComparing(one -> one == made ? 1 : 0)
            .reversed());
    Optional<Kept> worst = kept.size() > most ? Optional.of(kept.removeLast()) : Optional.empty();
    if (worst.isPresent() && worst.get() == made) {
      return;
    }
    try {
      Files.createDirectories(folder);
      run.save(file);
      if (worst.isPresent()) {
        Files.deleteIfExists(worst.get().file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Forgets the files of an earlier run; one that goes on has been given its state. */
  @Override
  public void onTrainStart(TrainerRun run) {
    if (run.step() == 0) {
      kept.clear();
    }
  }

  @Override
  public Map<String, String> state() {
    Map<String, String> state = new LinkedHashMap<>();
    for (Kept one : kept) {
      state.put(one.file.getFileName().toString(), Double.toString(one.score));
    }
    return state;
  }

  @Override
  public void loadState(Map<String, String> state) {
    kept.clear();
    state.forEach(
        (name, score) -> {
          // What is kept may be deleted later: nothing but checkpoints of this folder.
          if (NAME.matcher(name).matches()) {
            kept.add(new Kept(folder.resolve(name), Double.parseDouble(score)));
          }
        });
  }
}
