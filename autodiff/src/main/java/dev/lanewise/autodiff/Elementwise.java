package dev.lanewise.autodiff;

import dev.lanewise.array.DType;
import dev.lanewise.array.DTypeException;
import dev.lanewise.array.Layout;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.Exprs;
import dev.lanewise.kernel.ReduceOp;

/**
 * The elementwise operation, and the same followed by a sum. Each is the gradient of the other:
 * what a broadcast stretches, its gradient sums, in the loop that computes it.
 */
final class Elementwise {
  static final double[] NO_PARAMS = {};
  private static final Expr X = Expr.arg(0);

  private Elementwise() {}

  /** {@return an expression of floating-point numbers} */
  static Tensor map(Expr expr, double[] params, Tensor... args) {
    Tensor[] ins = numbers(args);
    if (ins.length > 0) {
      Checks.compute("map", ins[0]);
    }
    Tensor out = compute("map", expr, params, ins);
    return Grad.records(ins) ? recordMap("map", out, Pointwise.of(expr), params, ins) : out;
  }

  /** {@return the operation's result: a mask if it is a predicate} */
  static Tensor map(Pointwise op, double[] params, Tensor... args) {
    Tensor[] ins = numbers(args);
    if (op.isPredicate()) {
      return predicate(op, params, ins);
    }
    Tensor out = compute(op.name, op.expr, params, ins);
    return Grad.records(ins) ? recordMap(op.name, out, op, params, ins) : out;
  }

  private static Tensor compute(String name, Expr expr, double[] params, Tensor[] ins) {
    Shape shape = check(name, expr, params, ins);
    return compute(expr, params, ins, ins[0].dtype(), shape);
  }

  private static Tensor compute(
      Expr expr, double[] params, Tensor[] ins, DType dtype, Shape shape) {
    Backend backend = ins[0].backend();
    NdArray out = backend.uninitialized(dtype, shape);
    backend.elementwise(expr, out, params, arrays(ins));
    return new Tensor(out);
  }

  /** A truth has no slope: nothing is remembered. */
  private static Tensor predicate(Pointwise op, double[] params, Tensor[] ins) {
    boolean masks = ins[0].dtype() == DType.BOOL;
    Shape shape = masks ? broadcast(op.name, ins) : check(op.name, op.expr, params, ins);
    return compute(op.expr, params, ins, DType.BOOL, shape);
  }

  /** {@return the arguments, with 0 and 1 in place of masks if there are numbers too} */
  private static Tensor[] numbers(Tensor[] args) {
    DType dtype = null;
    boolean masks = false;
    for (Tensor arg : args) {
      boolean mask = arg.dtype() == DType.BOOL;
      masks |= mask;
      dtype = mask || dtype != null ? dtype : arg.dtype();
    }
    if (!masks || dtype == null) {
      return args;
    }
    Tensor[] ins = new Tensor[args.length];
    for (int i = 0; i < args.length; i++) {
      ins[i] = args[i].dtype() == DType.BOOL ? args[i].cast(dtype) : args[i];
    }
    return ins;
  }

  /** Sums an expression over axes; none given means all. */
  static Tensor mapSum(
      String name, Expr expr, double[] params, int[] axes, boolean keepDims, Tensor... args) {
    Tensor[] ins = numbers(args);
    Shape full = check(name, expr, params, ins);
    int[] sorted = full.axes(name, axes);
    Shape kept = full.reduced(sorted, true);
    NdArray data = reduce(ins[0].backend(), ReduceOp.SUM, expr, params, full, sorted, arrays(ins));
    Tensor out = new Tensor(keepDims ? data.view(Layout.contiguous(kept)) : data);
    return Grad.records(ins)
        ? record(name, out, Pointwise.of(expr).summed, params, full, kept, ins)
        : out;
  }

  static NdArray reduce(
      Backend backend,
      ReduceOp op,
      Expr expr,
      double[] params,
      Shape full,
      int[] sorted,
      NdArray... ins) {
    NdArray out = backend.uninitialized(ins[0].dtype(), full.reduced(sorted, false));
    backend.reduce(op, expr, sorted, out, params, ins);
    return out;
  }

  /** {@return the sum over the axes that a broadcast from {@code shape} has stretched} */
  static Tensor sumTo(Tensor x, Shape shape) {
    int[] axes = stretched(shape, x.shape());
    Tensor sum = axes.length == 0 ? x : mapSum("sum", X, NO_PARAMS, axes, false, x);
    return sum.reshape(shape);
  }

