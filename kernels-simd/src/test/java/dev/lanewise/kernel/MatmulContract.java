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
import net.jqwik.api.constraints.IntRange;

/** {@link Backend#matmul}: all layouts, broadcast batches, {@code alpha} and {@code beta}. */
public interface MatmulContract extends BackendUnderTest {

  /**
   * A call of matmul.
   *
   * @param a the left matrices
   * @param b the right matrices
   * @param alpha the factor of the product
   * @param beta the factor of what is in the output
   * @param out the output before the call
   */
  record Call(Placed a, Placed b, double alpha, double beta, Placed out) {

    /** {@return the output, after the call ran on a backend} */
    Placed on(Backend backend) {
      Placed result = out.on(backend);
      Placed left = a.on(backend);
      Placed right = b.on(backend);
      Judge.run(
          this::toString,
          () -> backend.matmul(left.array(), right.array(), alpha, beta, result.array()));
      left.assertUnchanged("matmul");
      right.assertUnchanged("matmul");
      return result;
    }

    /** {@return how far each number may be off: (k + 4) epsilons of the sum of all sizes} */
    double[] bounds() {
      // k products, k - 1 sums, the factors alpha and beta, and the final rounding of both sides.
      double c = (a.shape().dim(-1) + 4) * Judge.epsilon(out.dtype());
      double old = beta == 0 ? 0 : Math.abs(beta);
      Placed sizes = out.sizes();
      Placed.REFERENCE.matmul(
          a.sizes().array(), b.sizes().array(), Math.abs(alpha), old, sizes.array());
      return Judge.scaled(sizes.numbers(), c, 0);
    }

    @Override
    public String toString() {
      return "matmul "
          + alpha
          + " · a · b + "
          + beta
          + " · out with a "
          + a
          + ", b "
          + b
          + ", out "
          + out;
    }
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  default void productsAreExactToTheirLength(
      @ForAll(supplier = ComputeTypes.class) DType dtype,
      @ForAll @IntRange(max = 37) int m,
      @ForAll @IntRange(max = 37) int n,
      @ForAll @IntRange(max = 37) int k,
      @ForAll @IntRange(max = 3) int batchAxes,
      @ForAll Placement left,
      @ForAll Placement right,
      @ForAll Placement out,
      @ForAll long seed) {
    Dice dice = new Dice(seed);
    int[] batch = new int[batchAxes];
    for (int i = 0; i < batchAxes; i++) {
      batch[i] = dice.oneIn(12) ? 0 : dice.between(1, 3);
    }
    Placed a = matrix(dice, dtype, part(dice, batch), m, k, left);
    Placed b = matrix(dice, dtype, part(dice, batch), k, n, right);
    Shape shape = MatmulSpec.outputShape(a.shape(), b.shape());
    double alpha = dice.pick(List.of(1.0, 1.0, -1.0, 0.5, 0.3));
    double beta = dice.pick(List.of(0.0, 0.0, 1.0, -1.0, 0.7));
    // With beta 0 the output holds noise, NaN too, and that must not be read.
    Placed c =
        beta == 0
            ? Placed.of(dice, dtype, shape, out.writable())
            : Placed.of(dice, dtype, shape, out.writable(), Values.ORDINARY);
    judge(new Call(a, b, alpha, beta, c));
  }

  @Property(tries = 150, edgeCases = EdgeCasesMode.NONE)
  default void narrowFactorsAreMultipliedAsWideOnes(
      @ForAll boolean half,
      @ForAll @IntRange(max = 37) int m,
      @ForAll @IntRange(max = 37) int n,
      @ForAll @IntRange(max = 37) int k,
      @ForAll @IntRange(max = 2) int batchAxes,
      @ForAll Placement left,
      @ForAll Placement right,
      @ForAll Placement out,
      @ForAll long seed) {
    Dice dice = new Dice(seed);
    DType dtype = half ? DType.F16 : DType.BF16;
    int[] batch = new int[batchAxes];
    Arrays.setAll(batch, i -> dice.between(1, 3));
    Placed a = matrix(dice, dtype, part(dice, batch), m, k, left);
    Placed b = matrix(dice, dtype, part(dice, batch), k, n, right);
    Shape shape = MatmulSpec.outputShape(a.shape(), b.shape());
    double alpha = dice.pick(List.of(1.0, 0.3, 0.0));
    double beta = dice.pick(List.of(0.0, 1.0, 0.7));
    Placed c = Placed.of(dice, DType.F32, shape, out.writable(), Values.ORDINARY);
    Call narrow = new Call(a, b, alpha, beta, c);
    Call wide = new Call(widened(dice, a), widened(dice, b), alpha, beta, c);
    Judge.within(narrow::toString, wide.on(Placed.REFERENCE), narrow.on(backend()), wide.bounds());
  }

  /** {@return the same numbers in f32} */
  private static Placed widened(Dice dice, Placed x) {
    return Placed.of(dice, DType.F32, x.shape(), Placement.DENSE)
        .filled(Arrays.stream(x.numbers()).iterator()::nextDouble);
  }

