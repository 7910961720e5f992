package dev.lanewise.simd;

import static dev.lanewise.simd.RowProgram.Kind.FULL;
import static dev.lanewise.simd.RowProgram.map;
import static dev.lanewise.simd.RowProgram.reduce;

import dev.lanewise.array.DType;
import dev.lanewise.array.Layout;
import dev.lanewise.array.NdArray;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.ReduceOp;
import dev.lanewise.kernel.SoftmaxSpec;
import dev.lanewise.kernel.UnaryOp;
import dev.lanewise.simd.RowProgram.Kind;
import java.util.Arrays;
import java.util.List;

/** Softmax, its logarithm, and their gradients, as row programs. */
final class Softmax {
  private static final double[] NONE = {};
  private static final Expr X = Expr.arg(0);
  private static final Expr Y = Expr.arg(1);
  private static final Expr Z = Expr.arg(2);
  private static final Expr EXP_OF_DISTANCE = X.sub(Y).exp();
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

  private final Workers workers;
  private final Plans<LoopPlan> plans = new Plans<>();

  Softmax(Workers workers) {
    this.workers = workers;
  }

  /** Checks a call and computes softmax. */
  void softmax(NdArray x, int axis, NdArray out) {
    forward("softmax", SOFTMAX, x, axis, out);
  }

  /** Checks a call and computes the logarithm of softmax. */
  void logSoftmax(NdArray x, int axis, NdArray out) {
    forward("logSoftmax", LOG_SOFTMAX, x, axis, out);
  }

  /** Checks a call and computes the gradient of softmax. */
  void softmaxBackward(NdArray y, NdArray outGrad, int axis, NdArray xGrad) {
    backward("softmaxBackward", SOFTMAX_BACKWARD, y, outGrad, axis, xGrad);
  }

  /** Checks a call and computes the gradient of the logarithm of softmax. */
  void logSoftmaxBackward(NdArray y, NdArray outGrad, int axis, NdArray xGrad) {
    backward("logSoftmaxBackward", LOG_SOFTMAX_BACKWARD, y, outGrad, axis, xGrad);
  }

  private void forward(String operation, RowProgram program, NdArray x, int axis, NdArray out) {
    Signature call = Signature.of(program, axis).in(x).out(out, 0);
    LoopPlan plan = plans.lend(call);
    if (plan == null || !call.isPlain()) {
      SoftmaxSpec spec = SoftmaxSpec.of(operation, axis, out, x);
      if (plan == null) {
        if (out.size() == 0) {
          return;
        }
        plan = plan(call, program, spec, x.layout(), out.layout());
      }
    }
    plan.at(0, x).at(1, out).run();
    plans.giveBack(plan);
  }

  private void backward(
      String operation, RowProgram program, NdArray y, NdArray outGrad, int axis, NdArray xGrad) {
    Signature call = Signature.of(program, axis).in(y).in(outGrad).out(xGrad);
    LoopPlan plan = plans.lend(call);
    if (plan == null || !call.isPlain()) {
      SoftmaxSpec spec = SoftmaxSpec.of(operation, axis, xGrad, y, outGrad);
      if (plan == null) {
        if (xGrad.size() == 0) {
          return;
        }
        plan = plan(call, program, spec, y.layout(), outGrad.layout(), xGrad.layout());
      }
    }
    plan.at(0, y).at(1, outGrad).at(2, xGrad).run();
    plans.giveBack(plan);
  }

  private LoopPlan plan(Signature call, RowProgram program, SoftmaxSpec spec, Layout... arrays) {
    boolean[] reduced = new boolean[spec.out().shape().rank()];
    reduced[spec.axis()] = true;
    DType dtype = spec.out().dtype();
    LoopPlanner planner = new LoopPlanner(dtype, arrays.length);
    long[] addresses = new long[arrays.length];
    Arrays.setAll(addresses, Stage::standIn);
    planner.rows(new RowTiles(program, dtype, reduced, NONE, workers, arrays), addresses);
    return planner.plan(call, List.of(), workers);
  }
}
