package dev.lanewise.cuda.fake;

import static dev.lanewise.bindings.cuda.CublasLt.CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES;
import static dev.lanewise.bindings.cuda.CublasLt.CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_A_BYTES;
import static dev.lanewise.bindings.cuda.CublasLt.CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_B_BYTES;
import static dev.lanewise.bindings.cuda.CublasLt.CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_C_BYTES;
import static dev.lanewise.bindings.cuda.CublasLt.CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_D_BYTES;
import static dev.lanewise.bindings.cuda.CublasLt.CUBLASLT_MATMUL_PREF_REDUCTION_SCHEME_MASK;

import java.util.List;
import java.util.Map;

/** What a caller allows and promises when it asks cuBLASLt for an algorithm. */
final class LtMatmulPreference extends LtAttributes {

  /** Documentation of MIN_ALIGNMENT_A_BYTES and its like: 256 unless set. */
  private static final int ALIGNMENT = 256;

  private static final List<Integer> ALIGNMENTS =
      List.of(
          CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_A_BYTES(),
          CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_B_BYTES(),
          CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_C_BYTES(),
          CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_D_BYTES());

  LtMatmulPreference() {
    super(
        Map.of(
            CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES(), 8,
            CUBLASLT_MATMUL_PREF_REDUCTION_SCHEME_MASK(), 4,
            CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_A_BYTES(), 4,
            CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_B_BYTES(), 4,
            CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_C_BYTES(), 4,
            CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_D_BYTES(), 4));
    ALIGNMENTS.forEach(attribute -> put(attribute, ALIGNMENT));
  }

  long maxWorkspace() {
    return get(CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES());
  }

  /** {@return the promised alignment of A, B, C and D, in this order} */
  List<Long> alignments() {
    return ALIGNMENTS.stream().map(this::get).toList();
  }
}
