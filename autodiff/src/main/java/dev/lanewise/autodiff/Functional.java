package dev.lanewise.autodiff;

import dev.lanewise.array.DTypeException;
import dev.lanewise.array.Shape;
import java.util.Arrays;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Derivatives of functions: Jacobian and Hessian matrices, and their products with vectors, which
 * never make the matrix.
 *
 * {@snippet :
 * Tensor x = Tensor.of(new float[] {1, 2, 3});
 * Functional.jacobian(t -> t.square(), x);                              // diagonal 2, 4, 6
 * Functional.hessian(t -> t.square().mul(t).sum(), x);                  // diagonal 6, 12, 18
 * Functional.hessianVectorProduct(t -> t.exp().sum(), x, Tensor.ones(3)); // eˣ
 * }
 *
 * <p>Only what the function computes from its argument counts; other tensors that it reads are
 * constants. What does not depend on the argument has the derivative 0. Results are themselves
 * recorded if an argument requires a gradient and operations are recorded, so that derivatives can
 * be taken of derivatives; else nothing is.
 *
 * <p>All throw {@link DTypeException} if an argument has integers.
 */
public final class Functional {
  private Functional() {}

  /**
   * {@return the Jacobian matrix of a function: of each element of the result by each of the
   * argument, {@code [y…, x…]}} Costs one backward walk for each element of the result.
   *
   * @param f the function
   * @param x where
   */
  public static Tensor jacobian(UnaryOperator<Tensor> f, Tensor x) {
    return jacobians(in -> f.apply(in[0]), x)[0];
  }

  /**
   * {@return the Jacobian matrices of a function of several arguments, one for each: {@code [y…,
   * x…]}} Costs one backward walk for each element of the result.
   *
   * @param f the function
   * @param xs where
   */
  public static Tensor[] jacobians(Function<Tensor[], Tensor> f, Tensor... xs) {
    Call call = new Call("jacobian", xs);
    Tensor y = call.apply(f);
    return call.finish(call.rows(y));
  }

  /**
   * {@return the product of a vector with the Jacobian matrix, {@code vᵀ · J}: the gradient of
   * {@code (f(x) · v).sum()}, of the shape of x} Costs one backward walk.
   *
   * @param f the function
   * @param x where
   * @param v of the shape and type of the result
   * @throws GradientException if {@code v} does not fit the result
   */
  public static Tensor vjp(UnaryOperator<Tensor> f, Tensor x, Tensor v) {
    return vjp(in -> f.apply(in[0]), new Tensor[] {x}, v)[0];
  }

  /**
   * {@return the products of a vector with the Jacobian matrices of a function of several
   * arguments, each of the shape of its argument} Costs one backward walk.
   *
   * @param f the function
   * @param xs where
   * @param v of the shape and type of the result
   * @throws GradientException if {@code v} does not fit the result
   */
  public static Tensor[] vjp(Function<Tensor[], Tensor> f, Tensor[] xs, Tensor v) {
    Call call = new Call("vjp", xs);
    Tensor y = call.apply(f);
    Engine.checkedSeed("vjp", y, v);
    return call.finish(call.gradients(y, v, false, call.nested));
  }

  /**
   * {@return the product of the Jacobian matrix with a vector, {@code J · v}: how fast the result
   * changes if the argument moves along v, of the shape of the result}
   *
   * <p>It is the gradient of {@code (uᵀ · J) · v} by u: two backward walks, the first of them
   * recorded, and the function's memory about twice.
   *
   * @param f the function
   * @param x where
   * @param v the direction, of the shape and type of x
   * @throws GradientException if {@code v} does not fit x
   */
  public static Tensor jvp(UnaryOperator<Tensor> f, Tensor x, Tensor v) {
    return jvp(in -> f.apply(in[0]), new Tensor[] {x}, new Tensor[] {v});
  }

  /**
   * {@return the sum over all arguments of a function of the product of its Jacobian matrix with a
   * vector: how fast the result changes if the arguments move along them, of the shape of the
   * result} Costs two backward walks, the first of them recorded.
   *
   * @param f the function
   * @param xs where
   * @param vs the directions, one for each argument, of its shape and type
   * @throws GradientException if a direction does not fit its argument
   */
  public static Tensor jvp(Function<Tensor[], Tensor> f, Tensor[] xs, Tensor... vs) {
    Call call = new Call("jvp", xs);
    call.requireDirections(vs);
    Tensor y = call.apply(f);
    Tensor u = Tensor.zerosLike(y).requiresGrad(true);
    Tensor[] products = call.gradients(y, u, true, true);
    return call.finish(call.along(products, vs, u))[0];
  }

  /**
   * {@return the Hessian matrix of a function with one result: of each element of the gradient by
   * each of the argument, {@code [x…, x…]}} Costs one backward walk for each element of the
   * argument, after one that is recorded.
   *
   * @param f the function; its result has one element
   * @param x where
   * @throws GradientException if the result has more than one element
   */
  public static Tensor hessian(UnaryOperator<Tensor> f, Tensor x) {
    Call call = new Call("hessian", x);
    return call.finish(call.rows(call.slope(in -> f.apply(in[0]))[0]))[0];
  }

  /**
   * {@return the product of the Hessian matrix of a function with a vector: how fast the gradient
   * changes if the argument moves along v, of the shape of x} Costs two backward walks, the first
   * of them recorded.
   *
   * @param f the function; its result has one element
   * @param x where
   * @param v of the shape and type of x
   * @throws GradientException if the result has more than one element, or {@code v} does not fit x
   */
  public static Tensor hessianVectorProduct(UnaryOperator<Tensor> f, Tensor x, Tensor v) {
    return hessianVectorProduct(in -> f.apply(in[0]), new Tensor[] {x}, v)[0];
  }

