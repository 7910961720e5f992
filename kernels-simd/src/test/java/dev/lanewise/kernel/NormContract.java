package dev.lanewise.kernel;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** {@link Normalization}: all kinds of means, with and without weights, forward and backward. */
public interface NormContract extends BackendUnderTest {

  /** The kinds of normalization. */
  enum Kind {
    LAYER,
    RMS,
    GROUP,
    BATCH;

    /** {@return a spec over any shape, some axes of which may be added} */
    NormSpec of(Dice dice, Shape shape) {
      double eps = dice.oneIn(2) ? 1e-5 : 0.1;
      int[] dims = shape.dims();
      int rank = Math.max(1, dims.length);
      int axes = dice.between(1, rank);
      Shape lines = dims.length == 0 ? Shape.of(3) : shape;
      int[] images = dims.length >= 2 ? dims : new int[] {2, dims.length == 0 ? 3 : dims[0]};
      int c = images[1];
      return switch (this) {
        case LAYER -> NormSpec.layer(lines, axes, eps);
        case RMS -> NormSpec.rms(lines, axes, eps);
        case GROUP ->
            NormSpec.group(
                Shape.of(images),
                c % 3 == 0 && c > 0 ? 3 : dice.oneIn(2) ? 1 : Math.max(c, 1),
                eps);
        case BATCH -> NormSpec.batch(Shape.of(images), eps);
      };
    }
  }

  /** Arrays for a spec. */
  record Case(NormSpec spec, Placed x, Placed weight, Placed bias, Placed up) {
    static Case of(Dice dice, NormSpec spec, DType dtype, Placement in) {
      double shift = dice.pick(List.of(0.0, 3.0));
      Placed x = Placed.of(dice, dtype, spec.shape(), in).filled(() -> shift + dice.normal());
      boolean weighted = dice.oneIn(2);
      Placed weight = weighted ? Placed.of(dice, dtype, spec.weights(), in, Values.ORDINARY) : null;
      Placed bias =
          dice.oneIn(2) ? Placed.of(dice, dtype, spec.weights(), in, Values.ORDINARY) : null;
      Placed up = Placed.of(dice, dtype, spec.shape(), in, Values.ORDINARY);
      return new Case(spec, x, weight, bias, up);
    }

    Case on(Backend backend) {
      return new Case(
          spec,
          x.on(backend),
          weight == null ? null : weight.on(backend),
          bias == null ? null : bias.on(backend),
          up.on(backend));
    }

    void assertUnchanged(String what) {
      for (Placed in : Arrays.asList(x, weight, bias, up)) {
        if (in != null) {
          in.assertUnchanged(what);
        }
      }
    }

    boolean repeats() {
      return x.layout().repeats() || up.layout().repeats();
    }

    @Override
    public String toString() {
      return spec + " of " + Judge.layouts(x, up) + ", weight " + weight + ", bias " + bias;
    }
  }

  private static NdArray array(Placed placed) {
    return placed == null ? null : placed.array();
  }

  /** What bounds are made of: moments in double, on the reference backend. */
  final class Exact {
    private final NormSpec spec;
    private final int[] momentDims;
    final double[] x;
    final double[] mean;
    final double[] size;
    final double[] deviation;
    final double eps;
    final double c;

    Exact(Case given) {
      this.spec = given.spec;
      this.momentDims = spec.view().reduced(spec.momentAxes(), true).dims();
      this.x = given.x.numbers();
      this.eps = Judge.epsilon(given.x.dtype());
      double n = spec.count();
      this.c = (given.repeats() ? n : Math.min(n, 4 * Math.sqrt(n))) / 2 + 4;
      this.mean = spec.centered() ? means(x) : new double[moments()];
      this.size = means(Arrays.stream(x).map(Math::abs).toArray());
      double[] squares = new double[x.length];
      for (int i = 0; i < x.length; i++) {
        squares[i] = Math.pow(x[i] - mean[moment(i)], 2);
      }
      this.deviation = Arrays.stream(means(squares)).map(v -> Math.sqrt(v + spec.eps())).toArray();
    }

    private int moments() {
      return (int) Shape.of(momentDims).size();
    }

    /** {@return the moment that an element belongs to} */
    int moment(int place) {
      return shared(place, momentDims);
    }

    /** {@return the weight that an element belongs to} */
    int weight(int place) {
      return shared(place, spec.weightView().dims());
    }

