package dev.lanewise.cuda.fake;

import dev.lanewise.bindings.cuda.Cublas;
import java.util.List;

/** cuBLAS. */
final class CublasLibrary extends LibraryDouble {

  CublasLibrary(DriverDouble cuda) {
    this(cuda, new CublasContext(cuda));
  }

  private CublasLibrary(DriverDouble cuda, CublasContext context) {
    super(
        cuda,
        new Statuses(
            Cublas.CUBLAS_STATUS_INTERNAL_ERROR(),
            Cublas.CUBLAS_STATUS_INVALID_VALUE(),
            Cublas.CUBLAS_STATUS_NOT_INITIALIZED(),
            Cublas.CUBLAS_STATUS_EXECUTION_FAILED()),
        List.of(
            new CublasHandles(context),
            new CublasVectors(context),
            new CublasVectorsOfAnyType(context),
            new CublasMatrices(context),
            new CublasProducts(context),
            new CublasProductsOfAnyType(context)));
  }
}
