package dev.lanewise.cuda.fake;

import static dev.lanewise.cuda.fake.CublasContext.require;

/** A product as descriptors describe it: checked, without any address. */
record LtProblem(
    LtMatmulDesc desc,
    LtMatrixLayout a,
    LtMatrixLayout b,
    LtMatrixLayout c,
    LtMatrixLayout d,
    GemmTypes types) {

  /** The workspace that the one algorithm wants, if it may have that much. */
  private static final long WORKSPACE = 32768;

  /**
   * Checks the descriptors against each other.
   *
   * @throws Refusal with CUBLAS_STATUS_INVALID_VALUE for shapes that do not fit, with
   *     CUBLAS_STATUS_NOT_SUPPORTED for types or epilogues that cuBLASLt or the double does not
   *     have
   */
  static LtProblem of(
      LtMatmulDesc desc, LtMatrixLayout a, LtMatrixLayout b, LtMatrixLayout c, LtMatrixLayout d) {
    GemmTypes types = GemmTypes.of(desc.precision(), a.cudaType(), b.cudaType(), d.cudaType());
    if (desc.scaleType() != types.scale().cuda()) {
      throw CublasContext.notSupported("the scale type " + desc.scaleType());
    }
    if (c.cudaType() != d.cudaType()) {
      throw CublasContext.notSupported("a C of another type than D");
    }
    if (desc.cTransposed()) {
      throw CublasContext.notSupported("a C that is transposed");
    }
    if (desc.epilogue().biased() && desc.biasType(types.c()) != types.c()) {
      throw CublasContext.notSupported("a bias of another type than D");
    }
    require(desc.pointerMode() == 0 || desc.pointerMode() == 1, "mode %d", desc.pointerMode());
    a.check("A");
    b.check("B");
    c.check("C");
    d.check("D");
    LtProblem problem = new LtProblem(desc, a, b, c, d, types);
    require(problem.innerOfB() == problem.k(), "k is %d and %d", problem.k(), problem.innerOfB());
    require(
        d.rows() == problem.m() && d.cols() == problem.n(),
        "D is %d by %d, not %d by %d",
        d.rows(),
        d.cols(),
        problem.m(),
        problem.n());
    require(c.rows() == d.rows() && c.cols() == d.cols(), "C is %d by %d", c.rows(), c.cols());
    int batch = d.batch();
    require(a.batch() == batch && b.batch() == batch && c.batch() == batch, "the batches differ");
    return problem;
  }

  int m() {
    return (int) (desc.aTransposed() ? a.cols() : a.rows());
  }

  int k() {
    return (int) (desc.aTransposed() ? a.rows() : a.cols());
  }

  int n() {
    return (int) (desc.bTransposed() ? b.rows() : b.cols());
  }

  private int innerOfB() {
    return (int) (desc.bTransposed() ? b.cols() : b.rows());
  }

  /** {@return the workspace that the algorithm wants where it may have {@code most} bytes} */
  long workspace(long most) {
    return most >= WORKSPACE ? WORKSPACE : 0;
  }

  /**
   * {@return a number that is the same for problems that an algorithm serves alike} The double's
   * algorithm serves all epilogues, and says so when it is asked for.
   */
  long signature() {
    return (types.toString()
            + desc.aTransposed()
            + desc.bTransposed()
            + a.text()
            + b.text()
            + c.text()
            + d.text())
        .hashCode();
  }
}
