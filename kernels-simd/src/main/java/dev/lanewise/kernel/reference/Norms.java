package dev.lanewise.kernel.reference;

import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import dev.lanewise.kernel.NormSpec;
import java.util.Arrays;

/** Normalizations, element by element in double. */
final class Norms {
  private final NormSpec spec;
  private final Shape view;

  private Norms(NormSpec spec) {
    this.spec = spec;
    this.view = spec.view();
  }

  /** What is computed for each element, in row-major order. */
  private interface Value {
    double at(int[] index);
  }

  /** {@return an element's index in an array that has extents of 1 along some axes} */
  private static int[] inside(int[] index, Shape shape) {
    int[] at = index.clone();
    for (int i = 0; i < at.length; i++) {
      at[i] = shape.dim(i) == 1 ? 0 : at[i];
    }
    return at;
  }

  private static int place(int[] index, Shape shape) {
    int place = 0;
    for (int i = 0; i < index.length; i++) {
      place = place * shape.dim(i) + index[i];
    }
    return place;
  }

  /** {@return the sums over all elements that share an index of a shape with extents of 1} */
  private double[] sums(Shape shape, Value value) {
    Total[] totals = new Total[Math.toIntExact(shape.size())];
    Arrays.setAll(totals, i -> new Total(0));
    for (Index i = new Index(view); i.inside(); i.next()) {
      totals[place(inside(i.at(), shape), shape)].add(value.at(i.at()));
    }
    return Arrays.stream(totals).mapToDouble(Total::value).toArray();
  }

  private Shape momentShape() {
    return view.reduced(spec.momentAxes(), true);
  }

  private double[] means(Value value) {
    return Arrays.stream(sums(momentShape(), value)).map(s -> s / spec.count()).toArray();
  }

  private double of(double[] moments, int[] index) {
    return moments[place(inside(index, momentShape()), momentShape())];
  }

  private double[] mean(Elements x) {
    return spec.centered() ? means(x::get) : new double[Math.toIntExact(momentShape().size())];
  }

  private double[] variance(Elements x, double[] mean) {
    return means(
        i -> {
          double distance = x.get(i) - of(mean, i);
          return distance * distance;
        });
  }

  private static void write(double[] numbers, NdArray to) {
    Elements out = new Elements(to);
    int next = 0;
    for (Index i = new Index(to.shape()); i.inside(); i.next()) {
      out.set(i.at(), numbers[next++]);
    }
  }

  static void moments(NormSpec spec, NdArray x, NdArray mean, NdArray variance) {
    Norms norms = new Norms(spec);
    Elements in = new Elements(spec.viewOf(x));
    double[] means = norms.mean(in);
    write(norms.variance(in, means), variance);
    write(means, mean);
  }

  private static double[] numbers(NdArray x) {
    Elements in = new Elements(x);
    double[] numbers = new double[Math.toIntExact(x.size())];
    int next = 0;
    for (Index i = new Index(x.shape()); i.inside(); i.next()) {
      numbers[next++] = in.get(i.at());
    }
    return numbers;
  }

  /** The moments may be null: then they are those of x itself. */
  static void normalize(
      NormSpec spec,
      NdArray x,
      NdArray mean,
      NdArray variance,
      NdArray weight,
      NdArray bias,
      NdArray out) {
    Norms norms = new Norms(spec);
    Elements in = new Elements(spec.viewOf(x));
    double[] means = mean == null ? norms.mean(in) : numbers(mean);
    double[] variances = variance == null ? norms.variance(in, means) : numbers(variance);
    Elements target = new Elements(spec.viewOf(out));
    for (Index i = new Index(spec.view()); i.inside(); i.next()) {
      double y = norms.normalized(in, means, variances, i.at());
      target.set(i.at(), y * norms.weight(weight, 1, i.at()) + norms.weight(bias, 0, i.at()));
    }
  }

  private double normalized(Elements x, double[] mean, double[] variance, int[] index) {
    return (x.get(index) - of(mean, index)) / deviation(variance, index);
  }

  private double deviation(double[] variance, int[] index) {
    return Math.sqrt(of(variance, index) + spec.eps());
  }

  private double weight(NdArray weight, double missing, int[] index) {
    return weight == null
        ? missing
        : new Elements(spec.viewOfWeight(weight)).get(inside(index, spec.weightView()));
  }

  static void backward(
      NormSpec spec,
      NdArray x,
      NdArray weight,
      NdArray outGrad,
      NdArray xGrad,
      NdArray weightGrad,
      NdArray biasGrad) {
    Norms norms = new Norms(spec);
    Elements in = new Elements(spec.viewOf(x));
    Elements up = new Elements(spec.viewOf(outGrad));
    double[] mean = norms.mean(in);
    double[] variance = norms.variance(in, mean);
    Value y = i -> norms.normalized(in, mean, variance, i);
    Value g = i -> up.get(i) * norms.weight(weight, 1, i);
    double[] ofG = norms.means(g);
    double[] ofProduct = norms.means(i -> g.at(i) * y.at(i));
    Elements target = new Elements(spec.viewOf(xGrad));
    for (Index i = new Index(spec.view()); i.inside(); i.next()) {
      double shift = spec.centered() ? norms.of(ofG, i.at()) : 0;
      double part = g.at(i.at()) - shift - y.at(i.at()) * norms.of(ofProduct, i.at());
      target.set(i.at(), part / norms.deviation(variance, i.at()));
    }
    if (weightGrad != null) {
      write(norms.sums(spec.weightView(), i -> up.get(i) * y.at(i)), weightGrad);
    }
    if (biasGrad != null) {
      write(norms.sums(spec.weightView(), up::get), biasGrad);
    }
  }
}
