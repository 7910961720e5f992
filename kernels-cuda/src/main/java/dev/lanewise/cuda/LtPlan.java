package dev.lanewise.cuda;

import dev.lanewise.array.DeviceException;
import dev.lanewise.bindings.cuda.CublasLt;
import dev.lanewise.bindings.cuda.cublasLtMatmulAlgo_t;
import dev.lanewise.bindings.cuda.cublasLtMatmulHeuristicResult_t;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * How cuBLASLt computes one product of {@code f32} matrices, which may be followed by a bias for
 * each column: descriptors, and an algorithm.
 *
 * <p>A product with a bias must have the bits of the product and then the sum. So both are computed
 * by one algorithm, the first that cuBLASLt's heuristics name for both; where there is none, there
 * is no plan. The sum itself is the same: the bias is added to the accumulator, in f32, and that is
 * stored.
 */
final class LtPlan implements PlanCache.Plan {
  /** What the arrays' addresses must be multiples of. */
  static final int ALIGNMENT = 16;

  private static final int MOST_ALGORITHMS = 8;
  private static final long MOST_WORKSPACE = 32L << 20;

  /**
   * A product, with lines that lie apart as in {@link BlasProduct}.
   *
   * @param m rows of a and the output
   * @param n columns of b and the output
   * @param k columns of a and rows of b
   * @param a how the left matrix lies
   * @param b how the right matrix lies
   * @param leading the distance between two rows of the output
   * @param compute what is computed in
   */
  record Key(int m, int n, int k, BlasMatrix a, BlasMatrix b, int leading, int compute) {}

  private final Arena arena = Arena.ofAuto();
  private final MemorySegment algorithm = cublasLtMatmulAlgo_t.allocate(arena);
  private final MemorySegment number = arena.allocate(ValueLayout.JAVA_LONG);
  private MemorySegment plain = MemorySegment.NULL;
  private MemorySegment biased = MemorySegment.NULL;
  private MemorySegment left = MemorySegment.NULL;
  private MemorySegment right = MemorySegment.NULL;
  private MemorySegment output = MemorySegment.NULL;
  private long workspaceBytes;
  private boolean usable;

  /**
   * Makes a plan.
   *
   * @param lt cuBLASLt's handle
   * @param key the product
   * @param bias the address of some device memory, as an algorithm is asked for before a bias is
   *     known
   */
  LtPlan(MemorySegment lt, Key key, long bias) {
    try {
      // By columns, what is b here comes first, and each array has its axes in the other order.
      left = key.b.transposed() ? layout(key.k, key.n, key.b) : layout(key.n, key.k, key.b);
      right = key.a.transposed() ? layout(key.m, key.k, key.a) : layout(key.k, key.m, key.a);
      output = layout(key.n, key.m, new BlasMatrix(false, key.leading));
      plain = description(key.compute);
      biased = description(key.compute);
      transpose(plain, key);
      transpose(biased, key);
      attribute(
          biased, CublasLt.CUBLASLT_MATMUL_DESC_EPILOGUE(), CublasLt.CUBLASLT_EPILOGUE_BIAS());
      bias(bias);
      choose(lt);
    } catch (DeviceException failed) {
      Closing.after(failed, this::close);
      throw failed;
    }
  }

  private MemorySegment layout(int rows, int columns, BlasMatrix matrix) {
    MemorySegment pointer = arena.allocate(CublasLt.C_POINTER);
    Status.blasLt(
        "cublasLtMatrixLayoutCreate",
        CublasLt.cublasLtMatrixLayoutCreate(
            pointer, CublasLt.CUDA_R_32F(), rows, columns, matrix.leading()));
    return pointer.get(CublasLt.C_POINTER, 0);
  }

  private MemorySegment description(int compute) {
    MemorySegment pointer = arena.allocate(CublasLt.C_POINTER);
    Status.blasLt(
        "cublasLtMatmulDescCreate",
        CublasLt.cublasLtMatmulDescCreate(pointer, compute, CublasLt.CUDA_R_32F()));
    return pointer.get(CublasLt.C_POINTER, 0);
  }

  private void transpose(MemorySegment description, Key key) {
    attribute(description, CublasLt.CUBLASLT_MATMUL_DESC_TRANSA(), flag(key.b));
    attribute(description, CublasLt.CUBLASLT_MATMUL_DESC_TRANSB(), flag(key.a));
  }

  private static int flag(BlasMatrix matrix) {
    return matrix.transposed() ? CublasLt.CUBLAS_OP_T() : CublasLt.CUBLAS_OP_N();
  }

  private void attribute(MemorySegment description, int attribute, int value) {
    number.set(CublasLt.C_INT, 0, value);
    number(description, attribute, CublasLt.C_INT.byteSize());
  }

  /** Sets an attribute to what {@link #number} holds. */
  private void number(MemorySegment description, int attribute, long bytes) {
    Status.blasLt(
        "cublasLtMatmulDescSetAttribute",
        CublasLt.cublasLtMatmulDescSetAttribute(description, attribute, number, bytes));
  }

  private void bias(long address) {
    number.set(ValueLayout.JAVA_LONG, 0, address);
    number(biased, CublasLt.CUBLASLT_MATMUL_DESC_BIAS_POINTER(), Long.BYTES);
  }

  private void choose(MemorySegment lt) {
    try (Arena temporary = Arena.ofConfined()) {
      MemorySegment pointer = temporary.allocate(CublasLt.C_POINTER);
      Status.blasLt(
          "cublasLtMatmulPreferenceCreate", CublasLt.cublasLtMatmulPreferenceCreate(pointer));
      MemorySegment preference = pointer.get(CublasLt.C_POINTER, 0);
      try {
        prefer(preference);
        MemorySegment[] ofPlain = search(lt, temporary, plain, preference);
        MemorySegment[] ofBiased = search(lt, temporary, biased, preference);
        takeCommon(ofPlain, ofBiased);
      } catch (DeviceException failed) {
        Closing.after(failed, () -> destroy(preference));
        throw failed;
      }
      destroy(preference);
    }
  }

