package dev.lanewise.bench.cases;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Scope;
import dev.lanewise.array.Shape;
import dev.lanewise.bench.RandomFloats;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.NormSpec;
import java.util.List;
import java.util.Locale;

/**
 * A normalization of images {@code [n, c, side, side]} with weights and biases, or its gradients.
 *
 * @param kind what moments are taken over
 * @param backward whether it is the gradients by input, weight and bias
 * @param n samples
 * @param c channels
 * @param side height and width
 */
public record ImageNorm(Kind kind, boolean backward, int n, int c, int side) implements KernelCase {
  /** What is added to variances. */
  public static final double EPS = 1e-5;

  /** What moments are taken over. */
  public enum Kind {
    /** A channel of all samples, as in training. */
    BATCH,
    /** A quarter of a sample's channels. */
    GROUP
  }

  @Override
  public String kernel() {
    return kind.name().toLowerCase(Locale.ROOT) + "norm " + (backward ? "backward" : "forward");
  }

  @Override
  public String shape() {
    return "n%d c%d %dx%d".formatted(n, c, side, side);
  }

  /** {@return the shape of the images} */
  public Shape dims() {
    return Shape.of(n, c, side, side);
  }

  /** {@return into how many groups channels are cut} */
  public int groups() {
    return 4;
  }

  private NormSpec spec() {
    return switch (kind) {
      case BATCH -> NormSpec.batch(dims(), EPS);
      case GROUP -> NormSpec.group(dims(), groups(), EPS);
    };
  }

  /** {@return the memory of the images and of what becomes of them} */
  @Override
  public Work work() {
    return Work.memory((backward ? 3.0 : 2.0) * dims().size());
  }

  @Override
  public boolean isQuick() {
    return dims().size() <= 1 << 17;
  }

  /** {@return images, weights, biases and the output's gradient} */
  @Override
  public List<float[]> inputs() {
    int size = (int) dims().size();
    return List.of(
        RandomFloats.of(size, 5, 1),
        RandomFloats.of(c, 1, 2),
        RandomFloats.of(c, 1, 3),
        RandomFloats.of(size, 1, 4));
  }

  @Override
  public Kernel on(Backend backend, List<float[]> inputs) {
    Scope scope = Scope.open(id());
    NormSpec spec = spec();
    NdArray x = NdArray.of(backend, inputs.get(0), dims().dims());
    NdArray weight = NdArray.of(backend, inputs.get(1));
    NdArray bias = NdArray.of(backend, inputs.get(2));
    NdArray out = backend.uninitialized(DType.F32, dims());
    if (!backward) {
      return Kernel.of(scope, out, () -> backend.normalize(spec, x, weight, bias, out));
    }
    NdArray outGrad = NdArray.of(backend, inputs.get(3), dims().dims());
    NdArray weightGrad = backend.uninitialized(DType.F32, weight.shape());
    NdArray biasGrad = backend.uninitialized(DType.F32, bias.shape());
    return Kernel.of(
        scope,
        List.of(out, weightGrad, biasGrad),
        () -> backend.normalizeBackward(spec, x, weight, outGrad, out, weightGrad, biasGrad));
  }

  @Override
  public Exact exact(List<float[]> inputs) {
    Sets sets = new Sets(inputs);
    int size = (int) dims().size();
    int seen = n * side * side;
    return backward
        ? new Exact(size + 2 * c, seen, sets::gradient)
        : new Exact(size, seen, sets::output);
  }

  /** The elements that have their moments in common. */
  private final class Sets {
    private final float[] x;
    private final float[] weight;
    private final float[] bias;
    private final float[] outGrad;

    /** By set; null until it is asked for. */
    private final Moments[] moments = new Moments[kind == Kind.BATCH ? c : n * groups()];

    Sets(List<float[]> inputs) {
      this.x = inputs.get(0);
      this.weight = inputs.get(1);
      this.bias = inputs.get(2);
      this.outGrad = inputs.get(3);
    }

    private int channel(int index) {
      return index / (side * side) % c;
    }

    private int set(int index) {
      return switch (kind) {
        case BATCH -> channel(index);
        case GROUP -> index / (x.length / moments.length);
      };
    }

    /** {@return where an element of a set is} */
    private int place(int set, int i) {
      return switch (kind) {
        case BATCH -> ofChannel(set, i);
        case GROUP -> set * (x.length / moments.length) + i;
      };
    }

    /** {@return where an element of a channel of all samples is} */
    private int ofChannel(int channel, int i) {
      int plane = side * side;
      return (i / plane * c + channel) * plane + i % plane;
    }

    private Moments moments(int set) {
      if (moments[set] == null) {
        moments[set] = computed(set);
      }
      return moments[set];
    }

    private Moments computed(int set) {
      int count = x.length / moments.length;
      double mean = 0;
      for (int i = 0; i < count; i++) {
        mean += x[place(set, i)] / (double) count;
      }
      double variance = 0;
      double grad = 0;
      double product = 0;
      for (int i = 0; i < count; i++) {
        int at = place(set, i);
        double g = (double) outGrad[at] * weight[channel(at)];
        variance += (x[at] - mean) * (x[at] - mean) / count;
        grad += g / count;
        product += g * (x[at] - mean) / count;
      }
      double scale = 1 / Math.sqrt(variance + EPS);
      return new Moments(mean, scale, grad, product * scale);
    }

    /** {@return an element between the moments and the weight} */
    private double normal(int index) {
      Moments of = moments(set(index));
      return (x[index] - of.mean) * of.scale;
    }

    Exact.Element output(int index) {
      double value = normal(index) * weight[channel(index)] + bias[channel(index)];
      return new Exact.Element(value, 1e-5 * (1 + Math.abs(value)));
    }

    Exact.Element gradient(int index) {
      if (index >= x.length) {
        int parameter = index - x.length;
        return ofParameter(parameter % c, parameter < c);
      }
      Moments of = moments(set(index));
      double g = (double) outGrad[index] * weight[channel(index)];
      double value = of.scale * (g - of.grad - normal(index) * of.product);
      return new Exact.Element(value, 1e-5 * (1 + Math.abs(value)));
    }

    private Exact.Element ofParameter(int channel, boolean isWeight) {
      double sum = 0;
      double magnitudes = 0;
      for (int i = 0; i < n * side * side; i++) {
        int at = ofChannel(channel, i);
        double term = outGrad[at] * (isWeight ? normal(at) : 1);
        sum += term;
        magnitudes += Math.abs(term);
      }
      // Kernels sum in many short chains, so the error does not grow with the number of terms.
      return new Exact.Element(sum, 1e-6 * magnitudes);
    }
  }

  /**
   * What a set's elements have in common.
   *
   * @param mean of the elements
   * @param scale one by the root of their variance
   * @param grad mean of the gradients by the normalized elements
   * @param product mean of those by the normalized elements
   */
  private record Moments(double mean, double scale, double grad, double product) {}
}