  @Example
  default void anEpilogueFollowsProductsOfNarrowFactors() {
    Dice dice = new Dice(23);
    for (DType dtype : new DType[] {DType.F16, DType.BF16}) {
      Placed a = matrix(dice, dtype, new int[0], 20, 30, Placement.DENSE).on(backend());
      Placed b = matrix(dice, dtype, new int[0], 30, 17, Placement.DENSE).on(backend());
      Placed bias = matrix(dice, DType.F32, new int[0], 1, 17, Placement.DENSE).on(backend());
      Placed fused = Placed.of(dice, DType.F32, Shape.of(20, 17), Placement.DENSE).on(backend());
      Placed product = fused.on(backend());
      Expr sum = Expr.arg(0).add(Expr.arg(1));
      backend().matmul(a.array(), b.array(), 1, 0, fused.array(), sum, new double[0], bias.array());
      backend().matmul(a.array(), b.array(), 1, 0, product.array());
      double[] expected = product.numbers();
      double[] biases = bias.numbers();
      for (int i = 0; i < expected.length; i++) {
        expected[i] = (float) (expected[i] + biases[i % 17]);
      }
      if (!Arrays.equals(expected, fused.numbers())) {
        throw new AssertionError("matmul of " + dtype + ", then bias: not what a sum gives");
      }
    }
  }

  @Example
  default void outputsFullOfNanAreNotReadWithBetaZero() {
    for (DType dtype : new DType[] {DType.F32, DType.F64}) {
      Dice dice = new Dice(3);
      Placed a = matrix(dice, dtype, new int[] {2}, 19, 9, Placement.DENSE);
      Placed b = matrix(dice, dtype, new int[0], 9, 33, Placement.DENSE);
      Placed out = Placed.of(dice, dtype, Shape.of(2, 19, 33), Placement.DENSE);
      judge(new Call(a, b, 1, 0, out.filled(() -> Double.NaN)));
    }
  }

  @Example
  default void largeProductsOfEveryTransposition() {
    for (DType dtype : new DType[] {DType.F32, DType.F64}) {
      Dice dice = new Dice(5);
      int m = 37;
      int n = 53;
      int k = 530;
      for (int form = 0; form < 4; form++) {
        Placed a = transposed(dice, dtype, m, k, (form & 1) != 0);
        Placed b = transposed(dice, dtype, k, n, (form & 2) != 0);
        Placed out = Placed.of(dice, dtype, Shape.of(m, n), Placement.OFFSET);
        judge(new Call(a, b, 1, 0, out));
      }
    }
  }

  @Example
  default void thinMatricesAndVectors() {
    Dice dice = new Dice(11);
    int[][] sizes = {
      {1, 1, 1}, {1, 300, 40}, {300, 1, 40}, {1, 1, 1000}, {64, 10, 128}, {5, 700, 3}, {3, 2, 800}
    };
    for (DType dtype : new DType[] {DType.F32, DType.F64}) {
      for (int[] s : sizes) {
        for (int form = 0; form < 4; form++) {
          Placed a = transposed(dice, dtype, s[0], s[2], (form & 1) != 0);
          Placed b = transposed(dice, dtype, s[2], s[1], (form & 2) != 0);
          Placed out =
              Placed.of(dice, dtype, Shape.of(s[0], s[1]), Placement.OFFSET, Values.ORDINARY);
          judge(new Call(a, b, 2, form == 0 ? 0 : 1, out));
        }
      }
    }
  }

  @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
  default void oneNanSpoilsItsRowAndNothingElse(
      @ForAll(supplier = ComputeTypes.class) DType dtype,
      @ForAll @IntRange(min = 1, max = 20) int m,
      @ForAll @IntRange(min = 1, max = 40) int n,
      @ForAll @IntRange(min = 1, max = 20) int k,
      @ForAll long seed) {
    Dice dice = new Dice(seed);
    Placed a = matrix(dice, dtype, new int[0], m, k, Placement.DENSE);
    Placed b = matrix(dice, dtype, new int[0], k, n, Placement.DENSE);
    Placed out = Placed.of(dice, dtype, Shape.of(m, n), Placement.DENSE);
    int bad = dice.between(0, m - 1);
    a.array().set(Double.NaN, bad, dice.between(0, k - 1));
    double[] result = new Call(a.twin(), b, 1, 0, out).on(backend()).numbers();
    for (int i = 0; i < result.length; i++) {
      if (Double.isNaN(result[i]) != (i / n == bad)) {
        throw new AssertionError(
            "matmul: with a NaN in row "
                + bad
                + " of a "
                + a
                + ", output "
                + Arrays.toString(Judge.index(Shape.of(m, n), i))
                + " is "
                + result[i]);
      }
    }
  }

