package dev.lanewise.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.lanewise.bindings.cuda.CublasLt;
import dev.lanewise.bindings.cuda.CudaLibrary;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Descriptors of matrix products take what they are given, and give it back. */
class CublasLtLinkTest {

  private static final int INVALID_VALUE = 7;

  private final Arena arena = Arena.ofConfined();
  private final MemorySegment handle = arena.allocate(CublasLt.C_POINTER);

  @BeforeEach
  void open() {
    CudaLibrary.CUBLASLT.require();
  }

  @AfterEach
  void close() {
    arena.close();
  }

  private MemorySegment created(int status) {
    assertEquals(CublasLt.CUBLAS_STATUS_SUCCESS(), status);
    MemorySegment made = handle.get(CublasLt.C_POINTER, 0);
    assertNotEquals(MemorySegment.NULL, made);
    return made;
  }

  @ParameterizedTest
  @CsvSource({
    // attribute, its bytes (4 for an enum, 8 for a pointer or a stride), the default, a new value
    "2,  4, 0, 1", // pointer mode
    "3,  4, 0, 1", // transpose A
    "4,  4, 0, 2", // transpose B
    "7,  4, 1, 6", // epilogue: ReLU and bias
    "8,  8, 0, 281474976710656", // bias
    "10, 8, 0, 4096", // bytes from bias to bias
  })
  void anAttributeOfAProductIsReadBack(int attribute, int bytes, long before, long after) {
    MemorySegment product =
        created(
            CublasLt.cublasLtMatmulDescCreate(
                handle, CublasLt.CUBLAS_COMPUTE_32F(), CublasLt.CUDA_R_32F()));
    assertEquals(before, read(product, attribute, bytes));
    MemorySegment value = arena.allocate(Long.BYTES, Long.BYTES);
    value.set(CublasLt.C_LONG_LONG, 0, after);
    assertEquals(0, CublasLt.cublasLtMatmulDescSetAttribute(product, attribute, value, bytes));
    assertEquals(after, read(product, attribute, bytes));
    assertEquals(
        INVALID_VALUE,
        CublasLt.cublasLtMatmulDescSetAttribute(product, attribute, value, 1),
        "one byte is too little for any attribute");
    assertEquals(after, read(product, attribute, bytes));
    assertEquals(0, CublasLt.cublasLtMatmulDescDestroy(product));
  }

  private long read(MemorySegment product, int attribute, int bytes) {
    MemorySegment value = arena.allocate(Long.BYTES, Long.BYTES);
    MemorySegment written = arena.allocate(CublasLt.size_t);
    assertEquals(
        0, CublasLt.cublasLtMatmulDescGetAttribute(product, attribute, value, bytes, written));
    assertEquals(bytes, written.get(CublasLt.size_t, 0));
    return value.get(CublasLt.C_LONG_LONG, 0);
  }

  @Test
  void aProductKnowsItsTypes() {
    MemorySegment product =
        created(
            CublasLt.cublasLtMatmulDescCreate(
                handle, CublasLt.CUBLAS_COMPUTE_32F_PEDANTIC(), CublasLt.CUDA_R_32F()));
    assertEquals(69, read(product, CublasLt.CUBLASLT_MATMUL_DESC_COMPUTE_TYPE(), 4));
    assertEquals(0, read(product, CublasLt.CUBLASLT_MATMUL_DESC_SCALE_TYPE(), 4));
    assertEquals(0, CublasLt.cublasLtMatmulDescDestroy(product));
  }

  @Test
  void aLayoutIsReadBack() throws Throwable {
    MemorySegment layout =
        created(CublasLt.cublasLtMatrixLayoutCreate(handle, CublasLt.CUDA_R_64F(), 30, 20, 32));
    set(layout, CublasLt.CUBLASLT_MATRIX_LAYOUT_ORDER(), 4, CublasLt.CUBLASLT_ORDER_ROW());
    set(layout, CublasLt.CUBLASLT_MATRIX_LAYOUT_BATCH_COUNT(), 4, 5);
    set(layout, CublasLt.CUBLASLT_MATRIX_LAYOUT_STRIDED_BATCH_OFFSET(), 8, 1L << 33);
    assertEquals(1, readLayout(layout, CublasLt.CUBLASLT_MATRIX_LAYOUT_TYPE(), 4), "double");
    assertEquals(1, readLayout(layout, CublasLt.CUBLASLT_MATRIX_LAYOUT_ORDER(), 4));
    assertEquals(30, readLayout(layout, CublasLt.CUBLASLT_MATRIX_LAYOUT_ROWS(), 8));
    assertEquals(20, readLayout(layout, CublasLt.CUBLASLT_MATRIX_LAYOUT_COLS(), 8));
    assertEquals(32, readLayout(layout, CublasLt.CUBLASLT_MATRIX_LAYOUT_LD(), 8));
    assertEquals(5, readLayout(layout, CublasLt.CUBLASLT_MATRIX_LAYOUT_BATCH_COUNT(), 4));
    assertEquals(
        1L << 33, readLayout(layout, CublasLt.CUBLASLT_MATRIX_LAYOUT_STRIDED_BATCH_OFFSET(), 8));
    assertEquals(0, CublasLt.cublasLtMatrixLayoutDestroy(layout));
  }

  private void set(MemorySegment layout, int attribute, int bytes, long to) {
    MemorySegment value = arena.allocate(Long.BYTES, Long.BYTES);
    value.set(CublasLt.C_LONG_LONG, 0, to);
    assertEquals(0, CublasLt.cublasLtMatrixLayoutSetAttribute(layout, attribute, value, bytes));
  }

  /** No binding has it, since the backend knows what it has set. */
  @SuppressWarnings("restricted")
  private long readLayout(MemorySegment layout, int attribute, int bytes) throws Throwable {
    MethodHandle get =
        Linker.nativeLinker()
            .downcallHandle(
                CudaLibrary.CUBLASLT.findOrThrow("cublasLtMatrixLayoutGetAttribute"),
                FunctionDescriptor.of(
                    CublasLt.C_INT,
                    CublasLt.C_POINTER,
                    CublasLt.C_INT,
                    CublasLt.C_POINTER,
                    CublasLt.size_t,
                    CublasLt.C_POINTER));
    MemorySegment value = arena.allocate(Long.BYTES, Long.BYTES);
    MemorySegment written = arena.allocate(CublasLt.size_t);
    assertEquals(0, (int) get.invokeExact(layout, attribute, value, (long) bytes, written));
    assertEquals(bytes, written.get(CublasLt.size_t, 0));
    return value.get(CublasLt.C_LONG_LONG, 0);
  }

  @Test
  void aPreferenceIsMadeSetAndGivenBack() {
    MemorySegment preference = created(CublasLt.cublasLtMatmulPreferenceCreate(handle));
    MemorySegment workspace = arena.allocateFrom(CublasLt.C_LONG_LONG, 1L << 25);
    int attribute = CublasLt.CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES();
    assertEquals(
        0,
        CublasLt.cublasLtMatmulPreferenceSetAttribute(
            preference, attribute, workspace, Long.BYTES));
    assertEquals(
        INVALID_VALUE,
        CublasLt.cublasLtMatmulPreferenceSetAttribute(preference, attribute, workspace, 4));
    assertEquals(0, CublasLt.cublasLtMatmulPreferenceDestroy(preference));
  }
}
