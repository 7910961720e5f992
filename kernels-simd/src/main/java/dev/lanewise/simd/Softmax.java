package dev.lanewise.simd;

import static dev.lanewise.kernel.Expr.constant;
import static dev.lanewise.kernel.Expr.param;
import static dev.lanewise.kernel.Expr.select;
import static dev.lanewise.simd.RowProgram.Kind.FULL;
import static dev.lanewise.simd.RowProgram.Kind.PER_PLACE;
import static dev.lanewise.simd.RowProgram.Kind.PER_ROW;
import static dev.lanewise.simd.RowProgram.map;
import static dev.lanewise.simd.RowProgram.reduce;

import dev.lanewise.array.DType;
import dev.lanewise.array.Device;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Scope;
import dev.lanewise.array.Shape;
import dev.lanewise.kernel.CopySpec;
import dev.lanewise.kernel.CrossEntropySpec;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.ReduceOp;
import dev.lanewise.kernel.SoftmaxSpec;
import dev.lanewise.kernel.UnaryOp;
import dev.lanewise.simd.RowProgram.Kind;
import java.lang.ref.Reference;
import java.util.Arrays;

/** Softmax, its logarithm, the cross-entropy of logits, and their gradients, as row programs. */
final class Softmax {
  private static final double[] NONE = {};
  private static final Expr X = Expr.arg(0);
  private static final Expr Y = Expr.arg(1);
  private static final Expr Z = Expr.arg(2);
  private static final Expr EXP_OF_DISTANCE = X.sub(Y).exp();
  private static final Expr ZERO = constant(0);
  private static final Expr LOG = Expr.unary(UnaryOp.LOG, X);

  // Operands: x, out, largest, sum.
  static final RowProgram SOFTMAX =
      new RowProgram(
          new Kind[] {FULL, FULL},
          1,
          reduce(ReduceOp.MAX, X, 2, 0),
          map(EXP_OF_DISTANCE, 1, 0, 2),
          reduce(ReduceOp.SUM, X, 3, 1),
          map(X.reciprocal(), 3, 3),
          map(X.mul(Y), 1, 1, 3));

  // Operands: x, out, largest, sum.
  static final RowProgram LOG_SOFTMAX =
      new RowProgram(
          new Kind[] {FULL, FULL},
          1,
          reduce(ReduceOp.MAX, X, 2, 0),
          reduce(ReduceOp.SUM, EXP_OF_DISTANCE, 3, 0, 2),
          map(LOG, 3, 3),
          map(X.sub(Y).sub(Z), 1, 0, 2, 3));

  // Operands: y, gradient by it, gradient, sum.
  private static final RowProgram SOFTMAX_BACKWARD =
      new RowProgram(
          new Kind[] {FULL, FULL, FULL},
          2,
          reduce(ReduceOp.SUM, X.mul(Y), 3, 0, 1),
          map(X.mul(Y.sub(Z)), 2, 0, 1, 3));

  private static final RowProgram LOG_SOFTMAX_BACKWARD =
      new RowProgram(
          new Kind[] {FULL, FULL, FULL},
          2,
          reduce(ReduceOp.SUM, X, 3, 1),
          map(Y.sub(X.exp().mul(Z)), 2, 0, 1, 3));

  // Scalars of the cross-entropy: the ignored label, or NaN, which no label equals; 1 − s and s / c
  // with the smoothing s and c classes.
  private static final Expr IGNORED = param(0);
  private static final Expr AT_LABEL = param(1);
  private static final Expr SPREAD = param(2);

  /** The element whose place is the label, of x, place, label. */
  private static final Expr PICKED = select(Y.eq(Z), X, ZERO);

  /** The loss, of sum, largest, picked, label. */
  private static final Expr LOSS =
      select(
          Expr.arg(3).eq(IGNORED), ZERO, LOG.sub(select(AT_LABEL, AT_LABEL.mul(Z.sub(Y)), ZERO)));

