package dev.lanewise.cuda;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Scope;
import dev.lanewise.bindings.cuda.Cublas;
import dev.lanewise.kernel.EpilogueSpec;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.MatmulSpec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Products of matrices by cuBLAS, which counts by columns what Lanewise counts by rows: it is asked
 * for the transposed output, the product of the transposed arguments in the other order, and none
 * of the three has to be moved for that. A matrix whose lines lie in a way that BLAS has no words
 * for is copied before or after.
 *
 * <p>A bias for each column is added by cuBLASLt before the product is stored, where {@link LtPlan}
 * finds a way that gives the bits of the sum afterwards. All else that follows a product is
 * computed by an elementwise kernel over the output, with the bias if there is one: what the ReLU
 * of cuBLASLt makes of a NaN is not documented, and its GELU is an approximation by tanh of unknown
 * exactness, while the contract wants the bits of an elementwise call.
 */
final class Multiplication implements AutoCloseable {
  private static final double[] NONE = {};
  private static final Expr SCALED = Expr.arg(0).mul(Expr.param(0));
  private static final Expr WITH_BIAS = Expr.arg(0).add(Expr.arg(1));
  private static final Expr BIAS_FIRST = Expr.arg(1).add(Expr.arg(0));
  private static final int MOST_PLANS = 512;

  /** Below 65,536, and a multiple of much. */
  private static final int MOST_PRODUCTS = 32_768;

  // What the documentation of cublasSetWorkspace recommends.
  private static final int HOPPER = 90;
  private static final long HOPPER_WORKSPACE = 32L << 20;
  private static final long WORKSPACE = 4L << 20;

  private final CudaBackend backend;
  private final boolean tf32;

  private final PlanCache<LtPlan.Key, LtPlan> plans = new PlanCache<>(MOST_PLANS);

  // cuBLAS reads the factors before it returns, and one thread at a time calls it.
  private final MemorySegment alpha = Arena.ofAuto().allocate(Cublas.C_DOUBLE);
  private final MemorySegment beta = Arena.ofAuto().allocate(Cublas.C_DOUBLE);

  Multiplication(CudaBackend backend, boolean tf32) {
    this.backend = backend;
    this.tf32 = tf32;
  }

  void run(
      NdArray a,
      NdArray b,
      double alpha,
      double beta,
      NdArray out,
      Expr epilogue,
      double[] params,
      NdArray... ins) {
    EpilogueSpec spec = EpilogueSpec.of(a, b, out, epilogue, params, ins);
    NdArray bias = alpha == 1 && beta == 0 ? bias(spec) : null;
    if (!run(a, b, alpha, beta, out, bias)) {
      backend.elementwise(epilogue, out, params, spec.arguments());
    }
  }

  /** {@return the bias if that is all that follows the product, as a number for each column} */
  private static NdArray bias(EpilogueSpec spec) {
    boolean sum = spec.expr() == WITH_BIAS || spec.expr() == BIAS_FIRST;
    NdArray bias = sum ? spec.ins()[0] : null;
    if (bias == null || bias.dtype() != DType.F32) {
      return null;
    }
    int last = bias.shape().rank() - 1;
    for (int i = 0; i < last; i++) {
      if (bias.layout().stride(i) != 0 && bias.shape().dim(i) != 1) {
        return null;
      }
    }
    return bias.layout().stride(last) == 1 ? bias : null;
  }

  void run(NdArray a, NdArray b, double alpha, double beta, NdArray out) {
    run(a, b, alpha, beta, out, null);
  }

  /** {@return whether the bias, which may be null, has been added} */
  private boolean run(NdArray a, NdArray b, double alpha, double beta, NdArray out, NdArray bias) {
    MatmulSpec spec = MatmulSpec.of(a, b, out);
    boolean single = out.dtype() == DType.F32;
    double ofProduct = single ? (float) alpha : alpha;
    double ofOld = single ? (float) beta : beta;
    if (out.size() == 0) {
      return false;
    }
    if (spec.k() == 0 || ofProduct == 0) {
      scale(out, ofOld);
      return false;
    }
    try (Operation operation = backend.device().begin("matmul", a, b, out);
        Scope _ = Scope.open("matmul temporaries")) {
      factors(single, ofProduct, ofOld);
      if (isTransposed(out)) {
        // outᵀ = bᵀ · aᵀ has rows without gaps.
        return multiply(operation, flipped(b), flipped(a), ofOld, flipped(out), null);
      }
      return multiply(operation, a, b, ofOld, out, bias);
    }
  }

