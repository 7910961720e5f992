package dev.lanewise.cuda.fake;

import static dev.lanewise.bindings.cuda.CublasLt.CUBLASLT_MATMUL_DESC_BIAS_BATCH_STRIDE;
import static dev.lanewise.bindings.cuda.CublasLt.CUBLASLT_MATMUL_DESC_BIAS_DATA_TYPE;
import static dev.lanewise.bindings.cuda.CublasLt.CUBLASLT_MATMUL_DESC_BIAS_POINTER;
import static dev.lanewise.bindings.cuda.CublasLt.CUBLASLT_MATMUL_DESC_COMPUTE_TYPE;
import static dev.lanewise.bindings.cuda.CublasLt.CUBLASLT_MATMUL_DESC_EPILOGUE;
import static dev.lanewise.bindings.cuda.CublasLt.CUBLASLT_MATMUL_DESC_EPILOGUE_AUX_BATCH_STRIDE;
import static dev.lanewise.bindings.cuda.CublasLt.CUBLASLT_MATMUL_DESC_EPILOGUE_AUX_DATA_TYPE;
import static dev.lanewise.bindings.cuda.CublasLt.CUBLASLT_MATMUL_DESC_EPILOGUE_AUX_LD;
import static dev.lanewise.bindings.cuda.CublasLt.CUBLASLT_MATMUL_DESC_EPILOGUE_AUX_POINTER;
import static dev.lanewise.bindings.cuda.CublasLt.CUBLASLT_MATMUL_DESC_POINTER_MODE;
import static dev.lanewise.bindings.cuda.CublasLt.CUBLASLT_MATMUL_DESC_SCALE_TYPE;
import static dev.lanewise.bindings.cuda.CublasLt.CUBLASLT_MATMUL_DESC_TRANSA;
import static dev.lanewise.bindings.cuda.CublasLt.CUBLASLT_MATMUL_DESC_TRANSB;
import static dev.lanewise.bindings.cuda.CublasLt.CUBLASLT_MATMUL_DESC_TRANSC;

import dev.lanewise.bindings.cuda.CublasLt;
import java.util.Map;

/** A description of a product in cuBLASLt. */
final class LtMatmulDesc extends LtAttributes {

  /** What the real library gives for a type that nobody has set. */
  private static final int UNSET = -1;

  LtMatmulDesc(int computeType, int scaleType) {
    super(
        Map.ofEntries(
            Map.entry(CUBLASLT_MATMUL_DESC_COMPUTE_TYPE(), 4),
            Map.entry(CUBLASLT_MATMUL_DESC_SCALE_TYPE(), 4),
            Map.entry(CUBLASLT_MATMUL_DESC_POINTER_MODE(), 4),
            Map.entry(CUBLASLT_MATMUL_DESC_TRANSA(), 4),
            Map.entry(CUBLASLT_MATMUL_DESC_TRANSB(), 4),
            Map.entry(CUBLASLT_MATMUL_DESC_TRANSC(), 4),
            Map.entry(CUBLASLT_MATMUL_DESC_EPILOGUE(), 4),
            Map.entry(CUBLASLT_MATMUL_DESC_BIAS_POINTER(), 8),
            Map.entry(CUBLASLT_MATMUL_DESC_BIAS_BATCH_STRIDE(), 8),
            Map.entry(CUBLASLT_MATMUL_DESC_EPILOGUE_AUX_POINTER(), 8),
            Map.entry(CUBLASLT_MATMUL_DESC_EPILOGUE_AUX_LD(), 8),
            Map.entry(CUBLASLT_MATMUL_DESC_EPILOGUE_AUX_BATCH_STRIDE(), 8),
            Map.entry(CUBLASLT_MATMUL_DESC_EPILOGUE_AUX_DATA_TYPE(), 4),
            Map.entry(CUBLASLT_MATMUL_DESC_BIAS_DATA_TYPE(), 4)));
    put(CUBLASLT_MATMUL_DESC_COMPUTE_TYPE(), computeType);
    put(CUBLASLT_MATMUL_DESC_SCALE_TYPE(), scaleType);
    put(CUBLASLT_MATMUL_DESC_EPILOGUE(), CublasLt.CUBLASLT_EPILOGUE_DEFAULT());
    put(CUBLASLT_MATMUL_DESC_BIAS_DATA_TYPE(), UNSET);
    put(CUBLASLT_MATMUL_DESC_EPILOGUE_AUX_DATA_TYPE(), UNSET);
  }

  Precision precision() {
    return GemmTypes.precision(number(CUBLASLT_MATMUL_DESC_COMPUTE_TYPE()));
  }

  int scaleType() {
    return number(CUBLASLT_MATMUL_DESC_SCALE_TYPE());
  }

  int pointerMode() {
    return number(CUBLASLT_MATMUL_DESC_POINTER_MODE());
  }

  boolean aTransposed() {
    return CublasContext.transposes(number(CUBLASLT_MATMUL_DESC_TRANSA()), "transa");
  }

  boolean bTransposed() {
    return CublasContext.transposes(number(CUBLASLT_MATMUL_DESC_TRANSB()), "transb");
  }

  boolean cTransposed() {
    return CublasContext.transposes(number(CUBLASLT_MATMUL_DESC_TRANSC()), "transc");
  }

  LtEpilogue epilogue() {
    return LtEpilogue.of(number(CUBLASLT_MATMUL_DESC_EPILOGUE()));
  }

  long bias() {
    return get(CUBLASLT_MATMUL_DESC_BIAS_POINTER());
  }

  /** {@return the elements between the biases of batch entries; 0 is one bias for all} */
  long biasStride() {
    return get(CUBLASLT_MATMUL_DESC_BIAS_BATCH_STRIDE());
  }

  /** {@return the bias's type; by default that of D (documentation of BIAS_DATA_TYPE)} */
  NumberType biasType(NumberType d) {
    int set = number(CUBLASLT_MATMUL_DESC_BIAS_DATA_TYPE());
    return set == UNSET ? d : CublasContext.type(set);
  }
}
