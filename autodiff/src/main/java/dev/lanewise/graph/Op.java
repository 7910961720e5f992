package dev.lanewise.graph;

import dev.lanewise.array.NdArray;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.ConvSpec;
import dev.lanewise.kernel.Distribution;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.ReduceOp;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What an instruction does: one method of the backends' contract with everything but its arrays.
 * Those that passes look into have records of their own; all others are a {@link Fixed} with a
 * constant of {@link Kernel}.
 */
public sealed interface Op
    permits Op.Elementwise,
        Op.Reduce,
        Op.Matmul,
        Op.MappedMatmul,
        Op.Conv,
        Op.Copy,
        Op.Random,
        Op.Fixed,
        FlowOp {

  /** {@return the method's name} */
  String name();

  /** {@return whether what is in the outputs before counts} */
  default boolean readsOuts() {
    return false;
  }

  /** {@return whether it may give other numbers for the same arguments} */
  default boolean isRandom() {
    return false;
  }

  /**
   * {@return whether it does something in each run beside computing, such as taking streams of
   * random numbers: it stays where it is, between the others}
   */
  default boolean acts() {
    return false;
  }

  /** {@return the scalars of its expressions} */
  default Scalars scalars() {
    return Scalars.NONE;
  }

  /**
   * {@return the call, to be made again and again} It reads the arrays' elements at each run.
   *
   * @param backend who computes
   * @param outs what it writes
   * @param ins what it reads
   */
  Runnable bind(Backend backend, NdArray[] outs, NdArray[] ins);

  /** {@return a call that first fills in scalars that change, if there are any} */
  private static Runnable filled(Scalars scalars, double[] params, Runnable call) {
    if (!scalars.needsFilling()) {
      return call;
    }
    return () -> {
      scalars.fill(params);
      call.run();
    };
  }

  private static String text(List<Expr> exprs) {
    return exprs.stream().map(Expr::toString).collect(Collectors.joining("; "));
  }

  /** {@return the factor of a product, if it is not 1} */
  private static String factor(double alpha) {
    return alpha == 1 ? "" : " alpha " + alpha;
  }

  /** {@return numbers as an array} */
  private static int[] ints(List<Integer> numbers) {
    return numbers.stream().mapToInt(Integer::intValue).toArray();
  }

  /**
   * Functions of each element.
   *
   * @param exprs one for each output
   * @param scalars their scalars
   */
  record Elementwise(List<Expr> exprs, Scalars scalars) implements Op {
    @Override
    public String name() {
      return "elementwise";
    }

    @Override
    public Runnable bind(Backend backend, NdArray[] outs, NdArray[] ins) {
      double[] params = scalars.array();
      return filled(scalars, params, backend.prepareElementwise(exprs, outs, params, ins));
    }

    @Override
    public String toString() {
      return text(exprs);
    }
  }

  /**
   * Sums, products, largest or smallest along axes.
   *
   * @param op what joins two elements
   * @param expr what is joined
   * @param axes along which
   * @param scalars the expression's scalars
   */
  record Reduce(ReduceOp op, Expr expr, List<Integer> axes, Scalars scalars) implements Op {
    @Override
    public String name() {
      return "reduce";
    }

    @Override
    public Runnable bind(Backend backend, NdArray[] outs, NdArray[] ins) {
      double[] params = scalars.array();
      return filled(
          scalars, params, backend.prepareReduce(op, expr, ints(axes), outs, params, ins));
    }

    @Override
    public String toString() {
      return op + axes.toString() + " " + expr;
    }
  }

  /**
   * A product of matrices, and what follows it.
   *
   * @param alpha the product's factor
   * @param beta the factor of what was in the output
   * @param epilogue the function of each element of the product; {@code null} if there is none
   * @param scalars its scalars
   */
  record Matmul(double alpha, double beta, Expr epilogue, Scalars scalars) implements Op {
    @Override
    public String name() {
      return "matmul";
    }

    @Override
    public boolean readsOuts() {
      return beta != 0;
    }

    @Override
    public Runnable bind(Backend backend, NdArray[] outs, NdArray[] ins) {
      double[] params = scalars.array();
      return filled(
          scalars, params, backend.prepareMatmul(alpha, beta, outs, epilogue, params, ins));
    }

    @Override
    public String toString() {
      String old = beta == 0 ? "" : " beta " + beta;
      return "matmul" + factor(alpha) + old + (epilogue == null ? "" : " then " + epilogue);
    }
  }

  /**
   * Functions of each element of a product of two matrices, which is itself no result: a gradient
   * and the step of an optimizer that it is for. Made by {@link Fusion} alone.
   *
   * @param alpha the product's factor
   * @param exprs one for each output, of the product and the arguments behind the two matrices
   * @param scalars their scalars
   */
  record MappedMatmul(double alpha, List<Expr> exprs, Scalars scalars) implements Op {
    @Override
    public String name() {
      return "matmul";
    }

    @Override
    public Runnable bind(Backend backend, NdArray[] outs, NdArray[] ins) {
      double[] params = scalars.array();
      return filled(scalars, params, backend.prepareMappedMatmul(alpha, exprs, outs, params, ins));
    }

    @Override
    public String toString() {
      return "matmul" + factor(alpha) + " then " + text(exprs);
    }
  }

  /**
   * A convolution, and what follows it.
   *
   * @param spec its shapes
   * @param epilogue the function of each element of the result; {@code null} if there is none
   * @param scalars its scalars
   */
  record Conv(ConvSpec spec, Expr epilogue, Scalars scalars) implements Op {
    @Override
    public String name() {
      return "conv";
    }

    @Override
    public Runnable bind(Backend backend, NdArray[] outs, NdArray[] ins) {
      if (epilogue == null) {
        return () -> backend.conv(spec, ins[0], ins[1], outs[0]);
      }
      double[] params = scalars.array();
      NdArray[] more = new NdArray[ins.length - 2];
      return filled(
          scalars,
          params,
          () -> {
            System.arraycopy(ins, 2, more, 0, more.length);
            backend.conv(spec, ins[0], ins[1], outs[0], epilogue, params, more);
          });
    }

    @Override
    public String toString() {
      return "conv" + (epilogue == null ? "" : " then " + epilogue);
    }
  }

  /** A copy, converted to the output's type. */
  record Copy() implements Op {
    @Override
    public String name() {
      return "copy";
    }

    @Override
    public Runnable bind(Backend backend, NdArray[] outs, NdArray[] ins) {
      return () -> backend.copy(ins[0], outs[0]);
    }

    @Override
    public String toString() {
      return "copy";
    }
  }

  /**
   * Random numbers.
   *
   * @param distribution how they are spread
   * @param seed which numbers
   * @param stream which of the seed's streams
   */
  record Random(Distribution distribution, long seed, RandomStream stream) implements Op {
    @Override
    public String name() {
      return "random";
    }

    @Override
    public boolean isRandom() {
      return stream.isDrawn();
    }

    @Override
    public Runnable bind(Backend backend, NdArray[] outs, NdArray[] ins) {
      return () -> backend.random(distribution, seed, stream.number(), outs[0]);
    }

    @Override
    public String toString() {
      return "random " + distribution + " seed " + seed + " stream " + stream;
    }
  }

  /**
   * Any other method of the contract.
   *
   * @param kernel which
   * @param attributes what it is given beside arrays
   */
  record Fixed(Kernel kernel, List<Object> attributes) implements Op {
    @Override
    public String name() {
      return kernel.method();
    }

    @Override
    public boolean readsOuts() {
      return kernel.readsOuts();
    }

    @Override
    public Runnable bind(Backend backend, NdArray[] outs, NdArray[] ins) {
      Kernel.Body body = kernel.body();
      Kernel.Attributes given = new Kernel.Attributes(attributes);
      return () -> body.run(backend, given, outs, ins);
    }

    @Override
    public String toString() {
      return name() + (attributes.isEmpty() ? "" : attributes.toString());
    }
  }
}
