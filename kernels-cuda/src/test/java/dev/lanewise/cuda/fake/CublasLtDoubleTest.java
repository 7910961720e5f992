package dev.lanewise.cuda.fake;

import static dev.lanewise.cuda.fake.LibraryTester.number;
import static dev.lanewise.cuda.fake.LibraryTester.ok;
import static dev.lanewise.cuda.fake.LibraryTester.size;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.bindings.cuda.CublasLt;
import dev.lanewise.bindings.cuda.cublasLtMatmulAlgo_t;
import dev.lanewise.bindings.cuda.cublasLtMatmulHeuristicResult_t;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The double's cuBLASLt, through the bindings. */
final class CublasLtDoubleTest {

  private static final int INVALID = 7;
  private static final int FAILED = 13;
  private static final int NOT_SUPPORTED = 15;
  private static final int F32 = CublasLt.CUDA_R_32F();
  private static final MemorySegment NULL = MemorySegment.NULL;

  private final LibraryTester t = new LibraryTester();
  private final List<MemorySegment> layouts = new ArrayList<>();
  private MemorySegment lt;
  private MemorySegment desc;

  @BeforeEach
  void create() {
    lt = t.make(CublasLt::cublasLtCreate);
    desc =
        t.make(
            place -> CublasLt.cublasLtMatmulDescCreate(place, CublasLt.CUBLAS_COMPUTE_32F(), F32));
  }

  @AfterEach
  void destroy() {
    layouts.forEach(each -> ok(CublasLt.cublasLtMatrixLayoutDestroy(each)));
    ok(CublasLt.cublasLtMatmulDescDestroy(desc));
    ok(CublasLt.cublasLtDestroy(lt));
    t.close();
  }

  private MemorySegment layout(long rows, long cols, long ld) {
    MemorySegment layout =
        t.make(place -> CublasLt.cublasLtMatrixLayoutCreate(place, F32, rows, cols, ld));
    layouts.add(layout);
    return layout;
  }

  private void set(int attribute, int value) {
    ok(CublasLt.cublasLtMatmulDescSetAttribute(desc, attribute, t.ints(value), 4));
  }

  private MemorySegment along(long value) {
    return t.arena.allocateFrom(ValueLayout.JAVA_LONG, value);
  }

  private void bias(MemorySegment bias) {
    ok(
        CublasLt.cublasLtMatmulDescSetAttribute(
            desc, CublasLt.CUBLASLT_MATMUL_DESC_BIAS_POINTER(), along(bias.address()), 8));
  }

  private void epilogue(int epilogue) {
    set(CublasLt.CUBLASLT_MATMUL_DESC_EPILOGUE(), epilogue);
  }

  private int matmul(
      double alpha,
      MemorySegment a,
      MemorySegment aLayout,
      MemorySegment b,
      MemorySegment bLayout,
      double beta,
      MemorySegment c,
      MemorySegment d,
      MemorySegment dLayout,
      MemorySegment algo,
      MemorySegment workspace,
      long bytes) {
    return CublasLt.cublasLtMatmul(
        lt,
        desc,
        t.f(alpha),
        a,
        aLayout,
        b,
        bLayout,
        t.f(beta),
        c,
        dLayout,
        d,
        dLayout,
        algo,
        workspace,
        bytes,
        NULL);
  }

  @Test
  void eachEpilogue() {
    // A = [[1, -2], [3, 4]], B = [[1], [1]], so that A * B = [-1, 7]
    MemorySegment a = t.floats(1, 3, -2, 4);
    MemorySegment b = t.floats(1, 1);
    MemorySegment d = t.floats(0, 0);
    MemorySegment square = layout(2, 2, 2);
    MemorySegment column = layout(2, 1, 2);
    bias(t.floats(-0.5, 2));
    epilogue(CublasLt.CUBLASLT_EPILOGUE_DEFAULT());
    ok(matmul(1, a, square, b, column, 0, NULL, d, column, NULL, NULL, 0));
    t.assertFloats(d, 0, -1, 7);
    epilogue(CublasLt.CUBLASLT_EPILOGUE_RELU());
    ok(matmul(1, a, square, b, column, 0, NULL, d, column, NULL, NULL, 0));
    t.assertFloats(d, 0, 0, 7);
    epilogue(CublasLt.CUBLASLT_EPILOGUE_BIAS());
    ok(matmul(1, a, square, b, column, 0, NULL, d, column, NULL, NULL, 0));
    t.assertFloats(d, 0, -1.5, 9);
    epilogue(CublasLt.CUBLASLT_EPILOGUE_RELU_BIAS());
    ok(matmul(1, a, square, b, column, 0, NULL, d, column, NULL, NULL, 0));
    t.assertFloats(d, 0, 0, 9);
    epilogue(CublasLt.CUBLASLT_EPILOGUE_GELU());
    ok(matmul(1, a, square, b, column, 0, NULL, d, column, NULL, NULL, 0));
    t.assertFloats(d, 1e-6, -0.158808, 7); // 0.5 * -1 * (1 + tanh(0.7978846 * -1.044715))
    epilogue(CublasLt.CUBLASLT_EPILOGUE_GELU_BIAS());
    ok(matmul(1, a, square, b, column, 0, NULL, d, column, NULL, NULL, 0));
    t.assertFloats(d, 1e-5, -0.100428, 9); // 0.5 * -1.5 * (1 + tanh(0.7978846 * -1.650913))
    epilogue(CublasLt.CUBLASLT_EPILOGUE_DRELU());
    assertEquals(NOT_SUPPORTED, matmul(1, a, square, b, column, 0, NULL, d, column, NULL, NULL, 0));
    epilogue(CublasLt.CUBLASLT_EPILOGUE_BIAS());
    bias(NULL);
    t.refused(
        INVALID,
        matmul(1, a, square, b, column, 0, NULL, d, column, NULL, NULL, 0),
        "the bias is null");
    bias(t.floats(1));
    t.refused(
        FAILED, matmul(1, a, square, b, column, 0, NULL, d, column, NULL, NULL, 0), "past the end");
    assertEquals(Set.of(Precision.F32), t.cuda.math().precisions());
  }

