package dev.lanewise.bench.cases;

import dev.lanewise.array.NdArray;
import dev.lanewise.array.Scope;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.bench.RandomFloats;
import dev.lanewise.kernel.Backend;
import dev.lanewise.nn.layer.Weight;
import dev.lanewise.nn.optim.Adam;
import dev.lanewise.nn.optim.Optimizer;
import dev.lanewise.nn.optim.SGD;
import java.util.List;
import java.util.Locale;

/**
 * One step of an optimizer on one weight array. The answer is that of the first step.
 *
 * @param rule how the weights change
 * @param length the number of weights
 */
public record OptimizerStep(Rule rule, int length) implements KernelCase {
  /** The learning rate. */
  public static final double RATE = 1e-3;

  /** Adam's divisor is at least this. */
  public static final double EPS = 1e-7;

  /** How the weights change. */
  public enum Rule {
    /** By the gradient alone. */
    SGD(3),
    /** By running moments of the gradient. */
    ADAM(7);

    private final int arrays;

    /** Takes the number of arrays that are read or written. */
    Rule(int arrays) {
      this.arrays = arrays;
    }
  }

  @Override
  public String kernel() {
    return rule.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public String shape() {
    return Lengths.text(length);
  }

  @Override
  public Work work() {
    return Work.memory((double) rule.arrays * length);
  }

  @Override
  public boolean isQuick() {
    return length <= Lengths.IN_CACHE;
  }

  /** {@return weights and gradients} */
  @Override
  public List<float[]> inputs() {
    return List.of(RandomFloats.of(length, 1, 1), RandomFloats.of(length, 1, 2));
  }

  @Override
  public Kernel on(Backend backend, List<float[]> inputs) {
    Scope scope = Scope.open(id());
    NdArray weights = NdArray.of(backend, inputs.get(0));
    Tensor[] gradients = {Tensor.of(NdArray.of(backend, inputs.get(1)))};
    Optimizer optimizer =
        switch (rule) {
          case SGD -> new SGD(RATE);
          case ADAM -> new Adam(RATE, 0.9, 0.999, EPS);
        };
    optimizer.build(List.of(new Weight("w", Tensor.of(weights))));
    return Kernel.of(scope, weights, () -> optimizer.apply(gradients));
  }

  @Override
  public Exact exact(List<float[]> inputs) {
    float[] w = inputs.get(0);
    float[] g = inputs.get(1);
    return new Exact(
        length,
        1,
        index ->
            switch (rule) {
              case SGD -> new Exact.Element(w[index] - RATE * g[index], 0x1p-23);
              case ADAM -> adam(w[index], g[index]);
            });
  }

  /** After one step, both corrected moments are those of this gradient: nearly its sign counts. */
  private static Exact.Element adam(double w, double g) {
    double eps = EPS / Math.sqrt(1 - 0.999);
    double step = RATE * g / (Math.abs(g) + eps);
    // The second term: some add eps to the corrected moment.
    return new Exact.Element(w - step, 0x1p-23 + RATE * eps / (Math.abs(g) + eps));
  }
}