  private static void destroy(MemorySegment preference) {
    Status.blasLt(
        "cublasLtMatmulPreferenceDestroy", CublasLt.cublasLtMatmulPreferenceDestroy(preference));
  }

  private void prefer(MemorySegment preference) {
    number.set(ValueLayout.JAVA_LONG, 0, MOST_WORKSPACE);
    prefer(preference, CublasLt.CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES(), Long.BYTES);
    // Parts of a sum are kept apart and added in a fixed order.
    number.set(CublasLt.C_INT, 0, CublasLt.CUBLASLT_REDUCTION_SCHEME_COMPUTE_TYPE());
    prefer(preference, CublasLt.CUBLASLT_MATMUL_PREF_REDUCTION_SCHEME_MASK(), Integer.BYTES);
    number.set(CublasLt.C_INT, 0, ALIGNMENT);
    prefer(preference, CublasLt.CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_A_BYTES(), Integer.BYTES);
    prefer(preference, CublasLt.CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_B_BYTES(), Integer.BYTES);
    prefer(preference, CublasLt.CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_C_BYTES(), Integer.BYTES);
    prefer(preference, CublasLt.CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_D_BYTES(), Integer.BYTES);
  }

  private void prefer(MemorySegment preference, int attribute, long bytes) {
    Status.blasLt(
        "cublasLtMatmulPreferenceSetAttribute",
        CublasLt.cublasLtMatmulPreferenceSetAttribute(preference, attribute, number, bytes));
  }

  /** {@return what cuBLASLt recommends, the fastest first; nothing if it can not do it} */
  private MemorySegment[] search(
      MemorySegment lt, Arena temporary, MemorySegment description, MemorySegment preference) {
    MemorySegment found = cublasLtMatmulHeuristicResult_t.allocateArray(MOST_ALGORITHMS, temporary);
    MemorySegment count = temporary.allocate(CublasLt.C_INT);
    int status =
        CublasLt.cublasLtMatmulAlgoGetHeuristic(
            lt,
            description,
            left,
            right,
            output,
            output,
            preference,
            MOST_ALGORITHMS,
            found,
            count);
    if (status == CublasLt.CUBLAS_STATUS_NOT_SUPPORTED()) {
      return new MemorySegment[0];
    }
    Status.blasLt("cublasLtMatmulAlgoGetHeuristic", status);
    MemorySegment[] results = new MemorySegment[count.get(CublasLt.C_INT, 0)];
    for (int i = 0; i < results.length; i++) {
      results[i] = cublasLtMatmulHeuristicResult_t.asSlice(found, i);
    }
    return results;
  }

  private void takeCommon(MemorySegment[] ofPlain, MemorySegment[] ofBiased) {
    for (MemorySegment one : ofPlain) {
      for (MemorySegment other : ofBiased) {
        MemorySegment first = cublasLtMatmulHeuristicResult_t.algo(one);
        if (isGood(one)
            && isGood(other)
            && first.mismatch(cublasLtMatmulHeuristicResult_t.algo(other)) < 0) {
          algorithm.copyFrom(first);
          workspaceBytes =
              Math.max(
                  cublasLtMatmulHeuristicResult_t.workspaceSize(one),
                  cublasLtMatmulHeuristicResult_t.workspaceSize(other));
          usable = true;
          return;
        }
      }
    }
  }

  private static boolean isGood(MemorySegment result) {
    return cublasLtMatmulHeuristicResult_t.state(result) == CublasLt.CUBLAS_STATUS_SUCCESS();
  }

  /** {@return whether there is an algorithm for the product with a bias and without} */
  boolean isUsable() {
    return usable;
  }

  /**
   * Gives the product to the device.
   *
   * @param operation the operation in progress
   * @param a the address of the left matrix
   * @param b the address of the right matrix
   * @param alpha the factor of the product, in main memory
   * @param beta the factor of what is in the output
   * @param out the address of the output
   * @param bias the address of a number for each column, or 0 for no bias
   */
  void run(
      Operation operation,
      long a,
      long b,
      MemorySegment alpha,
      MemorySegment beta,
      long out,
      long bias) {
    if (bias != 0) {
      bias(bias);
    }
    MemorySegment target = MemorySegment.ofAddress(out);
    long workspace = workspaceBytes == 0 ? 0 : operation.workspace(workspaceBytes);
    Status.blasLt(
        "cublasLtMatmul",
        CublasLt.cublasLtMatmul(
            operation.device().handles().blasLt(),
            bias == 0 ? plain : biased,
            alpha,
            MemorySegment.ofAddress(b),
            left,
            MemorySegment.ofAddress(a),
            right,
            beta,
            target,
            output,
            target,
            output,
            algorithm,
            MemorySegment.ofAddress(workspace),
            workspaceBytes,
            operation.device().stream()));
  }

  @Override
  public void close() {
    Closing.all(
        () -> closeDescription(plain),
        () -> closeDescription(biased),
        () -> closeLayout(left),
        () -> closeLayout(right),
        () -> closeLayout(output));
  }

  private static void closeDescription(MemorySegment description) {
    if (description.address() != 0) {
      Status.blasLt("cublasLtMatmulDescDestroy", CublasLt.cublasLtMatmulDescDestroy(description));
    }
  }

  private static void closeLayout(MemorySegment layout) {
    if (layout.address() != 0) {
      Status.blasLt("cublasLtMatrixLayoutDestroy", CublasLt.cublasLtMatrixLayoutDestroy(layout));
    }
  }
}
