package dev.lanewise.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.DType;
import dev.lanewise.array.DeviceException;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import dev.lanewise.bindings.cuda.Cublas;
import dev.lanewise.cuda.fake.DriverDouble;
import dev.lanewise.kernel.Expr;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which functions are called for which products, and how often. */
final class MultiplicationDoubleTest {
  private static final double[] NONE = {};
  private static final Expr SUM = Expr.arg(0).add(Expr.arg(1));

  private final DriverDouble cuda = DriverDouble.install();
  private CudaBackend backend;

  @BeforeEach
  void open() {
    backend = DoubleBackend.open();
  }

  @AfterEach
  void close() {
    System.clearProperty(Tf32.PROPERTY);
    DoubleBackend.close(backend);
  }

  /** {@return an array of 1, 2, 3, …} */
  private NdArray counted(int... shape) {
    float[] values = new float[(int) Shape.of(shape).size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = i + 1;
    }
    return NdArray.of(backend, values, shape);
  }

  private NdArray empty(int... shape) {
    return backend.uninitialized(DType.F32, Shape.of(shape));
  }

  private int calls(String... functions) {
    int all = 0;
    for (String function : functions) {
      all += cuda.calls(function);
    }
    return all;
  }

  @Test
  void aBiasIsAddedByCublasLtWithTheProduct() {
    NdArray a = counted(4, 8);
    NdArray b = counted(8, 12);
    NdArray bias = counted(12);
    NdArray product = empty(4, 12);
    backend.matmul(a, b, 1, 0, product);
    NdArray out = empty(4, 12);
    backend.matmul(a, b, 1, 0, out, SUM, NONE, bias);
    assertEquals(2, calls("cublasLtMatmul"));
    assertEquals(0, calls("cublasGemmEx", "cublasGemmStridedBatchedEx"));
    assertEquals(0, calls("cuLaunchKernel"));
    float[] expected = product.toFloatArray();
    for (int i = 0; i < expected.length; i++) {
      expected[i] += i % 12 + 1;
    }
    assertArrayEquals(expected, out.toFloatArray());
    // Both, and all like them, by one plan.
    assertEquals(2, calls("cublasLtMatmulAlgoGetHeuristic"));
  }

  @Test
  void whateverElseFollowsIsComputedAfterwards() {
    NdArray a = counted(4, 8);
    NdArray b = counted(8, 12);
    NdArray bias = counted(12);
    NdArray out = empty(4, 12);
    backend.matmul(a, b, 1, 0, out, SUM.relu(), NONE, bias);
    backend.matmul(a, b, 2, 0, out, SUM, NONE, bias);
    backend.matmul(a, b, 1, 1, out, SUM, NONE, bias);
    backend.matmul(a, b, 1, 0, out, SUM, NONE, counted(4, 1));
    backend.matmul(a, b, 1, 0, out, SUM, NONE, counted(4, 12));
    assertEquals(5, calls("cuLaunchKernel"));
  }

  @Test
  void aBatchIsOneCall() {
    NdArray b = counted(3, 8, 5);
    backend.matmul(counted(3, 4, 8), b, 1, 0, empty(3, 4, 5));
    assertEquals(1, calls("cublasGemmStridedBatchedEx"));
    backend.matmul(counted(2, 1, 4, 8), b, 1, 0, empty(2, 3, 4, 5));
    assertEquals(3, calls("cublasGemmStridedBatchedEx"));
    assertEquals(0, calls("cublasGemmEx", "cublasLtMatmul"));
  }

  @Test
  void aBatchByOneMatrixIsATallMatrix() {
    NdArray out = empty(2, 3, 4, 5);
    backend.matmul(counted(2, 3, 4, 8), counted(8, 5), 1, 0, out);
    assertEquals(1, calls("cublasGemmEx"));
    assertEquals(876, out.get(0, 0, 0, 0)); // Σ p · (5p − 4) for p from 1 to 8
  }

  @Test
  void singleRowsWithGapsAreNoTallMatrix() {
    NdArray whole = counted(3, 1, 6);
    NdArray everySecond = whole.view(whole.layout().slice(2, 0, 5, 2));
    NdArray out = empty(3, 1, 1);
    backend.matmul(everySecond, counted(3, 1), 1, 0, out);
    // 1·1 + 3·2 + 5·3, and 6 · 6 more from row to row.
    assertArrayEquals(new float[] {22, 58, 94}, out.toFloatArray());
  }

  @Test
  void transposedMatricesAreNotCopied() {
    NdArray a = counted(8, 4).permute(1, 0);
    NdArray b = counted(5, 8).permute(1, 0);
    NdArray out = empty(5, 4).permute(1, 0);
    backend.matmul(a, b, 1, 0, out);
    assertEquals(1, calls("cublasGemmEx", "cublasLtMatmul"));
    assertEquals(0, calls("cuLaunchKernel"));
  }

  @Test
  void numbersAreRoundedToTf32OnlyWhereThatIsAllowed() {
    backend.matmul(counted(4, 8), counted(8, 12), 1, 0, empty(4, 12));
    backend.matmul(counted(4, 8), counted(8, 5), 1, 0, empty(4, 5));
    assertEquals("[F32]", cuda.math().precisions().toString());
    DoubleBackend.close(backend);
    System.setProperty(Tf32.PROPERTY, "true");
    backend = DoubleBackend.open();
    backend.matmul(counted(4, 8), counted(8, 12), 1, 0, empty(4, 12));
    backend.matmul(counted(4, 8), counted(8, 5), 1, 0, empty(4, 5));
    assertEquals("[TF32]", cuda.math().precisions().toString());
  }

  @Test
  void thePropertyIsTrueOrFalse() {
    System.setProperty(Tf32.PROPERTY, "yes");
    String message = assertThrows(IllegalArgumentException.class, Tf32::configured).getMessage();
    assertEquals("system property lanewise.cuda.tf32 must be true or false, not 'yes'", message);
    DoubleBackend.close(backend);
    // The device that was opened for it is given back.
    assertThrows(IllegalArgumentException.class, DoubleBackend::open);
    cuda.assertNothingLives();
  }

  @Test
  void aFailureNamesTheOperation() {
    cuda.fail("cublasGemmEx", Cublas.CUBLAS_STATUS_EXECUTION_FAILED());
    NdArray a = counted(2, 3);
    NdArray b = counted(3, 5);
    String message =
        assertThrows(DeviceException.class, () -> backend.matmul(a, b, 1, 0, empty(2, 5)))
            .getMessage();
    assertTrue(message.contains("matmul of f32 [2, 3], f32 [3, 5], f32 [2, 5]"), message);
    assertTrue(message.contains("cublasGemmEx"), message);
  }
}
