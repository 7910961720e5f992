package dev.lanewise.cuda.fake;

import static dev.lanewise.bindings.cuda.CublasLt.CUBLASLT_MATRIX_LAYOUT_BATCH_COUNT;
import static dev.lanewise.bindings.cuda.CublasLt.CUBLASLT_MATRIX_LAYOUT_COLS;
import static dev.lanewise.bindings.cuda.CublasLt.CUBLASLT_MATRIX_LAYOUT_LD;
import static dev.lanewise.bindings.cuda.CublasLt.CUBLASLT_MATRIX_LAYOUT_ORDER;
import static dev.lanewise.bindings.cuda.CublasLt.CUBLASLT_MATRIX_LAYOUT_ROWS;
import static dev.lanewise.bindings.cuda.CublasLt.CUBLASLT_MATRIX_LAYOUT_STRIDED_BATCH_OFFSET;
import static dev.lanewise.bindings.cuda.CublasLt.CUBLASLT_MATRIX_LAYOUT_TYPE;
import static dev.lanewise.cuda.fake.CublasContext.require;

import dev.lanewise.bindings.cuda.CublasLt;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** A layout of cuBLASLt. As the real one it takes any numbers; a product finds fault with them. */
final class LtMatrixLayout extends LtAttributes {

  LtMatrixLayout(int type, long rows, long cols, long ld) {
    super(
        Map.of(
            CUBLASLT_MATRIX_LAYOUT_TYPE(), 4,
            CUBLASLT_MATRIX_LAYOUT_ORDER(), 4,
            CUBLASLT_MATRIX_LAYOUT_ROWS(), 8,
            CUBLASLT_MATRIX_LAYOUT_COLS(), 8,
            CUBLASLT_MATRIX_LAYOUT_LD(), 8,
            CUBLASLT_MATRIX_LAYOUT_BATCH_COUNT(), 4,
            CUBLASLT_MATRIX_LAYOUT_STRIDED_BATCH_OFFSET(), 8));
    put(CUBLASLT_MATRIX_LAYOUT_TYPE(), type);
    put(CUBLASLT_MATRIX_LAYOUT_ORDER(), CublasLt.CUBLASLT_ORDER_COL());
    put(CUBLASLT_MATRIX_LAYOUT_ROWS(), rows);
    put(CUBLASLT_MATRIX_LAYOUT_COLS(), cols);
    put(CUBLASLT_MATRIX_LAYOUT_LD(), ld);
    put(CUBLASLT_MATRIX_LAYOUT_BATCH_COUNT(), 1);
  }

  long rows() {
    return get(CUBLASLT_MATRIX_LAYOUT_ROWS());
  }

  long cols() {
    return get(CUBLASLT_MATRIX_LAYOUT_COLS());
  }

  int batch() {
    return number(CUBLASLT_MATRIX_LAYOUT_BATCH_COUNT());
  }

  int cudaType() {
    return number(CUBLASLT_MATRIX_LAYOUT_TYPE());
  }

  private boolean byRows() {
    return number(CUBLASLT_MATRIX_LAYOUT_ORDER()) == CublasLt.CUBLASLT_ORDER_ROW();
  }

  private long ld() {
    return get(CUBLASLT_MATRIX_LAYOUT_LD());
  }

  void check(String name) {
    int order = number(CUBLASLT_MATRIX_LAYOUT_ORDER());
    require(byRows() || order == CublasLt.CUBLASLT_ORDER_COL(), "%s: no order %d", name, order);
    require(rows() > 0 && cols() > 0, "%s is %d by %d", name, rows(), cols());
    long least = byRows() ? cols() : rows();
    require(ld() >= least, "the leading dimension of %s is %d, less than %d", name, ld(), least);
    require(batch() > 0, "%s: a batch of %d", name, batch());
  }

  /** {@return the matrix of each batch entry as the product sees it} */
  List<StridedArray> arrays(long address, boolean transposed) {
    NumberType type = CublasContext.type(cudaType());
    long step = get(CUBLASLT_MATRIX_LAYOUT_STRIDED_BATCH_OFFSET()) * type.bytes();
    long[] dims = {rows(), cols()};
    long[] strides = byRows() ? new long[] {ld(), 1} : new long[] {1, ld()};
    return IntStream.range(0, batch())
        .mapToObj(i -> new StridedArray(type, address + i * step, dims, strides))
        .map(each -> transposed ? each.reversed() : each)
        .toList();
  }
}