    private int shared(int place, int[] dims) {
      int[] index = Judge.index(spec.view(), place);
      int at = 0;
      for (int i = 0; i < dims.length; i++) {
        at = at * dims[i] + (dims[i] == 1 ? 0 : index[i]);
      }
      return at;
    }

    double[] means(double[] values) {
      double[] sums = new double[moments()];
      for (int i = 0; i < values.length; i++) {
        sums[moment(i)] += values[i];
      }
      return Arrays.stream(sums).map(v -> v / spec.count()).toArray();
    }

    /** {@return what a normalized element, before its weight, may be off by} */
    double ofNormalized(int place) {
      int m = moment(place);
      double y = Math.abs(x[place] - mean[m]) / deviation[m];
      return eps * c * (4 * y + 2 * size[m] / deviation[m]);
    }

    double normalized(int place) {
      return (x[place] - mean[moment(place)]) / deviation[moment(place)];
    }
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  default void momentsAndNormalizedNumbersAreAsExactAsPromised(
      @ForAll Kind kind,
      @ForAll boolean inPlace,
      @ForAll(supplier = ComputeTypes.class) DType dtype,
      @ForAll(supplier = Shapes.class) Shape shape,
      @ForAll Placement in,
      @ForAll Placement out,
      @ForAll long seed) {
    Dice dice = new Dice(seed);
    NormSpec spec = kind.of(dice, shape);
    Case given = Case.of(dice, spec, dtype, inPlace ? in.writable() : in);
    Case here = given.on(backend());
    Exact exact = new Exact(given);
    Placed mean = Placed.of(dice, dtype, spec.moments(), out.writable());
    Placed variance = Placed.of(dice, dtype, spec.moments(), out.writable());
    Placed expectedMean = mean.twin();
    Placed expectedVariance = variance.twin();
    Placed.REFERENCE.moments(spec, given.x.array(), expectedMean.array(), expectedVariance.array());
    Placed actualMean = mean.on(backend());
    Placed actualVariance = variance.on(backend());
    String moments = "moments of " + given;
    Judge.run(
        () -> moments,
        () -> backend().moments(spec, here.x.array(), actualMean.array(), actualVariance.array()));
    double[] ofMean = Judge.scaled(exact.size, exact.eps * exact.c, 0);
    double[] ofVariance = expectedVariance.numbers();
    for (int i = 0; i < ofVariance.length; i++) {
      ofVariance[i] =
          exact.eps
              * exact.c
              * (4 * ofVariance[i] + exact.eps * exact.c * Math.pow(exact.size[i], 2));
    }
    Judge.within(() -> moments, expectedMean, actualMean, ofMean);
    Judge.within(() -> moments, expectedVariance, actualVariance, ofVariance);

    Placed y = Placed.of(dice, dtype, spec.shape(), out.writable());
    Placed expected = y.twin();
    Placed.REFERENCE.normalize(
        spec, given.x.array(), array(given.weight), array(given.bias), expected.array());
    double[] bounds = outBounds(given, exact, expected.numbers());
    Placed by = y.on(backend());
    String normalizeBy = "normalizeBy: " + given;
    Judge.run(
        () -> normalizeBy,
        () ->
            backend()
                .normalizeBy(
                    spec,
                    here.x.array(),
                    actualMean.array(),
                    actualVariance.array(),
                    array(here.weight),
                    array(here.bias),
                    by.array()));
    Judge.within(() -> normalizeBy, expected, by, bounds);
    here.assertUnchanged(normalizeBy);

    Placed actual = inPlace ? here.x : y.on(backend());
    String normalize = "normalize: " + given + " to " + y;
    Judge.run(
        () -> normalize,
        () ->
            backend()
                .normalize(
                    spec, here.x.array(), array(here.weight), array(here.bias), actual.array()));
    Judge.within(() -> normalize, expected, actual, bounds);
  }

