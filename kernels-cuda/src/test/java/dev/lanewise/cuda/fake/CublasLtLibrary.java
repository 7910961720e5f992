package dev.lanewise.cuda.fake;

import dev.lanewise.bindings.cuda.CublasLt;
import java.util.List;

/** cuBLASLt. */
final class CublasLtLibrary extends LibraryDouble {

  CublasLtLibrary(DriverDouble cuda) {
    this(cuda, new CublasContext(cuda));
  }

  private CublasLtLibrary(DriverDouble cuda, CublasContext context) {
    super(
        cuda,
        new Statuses(
            CublasLt.CUBLAS_STATUS_INTERNAL_ERROR(),
            CublasLt.CUBLAS_STATUS_INVALID_VALUE(),
            CublasLt.CUBLAS_STATUS_INVALID_VALUE(), // seen: cublasLtDestroy(NULL) answers 7
            CublasLt.CUBLAS_STATUS_EXECUTION_FAILED()),
        List.of(new CublasLtDescriptors(context), new CublasLtProducts(context)));
  }
}
