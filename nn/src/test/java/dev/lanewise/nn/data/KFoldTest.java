package dev.lanewise.nn.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class KFoldTest {

  private static void assertFolds(int n, int k, List<Fold> folds) {
    int[] all = IntStream.range(0, n).toArray();
    assertEquals(k, folds.size());
    for (Fold fold : folds) {
      int[] validation = fold.validation();
      assertTrue(validation.length == n / k || validation.length == (n + k - 1) / k);
      int[] both = IntStream.concat(IntStream.of(fold.train()), IntStream.of(validation)).toArray();
      assertArrayEquals(all, IntStream.of(both).sorted().toArray());
      assertArrayEquals(IntStream.of(validation).sorted().toArray(), validation);
      assertArrayEquals(IntStream.of(fold.train()).sorted().toArray(), fold.train());
    }
    int[] judged =
        folds.stream().flatMapToInt(fold -> IntStream.of(fold.validation())).sorted().toArray();
    assertArrayEquals(all, judged);
  }

  @Property(tries = 200)
  void everySampleJudgesOnce(
      @ForAll @IntRange(min = 2, max = 120) int n,
      @ForAll long seed,
      @ForAll @IntRange(min = 2) int any) {
    int k = 2 + any % (n - 1);
    int[] labels = new Random(seed).ints(n, -2, 3).toArray();

    assertFolds(n, k, KFold.of(n, k, seed));
    List<Fold> stratified = KFold.stratified(labels, k, seed);
    assertFolds(n, k, stratified);
    for (int label = -2; label < 3; label++) {
      int wanted = label;
      int total = (int) IntStream.of(labels).filter(l -> l == wanted).count();
      for (Fold fold : stratified) {
        long here = IntStream.of(fold.validation()).filter(i -> labels[i] == wanted).count();
        assertTrue(here == total / k || here == (total + k - 1) / k, () -> here + " of " + total);
      }
    }
  }

  @Test
  void theSeedDecides() {
    int[] fold = KFold.of(50, 5, 1).getFirst().validation();
    assertArrayEquals(fold, KFold.of(50, 5, 1).getFirst().validation());
    assertFalse(Arrays.equals(fold, KFold.of(50, 5, 2).getFirst().validation()));
    int[] labels = new int[50];
    int[] stratified = KFold.stratified(labels, 5, 1).getFirst().validation();
    assertFalse(Arrays.equals(stratified, KFold.stratified(labels, 5, 2).getFirst().validation()));
  }

  @Test
  void foldsAreNotToBeWritten() {
    Fold fold = KFold.of(4, 2, 1).getFirst();
    fold.train()[0] = 99;
    fold.validation()[0] = 99;
    assertTrue(IntStream.of(fold.train()).allMatch(i -> i < 4));
    assertTrue(IntStream.of(fold.validation()).allMatch(i -> i < 4));
  }

  @Test
  void wrongNumbersOfFolds() {
    for (int k : new int[] {-1, 0, 1, 6}) {
      String message =
          assertThrows(IllegalArgumentException.class, () -> KFold.of(5, k, 1)).getMessage();
      assertEquals("KFold: k must be from 2 to the 5 samples, but is " + k, message);
      assertThrows(IllegalArgumentException.class, () -> KFold.stratified(new int[5], k, 1));
    }
  }
}