  /** {@return the axes of {@code to} along which {@code from} repeats itself} */
  private static int[] stretched(Shape from, Shape to) {
    int lead = to.rank() - from.rank();
    int count = 0;
    for (int i = 0; i < to.rank(); i++) {
      count += to.dim(i) != (i < lead ? 1 : from.dim(i - lead)) ? 1 : 0;
    }
    int[] axes = new int[count];
    for (int i = to.rank() - 1; i >= 0; i--) {
      if (to.dim(i) != (i < lead ? 1 : from.dim(i - lead))) {
        axes[--count] = i;
      }
    }
    return axes;
  }

  private static Shape check(String name, Expr expr, double[] params, Tensor[] ins) {
    if (ins.length == 0) {
      throw new IllegalArgumentException(name + ": at least one tensor is needed");
    }
    Exprs.checkInputs(name, expr, ins.length, params.length);
    requireComputed(name, expr, ins[0].dtype(), params);
    return broadcast(name, ins);
  }

  /** Refuses a type that is only stored, or in which an expression has no meaning. */
  static void requireComputed(String name, Expr expr, DType dtype, double[] params) {
    if (!dtype.isCompute() && !dtype.isInteger()) {
      throw new DTypeException(
          name
              + ": computes in f32, f64, i32 and i64, not "
              + dtype
              + "; call cast(DType.F32) first");
    }
    Exprs.checkType(name, expr, dtype, params);
  }

  private static Shape broadcast(String name, Tensor[] ins) {
    Tensor first = ins[0];
    Shape shape = first.shape();
    for (int i = 1; i < ins.length; i++) {
      Tensor in = ins[i];
      Checks.sameType(name, first, in);
      Checks.sameBackend(name, first, in);
      shape = Shape.broadcast(name, shape, in.shape());
    }
    return shape;
  }

  private static NdArray[] arrays(Tensor[] ins) {
    NdArray[] arrays = new NdArray[ins.length];
    for (int i = 0; i < ins.length; i++) {
      arrays[i] = ins[i].data();
    }
    return arrays;
  }

  /** Remembers how a result, here the same as the expression, was made. */
  static Tensor recordMap(String name, Tensor out, Pointwise op, double[] params, Tensor[] ins) {
    return record(name, out, op, params, out.shape(), out.shape(), ins);
  }

  private static Tensor record(
      String name,
      Tensor out,
      Pointwise op,
      double[] params,
      Shape full,
      Shape kept,
      Tensor[] ins) {
    Node[] nodes = new Node[ins.length];
    Tensor[] saved = new Tensor[ins.length];
    Tensor savedOut = null;
    boolean flows = false;
    for (int i = 0; i < ins.length; i++) {
      if (ins[i].node == null) {
        continue;
      }
      Pointwise.Partial partial = op.partial(i);
      if (partial == Pointwise.Partial.ZERO) {
        continue;
      }
      flows = true;
      nodes[i] = ins[i].node;
      for (int s : partial.saved()) {
        if (s == Pointwise.OUTPUT) {
          savedOut = out;
        } else {
          saved[s] = ins[s];
        }
      }
    }
    if (flows) {
      double[] own = params.length == 0 ? params : params.clone();
      Gradient gradient = new ChainRule(op, own, saved, savedOut, full, kept);
      Node.attach(out, new Node.Op(name, out.data, nodes, gradient));
    }
    return out;
  }

  /**
   * The gradient of an expression, or of its sum.
   *
   * @param op the expression
   * @param params its scalars
   * @param saved the arguments that are needed again
   * @param out the result, if it is needed again
   * @param full the shape of the expression
   * @param kept the shape with summed axes of extent 1
   */
  private record ChainRule(
      Pointwise op, double[] params, Tensor[] saved, Tensor out, Shape full, Shape kept)
      implements Gradient {

    @Override
    public Tensor by(int input, Shape shape, Tensor up) {
      Pointwise.Partial partial = op.partial(input);
      Tensor seed = up.reshape(kept);
      if (partial == Pointwise.Partial.ONE) {
        return sumTo(seed.broadcastTo(full), shape);
      }
      int[] needs = partial.saved();
      if (needs.length == 0 && !kept.equals(full)) {
        // The same number along the summed axes: compute it once, stretch it afterwards.
        return sumTo(map(partial.gradient(), params, seed).broadcastTo(full), shape);
      }
      Tensor[] ins = new Tensor[needs.length + 1];
      for (int i = 0; i < needs.length; i++) {
        ins[i] = needs[i] == Pointwise.OUTPUT ? out : saved[needs[i]];
      }
      ins[needs.length] = seed.broadcastTo(full);
      int[] axes = stretched(shape, full);
      Tensor gradient =
          axes.length == 0
              ? map(partial.gradient(), params, ins)
              : mapSum("sum", partial.gradient(), params, axes, false, ins);
      return gradient.reshape(shape);
    }
  }
}
