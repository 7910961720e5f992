package dev.lanewise.bench.cases;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Scope;
import dev.lanewise.bench.RandomFloats;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.UnaryOp;
import java.util.List;
import java.util.Locale;

/**
 * An elementwise kernel.
 *
 * @param op what is computed for each element
 * @param length the number of elements
 */
public record Elementwise(Op op, int length) implements KernelCase {
  /** Columns of a matrix to whose rows a bias is added; divides every length that is measured. */
  public static final int COLUMNS = 128;

  private static final Expr X = Expr.arg(0);
  private static final Expr Y = Expr.arg(1);
  private static final double[] NO_PARAMS = {};

  /** What is computed for each element. */
  public enum Op {
    /** A sum of two arrays. */
    ADD(X.add(Y), 0.5),
    /** The larger of an element and 0. */
    RELU(X.relu(), 0),
    /** e to the power of each element. */
    EXP(X.exp(), UnaryOp.EXP.ulps()),
    /** The hyperbolic tangent. */
    TANH(Expr.unary(UnaryOp.TANH, X), UnaryOp.TANH.ulps()),
    /** The logistic function. */
    SIGMOID(X.sigmoid(), UnaryOp.SIGMOID.ulps()),
    /**
     * The Gaussian error linear unit by its formula with tanh: D. Hendrycks and K. Gimpel,
     * "Gaussian error linear units", 2016, section 2.
     */
    GELU(gelu(), 0),
    /** A bias added to the rows of a matrix, and the larger of that and 0. */
    BIAS_RELU(X.add(Y).relu(), 0.5);

    private final Expr expr;
    private final double ulps;

    Op(Expr expr, double ulps) {
      this.expr = expr;
      this.ulps = ulps;
    }

    private static Expr gelu() {
      Expr cubic = X.add(X.square().mul(X).mul(Expr.constant(0.044715)));
      Expr inner = cubic.mul(Expr.constant(Math.sqrt(2 / Math.PI)));
      Expr half = X.mul(Expr.constant(0.5));
      return half.mul(Expr.unary(UnaryOp.TANH, inner).add(Expr.constant(1)));
    }

    /** {@return what is computed, for peers that take expressions} */
    public Expr expr() {
      return expr;
    }

    /** {@return how many arrays are read} */
    public int args() {
      return expr.args();
    }

    private double exact(double x, double y) {
      return switch (this) {
        case ADD -> x + y;
        case RELU -> Math.max(x, 0);
        case EXP -> Math.exp(x);
        case TANH -> Math.tanh(x);
        case SIGMOID -> 1 / (1 + Math.exp(-x));
        case GELU -> 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
        case BIAS_RELU -> Math.max(x + y, 0);
      };
    }

    private double bound(double x, double exact) {
      return switch (this) {
        // 1 + tanh loses digits where tanh is near -1.
        case GELU -> 0x1p-21 * Math.abs(x);
        case ADD, RELU, EXP, TANH, SIGMOID, BIAS_RELU -> ulps * Math.ulp((float) exact);
      };
    }
  }

  @Override
  public String kernel() {
    return op.name().toLowerCase(Locale.ROOT).replace("bias_relu", "bias+relu");
  }

  @Override
  public String shape() {
    return Lengths.text(length);
  }

  @Override
  public Work work() {
    int arrays = op == Op.ADD ? 3 : 2; // a bias is small
    return Work.memory((double) arrays * length);
  }

  @Override
  public boolean isQuick() {
    return length <= Lengths.IN_CACHE || op == Op.ADD || op == Op.GELU;
  }

  /** {@return one or two arrays; the second is a bias of {@value #COLUMNS} for that kernel} */
  @Override
  public List<float[]> inputs() {
    float[] x = RandomFloats.of(length, 10, 1);
    return switch (op) {
      case ADD -> List.of(x, RandomFloats.of(length, 10, 2));
      case BIAS_RELU -> List.of(x, RandomFloats.of(COLUMNS, 10, 2));
      case RELU, EXP, TANH, SIGMOID, GELU -> List.of(x);
    };
  }

  @Override
  public Kernel on(Backend backend, List<float[]> inputs) {
    Scope scope = Scope.open(id());
    int[] dims = op == Op.BIAS_RELU ? new int[] {length / COLUMNS, COLUMNS} : new int[] {length};
    NdArray[] ins = new NdArray[inputs.size()];
    ins[0] = NdArray.of(backend, inputs.getFirst(), dims);
    if (ins.length > 1) {
      ins[1] = NdArray.of(backend, inputs.get(1));
    }
    NdArray out = backend.uninitialized(DType.F32, ins[0].shape());
    return Kernel.of(scope, out, () -> backend.elementwise(op.expr, out, NO_PARAMS, ins));
  }

  @Override
  public Exact exact(List<float[]> inputs) {
    float[] x = inputs.getFirst();
    float[] y = inputs.getLast();
    return new Exact(
        length,
        1,
        index -> {
          double exact = op.exact(x[index], y[index % y.length]);
          return new Exact.Element(exact, op.bound(x[index], exact));
        });
  }
}
