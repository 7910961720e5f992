package dev.lanewise.autodiff;

import dev.lanewise.array.DType;
import dev.lanewise.array.DTypeException;
import dev.lanewise.array.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * Compares the gradient of a function with central finite differences, in {@link DType#F64}.
 *
 * {@snippet :
 * Tensor a = Tensor.of(new double[] {0.5, -1.5, 2}, 3);
 * Tensor b = Tensor.of(new double[] {2, 1, 0.5}, 3);
 * GradientCheck.of(in -> in[0].mul(in[1]).tanh()).require(a, b);
 * }
 *
 * <p>A result of several elements is summed with fixed weights, all different, so that errors do
 * not cancel. Inputs of integer type are handed to the function as they are. The function must be
 * smooth near the inputs: at the bend of a ReLU, differences tell nothing.
 */
public final class GradientCheck {
  /** The cube root of the rounding error balances it against the curvature. */
  private static final double STEP = Math.cbrt(Math.ulp(1.0));

  private static final double TOLERANCE = 1e-6;
  private static final int SHOWN = 10;

  private final Function<Tensor[], Tensor> function;
  private final double step;
  private final double tolerance;

  private GradientCheck(Function<Tensor[], Tensor> function, double step, double tolerance) {
    this.function = function;
    this.step = step;
    this.tolerance = tolerance;
  }

  /**
   * One element of a gradient that is wrong.
   *
   * @param input the number of the input
   * @param index the element of the input
   * @param analytic what the gradient says
   * @param numeric what the differences say
   */
  public record Mismatch(int input, List<Integer> index, double analytic, double numeric) {
    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "input %d at %s: the gradient is %.12g, by differences %.12g",
          input,
          index,
          analytic,
          numeric);
    }
  }

  /**
   * The outcome of a check.
   *
   * @param checked how many elements were compared
   * @param mismatches those that differ by more than the tolerance
   */
  public record Report(int checked, List<Mismatch> mismatches) {
    /** {@return whether no element differs} */
    public boolean passed() {
      return mismatches.isEmpty();
    }

    @Override
    public String toString() {
      StringBuilder text = new StringBuilder("gradient check: ");
      text.append(mismatches.size()).append(" of ").append(checked).append(" elements differ");
      for (Mismatch m : mismatches.subList(0, Math.min(SHOWN, mismatches.size()))) {
        text.append("\n  ").append(m);
      }
      if (mismatches.size() > SHOWN) {
        text.append("\n  and ").append(mismatches.size() - SHOWN).append(" more");
      }
      return text.toString();
    }
  }

  /**
   * {@return a check of a function}
   *
   * @param function computes a tensor from the inputs; gives the same for the same inputs
   */
  public static GradientCheck of(Function<Tensor[], Tensor> function) {
    return new GradientCheck(function, STEP, TOLERANCE);
  }

  /**
   * {@return this check with another distance between the points of a difference}
   *
   * @param step the distance to either side, for inputs up to 1; larger ones go further in
   *     proportion
   */
  public GradientCheck withStep(double step) {
    return new GradientCheck(function, step, tolerance);
  }

  /**
   * {@return this check with another tolerance}
   *
   * @param tolerance the largest difference, for values up to 1; larger ones may differ in
   *     proportion
   */
  public GradientCheck withTolerance(double tolerance) {
    return new GradientCheck(function, step, tolerance);
  }

  /** {@return a check of the gradient's own gradient: of second derivatives} */
  public GradientCheck ofGradient() {
    return new GradientCheck(this::weightedGradient, step, tolerance);
  }

  /**
   * Checks the gradient at given inputs.
   *
   * @param inputs f64, or integers, which have no gradient
   * @throws GradientException if an element differs; the text names input, index and both values
   * @throws DTypeException if an input is of a floating-point type other than f64
   */
  public void require(Tensor... inputs) {
    Report report = check(inputs);
    if (!report.passed()) {
      throw new GradientException(report.toString());
    }
  }

  /**
   * {@return the outcome at given inputs}
   *
   * @param inputs f64, or integers, which have no gradient
   * @throws DTypeException if an input is of a floating-point type other than f64
   */
  public Report check(Tensor... inputs) {
    Tensor[] leaves = leaves(inputs);
    double[][] analytic = analytic(leaves);
    List<Mismatch> mismatches = new ArrayList<>();
    int checked = 0;
    for (int i = 0; i < inputs.length; i++) {
      for (int at = 0; leaves[i].dtype() == DType.F64 && at < leaves[i].size(); at++) {
        double numeric = difference(leaves, i, at);
        checked++;
        if (!close(analytic[i][at], numeric)) {
          mismatches.add(new Mismatch(i, index(leaves[i].shape(), at), analytic[i][at], numeric));
        }
      }
    }
    return new Report(checked, List.copyOf(mismatches));
  }

  /** {@return copies of the inputs, with nothing recorded} */
  private static Tensor[] leaves(Tensor[] inputs) {
    Tensor[] leaves = new Tensor[inputs.length];
    for (int i = 0; i < inputs.length; i++) {
      DType dtype = inputs[i].dtype();
      if (dtype.isFloating() && dtype != DType.F64) {
        throw new DTypeException(
            "gradient check: input "
                + i
                + " is "
                + dtype
                + ", in which differences are too coarse; cast it to f64");
      }
      leaves[i] = inputs[i].detach().copy();
    }
    return leaves;
  }

  private double[][] analytic(Tensor[] leaves) {
    Tensor[] sources = new Tensor[leaves.length];
    double[][] values = new double[leaves.length][];
    for (int i = 0; i < leaves.length; i++) {
      sources[i] = leaves[i].detach();
      if (leaves[i].dtype() == DType.F64) {
        sources[i].requiresGrad(true);
      }
      values[i] = new double[Math.toIntExact(leaves[i].size())];
    }
    try (Grad _ = Grad.on()) {
      Tensor loss = weightedSum(function.apply(sources), 0);
      if (loss.requiresGrad()) {
        Tensor[] gradients = Gradients.of(loss, sources);
        for (int i = 0; i < leaves.length; i++) {
          values[i] = gradients[i] == null ? values[i] : gradients[i].toDoubleArray();
        }
      }
    }
    return values;
  }

  private double difference(Tensor[] leaves, int input, int at) {
    Tensor original = leaves[input];
    double[] values = original.toDoubleArray();
    double h = step * Math.max(1, Math.abs(values[at]));
    double above = values[at] + h;
    double below = values[at] - h;
    double up = loss(leaves, input, values, at, above);
    double down = loss(leaves, input, values, at, below);
    leaves[input] = original;
    return (up - down) / (above - below);
  }

  private double loss(Tensor[] leaves, int input, double[] values, int at, double value) {
    values[at] = value;
    Shape shape = leaves[input].shape();
    leaves[input] = Tensor.of(leaves[input].backend(), values, values.length).reshape(shape);
    return weightedSum(function.apply(leaves.clone()), 0).item();
  }

  private boolean close(double analytic, double numeric) {
    double scale = Math.max(1, Math.max(Math.abs(analytic), Math.abs(numeric)));
    // Written so that a NaN is a mismatch.
    return Math.abs(analytic - numeric) <= tolerance * scale;
  }

  /** {@return the gradient of the weighted result, itself weighted and summed over all inputs} */
  private Tensor weightedGradient(Tensor[] inputs) {
    Tensor[] sources = new Tensor[inputs.length];
    for (int i = 0; i < inputs.length; i++) {
      boolean plain = !inputs[i].requiresGrad() && inputs[i].dtype().isFloating();
      sources[i] = plain ? inputs[i].detach().requiresGrad(true) : inputs[i];
    }
    try (Grad _ = Grad.on()) {
      Tensor loss = weightedSum(function.apply(sources), 0);
      Tensor sum = Tensor.scalar(loss.backend(), DType.F64, 0);
      if (!loss.requiresGrad()) {
        return sum;
      }
      Tensor[] gradients = Gradients.of(loss, sources, true);
      for (int i = 0; i < gradients.length; i++) {
        sum = gradients[i] == null ? sum : sum.add(weightedSum(gradients[i], i + 1));
      }
      return sum;
    }
  }

  /** Weights from 1 to 2 that never repeat: multiples of the golden ratio, without the whole. */
  private static Tensor weightedSum(Tensor x, int salt) {
    double[] weights = new double[Math.toIntExact(x.size())];
    for (int i = 0; i < weights.length; i++) {
      double turn = (i + 1 + 31 * salt) * 0.6180339887498949;
      weights[i] = 1 + turn - Math.floor(turn);
    }
    Tensor w = Tensor.of(x.backend(), weights, weights.length).reshape(x.shape());
    return x.mul(w).sum();
  }

  private static List<Integer> index(Shape shape, int at) {
    Integer[] index = new Integer[shape.rank()];
    int rest = at;
    for (int i = index.length - 1; i >= 0; i--) {
      index[i] = rest % shape.dim(i);
      rest /= shape.dim(i);
    }
    return Arrays.asList(index);
  }
}