  private void factors(boolean single, double ofProduct, double ofOld) {
    if (single) {
      alpha.set(Cublas.C_FLOAT, 0, (float) ofProduct);
      beta.set(Cublas.C_FLOAT, 0, (float) ofOld);
    } else {
      alpha.set(Cublas.C_DOUBLE, 0, ofProduct);
      beta.set(Cublas.C_DOUBLE, 0, ofOld);
    }
  }

  /** What is left of a product of nothing: {@code beta · out}, 0 if beta is. */
  private void scale(NdArray out, double beta) {
    if (beta == 0) {
      backend.elementwise(Expr.constant(0), out, NONE);
    } else if (beta != 1) {
      backend.elementwise(SCALED, out, new double[] {beta}, out);
    }
  }

  private static boolean isTransposed(NdArray out) {
    BlasMatrix matrix = BlasMatrix.of(out.layout());
    return matrix != null && matrix.transposed();
  }

  private static NdArray flipped(NdArray x) {
    int rank = x.shape().rank();
    int[] order = new int[rank];
    for (int i = 0; i < rank; i++) {
      order[i] = i;
    }
    order[rank - 2] = rank - 1;
    order[rank - 1] = rank - 2;
    return x.permute(order);
  }

  private boolean multiply(
      Operation operation, NdArray a, NdArray b, double ofOld, NdArray out, NdArray bias) {
    NdArray left = BlasMatrix.of(a.layout()) == null ? backend.copied(a) : a;
    NdArray right = BlasMatrix.of(b.layout()) == null ? backend.copied(b) : b;
    if (BlasMatrix.of(out.layout()) != null) {
      return multiply(operation, MatmulSpec.of(left, right, out), bias);
    }
    NdArray to = backend.uninitialized(out.dtype(), out.shape());
    if (ofOld != 0) {
      backend.copy(out, to);
    }
    boolean done = multiply(operation, MatmulSpec.of(left, right, to), bias);
    backend.copy(to, out);
    return done;
  }

  private boolean multiply(Operation operation, MatmulSpec spec, NdArray bias) {
    BlasProduct product = BlasProduct.of(spec);
    long a = operation.address(spec.a());
    long b = operation.address(spec.b());
    long out = operation.address(spec.out());
    LtPlan plan = plan(operation, product, a, b, out);
    if (plan != null) {
      long vector = bias == null ? 0 : operation.address(bias);
      boolean add = vector != 0 && vector % LtPlan.ALIGNMENT == 0;
      plan.run(operation, a, b, alpha, beta, out, add ? vector : 0);
      return add;
    }
    MemorySegment blas = operation.device().handles().blas();
    // cuBLAS's own would make the bits depend on what else runs, and could not be captured.
    long bytes = operation.device().facts().capability() >= HOPPER ? HOPPER_WORKSPACE : WORKSPACE;
    Status.blas(
        "cublasSetWorkspace_v2",
        Cublas.cublasSetWorkspace_v2(
            blas, MemorySegment.ofAddress(operation.workspace(bytes)), bytes));
    BlasBatch batch = product.batch();
    int longest = batch.longest();
    BlasBatch.Axis inner = longest < 0 ? null : batch.axes().get(longest);
    BlasBatch around = longest < 0 ? batch : batch.without(longest);
    each(blas, product, inner, around, around.axes().size(), a, b, out);
    return false;
  }

  /**
   * {@return how cuBLASLt computes the product, or null for cuBLAS} Whether a bias follows must not
   * decide. Single rows and columns are left to cuBLAS, which has kernels of their own for them.
   */
  private LtPlan plan(Operation operation, BlasProduct p, long a, long b, long out) {
    boolean one = p.batch().axes().isEmpty() && p.m() > 1 && p.n() > 1 && p.k() > 1;
    int numbers = LtPlan.ALIGNMENT / Float.BYTES;
    boolean aligned =
        (a | b | out) % LtPlan.ALIGNMENT == 0
            && (p.a().leading() | p.b().leading() | p.leading()) % numbers == 0;
    if (!one || !aligned || p.ab() != DType.F32 || p.dtype() != DType.F32) {
      return null;
    }
    LtPlan plan =
        plans.get(
            new LtPlan.Key(p.m(), p.n(), p.k(), p.a(), p.b(), p.leading(), compute(p)),
            key -> new LtPlan(operation.device().handles().blasLt(), key, out));
    return plan.isUsable() ? plan : null;
  }