  @Test
  void biasOfEachRowAndAnotherC() {
    // D = 2 * A * B + 3 * C + bias of the row, A = [1, 2]', B = [1, 10]
    MemorySegment a = t.floats(1, 2);
    MemorySegment b = t.floats(1, 10);
    MemorySegment c = t.floats(1, 1, 1, 1);
    MemorySegment d = t.floats(Double.NaN, Double.NaN, Double.NaN, Double.NaN);
    epilogue(CublasLt.CUBLASLT_EPILOGUE_BIAS());
    bias(t.floats(100, 200));
    ok(matmul(2, a, layout(2, 1, 2), b, layout(1, 2, 1), 3, c, d, layout(2, 2, 2), NULL, NULL, 0));
    t.assertFloats(d, 0, 105, 207, 123, 243);
    t.assertFloats(c, 0, 1, 1, 1, 1);
    // in place
    ok(matmul(2, a, layout(2, 1, 2), b, layout(1, 2, 1), 1, d, d, layout(2, 2, 2), NULL, NULL, 0));
    t.assertFloats(d, 0, 207, 411, 243, 483);
  }

  @Test
  void rowOrderTransposesAndBatches() {
    // row-major A = [[1, 2, 3], [4, 5, 6]]; A' * A of each batch entry, the second of twice A
    MemorySegment a = t.floats(1, 2, 3, 4, 5, 6, 2, 4, 6, 8, 10, 12);
    MemorySegment aLayout = layout(2, 3, 3);
    MemorySegment dLayout = layout(3, 3, 3);
    MemorySegment row = t.ints(CublasLt.CUBLASLT_ORDER_ROW());
    for (MemorySegment layout : List.of(aLayout, dLayout)) {
      ok(
          CublasLt.cublasLtMatrixLayoutSetAttribute(
              layout, CublasLt.CUBLASLT_MATRIX_LAYOUT_ORDER(), row, 4));
      ok(
          CublasLt.cublasLtMatrixLayoutSetAttribute(
              layout, CublasLt.CUBLASLT_MATRIX_LAYOUT_BATCH_COUNT(), t.ints(2), 4));
    }
    int offset = CublasLt.CUBLASLT_MATRIX_LAYOUT_STRIDED_BATCH_OFFSET();
    ok(CublasLt.cublasLtMatrixLayoutSetAttribute(aLayout, offset, along(6), 8));
    ok(CublasLt.cublasLtMatrixLayoutSetAttribute(dLayout, offset, along(9), 8));
    set(CublasLt.CUBLASLT_MATMUL_DESC_TRANSA(), CublasLt.CUBLAS_OP_T());
    MemorySegment d = t.floats(new double[18]);
    ok(matmul(1, a, aLayout, a, aLayout, 0, NULL, d, dLayout, NULL, NULL, 0));
    t.assertFloats(
        d, 0, 17, 22, 27, 22, 29, 36, 27, 36, 45, 68, 88, 108, 88, 116, 144, 108, 144, 180);
    ok(CublasLt.cublasLtMatrixLayoutSetAttribute(dLayout, offset, along(0), 8));
    t.refused(
        FAILED,
        matmul(1, a, aLayout, a, aLayout, 0, NULL, d, dLayout, NULL, NULL, 0),
        "results 0 and 1 of the batch overlap");
  }

