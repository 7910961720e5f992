package dev.lanewise.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.kernel.Backends;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sums of products against the definition, written as loops over all labels. */
class EinsumTest {
  private static final Map<Character, Integer> EXTENTS =
      Map.of('a', 2, 'b', 3, 'c', 2, 'd', 4, 'i', 3, 'j', 2, 'k', 4);

  private static Tensor operand(String labels, int salt) {
    int[] dims = labels.chars().map(c -> EXTENTS.get((char) c)).toArray();
    return Numbers.signed(Backends.best(), salt, dims);
  }

  /** {@return the definition's value for indices of the result's labels} */
  private static double sum(
      List<Character> open, String[] inputs, Tensor[] operands, Map<Character, Integer> at) {
    if (open.isEmpty()) {
      double product = 1;
      for (int i = 0; i < inputs.length; i++) {
        product *= operands[i].data().get(inputs[i].chars().map(c -> at.get((char) c)).toArray());
      }
      return product;
    }
    double sum = 0;
    char label = open.getFirst();
    for (int i = 0; i < EXTENTS.get(label); i++) {
      at.put(label, i);
      sum += sum(open.subList(1, open.size()), inputs, operands, at);
    }
    return sum;
  }

  private static List<Character> missing(String from, String in) {
    List<Character> missing = new ArrayList<>();
    for (char c : from.toCharArray()) {
      if (c != ',' && in.indexOf(c) < 0 && !missing.contains(c)) {
        missing.add(c);
      }
    }
    return missing;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ij->ji",
        "ij->",
        "ij->i",
        "ii->i",
        "ii->",
        "iji->j",
        "ij,jk->ik",
        "ij,jk->ki",
        "ij,kj->ik",
        "i,i->",
        "i,i->i",
        "i,j->ij",
        "i,j->ji",
        "i,j->",
        "bij,bjk->bik",
        "bij,bkj->ikb",
        "abij,abkj->abik",
        "ij,jk,kd->id",
        "i,ij,j->",
        "ij,ij->",
        "ab,cd->dcba",
        "aij,ai->aj",
        "iij,jk->ik",
        "i->i",
        "bij,k->kb"
      })
  void theDefinition(String equation) {
    String output = equation.substring(equation.indexOf("->") + 2);
    String[] inputs = equation.substring(0, equation.indexOf("->")).split(",");
    Tensor[] operands = new Tensor[inputs.length];
    for (int i = 0; i < inputs.length; i++) {
      operands[i] = operand(inputs[i], i);
    }
    Tensor result = Tensor.einsum(equation, operands);
    int[] dims = output.chars().map(c -> EXTENTS.get((char) c)).toArray();
    assertEquals(Shape.of(dims), result.shape());
    double[] expected = new double[(int) result.size()];
    for (int place = 0; place < expected.length; place++) {
      Map<Character, Integer> at = new HashMap<>();
      int rest = place;
      for (int i = dims.length - 1; i >= 0; i--) {
        at.put(output.charAt(i), rest % dims[i]);
        rest /= dims[i];
      }
      expected[place] = sum(missing(String.join(",", inputs), output), inputs, operands, at);
    }
    assertArrayEquals(expected, result.toDoubleArray(), 1e-9);
  }

  @Test
  void withoutAnArrowTheLettersThatOccurOnceStay() {
    Tensor x = operand("ij", 1);
    Tensor y = operand("ja", 2);
    assertArrayEquals(
        Tensor.einsum("ij,ja->ai", x, y).toDoubleArray(),
        Tensor.einsum("ij, ja", x, y).toDoubleArray());
    assertArrayEquals(x.transpose().toDoubleArray(), Tensor.einsum("ba", x).toDoubleArray());
  }

  @Test
  void anEllipsisStandsForOtherAxesAndBroadcasts() {
    Tensor x = Numbers.signed(Backends.best(), 1, 2, 1, 3, 4);
    Tensor y = Numbers.signed(Backends.best(), 2, 5, 4, 2);
    Tensor expected = x.matmul(y);
    Tensor got = Tensor.einsum("...ij,...jk->...ik", x, y);
    assertEquals(expected.shape(), got.shape());
    assertArrayEquals(expected.toDoubleArray(), got.toDoubleArray(), 1e-12);
    assertArrayEquals(
        x.sum(1).toDoubleArray(), Tensor.einsum("ab...->a...", x).toDoubleArray(), 1e-12);
    assertEquals(
        Shape.of(1, 3, 2), Tensor.einsum("a...d,cdb", x, y.slice(0, 0, 1)).sum(-1, -2).shape());
  }

  @Test
  void wrongEquationsAreNamed() {
    Tensor x = Tensor.ones(2, 3);
    wrong(IllegalArgumentException.class, "names 2 operands, not 1", "ij,jk->ik", x);
    wrong(IllegalArgumentException.class, "letters", "i1->i", x);
    wrong(IllegalArgumentException.class, "each one of the operands", "ij->ik", x);
    wrong(IllegalArgumentException.class, "each one of the operands", "ij->ii", x);
    wrong(IllegalArgumentException.class, "can not be summed", "...j->j", x);
    wrong(ShapeException.class, "does not fit the 2 axes", "ijk->i", x);
    wrong(ShapeException.class, "does not fit the 2 axes", "...ijk->i", x);
    assertEquals(0, Tensor.einsum("...i,...i->...", Tensor.ones(0, 2), Tensor.ones(1, 2)).size());
    wrong(ShapeException.class, "extents 2 and 3", "ii->i", x);
    wrong(
        dev.lanewise.array.DTypeException.class,
        "must have one type",
        "ij,ij->",
        x,
        x.cast(dev.lanewise.array.DType.F64));
    wrong(ShapeException.class, "extents 3 and 2", "ij,jk->ik", x, x);
    wrong(
        ShapeException.class,
        "extents 3 and 4",
        "...i,...k->...",
        x.transpose(),
        Tensor.ones(4, 2));
  }

  private static void wrong(
      Class<? extends RuntimeException> type, String part, String equation, Tensor... operands) {
    String message =
        assertThrows(type, () -> Tensor.einsum(equation, operands), equation).getMessage();
    assertTrue(message.contains(part), message);
    assertTrue(message.startsWith("einsum: "), message);
  }
}