  private static double[] outBounds(Case given, Exact exact, double[] expected) {
    double[] weight = given.weight == null ? null : given.weight.numbers();
    double[] bias = given.bias == null ? null : given.bias.numbers();
    double[] bounds = new double[expected.length];
    for (int i = 0; i < bounds.length; i++) {
      double w = weight == null ? 1 : Math.abs(weight[exact.weight(i)]);
      double b = bias == null ? 0 : Math.abs(bias[exact.weight(i)]);
      bounds[i] = w * exact.ofNormalized(i) + exact.eps * (b + Math.abs(expected[i]));
    }
    return bounds;
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  default void gradientsOfNormalizationsAreAsExactAsTheirSums(
      @ForAll Kind kind,
      @ForAll(supplier = ComputeTypes.class) DType dtype,
      @ForAll(supplier = Shapes.class) Shape shape,
      @ForAll Placement in,
      @ForAll Placement out,
      @ForAll long seed) {
    Dice dice = new Dice(seed);
    NormSpec spec = kind.of(dice, shape);
    Case given = Case.of(dice, spec, dtype, in);
    Placed[] outs = {
      Placed.of(dice, dtype, spec.shape(), out.writable()),
      dice.oneIn(4) ? null : Placed.of(dice, dtype, spec.weights(), out.writable()),
      dice.oneIn(4) ? null : Placed.of(dice, dtype, spec.weights(), out.writable())
    };
    Placed[] expected = new Placed[3];
    Placed[] actual = new Placed[3];
    for (int i = 0; i < 3; i++) {
      expected[i] = outs[i] == null ? null : outs[i].twin();
      actual[i] = outs[i] == null ? null : outs[i].on(backend());
    }
    String what = "normalizeBackward: " + given + " to " + Judge.layouts(outs);
    backward(Placed.REFERENCE, given, expected);
    Case here = given.on(backend());
    Judge.run(() -> what, () -> backward(backend(), here, actual));
    double[][] bounds = gradientBounds(given);
    for (int i = 0; i < 3; i++) {
      if (outs[i] != null) {
        Judge.within(() -> what, expected[i], actual[i], bounds[i]);
      }
    }
    here.assertUnchanged(what);
  }

  private static void backward(Backend backend, Case given, Placed[] outs) {
    backend.normalizeBackward(
        given.spec,
        given.x.array(),
        array(given.weight),
        given.up.array(),
        outs[0].array(),
        array(outs[1]),
        array(outs[2]));
  }

  private static double[][] gradientBounds(Case given) {
    Exact exact = new Exact(given);
    double[] up = given.up.numbers();
    double[] weight = given.weight == null ? null : given.weight.numbers();
    int n = up.length;
    double[] g = new double[n];
    double[] product = new double[n];
    double[] ofProduct = new double[n];
    for (int i = 0; i < n; i++) {
      g[i] = Math.abs(up[i] * (weight == null ? 1 : weight[exact.weight(i)]));
      product[i] = g[i] * Math.abs(exact.normalized(i));
      ofProduct[i] = g[i] * exact.ofNormalized(i);
    }
    double[] meanG = exact.means(g);
    double[] meanProduct = exact.means(product);
    double[] offProduct = exact.means(ofProduct);
    double[] ofX = new double[n];
    double[] ofWeight = new double[(int) given.spec.weights().size()];
    double[] ofBias = new double[ofWeight.length];
    double shared = (double) n / Math.max(1, ofWeight.length);
    double sums = (given.repeats() ? shared : Math.min(shared, 4 * Math.sqrt(shared))) / 2 + 2;
    for (int i = 0; i < n; i++) {
      int m = exact.moment(i);
      double y = Math.abs(exact.normalized(i));
      double relative = exact.eps * exact.c;
      double inner =
          relative * (4 * g[i] + 2 * meanG[m] + 8 * y * meanProduct[m])
              + y * offProduct[m]
              + exact.ofNormalized(i) * meanProduct[m];
      // The deviation itself is off by as much, relatively, as the variance.
      double ofDeviation =
          relative * (4 + 2 * relative * Math.pow(exact.size[m] / exact.deviation[m], 2));
      double whole = g[i] + meanG[m] + y * meanProduct[m];
      ofX[i] = (inner + whole * ofDeviation) / exact.deviation[m];
      int w = exact.weight(i);
      ofWeight[w] +=
          Math.abs(up[i])
              * (exact.ofNormalized(i) + exact.eps * sums * Math.abs(exact.normalized(i)));
      ofBias[w] += Math.abs(up[i]) * exact.eps * sums;
    }
    return new double[][] {ofX, ofWeight, ofBias};
  }

  @Example
  default void nanStaysInItsRow() {
    for (DType dtype : new DType[] {DType.F32, DType.F64}) {
      Placed x = Placed.of(new Dice(2), dtype, Shape.of(5, 37), Placement.OFFSET, Values.ORDINARY);
      x.array().set(Double.NaN, 1, 30);
      x.array().set(Double.POSITIVE_INFINITY, 3, 2);
      NormSpec spec = NormSpec.layer(x.shape(), 1, 1e-5);
      Placed given = x.twin().on(backend());
      Placed y = Placed.of(new Dice(3), dtype, x.shape(), Placement.SLICED).on(backend());
      backend().normalize(spec, given.array(), null, null, y.array());
      double[] numbers = y.numbers();
      for (int i = 0; i < numbers.length; i++) {
        boolean spoilt = i / 37 == 1 || i / 37 == 3;
        // In the row of ∞ all but it are −∞ / ∞.
        if (Double.isNaN(numbers[i]) != spoilt) {
          throw new AssertionError("normalize: element " + i + " is " + numbers[i]);
        }
      }
    }
  }

  @Example
  default void normalizationsRefuseWrongArguments() {
    NormSpec spec = NormSpec.layer(Shape.of(3, 4), 1, 1e-5);
    Placed x = given(DType.F32, 3, 4);
    Placed out = given(DType.F32, 3, 4);
    Placed w = given(DType.F32, 4);
    Placed m = given(DType.F32, 3);
    Placed v = given(DType.F32, 3);
    NdArray one = given(DType.F32, 1).array();
    for (NdArray wrong :
        List.of(
            given(DType.F32, 4, 3).array(),
            given(DType.F64, 3, 4).array(),
            Refusals.dead(backend(), DType.F32, 3, 4))) {
      refuse("moments", () -> backend().moments(spec, wrong, m.array(), v.array()), m, v);
      refuse("normalize", () -> backend().normalize(spec, wrong, null, null, out.array()), out);
      refuse("normalize", () -> backend().normalize(spec, x.array(), null, null, wrong), x);
      by(spec, wrong, m.array(), v.array(), null, null, out.array(), out);
      back(spec, wrong, null, x.array(), out.array(), null, null, out);
      back(spec, x.array(), null, wrong, out.array(), null, null, out);
      back(spec, x.array(), null, x.array(), wrong, null, null, x);
    }
    for (NdArray wrong :
        List.of(
            given(DType.F32, 3).array(),
            given(DType.F64, 4).array(),
            Refusals.dead(backend(), DType.F32, 4))) {
      refuse(
          "normalize", () -> backend().normalize(spec, x.array(), wrong, null, out.array()), out);
      refuse(
          "normalize", () -> backend().normalize(spec, x.array(), null, wrong, out.array()), out);
      by(spec, x.array(), m.array(), v.array(), wrong, null, out.array(), out);
      back(spec, x.array(), wrong, x.array(), out.array(), null, null, out);
      back(spec, x.array(), null, x.array(), out.array(), wrong, null, out);
      back(spec, x.array(), null, x.array(), out.array(), null, wrong, out);
    }
    refuse("moments", () -> backend().moments(spec, x.array(), w.array(), v.array()), v, w);
    refuse("moments", () -> backend().moments(spec, x.array(), m.array(), m.array()), m);
    NdArray stretched = one.broadcastTo(Shape.of(3));
    refuse("moments", () -> backend().moments(spec, x.array(), stretched, v.array()), v);
    by(spec, x.array(), w.array(), v.array(), null, null, out.array(), out);
    back(spec, x.array(), null, out.array(), x.array(), w.array(), w.array(), x, w);
    back(spec, x.array(), null, x.array(), x.array(), null, null, x);
    NdArray row = out.array().slice(0, 0, 1);
    NdArray inside = row.view(row.layout().reshape(Shape.of(4)));
    refuse("normalize", () -> backend().normalize(spec, x.array(), inside, null, out.array()), out);
    back(spec, x.array(), null, x.array(), out.array(), inside, null, out);
  }

  private void by(
      NormSpec spec,
      NdArray x,
      NdArray mean,
      NdArray variance,
      NdArray weight,
      NdArray bias,
      NdArray out,
      Placed... unchanged) {
    refuse(
        "normalizeBy",
        () -> backend().normalizeBy(spec, x, mean, variance, weight, bias, out),
        unchanged);
  }

  private void back(
      NormSpec spec,
      NdArray x,
      NdArray weight,
      NdArray up,
      NdArray xGrad,
      NdArray weightGrad,
      NdArray biasGrad,
      Placed... unchanged) {
    refuse(
        "normalizeBackward",
        () -> backend().normalizeBackward(spec, x, weight, up, xGrad, weightGrad, biasGrad),
        unchanged);
  }

  private static void refuse(String operation, Runnable call, Placed... arrays) {
    Refusals.refused(operation, call, arrays);
  }

  private Placed given(DType dtype, int... dims) {
    return Placed.of(new Dice(5), dtype, Shape.of(dims), Placement.SLICED).on(backend());
  }
}
