package dev.lanewise.nn.init;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Generator;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.Backends;
import dev.lanewise.kernel.Distribution;
import dev.lanewise.kernel.Expr;
import dev.lanewise.nn.internal.Checks;

/** The initializers that can be written down: {@link Initializer#named} reads their text again. */
sealed interface BuiltIn extends Initializer {

  /** All one number. */
  record Constant(double value) implements BuiltIn {
    private static final Expr VALUE = Expr.param(0);

    @Override
    public void fill(NdArray weight, Fans fans, Generator generator) {
      Backends.of(weight).elementwise(VALUE, weight, new double[] {value});
    }

    @Override
    public String toString() {
      return value == 0 ? "zeros" : value == 1 ? "ones" : "constant(value=" + value + ")";
    }
  }

  /** The bell curve. */
  record Normal(double mean, double std) implements BuiltIn {
    public Normal {
      requireFinite("normal: mean", mean);
      Checks.notNegative("normal: std", std);
    }

    @Override
    public void fill(NdArray weight, Fans fans, Generator generator) {
      Draw.normal(weight, mean, std, generator);
    }

    @Override
    public String toString() {
      return "normal(mean=" + mean + ", std=" + std + ")";
    }
  }

  /** The bell curve without its tails. */
  record TruncatedNormal(double mean, double std) implements BuiltIn {
    public TruncatedNormal {
      requireFinite("truncatedNormal: mean", mean);
      Checks.notNegative("truncatedNormal: std", std);
    }

    @Override
    public void fill(NdArray weight, Fans fans, Generator generator) {
      Draw.truncatedNormal(weight, mean, std, generator);
    }

    @Override
    public String toString() {
      return "truncatedNormal(mean=" + mean + ", std=" + std + ")";
    }
  }

  /** Evenly between two bounds. */
  record Uniform(double low, double high) implements BuiltIn {
    public Uniform {
      requireFinite("uniform: low", low);
      requireFinite("uniform: high", high);
      if (low > high) {
        throw new IllegalArgumentException(
            "uniform: low must not be above high, not %s and %s".formatted(low, high));
      }
    }

    @Override
    public void fill(NdArray weight, Fans fans, Generator generator) {
      Draw.uniform(weight, low, high, generator);
    }

    @Override
    public String toString() {
      return "uniform(low=" + low + ", high=" + high + ")";
    }
  }

  /** A variance that depends on how many numbers meet at a unit. */
  record VarianceScaling(double scale, FanMode mode, Spread spread) implements BuiltIn {
    public VarianceScaling {
      Checks.positive("varianceScaling: scale", scale);
    }

    @Override
    public void fill(NdArray weight, Fans fans, Generator generator) {
      double count = mode.of(fans);
      switch (spread) {
        case UNIFORM -> {
          double limit = Math.sqrt(3 * scale / count);
          Draw.uniform(weight, -limit, limit, generator);
        }
        case NORMAL -> Draw.normal(weight, 0, Math.sqrt(scale / count), generator);
        case TRUNCATED_NORMAL ->
            Draw.truncatedNormal(
                weight, 0, Math.sqrt(scale / count) / Draw.TRUNCATED_STD, generator);
      }
    }

    @Override
    public String toString() {
      return InitializerNames.ofScaling(this)
          .orElse("varianceScaling(scale=" + scale + ", mode=" + mode + ", spread=" + spread + ")");
    }
  }

  /** Rows or columns at right angles. */
  record Orthogonal(double gain) implements BuiltIn {
    public Orthogonal {
      requireFinite("orthogonal: gain", gain);
    }

    @Override
    public void fill(NdArray weight, Fans fans, Generator generator) {
      Shape shape = weight.shape();
      if (shape.rank() < 2) {
        throw new ShapeException(
            "orthogonal: the weight must have at least 2 axes, rows and columns, not " + shape);
      }
      int rows = shape.dim(0);
      int columns = (int) shape.reduced(new int[] {0}, false).size();
      int count = Math.min(rows, columns);
      int length = Math.max(rows, columns);
      Backend backend = Backends.of(weight);
      NdArray normal = backend.uninitialized(DType.F64, Shape.of(count, length));
      backend.random(Distribution.NORMAL, generator.seed(), generator.nextStream(), normal);
      double[][] basis = GramSchmidt.basis(normal.toDoubleArray(), count, length);
      double[] values = new double[rows * columns];
      for (int i = 0; i < values.length; i++) {
        int row = i / columns;
        int column = i % columns;
        values[i] = gain * (rows <= columns ? basis[row][column] : basis[column][row]);
      }
      backend.copy(NdArray.of(backend, values, shape.dims()), weight);
    }

    @Override
    public String toString() {
      return "orthogonal(gain=" + gain + ")";
    }
  }

  /** One number along the diagonal. */
  record Identity(double gain) implements BuiltIn {
    public Identity {
      requireFinite("identity: gain", gain);
    }

    @Override
    public void fill(NdArray weight, Fans fans, Generator generator) {
      Shape shape = weight.shape();
      if (shape.rank() != 2) {
        throw new ShapeException(
            "identity: the weight must have 2 axes, rows and columns, not " + shape);
      }
      double[] values = new double[(int) shape.size()];
      for (int i = 0; i < Math.min(shape.dim(0), shape.dim(1)); i++) {
        values[i * shape.dim(1) + i] = gain;
      }
      Backend backend = Backends.of(weight);
      backend.copy(NdArray.of(backend, values, shape.dims()), weight);
    }

    @Override
    public String toString() {
      return "identity(gain=" + gain + ")";
    }
  }

  private static void requireFinite(String what, double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(what + " must be a number, not " + value);
    }
  }
}
