package dev.lanewise.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.DType;
import dev.lanewise.array.DTypeException;
import dev.lanewise.array.ShapeException;
import dev.lanewise.kernel.CrossEntropySpec;
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
  void crossEntropyAlongAnAxisWithSmoothingAndIgnoredLabels() {
    double[] x = {0.3, -1.2, 2.0, 1.5, 0.1, -0.7, 0.9, 0.2, -0.4, 1.1, 0.6, -2.0};
    long[] labels = {2, 1, -9, 0};
    Tensor logits = Tensor.of(x, 2, 3, 2);
    Tensor targets = Tensor.of(labels, 2, 2);
    double[] expected = new double[4];
    for (int i = 0; i < 4; i++) {
      int first = i / 2 * 6 + i % 2;
      double all = Math.log(Math.exp(x[first]) + Math.exp(x[first + 2]) + Math.exp(x[first + 4]));
      for (int k = 0; k < 3 && labels[i] >= 0; k++) {
        expected[i] += (labels[i] == k ? 0.7 + 0.1 : 0.1) * (all - x[first + 2 * k]);
      }
    }
    CrossEntropySpec spec =
        CrossEntropySpec.of(logits.shape(), 1).withLabelSmoothing(0.3).withIgnoredLabel(-9);
    assertArrayEquals(expected, logits.crossEntropy(spec, targets).toDoubleArray(), 1e-14);
    GradientCheck check = GradientCheck.of(in -> in[0].crossEntropy(spec, targets));
    check.require(logits);
    check.ofGradient().require(logits);
    Tensor back = Tensor.of(x, 2, 3, 2).transpose();
    CrossEntropySpec last = CrossEntropySpec.of(back.shape(), -1).withIgnoredLabel(-9);
    GradientCheck.of(in -> in[0].transpose().crossEntropy(last, targets))
        .ofGradient()
        .require(logits);
    assertThrows(ShapeException.class, () -> logits.crossEntropy(spec, Tensor.of(new int[4])));
    assertThrows(
        ShapeException.class,
        () -> logits.crossEntropy(spec, Tensor.of(new int[] {0, 1, 2, 3}, 2, 2)));
    assertThrows(ShapeException.class, () -> logits.reshape(3, 4).crossEntropy(spec, targets));
    assertThrows(DTypeException.class, () -> logits.crossEntropy(spec, targets.cast(DType.F64)));
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
