package dev.lanewise.simd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.NdArray;
import dev.lanewise.blas.Blas;
import dev.lanewise.blas.NativeBlas;
import dev.lanewise.blas.Transpose;
import dev.lanewise.kernel.Availability;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.BackendUnavailableException;
import dev.lanewise.kernel.Backends;
import dev.lanewise.kernel.Expr;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

/** Runs without the vector module: SIMD says why it can not run, and the reference takes over. */
class NoVectorTest {
  @Test
  void saysWhatIsMissingAndTheCure() {
    Availability.Unavailable answer =
        assertInstanceOf(Availability.Unavailable.class, new SimdBackendProvider().availability());
    assertTrue(answer.because().contains("jdk.incubator.vector"), answer.because());
    assertTrue(answer.cure().contains("--add-modules jdk.incubator.vector"), answer.cure());
  }

  @Test
  void askingByNameIsAnErrorWithTheSameWords() {
    String text =
        assertThrows(BackendUnavailableException.class, () -> Backends.named("simd")).getMessage();
    assertTrue(text.contains("--add-modules jdk.incubator.vector"), text);
    assertThrows(BackendUnavailableException.class, () -> new SimdBackendProvider().create());
  }

  @Test
  void blasSaysItToo() {
    float[] x = {1, 2};
    String text =
        assertThrows(BackendUnavailableException.class, () -> Blas.sdot(2, x, 0, 1, x, 0, 1))
            .getMessage();
    assertTrue(text.contains("--add-modules jdk.incubator.vector"), text);
    Transpose no = Transpose.NO;
    assertThrows(
        BackendUnavailableException.class,
        () -> Blas.sgemm(no, no, 1, 1, 1, 1, x, 0, 1, x, 0, 1, 0, x, 1, 1, 0));
    assertThrows(
        BackendUnavailableException.class, () -> NativeBlas.sscal(0, 2, MemorySegment.NULL));
  }

  @Test
  void theReferenceTakesOver() {
    Backend best = Backends.best();
    assertEquals("reference", best.name());
    NdArray x = NdArray.of(best, new float[] {1, 2, 3});
    best.elementwise(Expr.arg(0).add(Expr.arg(0)), x, new double[0], x);
    assertEquals("NdArray([2. 4. 6.], f32 [3])", x.toString());
  }
}
