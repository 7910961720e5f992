package dev.lanewise.nn.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SyntheticPointsTest {
  private static final double[][] CENTERS = {{0, 0}, {10, -10}};

  static Stream<Arguments> sets() {
    return Stream.of(
        Arguments.of("moons.csv", SyntheticMoons.of(21).withNoise(0.1).draw(3)),
        Arguments.of(
            "circles.csv", SyntheticCircles.of(21).withNoise(0.05).withFactor(0.5).draw(4)),
        Arguments.of("blobs.csv", SyntheticBlobs.of(20, 3).withDeviation(1.5).draw(5)),
        Arguments.of(
            "blobs_given.csv", SyntheticBlobs.around(10, CENTERS).withDeviation(0.5, 2).draw(6)));
  }

  /** Files that scikit-learn 1.9 has made with these settings: the features, then the label. */
  @ParameterizedTest
  @MethodSource("sets")
  void theNumbersAreThoseOfScikitLearn(String file, LabeledDataset data) throws IOException {
    double[][] expected = numbers(file);
    assertEquals(expected.length, data.size());
    int columns = data.sampleLength();
    for (int i = 0; i < expected.length; i++) {
      for (int j = 0; j < columns; j++) {
        assertEquals(expected[i][j], data.features()[columns * i + j], 1e-6, file + " row " + i);
      }
      assertEquals((int) expected[i][columns], data.labels()[i], file + " row " + i);
    }
  }

  static double[][] numbers(String file) throws IOException {
    try (InputStream in = SyntheticPointsTest.class.getResourceAsStream(file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(line -> Stream.of(line.split(",")).mapToDouble(Double::parseDouble).toArray())
          .toArray(double[][]::new);
    }
  }

  @Test
  void moonsLieOnTheirArcs() {
    LabeledDataset moons = SyntheticMoons.of(31).draw(1);
    assertArrayEquals(new int[] {15, 16}, moons.classCounts());
    for (int i = 0; i < moons.size(); i++) {
      int label = moons.labels()[i];
      double x = moons.features()[2 * i] - label;
      double y = moons.features()[2 * i + 1] - 0.5 * label;
      assertEquals(1, Math.hypot(x, y), 1e-6);
      assertTrue(label == 0 ? y >= -1e-6 : y <= 1e-6, "class " + label + " at " + y);
    }
    assertEquals("[2, 2], 2 classes", SyntheticMoons.of(2).draw(0).toString());
  }

  @Test
  void circlesHaveTheirRadius() {
    LabeledDataset circles = SyntheticCircles.of(30).withFactor(0.25).draw(1);
    assertArrayEquals(new int[] {15, 15}, circles.classCounts());
    for (int i = 0; i < circles.size(); i++) {
      double radius = Math.hypot(circles.features()[2 * i], circles.features()[2 * i + 1]);
      assertEquals(circles.labels()[i] == 0 ? 1 : 0.25, radius, 1e-6);
    }
  }

  @Test
  void blobsWithoutDeviationAreTheirCentres() {
    LabeledDataset blobs =
        SyntheticBlobs.of(11, 1).withCenters(4).withBox(3, 5).withDeviation(0).draw(9);
    assertArrayEquals(new int[] {3, 3, 3, 2}, blobs.classCounts());
    float[] centers = new float[4];
    for (int i = 0; i < blobs.size(); i++) {
      float x = blobs.features()[i];
      int label = blobs.labels()[i];
      assertTrue(x >= 3 && x < 5 && (centers[label] == 0 || centers[label] == x));
      centers[label] = x;
    }
    assertEquals(List.of("0", "1", "2", "3"), blobs.classNames());
    double[][] given = {{1, 2}};
    SyntheticBlobs settings = SyntheticBlobs.around(2, given).withDeviation(0);
    given[0][0] = 7; // copied before
    assertArrayEquals(new float[] {1, 2, 1, 2}, settings.draw(0).features());
  }

  @Test
  void theSameSeedGivesTheSamePoints() {
    SyntheticMoons settings = SyntheticMoons.of(50).withNoise(0.2);
    assertArrayEquals(settings.draw(3).features(), settings.draw(3).features());
    assertTrue(!Arrays.equals(settings.draw(3).features(), settings.draw(4).features()));
  }

  @Test
  void wrongSettingsAreNamed() {
    assertIllegal(
        "SyntheticMoons: needs at least 2 samples and 1 feature, in one Java array, not 1 and 2",
        () -> SyntheticMoons.of(1));
    assertIllegal(
        "SyntheticMoons: the deviation of the noise must be a number of at least 0, not -1.0",
        () -> SyntheticMoons.of(2).withNoise(-1));
    assertIllegal(
        "SyntheticCircles: the inner radius must be at least 0 and below 1, not 1.0",
        () -> SyntheticCircles.of(2).withFactor(1));
    assertIllegal(
        "SyntheticCircles: the deviation of the noise must be a number of at least 0, not NaN",
        () -> SyntheticCircles.of(2).withNoise(Double.NaN));
    SyntheticBlobs blobs = SyntheticBlobs.of(10, 2);
    assertIllegal(
        "SyntheticBlobs: needs at least 1 samples and 1 feature, in one Java array, not 70000 and"
            + " 70000",
        () -> SyntheticBlobs.of(70000, 70000));
    assertIllegal(
        "SyntheticBlobs: there must be at least one centre, not 0", () -> blobs.withCenters(0));
    assertIllegal(
        "SyntheticBlobs: the box must be from a number to one that is not smaller, not 2.0 to 1.0",
        () -> blobs.withBox(2, 1));
    assertIllegal(
        "SyntheticBlobs: there must be one deviation, or one for each of 3 classes, not 2",
        () -> blobs.withDeviation(1, 2));
    assertIllegal(
        "SyntheticBlobs: there must be one deviation, or one for each of 4 classes, not 3",
        () -> blobs.withDeviation(1, 2, 3).withCenters(4));
    assertIllegal(
        "SyntheticBlobs: a deviation must be a number of at least 0, not -1.0",
        () -> blobs.withDeviation(-1));
    assertIllegal(
        "SyntheticBlobs: the 2 centres are given, none is drawn; start with of(samples, features)",
        () -> SyntheticBlobs.around(5, CENTERS).withCenters(2));
    assertIllegal(
        "SyntheticBlobs: each centre must have 1 finite numbers, as many as the first, not [1.0,"
            + " 2.0]",
        () -> SyntheticBlobs.around(5, new double[][] {{1}, {1, 2}}));
    assertIllegal(
        "SyntheticBlobs: there must be at least one centre",
        () -> SyntheticBlobs.around(5, new double[0][]));
  }

  static void assertIllegal(String message, Executable action) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, action).getMessage());
  }
}
