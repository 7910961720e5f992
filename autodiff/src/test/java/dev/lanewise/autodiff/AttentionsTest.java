package dev.lanewise.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.ShapeException;
import dev.lanewise.kernel.Backends;
import org.junit.jupiter.api.Test;

/** Attention against its definition; its gradients are checked elsewhere. */
class AttentionsTest {
  private static final double HIDDEN = Double.NEGATIVE_INFINITY;
  private final Tensor q = Numbers.signed(Backends.best(), 1, 2, 3, 4);
  private final Tensor k = Numbers.signed(Backends.best(), 2, 2, 3, 4);
  private final Tensor v = Numbers.signed(Backends.best(), 3, 2, 3, 5);

  private Tensor expected(Tensor mask) {
    return q.matmul(k.transpose()).div(2).add(mask).softmax(-1).matmul(v);
  }

  private static void assertSame(Tensor expected, Tensor got) {
    assertArrayEquals(expected.toDoubleArray(), got.toDoubleArray(), 1e-12);
  }

  @Test
  void theDefinition() {
    Tensor none = Tensor.of(new double[] {0}, 1);
    assertSame(expected(none), q.attention(k, v));
    Tensor some = Tensor.of(new double[] {0, HIDDEN, 1, HIDDEN, 0, 0, 2, 0, HIDDEN}, 3, 3);
    assertSame(expected(some), q.attention(k, v, some));
    Tensor later = Tensor.of(new double[] {0, HIDDEN, HIDDEN, 0, 0, HIDDEN, 0, 0, 0}, 3, 3);
    assertSame(expected(later), q.causalAttention(k, v));
  }

  @Test
  void aQueryThatSeesNothingGivesZeros() {
    Tensor mask = Tensor.of(new double[] {HIDDEN, 0, 0}, 3, 1);
    double[] rows = q.attention(k, v, mask).slice(1, 0, 1).toDoubleArray();
    assertArrayEquals(new double[10], rows);
  }

  @Test
  void wrongArgumentsAreNamed() {
    wrong("attention: queries must be", () -> q.attention(v, v));
    wrong("attention: queries must be", () -> q.causalAttention(k, v.slice(1, 0, 2)));
    wrong("mask", () -> q.attention(k, v, Tensor.zeros(3, 2).cast(q.dtype())));
    Tensor mask = Tensor.zeros(q.backend(), q.dtype(), q.shape()).sum(-1, 0).requiresGrad(true);
    String message =
        assertThrows(IllegalArgumentException.class, () -> q.attention(k, v, mask)).getMessage();
    assertTrue(message.contains("detach"), message);
  }

  private static void wrong(String part, Runnable call) {
    String message = assertThrows(ShapeException.class, call::run).getMessage();
    assertTrue(message.contains(part), message);
  }
}