  /**
   * {@return the product of the Hessian matrix of a function of several arguments, over all of
   * them, with a vector: how fast the gradient by each argument changes if all move along theirs}
   * Costs two backward walks, the first of them recorded.
   *
   * @param f the function; its result has one element
   * @param xs where
   * @param vs one for each argument, of its shape and type
   * @throws GradientException if the result has more than one element, or a vector does not fit its
   *     argument
   */
  public static Tensor[] hessianVectorProduct(
      Function<Tensor[], Tensor> f, Tensor[] xs, Tensor... vs) {
    Call call = new Call("hessianVectorProduct", xs);
    call.requireDirections(vs);
    return call.finish(call.along(call.slope(f), vs, call.xs));
  }

  /** One call: arguments of its own, to which nothing flows but what the function makes of them. */
  private static final class Call {
    private final String name;
    private final Tensor[] xs;

    /** Whether the result is recorded. */
    private final boolean nested;

    Call(String name, Tensor... xs) {
      this.name = name;
      this.nested = Grad.records(xs);
      this.xs = new Tensor[xs.length];
      for (int i = 0; i < xs.length; i++) {
        Checks.floating(name, xs[i]);
        Tensor own = new Tensor(xs[i].data());
        this.xs[i] = Node.record("argument", own, (_, _, up) -> up, xs[i]);
        if (own.node == null) {
          own.requiresGrad(true);
        }
      }
    }

    Tensor apply(Function<Tensor[], Tensor> f) {
      try (Grad _ = Grad.on()) {
        return f.apply(xs.clone());
      }
    }

    /** {@return the gradient of a function by each argument, recorded} */
    Tensor[] slope(Function<Tensor[], Tensor> f) {
      Tensor y = apply(f);
      if (y.size() != 1) {
        throw new GradientException(
            name
                + ": the function's result has shape "
                + y.shape()
                + "; it must have one element, reduce it with sum() for example");
      }
      return gradients(y, Tensor.onesLike(y), true, true);
    }

    Tensor[] gradients(Tensor y, Tensor v, boolean retainGraph, boolean createGraph) {
      return gradients(y, v, xs, retainGraph || nested, createGraph);
    }

    private Tensor[] gradients(
        Tensor y, Tensor v, Tensor[] sources, boolean retainGraph, boolean createGraph) {
      Tensor[] gradients =
          y.node == null
              ? new Tensor[sources.length]
              : Engine.gradients(name, y, v, sources, retainGraph, createGraph);
      for (int i = 0; i < gradients.length; i++) {
        gradients[i] = gradients[i] == null ? Tensor.zerosLike(sources[i]) : gradients[i];
      }
      return gradients;
    }

    /** {@return the gradients of the sum of {@code ys · vs}} */
    Tensor[] along(Tensor[] ys, Tensor[] vs, Tensor... sources) {
      Tensor[] sum = new Tensor[sources.length];
      for (int i = 0; i < ys.length; i++) {
        Tensor[] part = gradients(ys[i], vs[i], sources, true, nested);
        for (int k = 0; k < sum.length; k++) {
          sum[k] = i == 0 ? part[k] : sum[k].add(part[k]);
        }
      }
      return sum;
    }

    /** {@return the Jacobian matrix of a result by each argument} */
    Tensor[] rows(Tensor y) {
      int n = Math.toIntExact(y.size());
      Tensor[][] rows = new Tensor[xs.length][n];
      for (int at = 0; at < n; at++) {
        Tensor one = Tensor.zeros(y.backend(), y.dtype(), Shape.of(n));
        one.data().set(1, at);
        Tensor[] row = gradients(y, one.reshape(y.shape()), true, nested);
        for (int i = 0; i < xs.length; i++) {
          rows[i][at] = row[i];
        }
      }
      Tensor[] matrices = new Tensor[xs.length];
      for (int i = 0; i < xs.length; i++) {
        matrices[i] = matrix(rows[i], y, xs[i]);
      }
      return matrices;
    }

    private static Tensor matrix(Tensor[] rows, Tensor y, Tensor x) {
      int[] dims = Arrays.copyOf(y.shape().dims(), y.shape().rank() + x.shape().rank());
      System.arraycopy(x.shape().dims(), 0, dims, y.shape().rank(), x.shape().rank());
      Shape shape = Shape.of(dims);
      return rows.length == 0
          ? Tensor.zeros(x.backend(), x.dtype(), shape)
          : Tensor.stack(0, rows).reshape(shape);
    }

    void requireDirections(Tensor... vs) {
      if (vs.length != xs.length) {
        throw new GradientException(
            name + ": " + vs.length + " directions were given for " + xs.length + " arguments");
      }
      for (int i = 0; i < xs.length; i++) {
        if (!vs[i].shape().equals(xs[i].shape()) || vs[i].dtype() != xs[i].dtype()) {
          throw new GradientException(
              "%s: the direction for an argument of %s %s must be the same, not %s %s"
                  .formatted(name, xs[i].dtype(), xs[i].shape(), vs[i].dtype(), vs[i].shape()));
        }
        Checks.sameBackend(name, xs[i], vs[i]);
      }
    }

    /** {@return results of which nothing is known but their numbers, unless they are recorded} */
    Tensor[] finish(Tensor... results) {
      for (int i = 0; i < results.length && !nested; i++) {
        results[i] = results[i].detach();
      }
      return results;
    }
  }
}
