package dev.lanewise.nn.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ResizingTest {
  private static final float[] IMAGE = {
    0, 1, 2, 3, 4, 5, 6, //
    10, 20, 0, 40, 50, 60, 70, //
    5, 5, 5, 5, 5, 5, 9, //
    1, 0, 1, 0, 1, 0, 1
  };

  /** What Pillow's resize with BILINEAR gives for this image of numbers. */
  @Test
  void theNumbersAreThoseOfPillow() {
    assertArrayEquals(
        new float[] {6.2857146f, 16.117647f, 29.448978f, 4.122449f, 7.0504203f, 11.77551f},
        Resizing.resize(IMAGE, 4, 7, 2, 3),
        1e-5f);
    assertArrayEquals(new float[] {12.56982f}, Resizing.resize(IMAGE, 4, 7, 1, 1), 1e-5f);
    float[] larger = Resizing.resize(IMAGE, 4, 7, 6, 10);
    assertArrayEquals(
        new float[] {0, 0.55f, 1.25f, 1.95f, 2.65f, 3.35f, 4.05f, 4.75f, 5.45f, 6},
        Arrays.copyOf(larger, 10),
        1e-5f);
    assertArrayEquals(
        new float[] {5, 8.025f, 8.125f, 1.475f, 14.325f, 23.425f, 27.275f, 31.125f, 34.975f, 38},
        Arrays.copyOfRange(larger, 10, 20),
        1e-5f);
    float[] taller = Resizing.resize(IMAGE, 4, 7, 8, 7);
    assertArrayEquals(
        new float[] {2.5f, 5.75f, 1.5f, 12.25f, 15.5f, 18.75f, 22},
        Arrays.copyOfRange(taller, 7, 14),
        1e-5f);
    assertSame(IMAGE, Resizing.resize(IMAGE, 4, 7, 4, 7));
  }

  @Property(tries = 200)
  void anEvenImageStaysEven(
      @ForAll @IntRange(min = 1, max = 12) int height,
      @ForAll @IntRange(min = 1, max = 12) int width,
      @ForAll @IntRange(min = 1, max = 30) int newHeight,
      @ForAll @IntRange(min = 1, max = 30) int newWidth) {
    float[] even = new float[height * width];
    Arrays.fill(even, 0.25f);
    float[] resized = Resizing.resize(even, height, width, newHeight, newWidth);
    assertEquals(newHeight * newWidth, resized.length);
    for (float value : resized) {
      assertEquals(0.25f, value, 1e-6f);
    }
  }
}