  /** Goes through the axes that are left around the one that cuBLAS goes through. */
  private void each(
      MemorySegment blas,
      BlasProduct product,
      BlasBatch.Axis inner,
      BlasBatch around,
      int depth,
      long a,
      long b,
      long out) {
    if (depth == 0) {
      parts(blas, product, inner, a, b, out);
      return;
    }
    BlasBatch.Axis axis = around.axes().get(depth - 1);
    long ofAb = product.ab().byteSize();
    long ofOut = product.dtype().byteSize();
    for (int i = 0; i < axis.extent(); i++) {
      each(
          blas,
          product,
          inner,
          around,
          depth - 1,
          a + i * axis.a() * ofAb,
          b + i * axis.b() * ofAb,
          out + i * axis.out() * ofOut);
    }
  }

  /** Some of a batch at a time: kernels of older devices count products in an axis of the grid. */
  private void parts(
      MemorySegment blas, BlasProduct p, BlasBatch.Axis batch, long a, long b, long out) {
    if (batch == null || batch.extent() <= MOST_PRODUCTS) {
      call(blas, p, batch, a, b, out);
      return;
    }
    long ofAb = p.ab().byteSize();
    for (int from = 0; from < batch.extent(); from += MOST_PRODUCTS) {
      int count = Math.min(MOST_PRODUCTS, batch.extent() - from);
      call(
          blas,
          p,
          new BlasBatch.Axis(count, batch.a(), batch.b(), batch.out()),
          a + from * batch.a() * ofAb,
          b + from * batch.b() * ofAb,
          out + from * batch.out() * p.dtype().byteSize());
    }
  }

  private void call(
      MemorySegment blas, BlasProduct p, BlasBatch.Axis batch, long a, long b, long out) {
    MemorySegment left = MemorySegment.ofAddress(a);
    MemorySegment right = MemorySegment.ofAddress(b);
    MemorySegment target = MemorySegment.ofAddress(out);
    int ab = type(p.ab());
    int of = type(p.dtype());
    int compute = compute(p);
    if (batch == null) {
      Status.blas(
          "cublasGemmEx",
          Cublas.cublasGemmEx(
              blas,
              flag(p.b()),
              flag(p.a()),
              p.n(),
              p.m(),
              p.k(),
              alpha,
              right,
              ab,
              p.b().leading(),
              left,
              ab,
              p.a().leading(),
              beta,
              target,
              of,
              p.leading(),
              compute,
              Cublas.CUBLAS_GEMM_DEFAULT()));
    } else {
      Status.blas(
          "cublasGemmStridedBatchedEx",
          Cublas.cublasGemmStridedBatchedEx(
              blas,
              flag(p.b()),
              flag(p.a()),
              p.n(),
              p.m(),
              p.k(),
              alpha,
              right,
              ab,
              p.b().leading(),
              batch.b(),
              left,
              ab,
              p.a().leading(),
              batch.a(),
              beta,
              target,
              of,
              p.leading(),
              batch.out(),
              batch.extent(),
              compute,
              Cublas.CUBLAS_GEMM_DEFAULT()));
    }
  }

  private static int flag(BlasMatrix matrix) {
    return matrix.transposed() ? Cublas.CUBLAS_OP_T() : Cublas.CUBLAS_OP_N();
  }

  private static int type(DType dtype) {
    return switch (dtype) {
      case F32 -> Cublas.CUDA_R_32F();
      case F64 -> Cublas.CUDA_R_64F();
      case F16 -> Cublas.CUDA_R_16F();
      case BF16 -> Cublas.CUDA_R_16BF();
      case I32, I64, BOOL ->
          throw new IllegalArgumentException("cuBLAS is not asked to multiply " + dtype);
    };
  }

  private int compute(BlasProduct product) {
    if (product.dtype() == DType.F64) {
      return Cublas.CUBLAS_COMPUTE_64F();
    }
    return tf32 && product.ab() == DType.F32
        ? Cublas.CUBLAS_COMPUTE_32F_FAST_TF32()
        : Cublas.CUBLAS_COMPUTE_32F();
  }

  @Override
  public void close() {
    plans.close();
  }
}
