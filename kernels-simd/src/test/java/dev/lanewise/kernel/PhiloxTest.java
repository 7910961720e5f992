package dev.lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The known answers of the Random123 distribution for philox4x32-10 (its file kat_vectors). */
class PhiloxTest {

  @Test
  void zeros() {
    assertArrayEquals(new int[] {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}, block(0, 0, 0));
  }

  @Test
  void ones() {
    assertArrayEquals(
        new int[] {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}, block(-1, -1, -1));
  }

  @Test
  void digitsOfPi() {
    assertArrayEquals(
        new int[] {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1},
        block(0x299f31d0_a4093822L, 0x85a308d3_243f6a88L, 0x03707344_13198a2eL));
  }

  @Test
  void uniformsAreTheWordsUpperBits() {
    Philox philox = new Philox(0);
    assertEquals((0x6627e8d5 >>> 8) * 0x1p-24, philox.sample(Distribution.UNIFORM, 0, 0, true));
    assertEquals((0xbc57ac4c >>> 8) * 0x1p-24, philox.sample(Distribution.UNIFORM, 0, 1, true));
    assertEquals(
        (0x6627e8d5e169c58dL >>> 11) * 0x1p-53, philox.sample(Distribution.UNIFORM, 0, 0, false));
    assertEquals(
        (0xbc57ac4c9b00dbd8L >>> 11) * 0x1p-53, philox.sample(Distribution.UNIFORM, 0, 1, false));
  }

  @Test
  void normalsAreBoxAndMullers() {
    double u = (0x6627e8d5e169c58dL >>> 11) * 0x1p-53;
    double v = (0xbc57ac4c9b00dbd8L >>> 11) * 0x1p-53;
    double radius = Math.sqrt(-2 * Math.log1p(-u));
    Philox philox = new Philox(0);
    assertEquals(
        radius * Math.cos(2 * Math.PI * v), philox.sample(Distribution.NORMAL, 0, 0, false), 1e-14);
    assertEquals(
        radius * Math.sin(2 * Math.PI * v), philox.sample(Distribution.NORMAL, 0, 1, false), 1e-14);
  }

  /** Each number is put in and changes places with the one at the place that a word names. */
  @Test
  void permutationsFollowTheWords() {
    int[] order = new int[6];
    new Philox(5).permute(order, 3);
    List<Integer> expected = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      int word = block(5, i / 4, 3)[i % 4];
      int place = (int) (Integer.toUnsignedLong(word) * (i + 1) / (1L << 32));
      expected.add(i);
      Collections.swap(expected, place, i);
    }
    assertArrayEquals(expected.stream().mapToInt(Integer::intValue).toArray(), order);
    new Philox(5).permute(new int[0], 3);
  }

  @Test
  void thereAreFourWords() {
    assertThrows(IllegalArgumentException.class, () -> new Philox(0).word(4));
  }

  private static int[] block(long key, long counter, long stream) {
    Philox philox = new Philox(key);
    philox.block(counter, stream);
    return new int[] {philox.word(0), philox.word(1), philox.word(2), philox.word(3)};
  }
}
