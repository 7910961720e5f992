package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HelpTest {
  @Test
  void theVersionIsThatOfThePom() throws IOException {
    Matcher parent =
        Pattern.compile("<parent>.*?<version>(.*?)</version>", Pattern.DOTALL)
            .matcher(Files.readString(Path.of("pom.xml")));
    assertTrue(parent.find());
    String expected = "lanewise " + parent.group(1);
    assertEquals(List.of(expected), Cli.run("--version").assertFine().outLines());
    assertEquals(List.of(expected), Cli.run("-V").assertFine().outLines());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "--help", "-h"})
  void theOverviewNamesCommandsAndShowsExamples(String line) {
    String out = Cli.run(line).assertFine().out();
    for (String part :
        List.of(
            "Usage: lanewise",
            "doctor",
            "train",
            "run",
            "graph",
            "bench",
            "conformance",
            "--version",
            "lanewise train digits")) {
      assertTrue(out.contains(part), out);
    }
  }

  @Test
  void theHelpOfTrainNamesTheDataSets() {
    String out = Cli.run("train --help").assertFine().out();
    assertTrue(out.contains("Usage: lanewise train [-h] DATASET"), out);
    assertTrue(out.contains("digits") && out.contains("fashion-mnist"), out);
  }

  @Test
  void theHelpOfDigitsNamesOptionsAndDefaults() {
    assertNames("train digits --help", "--epochs", "default: 30", "--batch", "default: 64");
    assertNames("train digits --help", "--threads", "1 to 1024", "--seed", "--backend");
  }

  @Test
  void theHelpOfFashionMnistNamesOptionsAndDefaults() {
    String line = "train fashion-mnist --help";
    assertNames(line, "--model=NAME", "The network: mlp, cnn", "default: mlp");
    for (TrainFashionMnist.Model model : TrainFashionMnist.Model.values()) {
      assertNames(line, model.epochs + " for " + model, " " + model + " ");
    }
    assertNames(line, "--data-dir", "/usr/share/datasets/fashion-mnist", "--epochs", "--batch");
    assertNames(line, "--threads", "--seed", "--backend", "dataset-fashion-mnist");
  }

  @Test
  void theHelpOfDoctorExplainsItsExitStatus() {
    assertNames("doctor --help", "exit status is 0");
  }

  @Test
  void theHelpOfBenchExplainsColumnsAndExitStatus() {
    assertNames("bench --help", "--filter=RE", "--peers", "--quick", "--gate", "--json=FILE");
    assertNames(
        "bench --help",
        "--html=FILE",
        "roof",
        "exit status is 1",
        "20 %",
        "--train",
        "--launches=N",
        "--shuffle=SEED");
  }

  @Test
  void theHelpOfConformanceExplainsTheFolder() {
    assertNames(
        "conformance --help",
        "DIR",
        "index.json",
        "arrays.npz",
        "--filter=RE",
        "--traced",
        "status");
  }

  @Test
  void theHelpOfRunShowsAnExample() {
    assertNames("run --help", "FILE.java", "FirstNetwork.java", "LANEWISE_JAVA_OPTS");
  }

  /** Line breaks are where the terminal wants them. */
  private static void assertNames(String line, String... parts) {
    String out = Cli.run(line).assertFine().out().replaceAll("\\s+", " ");
    for (String part : parts) {
      assertTrue(out.contains(part), part + " is not in " + out);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--help",
        "doctor --help",
        "bench --help",
        "run --help",
        "graph --help",
        "conformance --help",
        "train --help",
        "train digits --help",
        "train fashion-mnist --help"
      })
  void helpHasNoColoursAndFitsATerminal(String line) {
    for (String text : Cli.run(line).assertFine().outLines()) {
      assertTrue(text.length() <= 80, text);
      assertTrue(text.chars().allMatch(c -> c >= ' ' && c <= '~'), text);
    }
  }
}