  /** The same with the sum of the distances from the largest as a fifth argument. */
  private static final Expr SMOOTH_LOSS =
      select(
          Expr.arg(3).eq(IGNORED),
          ZERO,
          LOG.sub(select(AT_LABEL, AT_LABEL.mul(Z.sub(Y)), ZERO)).sub(SPREAD.mul(Expr.arg(4))));

  /** The factor of each row, of weight and label. */
  private static final Expr COUNTING = select(Y.eq(IGNORED), ZERO, X);

  /** The gradient, of exponential, 1 / sum, weight, place, label. */
  private static final Expr GRADIENT =
      select(
          Z,
          Z.mul(X.mul(Y).sub(SPREAD).sub(select(Expr.arg(3).eq(Expr.arg(4)), AT_LABEL, ZERO))),
          ZERO);

  // Operands: x, places, labels, loss, largest, sum, picked.
  private static final RowProgram CROSS_ENTROPY =
      new RowProgram(
          new Kind[] {FULL, PER_PLACE, PER_ROW, PER_ROW},
          3,
          reduce(ReduceOp.MAX, X, 4, 0),
          reduce(ReduceOp.SUM, EXP_OF_DISTANCE, 5, 0, 4),
          reduce(ReduceOp.SUM, PICKED, 6, 0, 1, 2),
          map(LOSS, 3, 5, 4, 6, 2));

  // The same and the sum of distances.
  private static final RowProgram SMOOTH_CROSS_ENTROPY =
      new RowProgram(
          new Kind[] {FULL, PER_PLACE, PER_ROW, PER_ROW},
          3,
          reduce(ReduceOp.MAX, X, 4, 0),
          reduce(ReduceOp.SUM, EXP_OF_DISTANCE, 5, 0, 4),
          reduce(ReduceOp.SUM, PICKED, 6, 0, 1, 2),
          reduce(ReduceOp.SUM, X.sub(Y), 7, 0, 4),
          map(SMOOTH_LOSS, 3, 5, 4, 6, 2, 7));

  // Operands: x, places, labels, weights, loss, gradient, largest, sum, picked, factor.
  private static final RowProgram WITH_GRADIENT =
      new RowProgram(
          new Kind[] {FULL, PER_PLACE, PER_ROW, PER_ROW, PER_ROW, FULL},
          4,
          reduce(ReduceOp.MAX, X, 6, 0),
          map(EXP_OF_DISTANCE, 5, 0, 6),
          reduce(ReduceOp.SUM, X, 7, 5),
          reduce(ReduceOp.SUM, PICKED, 8, 0, 1, 2),
          map(LOSS, 4, 7, 6, 8, 2),
          map(X.reciprocal(), 7, 7),
          map(COUNTING, 9, 3, 2),
          map(GRADIENT, 5, 5, 7, 9, 1, 2));

  // The same and the sum of distances.
  private static final RowProgram SMOOTH_WITH_GRADIENT =
      new RowProgram(
          new Kind[] {FULL, PER_PLACE, PER_ROW, PER_ROW, PER_ROW, FULL},
          4,
          reduce(ReduceOp.MAX, X, 6, 0),
          map(EXP_OF_DISTANCE, 5, 0, 6),
          reduce(ReduceOp.SUM, X, 7, 5),
          reduce(ReduceOp.SUM, PICKED, 8, 0, 1, 2),
          reduce(ReduceOp.SUM, X.sub(Y), 10, 0, 6),
          map(SMOOTH_LOSS, 4, 7, 6, 8, 2, 10),
          map(X.reciprocal(), 7, 7),
          map(COUNTING, 9, 3, 2),
          map(GRADIENT, 5, 5, 7, 9, 1, 2));

  private final Device device;
  private final Workers workers;

  Softmax(Device device, Workers workers) {
    this.device = device;
    this.workers = workers;
  }

  private void run(RowProgram program, SoftmaxSpec spec, NdArray... arrays) {
    boolean[] reduced = new boolean[spec.out().shape().rank()];
    reduced[spec.axis()] = true;
    RowTiles.run(program, device, workers, reduced, NONE, arrays);
    Reference.reachabilityFence(spec);
  }

