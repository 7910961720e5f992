package dev.lanewise.simd;

import dev.lanewise.array.DType;
import dev.lanewise.array.Layout;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Storage;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.Exprs;
import dev.lanewise.kernel.ReduceOp;
import java.lang.ref.Reference;
import java.util.Arrays;
import java.util.List;

/**
 * Calls that were made before, with the same expressions over the same layouts: they are not
 * checked and planned again, and allocate nothing. Only calls that come down to one kernel without
 * temporaries are remembered. What depends on the arrays themselves is looked at each time: their
 * types, that they are alive, and that none shares memory with an output.
 */
final class KnownCalls {
  /** A power of 2. Two calls that fall on one place take turns, and are planned each time. */
  private static final int PLACES = 1_024;

  /** Longer ones are seldom worth it, and comparing them takes time. */
  private static final int MOST_AXES = 8;

  private static final int[] NO_AXES = {};

  /** A thread's addresses of a call's arrays. */
  private static final ThreadLocal<long[]> ADDRESSES = ThreadLocal.withInitial(() -> new long[64]);

  /** One that sees an old entry, or half of the threads' entries, plans its call again. */
  private final Call[] calls = new Call[PLACES];

  private final Workers workers;

  KnownCalls(Workers workers) {
    this.workers = workers;
  }

  /** What a call is known by, and how it is run. Immutable, so that threads may share it. */
  private record Call(
      Expr[] exprs,
      ReduceOp op,
      int[] axes,
      DType dtype,
      Layout[] outs,
      Layout[] ins,
      int params,
      LoopKernel kernel,
      Tiles tiles) {

    /** {@return whether there are enough scalars, of numbers that the type can compute with} */
    boolean takes(double[] scalars) {
      if (scalars.length < params) {
        return false;
      }
      boolean all = true;
      for (int i = 0; i < params && dtype.isInteger(); i++) {
        all &= Exprs.isScalar(dtype, scalars[i]);
      }
      return all;
    }

    boolean fits(Expr expr, ReduceOp otherOp, int[] otherAxes, NdArray out, NdArray[] arrays) {
      return exprs.length == 1
          && exprs[0] == expr
          && op == otherOp
          && (axes == otherAxes || Arrays.equals(axes, otherAxes))
          && fits(outs[0], out)
          && fitsInputs(arrays);
    }

    boolean fits(List<Expr> others, NdArray[] outputs, NdArray[] inputs) {
      if (op != null || exprs.length != others.size() || outs.length != outputs.length) {
        return false;
      }
      for (int i = 0; i < exprs.length; i++) {
        if (exprs[i] != others.get(i) || !fits(outs[i], outputs[i])) {
          return false;
        }
      }
      return fitsInputs(inputs);
    }

    private boolean fitsInputs(NdArray[] arrays) {
      if (ins.length != arrays.length) {
        return false;
      }
      for (int i = 0; i < arrays.length; i++) {
        if (!fits(ins[i], arrays[i])) {
          return false;
        }
      }
      return true;
    }

    private boolean fits(Layout layout, NdArray array) {
      return array.dtype() == dtype
          && array.layout().equals(layout)
          && array.storage().isAlive()
          && array.device().memory().isHost();
    }

    /** {@return whether an output lies apart from all others, or exactly over an input} */
    private boolean isApart(int output, NdArray out, NdArray[] arrays) {
      Storage storage = out.storage();
      for (int i = 0; i < arrays.length; i++) {
        if (arrays[i].storage() == storage && (op != null || !ins[i].equals(outs[output]))) {
          return false;
        }
      }
      return true;
    }
  }

  /** {@return whether a call of one expression is known} If it is, it has run. */
  boolean run(Expr expr, NdArray out, double[] params, NdArray[] ins) {
    return run(null, expr, NO_AXES, out, params, ins);
  }

  /** {@return whether a reduction is known} If it is, it has run. */
  boolean run(ReduceOp op, Expr expr, int[] axes, NdArray out, double[] params, NdArray[] ins) {
    Call call = calls[place(expr, op, out, ins)];
    if (call == null
        || !call.takes(params)
        || !call.fits(expr, op, axes, out, ins)
        || !call.isApart(0, out, ins)) {
      return false;
    }
    long[] addresses = ADDRESSES.get();
    for (int i = 0; i < ins.length; i++) {
      addresses[i] = Addresses.of(ins[i]);
    }
    addresses[ins.length] = Addresses.of(out);
    call.tiles.run(call.kernel, addresses, params, workers);
    Reference.reachabilityFence(ins);
    Reference.reachabilityFence(out);
    return true;
  }

  /** {@return whether a call of some expressions is known} If it is, it has run. */
  boolean run(List<Expr> exprs, NdArray[] outs, double[] params, NdArray[] ins) {
    if (outs.length == 0 || exprs.isEmpty()) {
      return false;
    }
    Call call = calls[place(exprs.getFirst(), null, outs[0], ins)];
    if (call == null || !call.takes(params) || !call.fits(exprs, outs, ins)) {
      return false;
    }
    long[] addresses = ADDRESSES.get();
    for (int i = 0; i < ins.length; i++) {
      addresses[i] = Addresses.of(ins[i]);
    }
    for (int i = 0; i < outs.length; i++) {
      for (int j = 0; j < i; j++) {
        if (outs[i].storage() == outs[j].storage()) {
          return false;
        }
      }
      if (!call.isApart(i, outs[i], ins)) {
        return false;
      }
      addresses[ins.length + i] = Addresses.of(outs[i]);
    }
    call.tiles.run(call.kernel, addresses, params, workers);
    Reference.reachabilityFence(ins);
    Reference.reachabilityFence(outs);
    return true;
  }

  /** Remembers a call that was checked. Its kernel takes the arrays as they are, inputs first. */
  void remember(
      ReduceOp op,
      List<Expr> exprs,
      int[] axes,
      NdArray[] outs,
      NdArray[] ins,
      LoopKernel kernel,
      Tiles tiles) {
    if (outs[0].shape().rank() > MOST_AXES || axes.length > MOST_AXES) {
      return;
    }
    int params = 0;
    for (Expr e : exprs) {
      params = Math.max(params, e.params());
    }
    calls[place(exprs.getFirst(), op, outs[0], ins)] =
        new Call(
            exprs.toArray(Expr[]::new),
            op,
            axes.clone(),
            outs[0].dtype(),
            layouts(outs),
            layouts(ins),
            params,
            kernel,
            tiles);
  }

  private static Layout[] layouts(NdArray[] arrays) {
    return Arrays.stream(arrays).map(NdArray::layout).toArray(Layout[]::new);
  }

  private static int place(Expr expr, ReduceOp op, NdArray out, NdArray[] ins) {
    // Expressions are interned: equal ones are one object.
    int hash = System.identityHashCode(expr) + (op == null ? 0 : op.ordinal() + 1);
    hash = 31 * hash + (int) out.size();
    hash = 31 * hash + (ins.length == 0 ? 0 : (int) ins[0].size());
    return (hash ^ hash >>> 16) & PLACES - 1;
  }
}
