package dev.lanewise.nn.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.autodiff.Tensor;
import dev.lanewise.io.FileFormatException;
import dev.lanewise.io.Safetensors;
import dev.lanewise.nn.FitOptions;
import dev.lanewise.nn.Model;
import dev.lanewise.nn.OneWeight;
import dev.lanewise.nn.TrainingCallback;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The callbacks that write files. */
class FilesInTrainingTest {
  @TempDir Path folder;

  private static void fit(int epochs, TrainingCallback... callbacks) {
    OneWeight.model().fit(OneWeight.EXAMPLES, OneWeight.silent(epochs, callbacks));
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> folder.relativize(file).toString().replace('\\', '/'))
          .sorted()
          .toList();
    }
  }

  private ModelCheckpoint checkpoint(String name) {
    return ModelCheckpoint.weights(folder.resolve("runs").resolve(name).toString());
  }

  private static float saved(Path file) throws IOException {
    return Tensor.of(Safetensors.read(file).arrays().get("dense/kernel")).toFloatArray()[0];
  }

  @Test
  void eachEpochIsSavedUnderItsNumbers() throws IOException {
    ModelCheckpoint each =
        checkpoint("{epoch:02d}-{loss:.2f}-{step}-{loss:.1e}{epoch}.safetensors");
    fit(2, each);
    assertEquals(
        List.of("runs/01-1.00-1-1.0e+001.safetensors", "runs/02-0.25-2-2.5e-012.safetensors"),
        names());
    assertEquals(0.5f, saved(each.files().getFirst()));
    assertEquals(0.25f, saved(each.files().getLast()));
  }

  @Test
  void theBestIsSaved() throws IOException {
    ModelCheckpoint best = checkpoint("best.safetensors").monitor("error").saveBestOnly(true);
    fit(4, OneWeight.log("error", 3, Double.NaN, 1, 2), best);
    assertEquals(List.of("runs/best.safetensors"), names());
    assertEquals(1 / 8f, saved(best.files().getFirst()));
    ModelCheckpoint most =
        checkpoint("{epoch}.safetensors").mode("max").monitor("error").saveBestOnly(true);
    fit(4, OneWeight.log("error", 1, 3, 2, 4), most);
    assertEquals(
        List.of(
            "runs/1.safetensors",
            "runs/2.safetensors",
            "runs/4.safetensors",
            "runs/best.safetensors"),
        names());
  }

  @Test
  void theLastOnesAreKept() throws IOException {
    Files.createDirectory(folder.resolve("runs"));
    Files.writeString(folder.resolve("runs/0.safetensors"), "not its own");
    ModelCheckpoint last = checkpoint("{epoch}.safetensors").keep(2);
    fit(5, last);
    assertEquals(
        List.of("runs/0.safetensors", "runs/4.safetensors", "runs/5.safetensors"), names());
    assertEquals(2, last.files().size());
    fit(1, checkpoint("same.safetensors").keep(1));
    fit(3, checkpoint("same.safetensors").keep(1));
    assertTrue(names().contains("runs/same.safetensors"));
  }

  @Test
  void stepsAreCountedThroughEpochs() throws IOException {
    OneWeight.model()
        .fit(
            OneWeight.EXAMPLES,
            OneWeight.silent(2, checkpoint("{step}.safetensors").everySteps(3)).stepsPerEpoch(4));
    assertEquals(List.of("runs/3.safetensors", "runs/6.safetensors"), names());
  }

  @Test
  void aFormOfOnesOwn() throws IOException {
    ModelCheckpoint own =
        new ModelCheckpoint(
            folder.resolve("{epoch}.txt").toString(),
            (model, file) -> Files.writeString(file, "weight " + OneWeight.weight(model)));
    fit(1, own);
    assertEquals("weight 0.5", Files.readString(folder.resolve("1.txt")));
    Path none = folder.resolve("1.txt").resolve("file.npz");
    UncheckedIOException failure =
        assertThrows(
            UncheckedIOException.class, () -> fit(1, ModelCheckpoint.weights(none.toString())));
    assertTrue(failure.getMessage().contains(none.toString()), failure.getMessage());
  }

  @Test
  void epochsThatWereNotValidatedHaveNoNumber() throws IOException {
    OneWeight.model()
        .fit(
            OneWeight.EXAMPLES,
            OneWeight.silent(2, checkpoint("{epoch}-{val_loss:.4f}.safetensors"))
                .validationData(OneWeight.EXAMPLES)
                .validationFrequency(2));
    assertEquals(List.of("runs/1-NaN.safetensors", "runs/2-0.0625.safetensors"), names());
  }

  @Test
  void pathsAndSettingsAreChecked() throws IOException {
    for (String wrong :
        List.of("{epoch", "a}b", "{}", "{epoch:.2f}", "{loss:02d}", "{loss:s}", "{epoch:%d}")) {
      String file = wrong + ".npz";
      assertThrows(IllegalArgumentException.class, () -> ModelCheckpoint.weights(file), wrong);
    }
    assertThrows(IllegalArgumentException.class, () -> checkpoint("a"));
    assertThrows(IllegalArgumentException.class, () -> checkpoint("a.npz").keep(0));
    assertThrows(IllegalArgumentException.class, () -> checkpoint("a.npz").everySteps(0));
    assertThrows(IllegalArgumentException.class, () -> checkpoint("a.npz").mode("best"));
    assertThrows(IllegalArgumentException.class, () -> fit(1, checkpoint("{val_loss}.npz")));
    assertThrows(
        IllegalArgumentException.class, () -> fit(1, checkpoint("a.npz").saveBestOnly(true)));
    assertThrows(IllegalArgumentException.class, () -> fit(1, checkpoint("{acuracy}.npz")));
    FitOptions middle =
        OneWeight.silent(1, checkpoint("a.npz").saveBestOnly(true).everySteps(1))
            .validationData(OneWeight.EXAMPLES);
    Model model = OneWeight.model();
    assertThrows(IllegalArgumentException.class, () -> model.fit(OneWeight.EXAMPLES, middle));
    assertEquals(List.of(), names());
  }

  @Test
  void eachEpochIsALine() throws IOException {
    Path file = folder.resolve("log.csv");
    TrainingCallback rate =
        TrainingCallback.onEpochEnd(
            t -> {
              t.log("rate", 1e-7);
              if (t.epoch() == 1) {
                t.log("late", 1);
              }
            });
    String[] seen = new String[1];
    TrainingCallback look =
        TrainingCallback.onEpochEnd(
            _ -> {
              try {
                seen[0] = seen[0] == null ? Files.readString(file) : seen[0];
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    FitOptions options =
        OneWeight.silent(3, rate, new CSVLogger(file), look)
            .validationData(OneWeight.EXAMPLES)
            .validationFrequency(2);
    OneWeight.model().fit(OneWeight.EXAMPLES, options);
    assertEquals("epoch,loss,val_loss,rate\n0,1.0,NA,1.0E-7\n", seen[0]);
    assertEquals(
        "epoch,loss,val_loss,rate\n0,1.0,NA,1.0E-7\n1,0.25,0.0625,1.0E-7\n2,0.0625,NA,1.0E-7\n",
        Files.readString(file));
  }

  @Test
  void aLogGoesOnOrBeginsAnew() throws IOException {
    Path file = folder.resolve("log.csv");
    fit(2, new CSVLogger(file).append(true));
    String first = "epoch,loss\n0,1.0\n1,0.25\n";
    assertEquals(first, Files.readString(file));
    // Below the columns that are there, in their order.
    fit(1, OneWeight.log("other", 7), new CSVLogger(file).append(true));
    assertEquals(first + "0,1.0\n", Files.readString(file));
    fit(1, new CSVLogger(file));
    assertEquals("epoch,loss\n0,1.0\n", Files.readString(file));
    Files.writeString(file, "epoch,accuracy,loss\n");
    fit(1, new CSVLogger(file).append(true));
    assertEquals("epoch,accuracy,loss\n0,NA,1.0\n", Files.readString(file));
  }

  @Test
  void filesThatAreNoLogs() throws IOException {
    Path file = folder.resolve("log.csv");
    Files.writeString(file, "name,value\n");
    UncheckedIOException other =
        assertThrows(UncheckedIOException.class, () -> fit(1, new CSVLogger(file).append(true)));
    assertInstanceOf(FileFormatException.class, other.getCause());
    assertEquals("name,value\n", Files.readString(file));
    CSVLogger nowhere = new CSVLogger(folder.resolve("none/log.csv"));
    UncheckedIOException missing = assertThrows(UncheckedIOException.class, () -> fit(1, nowhere));
    assertInstanceOf(NoSuchFileException.class, missing.getCause());
    assertFalse(Files.exists(folder.resolve("none")));
    assertThrows(
        IllegalArgumentException.class, () -> fit(1, OneWeight.log("a,b", 1), new CSVLogger(file)));
  }
}
