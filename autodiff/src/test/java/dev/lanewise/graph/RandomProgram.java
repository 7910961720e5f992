package dev.lanewise.graph;

import dev.lanewise.array.DType;
import dev.lanewise.array.Shape;
import dev.lanewise.autodiff.Generator;
import dev.lanewise.autodiff.Gradients;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.BinaryOp;
import dev.lanewise.kernel.UnaryOp;
import dev.lanewise.kernel.Window;
import java.util.ArrayList;
import java.util.List;

/**
 * A program of tensor operations that any list of steps is: every step takes earlier tensors by
 * number, and adapts their shapes, so that all lists make sense and a failing one can be shortened.
 *
 * @param steps what happens, in order
 */
record RandomProgram(List<Step> steps) {
  private static final UnaryOp[] UNARY = UnaryOp.values();
  private static final BinaryOp[] BINARY = BinaryOp.values();

  /** What a step does; {@code x} and {@code y} are earlier tensors, {@code n} a number. */
  enum Kind {
    UNARY,
    BINARY,
    WITH_SCALAR,
    CHOOSE,
    SUM,
    MEAN_OF_ROWS,
    LARGEST,
    MATMUL,
    AFFINE,
    TRANSPOSE,
    SLICE,
    CONCAT,
    RESHAPE,
    BROADCAST,
    SOFTMAX,
    LAYER_NORM,
    CROSS_ENTROPY,
    PICK,
    ADD_AT,
    SCAN,
    CONV,
    MAX_POOL,
    RANDOM,
    WRITE_STATE,
    READ_STATE,
    WRITE_IN_PLACE,
    CONSTANT,
    GRADIENT,
    MASK
  }

  /**
   * A step.
   *
   * @param kind what it does
   * @param x the number of a tensor, from the latest backwards
   * @param y another one
   * @param n which variant
   */
  record Step(Kind kind, int x, int y, int n) {}

  /** What runs share: state that programs write, weights, and random numbers. */
  static final class World {
    final Tensor state = Tensor.full(Shape.of(4, 6), 0.5);
    final Tensor weight = Tensor.randomNormal(new Generator(11), Shape.of(6, 6)).requiresGrad(true);
    final Tensor bias = Tensor.randomNormal(new Generator(12), Shape.of(6)).requiresGrad(true);
    final Generator generator = new Generator(13);
  }

  /** {@return the last results of the program on a matrix of 4 rows of 6} */
  List<Tensor> run(World world, Tensor input) {
    List<Tensor> made = new ArrayList<>(List.of(input, world.weight));
    for (Step step : steps) {
      made.add(result(step, made, world));
    }
    return made.subList(Math.max(2, made.size() - 3), made.size());
  }

  private static Tensor result(Step step, List<Tensor> made, World world) {
    Tensor x = made.get(made.size() - 1 - step.x % made.size());
    Tensor y = made.get(made.size() - 1 - step.y % made.size());
    int n = step.n;
    Tensor m = matrix(x);
    return switch (step.kind) {
      case UNARY -> x.apply(UNARY[n % UNARY.length]).cast(DType.F32);
      case BINARY -> x.apply(BINARY[n % BINARY.length], fitting(y, x)).cast(DType.F32);
      case WITH_SCALAR -> x.apply(BINARY[n % BINARY.length], 0.25 * (n % 7)).cast(DType.F32);
      case CHOOSE -> Tensor.where(x.gt(fitting(y, x)), x.mul(2), fitting(y, x));
      case SUM -> x.shape().rank() == 0 ? x.sum() : x.sum(n % 2 == 0, n % x.shape().rank());
      case MEAN_OF_ROWS -> m.sub(m.mean(true, 1));
      case LARGEST -> x.shape().rank() == 0 ? x.max() : x.max(true, n % x.shape().rank());
      case MATMUL -> m.matmul(matrix(y).transpose());
      case AFFINE -> m.affine(world.weight, world.bias, n % 2 == 0 ? UnaryOp.RELU : UnaryOp.TANH);
      case TRANSPOSE -> x.shape().rank() == 2 ? x.transpose() : x;
      case SLICE -> m.slice(n % 2, n % 3, 3 + n % 2);
      case CONCAT -> Tensor.concat(n % 2, m, matrix(y));
      case RESHAPE -> x.reshape(n % 2 == 0 ? new int[] {-1} : new int[] {1, -1});
      case BROADCAST -> x.reshape(-1).slice(0, 0, 1).broadcastTo(2 + n % 3, 6);
      case SOFTMAX -> n % 2 == 0 ? m.softmax(n / 2 % 2) : m.logSoftmax(n / 2 % 2);
      case LAYER_NORM -> m.layerNorm(1, world.bias, world.bias, 1e-3);
      case CROSS_ENTROPY -> m.crossEntropy(Tensor.of(new int[] {1, 5, 0, n % 6}));
      case PICK -> m.indexSelect(n % 2, Tensor.of(new int[] {n % 4, 0, 3, 3}));
      case ADD_AT ->
          Tensor.zeros(Shape.of(4, 6)).indexAdd(0, Tensor.of(new int[] {n % 4, 2, 0, 2}), m);
      case SCAN -> m.cumSum(n % 2);
      case CONV -> m.reshape(1, 2, 2, 6).conv(world.weight.reshape(9, 2, 1, 2), Window.of(1, 2), 1);
      case MAX_POOL -> m.reshape(1, 1, 4, 6).maxPool(Window.of(2, 2));
      case RANDOM -> Tensor.randomNormal(world.generator, Shape.of(4, 6)).mul(fitting(y, m));
      case WRITE_STATE -> written(world, m.detach());
      case READ_STATE -> world.state.add(fitting(y, m));
      case WRITE_IN_PLACE -> m.detach().copy().mulInPlace(1.5).addInPlace(fitting(y, m).detach());
      case CONSTANT -> Tensor.of(new float[] {n, 0.5f, -1, 2, -0f, 3}).add(m);
      case GRADIENT -> gradient(x, world, n);
      case MASK -> m.maskedFill(m.lt(fitting(y, m)), 0.25);
    };
  }

  private static Tensor written(World world, Tensor x) {
    world.state.mulInPlace(0.5);
    world.state.addInPlace(x);
    return world.state.mul(2);
  }

  private static Tensor gradient(Tensor x, World world, int n) {
    Tensor loss = x.square().sum();
    Tensor by = n % 2 == 0 ? world.weight : world.bias;
    Tensor gradient = loss.requiresGrad() ? Gradients.of(loss, new Tensor[] {by}, true)[0] : null;
    return gradient == null ? x : gradient;
  }

  /** {@return a tensor of the shape [4, 6] with the numbers of another} */
  private static Tensor matrix(Tensor x) {
    if (x.shape().equals(Shape.of(4, 6))) {
      return x;
    }
    Tensor flat = x.reshape(-1);
    int size = flat.shape().dim(0);
    Tensor enough =
        size >= 24 ? flat : Tensor.concat(0, flat, Tensor.zeros(Shape.of(24 - size)).add(0.25));
    return enough.slice(0, 0, 24).reshape(4, 6);
  }

  /** {@return a tensor that stretches to the shape of another} */
  private static Tensor fitting(Tensor y, Tensor x) {
    if (y.shape().equals(x.shape())) {
      return y;
    }
    return x.shape().equals(Shape.of(4, 6)) ? matrix(y) : y.mean();
  }
}