  void softmax(SoftmaxSpec spec) {
    run(SOFTMAX, spec, spec.ins()[0], spec.out());
  }

  void logSoftmax(SoftmaxSpec spec) {
    run(LOG_SOFTMAX, spec, spec.ins()[0], spec.out());
  }

  void softmaxBackward(SoftmaxSpec spec) {
    run(SOFTMAX_BACKWARD, spec, spec.ins()[0], spec.ins()[1], spec.out());
  }

  void logSoftmaxBackward(SoftmaxSpec spec) {
    run(LOG_SOFTMAX_BACKWARD, spec, spec.ins()[0], spec.ins()[1], spec.out());
  }

  /**
   * {@return whether places and labels can be told apart as numbers of a type} Float has 24 bits.
   */
  static boolean canCompareLabels(CrossEntropySpec spec, DType dtype) {
    return spec.classes() > 0 && (dtype == DType.F64 || spec.classes() <= 1 << 24);
  }

  void crossEntropy(CrossEntropySpec spec, NdArray x, NdArray labels, NdArray loss) {
    try (Scope _ = Scope.open("crossEntropy temporaries")) {
      RowTiles.run(
          spec.labelSmoothing() == 0 ? CROSS_ENTROPY : SMOOTH_CROSS_ENTROPY,
          device,
          workers,
          classAxis(spec),
          params(spec),
          x,
          places(spec, x),
          stretched(spec, numbers(labels, x.dtype())),
          stretched(spec, loss));
    }
    Reference.reachabilityFence(x);
    Reference.reachabilityFence(loss);
  }

  void crossEntropyWithGradient(
      CrossEntropySpec spec,
      NdArray x,
      NdArray labels,
      NdArray weight,
      NdArray loss,
      NdArray xGrad) {
    try (Scope _ = Scope.open("crossEntropyWithGradient temporaries")) {
      RowTiles.run(
          spec.labelSmoothing() == 0 ? WITH_GRADIENT : SMOOTH_WITH_GRADIENT,
          device,
          workers,
          classAxis(spec),
          params(spec),
          x,
          places(spec, x),
          stretched(spec, numbers(labels, x.dtype())),
          stretched(spec, weight),
          stretched(spec, loss),
          xGrad);
    }
    Reference.reachabilityFence(x);
    Reference.reachabilityFence(weight);
    Reference.reachabilityFence(loss);
    Reference.reachabilityFence(xGrad);
  }

  private static boolean[] classAxis(CrossEntropySpec spec) {
    boolean[] reduced = new boolean[spec.logits().rank()];
    reduced[spec.axis()] = true;
    return reduced;
  }

  private static double[] params(CrossEntropySpec spec) {
    double ignored = spec.ignored().isPresent() ? spec.ignored().getAsLong() : Double.NaN;
    double s = spec.labelSmoothing();
    return new double[] {ignored, 1 - s, s / spec.classes()};
  }

  /** {@return labels as numbers that the loops compute with} */
  private NdArray numbers(NdArray labels, DType dtype) {
    NdArray numbers = NdArray.uninitialized(device, dtype, labels.shape());
    Casting.copy(CopySpec.of(labels, numbers), workers);
    return numbers;
  }

  /** {@return one number for each row, stretched along the classes} */
  private static NdArray stretched(CrossEntropySpec spec, NdArray rows) {
    Shape kept = spec.logits().reduced(new int[] {spec.axis()}, true);
    return rows.view(rows.layout().reshape(kept)).broadcastTo(spec.logits());
  }

  /** {@return 0, 1, 2, … along the classes, stretched over the rows} */
  private NdArray places(CrossEntropySpec spec, NdArray x) {
    int n = spec.classes();
    NdArray places = NdArray.uninitialized(device, x.dtype(), Shape.of(n));
    for (int i = 0; i < n; i++) {
      x.dtype().set(places.storage().segment(), i, i);
    }
    int[] dims = new int[spec.logits().rank()];
    Arrays.fill(dims, 1);
    dims[spec.axis()] = n;
    return places.view(places.layout().reshape(Shape.of(dims))).broadcastTo(spec.logits());
  }
}