  @Property(tries = 150, edgeCases = EdgeCasesMode.NONE)
  default void anEpilogueGivesTheBitsOfAnElementwiseCallAfterwards(
      @ForAll(supplier = ComputeTypes.class) DType dtype,
      @ForAll @IntRange(max = 37) int m,
      @ForAll @IntRange(max = 120) int n,
      @ForAll @IntRange(max = 20) int k,
      @ForAll @IntRange(max = 2) int batchAxes,
      @ForAll @IntRange(max = 3) int arguments,
      @ForAll Placement in,
      @ForAll Placement out,
      @ForAll long seed) {
    Dice dice = new Dice(seed);
    int[] batch = new int[batchAxes];
    Arrays.setAll(batch, i -> dice.between(1, 3));
    Placed a = matrix(dice, dtype, part(dice, batch), m, k, in).on(backend());
    Placed b = matrix(dice, dtype, batch, k, n, in).on(backend());
    Shape shape = MatmulSpec.outputShape(a.shape(), b.shape());
    Placed[] ins = new Placed[arguments];
    for (int i = 0; i < arguments; i++) {
      Shape some =
          dice.pick(List.of(shape, Shape.of(n), Shape.of(m, 1), Shape.of(1, n), Shape.of()));
      ins[i] = Placed.of(dice, dtype, some, in, Values.ANYTHING).on(backend());
    }
    NdArray[] arrays = Arrays.stream(ins).map(Placed::array).toArray(NdArray[]::new);
    Expr epilogue = new Trees(dice, dtype, arguments + 1, 1).grow(dice.between(1, 12));
    double[] params = {dice.between(-3.0, 3.0)};
    double beta = dice.pick(List.of(0.0, 1.0));
    Placed before = Placed.of(dice, dtype, shape, out.writable(), Values.ORDINARY);
    Placed fused = before.on(backend());
    backend().matmul(a.array(), b.array(), 0.5, beta, fused.array(), epilogue, params, arrays);
    Placed apart = before.on(backend());
    backend().matmul(a.array(), b.array(), 0.5, beta, apart.array());
    NdArray[] all = new NdArray[arguments + 1];
    all[0] = apart.array();
    System.arraycopy(arrays, 0, all, 1, arguments);
    backend().elementwise(epilogue, apart.array(), params, all);
    String what = "matmul of " + a + " and " + b + " to " + fused + ", then " + epilogue;
    if (!Arrays.equals(apart.numbers(), fused.numbers())) {
      throw new AssertionError(what + ": not what an elementwise call gives");
    }
    fused.assertNothingAroundTouched(what);
    for (Placed one : ins) {
      one.assertUnchanged(what);
    }
  }

  @Example
  default void anEpilogueFollowsLargeProductsToo() {
    Dice dice = new Dice(17);
    Placed a = matrix(dice, DType.F32, new int[0], 150, 300, Placement.DENSE).on(backend());
    Placed b = matrix(dice, DType.F32, new int[0], 300, 333, Placement.DENSE).on(backend());
    Placed bias = matrix(dice, DType.F32, new int[0], 1, 333, Placement.DENSE).on(backend());
    Shape shape = Shape.of(150, 333);
    Placed fused = Placed.of(dice, DType.F32, shape, Placement.DENSE).on(backend());
    Placed product = Placed.of(dice, DType.F32, shape, Placement.DENSE).on(backend());
    Expr epilogue = Expr.arg(0).add(Expr.arg(1)).relu();
    backend()
        .matmul(a.array(), b.array(), 1, 0, fused.array(), epilogue, new double[0], bias.array());
    backend().matmul(a.array(), b.array(), 1, 0, product.array());
    double[] plain = product.numbers();
    double[] biases = bias.numbers();
    double[] actual = fused.numbers();
    for (int i = 0; i < actual.length; i++) {
      double expected = Math.max(0, (float) (plain[i] + biases[i % 333]));
      if (actual[i] != expected) {
        throw new AssertionError("matmul, then bias and relu: " + actual[i] + ", not " + expected);
      }
    }
  }

  private void judge(Call call) {
    Judge.within(call::toString, call.on(Placed.REFERENCE), call.on(backend()), call.bounds());
  }

  private static Placed transposed(Dice dice, DType dtype, int rows, int columns, boolean yes) {
    if (!yes) {
      return matrix(dice, dtype, new int[0], rows, columns, Placement.DENSE);
    }
    Placed flat = matrix(dice, dtype, new int[0], columns, rows, Placement.DENSE);
    return Placed.of(dice, dtype, flat.layout().permute(1, 0))
        .filled(() -> Values.ORDINARY.next(dice, dtype));
  }

  private static Placed matrix(
      Dice dice, DType dtype, int[] batch, int rows, int columns, Placement placement) {
    int[] dims = Arrays.copyOf(batch, batch.length + 2);
    dims[batch.length] = rows;
    dims[batch.length + 1] = columns;
    return Placed.of(dice, dtype, Shape.of(dims), placement, Values.ORDINARY);
  }

  /** {@return the batch axes, or fewer of them, or some that stretch} */
  private static int[] part(Dice dice, int[] batch) {
    int[] some = Arrays.copyOfRange(batch, dice.between(0, batch.length), batch.length);
    for (int i = 0; i < some.length; i++) {
      some[i] = dice.oneIn(4) ? 1 : some[i];
    }
    return dice.oneIn(2) ? batch : some;
  }
}
