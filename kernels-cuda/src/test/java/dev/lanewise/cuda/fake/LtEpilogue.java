package dev.lanewise.cuda.fake;

import dev.lanewise.bindings.cuda.CublasLt;

/** What cuBLASLt does with a product before it stores it. */
enum LtEpilogue {
  DEFAULT(CublasLt.CUBLASLT_EPILOGUE_DEFAULT(), false),
  RELU(CublasLt.CUBLASLT_EPILOGUE_RELU(), false),
  BIAS(CublasLt.CUBLASLT_EPILOGUE_BIAS(), true),
  RELU_BIAS(CublasLt.CUBLASLT_EPILOGUE_RELU_BIAS(), true),
  GELU(CublasLt.CUBLASLT_EPILOGUE_GELU(), false),
  GELU_BIAS(CublasLt.CUBLASLT_EPILOGUE_GELU_BIAS(), true);

  private final int constant;
  private final boolean biased;

  LtEpilogue(int constant, boolean biased) {
    this.constant = constant;
    this.biased = biased;
  }

  /** {@return the epilogue of a constant} The double has none of those for gradients. */
  static LtEpilogue of(int constant) {
    for (LtEpilogue each : values()) {
      if (each.constant == constant) {
        return each;
      }
    }
    throw CublasContext.notSupported("the epilogue " + constant);
  }

  boolean biased() {
    return biased;
  }

  double activate(double x) {
    return switch (this) {
      case DEFAULT, BIAS -> x;
      case RELU, RELU_BIAS -> Math.max(x, 0);
      case GELU, GELU_BIAS ->
          // The approximation by tanh: Hendrycks and Gimpel, Gaussian Error Linear Units, section
          // 2.
          0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
    };
  }
}