  @Test
  void anAlgorithmWantsItsWorkspaceItsProblemAndItsAlignment() {
    MemorySegment preference = t.make(CublasLt::cublasLtMatmulPreferenceCreate);
    int most = CublasLt.CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES();
    ok(CublasLt.cublasLtMatmulPreferenceSetAttribute(preference, most, along(1 << 20), 8));
    MemorySegment column = layout(2, 1, 2);
    MemorySegment square = layout(2, 2, 2);
    MemorySegment result = cublasLtMatmulHeuristicResult_t.allocateArray(3, t.arena);
    MemorySegment count = t.number();
    ok(
        CublasLt.cublasLtMatmulAlgoGetHeuristic(
            lt, desc, square, column, column, column, preference, 3, result, count));
    assertEquals(1, number(count));
    long wanted = cublasLtMatmulHeuristicResult_t.workspaceSize(result);
    assertEquals(32768, wanted);
    MemorySegment algo = cublasLtMatmulHeuristicResult_t.algo(result);
    MemorySegment workspace = t.bytes(wanted);
    MemorySegment a = t.floats(1, 3, -2, 4);
    MemorySegment b = t.floats(1, 1, 1);
    MemorySegment d = t.floats(0, 0);
    ok(matmul(1, a, square, b, column, 0, d, d, column, algo, workspace, wanted));
    t.assertFloats(d, 0, -1, 7);
    t.refused(
        INVALID,
        matmul(1, a, square, b, column, 0, d, d, column, algo, workspace, wanted - 1),
        "the algorithm wants 32768");
    t.refused(
        INVALID, matmul(1, a, square, b, column, 0, d, d, column, algo, NULL, wanted), "is null");
    MemorySegment odd = MemorySegment.ofAddress(b.address() + 4);
    t.refused(
        INVALID,
        matmul(1, a, square, odd, column, 0, d, d, column, algo, workspace, wanted),
        "an alignment of 256");
    t.refused(
        INVALID,
        matmul(1, a, square, a, square, 0, a, a, square, algo, workspace, wanted),
        "another problem");
    t.refused(
        INVALID,
        matmul(
            1,
            a,
            square,
            b,
            column,
            0,
            d,
            d,
            column,
            cublasLtMatmulAlgo_t.allocate(t.arena),
            workspace,
            wanted),
        "the algorithm is none");
    ok(CublasLt.cublasLtMatmulPreferenceSetAttribute(preference, most, along(0), 8));
    ok(
        CublasLt.cublasLtMatmulAlgoGetHeuristic(
            lt, desc, square, column, column, column, preference, 3, result, count));
    assertEquals(0, cublasLtMatmulHeuristicResult_t.workspaceSize(result));
    ok(CublasLt.cublasLtMatmulPreferenceDestroy(preference));
  }

  @Test
  void attributesHaveSizes() {
    MemorySegment eight = along(1);
    int trans = CublasLt.CUBLASLT_MATMUL_DESC_TRANSA();
    t.refused(
        INVALID,
        CublasLt.cublasLtMatmulDescSetAttribute(desc, trans, eight, 8),
        "has 4 bytes, not 8");
    t.refused(
        INVALID,
        CublasLt.cublasLtMatmulDescSetAttribute(
            desc, CublasLt.CUBLASLT_MATMUL_DESC_BIAS_POINTER(), eight, 4),
        "has 8 bytes, not 4");
    t.refused(
        INVALID, CublasLt.cublasLtMatmulDescSetAttribute(desc, 99, eight, 4), "no attribute 99");
    t.refused(
        INVALID,
        CublasLt.cublasLtMatrixLayoutSetAttribute(
            layout(2, 2, 2), CublasLt.CUBLASLT_MATRIX_LAYOUT_BATCH_COUNT(), eight, 8),
        "has 4 bytes, not 8");
    set(trans, 1);
    MemorySegment value = t.number();
    MemorySegment written = t.size();
    ok(CublasLt.cublasLtMatmulDescGetAttribute(desc, trans, value, 4, written));
    assertEquals(1, number(value));
    assertEquals(4, size(written));
    ok(
        CublasLt.cublasLtMatmulDescGetAttribute(
            desc, CublasLt.CUBLASLT_MATMUL_DESC_BIAS_DATA_TYPE(), value, 4, NULL));
    assertEquals(-1, number(value));
  }

  @Test
  void shapesThatDoNotFitAreRefused() {
    MemorySegment a = t.floats(1, 3, -2, 4);
    MemorySegment square = layout(2, 2, 2);
    t.refused(
        INVALID,
        matmul(1, a, layout(2, 2, 1), a, square, 0, a, a, square, NULL, NULL, 0),
        "leading dimension of A is 1");
    t.refused(
        INVALID,
        matmul(1, a, square, a, layout(1, 2, 2), 0, a, a, square, NULL, NULL, 0),
        "k is 2 and 1");
    t.refused(
        INVALID,
        matmul(1, a, square, a, square, 0, a, a, layout(2, 1, 2), NULL, NULL, 0),
        "D is 2 by 1");
    t.refused(
        INVALID,
        matmul(1, a, desc, a, square, 0, a, a, square, NULL, NULL, 0),
        "it is a LtMatmulDesc");
    MemorySegment odd =
        t.make(
            place ->
                CublasLt.cublasLtMatmulDescCreate(
                    place, CublasLt.CUBLAS_COMPUTE_32F(), CublasLt.CUDA_R_64F()));
    assertEquals(
        NOT_SUPPORTED,
        CublasLt.cublasLtMatmul(
            lt, odd, t.f(1), a, square, a, square, t.f(0), a, square, a, square, NULL, NULL, 0,
            NULL));
    ok(CublasLt.cublasLtMatmulDescDestroy(odd));
    ok(CublasLt.cublasLtMatmulDescDestroy(NULL));
    t.refused(INVALID, CublasLt.cublasLtDestroy(NULL), "is not a CublasLtHandle");
  }
}
