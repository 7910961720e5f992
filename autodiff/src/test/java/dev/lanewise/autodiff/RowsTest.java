package dev.lanewise.autodiff;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.DTypeException;
import dev.lanewise.array.ShapeException;
import org.junit.jupiter.api.Test;

/** Rows far from 0, and the names that errors give. */
class RowsTest {
  @Test
  void largeLogitsKeepTheirDifference() {
    double expected = Math.log1p(Math.exp(-10));
    for (float large : new float[] {0, 1000, 1 << 20}) {
      Tensor logits = Tensor.of(new float[] {large, large - 10}, 1, 2);
      double loss = logits.crossEntropy(Tensor.of(new int[] {0})).item();
      // 1 + e^-10 itself is rounded: half an ulp of 1 is 1.3e-3 of the loss.
      assertEquals(expected, loss, 0x1p-24);
      float[] logs = logits.logSoftmax(1).toFloatArray();
      assertEquals(-expected, logs[0], 0x1p-24);
      assertEquals(-10 - expected, logs[1], 1e-6);
    }
  }

  @Test
  void aSoftmaxOverTheLastAxisKnowsItsLogits() {
    Tensor x = Tensor.of(new float[] {1, 2, 3, 4}, 2, 2);
    assertSame(x, x.softmax(-1).logits().orElseThrow());
    assertTrue(x.softmax(0).logits().isEmpty());
    assertTrue(x.softmax(1).mul(2).logits().isEmpty());
    assertTrue(x.softmax(1).detach().logits().isEmpty());
  }

  @Test
  void errorsNameTheOperationThatWasCalled() {
    Tensor x = Tensor.ones(3, 2);
    assertEquals(
        "indexSelect: indices must be i32 or i64, not f32",
        assertThrows(DTypeException.class, () -> x.indexSelect(0, Tensor.ones(2))).getMessage());
    String outside =
        assertThrows(ShapeException.class, () -> x.indexSelect(0, Tensor.of(new int[] {3})))
            .getMessage();
    assertEquals("indexSelect: index 3 is outside", outside.substring(0, 31));
    assertEquals(
        "reshape: only one extent may be -1, not two as in [-1, -1]",
        assertThrows(ShapeException.class, () -> x.reshape(-1, -1)).getMessage());
  }
}
