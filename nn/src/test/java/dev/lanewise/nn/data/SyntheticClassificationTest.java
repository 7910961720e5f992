package dev.lanewise.nn.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SyntheticClassificationTest {
  /** Files that scikit-learn 1.9 has made with seed 0: x0, x1, label. */
  @ParameterizedTest
  @CsvSource({"flip005, 0.05, 1.5", "flip01, 0.1, 1.5", "flip02, 0.2, 1"})
  void theNumbersAreThoseOfScikitLearn(String file, double flipped, double separation)
      throws IOException {
    LabeledDataset data =
        SyntheticClassification.of(100, 2)
            .withFlippedShare(flipped)
            .withSeparation(separation)
            .draw(0);
    List<String> lines = lines("classification_" + file + ".csv");
    assertEquals(100, lines.size());
    for (int i = 0; i < 100; i++) {
      String[] fields = lines.get(i).split(",");
      assertEquals(Double.parseDouble(fields[0]), data.features()[2 * i], 1e-6, file + " " + i);
      assertEquals(Double.parseDouble(fields[1]), data.features()[2 * i + 1], 1e-6);
      assertEquals(Integer.parseInt(fields[2]), data.labels()[i]);
    }
  }

  private static List<String> lines(String name) throws IOException {
    try (InputStream in = SyntheticClassificationTest.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }

  @Test
  void clustersLieAroundTheirCorners() {
    // Far apart, the signs of the informative features name the corner.
    LabeledDataset data =
        SyntheticClassification.of(1001, 5)
            .withInformative(3, 1)
            .withClasses(4, 2)
            .withFlippedShare(0)
            .withSeparation(100)
            .draw(7);
    assertArrayEquals(new int[] {5}, data.sampleShape());
    int[] counts = new int[4];
    for (int label : data.labels()) {
      counts[label]++;
    }
    for (int count : counts) {
      assertTrue(count >= 250 && count <= 252, count + " samples of a class");
    }
    int far = 0;
    for (float value : data.features()) {
      far += Math.abs(value) > 50 ? 1 : 0;
    }
    assertTrue(far >= 3 * 1001, far + " numbers are far from 0");
  }

  @Test
  void theSameSeedGivesTheSameSamples() {
    SyntheticClassification settings = SyntheticClassification.of(50, 20);
    assertArrayEquals(settings.draw(3).features(), settings.draw(3).features());
    assertTrue(settings.draw(3).features()[0] != settings.draw(4).features()[0]);
  }

  @Test
  void manyCornersAreDifferent() {
    LabeledDataset data =
        SyntheticClassification.of(10, 20)
            .withInformative(20, 0)
            .withFlippedShare(0)
            .withSeparation(1000)
            .withClasses(5, 2)
            .draw(1);
    // Each sample is a cluster of its own: no two lie at the same corner.
    long corners =
        IntStream.range(0, 10)
            .mapToObj(
                i -> {
                  StringBuilder signs = new StringBuilder();
                  for (int j = 0; j < 20; j++) {
                    signs.append(data.features()[20 * i + j] > 0 ? '+' : '-');
                  }
                  return signs.toString();
                })
            .distinct()
            .count();
    assertEquals(10, corners);
  }

  @Test
  void wrongSettingsAreRefused() {
    SyntheticClassification settings = SyntheticClassification.of(10, 3);
    assertThrows(IllegalArgumentException.class, () -> SyntheticClassification.of(0, 2));
    assertThrows(IllegalArgumentException.class, () -> SyntheticClassification.of(10, 1));
    assertThrows(IllegalArgumentException.class, () -> settings.withInformative(3, 1));
    assertThrows(IllegalArgumentException.class, () -> settings.withInformative(0, 1));
    assertThrows(IllegalArgumentException.class, () -> settings.withClasses(0, 1));
    assertThrows(IllegalArgumentException.class, () -> settings.withFlippedShare(1.5));
    assertThrows(IllegalArgumentException.class, () -> settings.withFlippedShare(Double.NaN));
    assertThrows(IllegalArgumentException.class, () -> settings.withSeparation(Double.NaN));
    assertThrows(IllegalArgumentException.class, () -> settings.draw(-1));
    String text =
        assertThrows(IllegalArgumentException.class, () -> settings.withClasses(3, 2).draw(0))
            .getMessage();
    assertTrue(text.contains("4 corners"), text);
  }
}
