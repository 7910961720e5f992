package dev.lanewise.nn.data;

import static dev.lanewise.nn.data.SyntheticPointsTest.assertIllegal;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.DType;
import dev.lanewise.array.DTypeException;
import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Generator;
import dev.lanewise.autodiff.Tensor;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AugmentationTest {
  private static final int MANY = 200;

  /** The image 1 2 3 / 4 5 6 in a channel, and its negative in another, many times. */
  private static Tensor images() {
    Tensor one = Tensor.of(new float[] {1, 2, 3, 4, 5, 6, -1, -2, -3, -4, -5, -6}, 1, 2, 2, 3);
    return one.tile(MANY, 1, 1, 1);
  }

  private static Tensor change(Augmentation augmentation, Tensor x, long seed) {
    return augmentation.apply(batch(x), new Generator(seed)).x();
  }

  private static Batch batch(Tensor x) {
    return Batch.of(x, Tensor.zeros(x.shape().dim(0)));
  }

  private static float[] firstChannel(Tensor x, int image) {
    return x.at(image, 0).toFloatArray();
  }

  @Test
  void flipsAreMirrors() {
    Tensor x = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 1, 1, 2, 3);
    float[] across = {3, 2, 1, 6, 5, 4};
    float[] over = {4, 5, 6, 1, 2, 3};
    assertArrayEquals(across, change(Augmentation.horizontalFlip(1), x, 0).toFloatArray());
    assertArrayEquals(over, change(Augmentation.verticalFlip(1), x, 0).toFloatArray());
    assertArrayEquals(x.toFloatArray(), change(Augmentation.verticalFlip(0), x, 0).toFloatArray());
  }

  @Test
  void eachImageIsFlippedByItsOwnDrawAndItsChannelsTogether() {
    Tensor flipped = change(Augmentation.horizontalFlip(), images(), 3);
    int count = 0;
    for (int n = 0; n < MANY; n++) {
      float[] pixels = firstChannel(flipped, n);
      boolean isFlipped = pixels[0] == 3;
      count += isFlipped ? 1 : 0;
      float[] expected =
          isFlipped ? new float[] {3, 2, 1, 6, 5, 4} : new float[] {1, 2, 3, 4, 5, 6};
      assertArrayEquals(expected, pixels);
      assertEquals(0, flipped.at(n).sum().item());
    }
    // 100 of 200; a fair coin is within 5 standard deviations of 7.
    assertTrue(count > 65 && count < 135, count + " of " + MANY);
  }

  @Test
  void shiftsMoveByAllDistancesAndFillWithZero() {
    Tensor shifted = change(Augmentation.shift(1), images(), 5);
    assertEquals(images().shape(), shifted.shape());
    Set<String> seen = new HashSet<>();
    for (int n = 0; n < MANY; n++) {
      seen.add(Arrays.toString(firstChannel(shifted, n)));
      assertEquals(0, shifted.at(n).sum().item());
    }
    Set<String> expected = new HashSet<>();
    for (int down = -1; down <= 1; down++) {
      for (int right = -1; right <= 1; right++) {
        float[] moved = new float[6];
        for (int i = 0; i < 2; i++) {
          for (int j = 0; j < 3; j++) {
            int y = i - down;
            int x = j - right;
            moved[3 * i + j] = y >= 0 && y < 2 && x >= 0 && x < 3 ? 1 + 3 * y + x : 0;
          }
        }
        expected.add(Arrays.toString(moved));
      }
    }
    assertEquals(expected, seen);
    assertArrayEquals(
        images().toFloatArray(), change(Augmentation.shift(0), images(), 1).toFloatArray());
    // Far out of sight.
    Tensor away = change(Augmentation.shift(Integer.MAX_VALUE), images(), 1);
    assertEquals(0, away.abs().sum().item());
  }

  @Test
  void cropsAreParts() {
    Tensor cropped = change(Augmentation.crop(1, 2, 0), images(), 8);
    assertEquals(Shape.of(MANY, 2, 1, 2), cropped.shape());
    Set<String> seen = new HashSet<>();
    for (int n = 0; n < MANY; n++) {
      seen.add(Arrays.toString(firstChannel(cropped, n)));
    }
    assertEquals(Set.of("[1.0, 2.0]", "[2.0, 3.0]", "[4.0, 5.0]", "[5.0, 6.0]"), seen);
    Tensor padded = change(Augmentation.crop(4, 5, 1), images(), 8);
    float[] expected = {0, 0, 0, 0, 0, 0, 1, 2, 3, 0, 0, 4, 5, 6, 0, 0, 0, 0, 0, 0};
    assertArrayEquals(expected, firstChannel(padded, MANY - 1));
  }

  @Test
  void rotationTurnsAboutTheMiddle() {
    Tensor x = Tensor.of(new float[] {1, 2, 3, 4, 5, 6, 7, 8, 9}, 1, 1, 3, 3);
    // A quarter turn counterclockwise: the right column comes to the top.
    float[] quarter = {3, 6, 9, 2, 5, 8, 1, 4, 7};
    Tensor turned = Warp.apply(x, _ -> Warp.turn(Math.PI / 2));
    assertArrayEquals(quarter, turned.toFloatArray(), 1e-5f);
    // An eighth: the corners come from outside, the middle stays.
    float[] eighth = Warp.apply(x, _ -> Warp.turn(Math.PI / 4)).toFloatArray();
    assertEquals(5, eighth[4], 1e-6f);
    // The top middle comes from 0.7071 up and right of the middle, within 5 6 / 2 3.
    double s = Math.sqrt(0.5);
    double expected = (1 - s) * ((1 - s) * 5 + s * 6) + s * ((1 - s) * 2 + s * 3);
    assertEquals(expected, eighth[1], 1e-5);
    assertArrayEquals(
        images().toFloatArray(), change(Augmentation.rotate(0), images(), 1).toFloatArray());
    Tensor random = change(Augmentation.rotate(90), x.tile(MANY, 1, 1, 1), 1);
    Set<Float> tops = new HashSet<>();
    for (int n = 0; n < MANY; n++) {
      assertEquals(5, firstChannel(random, n)[4], 1e-5f);
      tops.add(firstChannel(random, n)[1]);
    }
    assertTrue(tops.size() > MANY / 2, tops::toString);
  }

  @Test
  void zoomMakesLargerAndSmaller() {
    Tensor x = Tensor.of(new float[] {1, 2, 3, 4}, 1, 1, 1, 4);
    // Twice as large: pixel j comes from 1.5 + (j - 1.5) / 2.
    assertArrayEquals(
        new float[] {1.75f, 2.25f, 2.75f, 3.25f},
        change(Augmentation.zoom(2, 2), x, 0).toFloatArray(),
        1e-6f);
    // Half as large: from -1.5, 0.5, 2.5 and 4.5.
    assertArrayEquals(
        new float[] {0, 1.5f, 3.5f, 0},
        change(Augmentation.zoom(0.5, 0.5), x, 0).toFloatArray(),
        1e-6f);
    Tensor random = change(Augmentation.zoom(1, 2), x.tile(MANY, 1, 1, 1), 0);
    for (int n = 0; n < MANY; n++) {
      float first = firstChannel(random, n)[0];
      assertTrue(first >= 1 - 1e-6 && first <= 1.75 + 1e-6, "" + first);
    }
  }

  @Test
  void brightnessIsOneNumberForAnImage() {
    Tensor difference = change(Augmentation.brightness(0.5), images(), 4).sub(images());
    Set<Float> seen = new HashSet<>();
    for (int n = 0; n < MANY; n++) {
      float[] added = difference.at(n).toFloatArray();
      for (float value : added) {
        assertEquals(added[0], value, 1e-5f);
        assertTrue(Math.abs(value) <= 0.5 + 1e-5);
      }
      seen.add(added[0]);
    }
    assertTrue(seen.size() > MANY / 2, seen::toString);
  }

  @Test
  void noiseIsNormal() {
    Tensor x = Tensor.zeros(10, 1, 50, 50);
    Tensor noise = change(Augmentation.noise(0.1), x, 6);
    // 25,000 numbers: standard errors of 0.1 / 158, and of 0.1 / 224.
    assertEquals(0, noise.mean().item(), 0.003);
    assertEquals(0.1, Math.sqrt(noise.square().mean().item()), 0.003);
    assertArrayEquals(x.toFloatArray(), change(Augmentation.noise(0), x, 6).toFloatArray());
  }

  static List<Augmentation> all() {
    return List.of(
        Augmentation.horizontalFlip(),
        Augmentation.verticalFlip(),
        Augmentation.shift(2),
        Augmentation.crop(2, 2, 1),
        Augmentation.rotate(30),
        Augmentation.zoom(0.8, 1.2),
        Augmentation.brightness(0.2),
        Augmentation.noise(0.1),
        Augmentation.horizontalFlip().andThen(Augmentation.shift(1)).andThen((b, _) -> b));
  }

  @ParameterizedTest
  @MethodSource("all")
  void theGeneratorDecidesAndTheBatchStaysAsItIs(Augmentation augmentation) {
    Tensor x = images();
    float[] before = x.toFloatArray();
    float[] changed = change(augmentation, x, 11).toFloatArray();
    assertArrayEquals(changed, change(augmentation, x, 11).toFloatArray());
    assertTrue(!Arrays.equals(changed, change(augmentation, x, 12).toFloatArray()));
    assertArrayEquals(before, x.toFloatArray());

    Generator random = new Generator(11);
    augmentation.apply(batch(x), random);
    float[] next = augmentation.apply(batch(x), random).x().toFloatArray();
    assertTrue(!Arrays.equals(changed, next));

    Tensor wide = change(augmentation, x.cast(DType.F64), 11);
    assertEquals(DType.F64, wide.dtype());
    assertEquals(0, change(augmentation, x.slice(0, 0, 0), 11).shape().dim(0));
  }

  @ParameterizedTest
  @MethodSource("all")
  void everythingElsePassesThrough(Augmentation augmentation) {
    Tensor other = Tensor.ones(MANY, 7);
    Tensor target = Tensor.ones(MANY, 3);
    Tensor weights = Tensor.ones(MANY);
    Batch batch =
        new Batch(List.of(images(), other), List.of(target, weights), Optional.of(weights));
    Batch changed = augmentation.apply(batch, new Generator(1));
    assertEquals(2, changed.inputs().size());
    assertSame(other, changed.inputs().get(1));
    assertEquals(batch.targets(), changed.targets());
    assertSame(weights, changed.weights().orElseThrow());
  }

  @Test
  void chainsGoInOrder() {
    Tensor x = Tensor.of(new float[] {1, 2, 3, 4}, 1, 1, 2, 2);
    Augmentation both =
        Augmentation.horizontalFlip(1)
            .andThen(Augmentation.zoom(1, 1))
            .andThen((batch, _) -> Batch.of(batch.x().mul(10), batch.y()));
    assertArrayEquals(new float[] {20, 10, 40, 30}, change(both, x, 0).toFloatArray());
  }

  @Test
  void wrongArgumentsAreNamed() {
    assertIllegal(
        "Augmentation.verticalFlip: the share must be from 0 to 1, not 1.5",
        () -> Augmentation.verticalFlip(1.5));
    assertIllegal(
        "Augmentation.shift: the distance must be at least 0, not -1",
        () -> Augmentation.shift(-1));
    assertIllegal(
        "Augmentation.crop: height and width must be at least 1, not 0 and 2",
        () -> Augmentation.crop(0, 2, 0));
    assertIllegal(
        "Augmentation.crop: the padding must be at least 0, not -1",
        () -> Augmentation.crop(1, 2, -1));
    assertIllegal(
        "Augmentation.rotate: the angle must be from 0 to 180 degrees, not NaN",
        () -> Augmentation.rotate(Double.NaN));
    assertIllegal(
        "Augmentation.zoom: the factors must be a number above 0 and one that is not smaller, not"
            + " 0.0 and 1.0",
        () -> Augmentation.zoom(0, 1));
    assertIllegal(
        "Augmentation.brightness: the number must be a number of at least 0, not -1.0",
        () -> Augmentation.brightness(-1));
    assertIllegal(
        "Augmentation.noise: the deviation must be a number of at least 0, not Infinity",
        () -> Augmentation.noise(Double.POSITIVE_INFINITY));
    Generator random = new Generator(0);
    var rank =
        assertThrows(
            ShapeException.class,
            () -> Augmentation.shift(1).apply(batch(Tensor.zeros(5, 28, 28)), random));
    assertEquals(
        "Augmentation.shift: images must be [n, c, h, w], not [5, 28, 28]; give the data set's"
            + " images a channel by reshape(1, 28, 28)",
        rank.getMessage());
    var small =
        assertThrows(
            ShapeException.class, () -> Augmentation.crop(5, 6, 1).apply(batch(images()), random));
    assertEquals(
        "Augmentation.crop: images [200, 2, 2, 3] with padding 1 are smaller than 5 x 6",
        small.getMessage());
    var type =
        assertThrows(
            DTypeException.class,
            () -> Augmentation.noise(1).apply(batch(images().cast(DType.I32)), random));
    assertEquals(
        "Augmentation.noise: images must be f32 or f64, not i32; cast them first",
        type.getMessage());
    assertEquals(0, random.position());
  }
}
