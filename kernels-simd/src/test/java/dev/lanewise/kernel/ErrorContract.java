package dev.lanewise.kernel;

import static dev.lanewise.array.DType.BF16;
import static dev.lanewise.array.DType.F16;
import static dev.lanewise.array.DType.F32;
import static dev.lanewise.array.DType.F64;
import static dev.lanewise.array.DType.I32;
import static dev.lanewise.array.DType.I64;
import static dev.lanewise.kernel.Refusals.refused;
import static dev.lanewise.kernel.Refusals.refusedAsDead;

import dev.lanewise.array.DType;
import dev.lanewise.array.DTypeException;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import java.util.List;
import net.jqwik.api.Example;

/** Wrong arguments: an error that names the operation, and outputs as they were. */
public interface ErrorContract extends BackendUnderTest {

  @Example
  default void elementwiseRefusesWrongArguments() {
    Placed out = given(F32, 3, 4);
    Placed x = given(F32, 3, 4);
    Expr sum = Expr.arg(0).add(Expr.arg(1));
    elementwise(Expr.arg(0), out, given(F64, 3, 4).array());
    elementwise(Expr.arg(0), out, given(I32, 3, 4).array());
    elementwise(Expr.arg(0), out, given(F32, 3, 5).array());
    elementwise(Expr.arg(0), out, given(F32, 3).array());
    elementwise(Expr.arg(0), out, given(F32, 1, 3, 4).array());
    elementwise(Expr.arg(0), out, given(F32, 0).array());
    elementwise(sum, out, x.array());
    elementwise(Expr.param(0), out, x.array());
    elementwise(Expr.arg(0), given(DType.F16, 3, 4), given(DType.F16, 3, 4).array());
    elementwise(Expr.arg(0), given(I32, 3, 4), given(I64, 3, 4).array());
    refusedAsDead("elementwise", () -> run(Expr.arg(0), out.array(), dead(F32, 3, 4)), out);
    refusedAsDead("elementwise", () -> run(Expr.arg(0), dead(F32, 3, 4), x.array()));

    Placed row = given(F32, 1, 4);
    NdArray stretched = row.array().broadcastTo(Shape.of(3, 4));
    refused("elementwise", () -> run(Expr.arg(0), stretched, x.array()), row);
    refused("elementwise", () -> run(List.of(Expr.arg(0)), x.array()), x);
    refused("elementwise", () -> run(List.of(), x.array()), x);
    List<Expr> two = List.of(Expr.arg(0), Expr.arg(0));
    refused("elementwise", () -> run(two, x.array(), out.array()), out);
    refused("elementwise", () -> run(two, x.array(), out.array(), out.array()), out);
    Placed other = given(F32, 3, 1);
    refused("elementwise", () -> run(two, x.array(), out.array(), other.array()), out, other);
    Placed wide = given(F64, 3, 4);
    refused("elementwise", () -> run(two, x.array(), out.array(), wide.array()), out, wide);
  }

  @Example
  default void whatHasNoMeaningForIntegersIsRefused() {
    Expr x = Expr.arg(0);
    for (DType dtype : List.of(I32, I64)) {
      for (UnaryOp op : UnaryOp.values()) {
        if (!op.isForIntegers()) {
          refusedForIntegers(dtype, Expr.unary(op, x).neg(), op.name());
        }
      }
      for (BinaryOp op : BinaryOp.values()) {
        if (!op.isForIntegers()) {
          refusedForIntegers(dtype, Expr.binary(op, x, x).add(x), op.name());
        }
      }
      double tooLarge = dtype == I32 ? 0x1p31 : 0x1p63;
      for (double value : new double[] {0.5, Double.NaN, Double.NEGATIVE_INFINITY, tooLarge}) {
        refusedForIntegers(dtype, x.add(Expr.constant(value)), "constant " + value);
        refusedForIntegers(dtype, x.add(Expr.param(1)), value + " of scalar p1", 0.5, value);
      }
    }
  }

  /** The array that is computed with is a mask too: what decides is what is computed in. */
  private void refusedForIntegers(DType dtype, Expr expr, String culprit, double... params) {
    Placed out = given(dtype, 3, 4);
    NdArray[] ins = {given(dtype, 3, 4).array(), given(DType.BOOL, 3, 4).array()};
    refused(
        "elementwise",
        () -> {
          try {
            backend().elementwise(expr, out.array(), params, ins);
          } catch (DTypeException e) {
            if (e.getMessage().contains(culprit) && e.getMessage().contains("cast")) {
              throw e;
            }
            throw new AssertionError(e.getMessage() + " does not tell " + culprit, e);
          }
        },
        out);
  }

  private void elementwise(Expr expr, Placed out, NdArray... ins) {
    refused("elementwise", () -> run(expr, out.array(), ins), out);
  }

  private void run(Expr expr, NdArray out, NdArray... ins) {
    backend().elementwise(expr, out, new double[0], ins);
  }

  private void run(List<Expr> exprs, NdArray in, NdArray... outs) {
    backend().elementwise(exprs, outs, new double[0], in);
  }

  @Example
  default void reduceRefusesWrongArguments() {
    Placed out = given(F32, 3);
    Placed x = given(F32, 3, 4);
    Expr same = Expr.arg(0);
    reduce(same, out, new int[] {1});
    reduce(same, out, new int[] {2}, x.array());
    reduce(same, out, new int[] {-3}, x.array());
    reduce(same, out, new int[] {1, -1}, x.array());
    reduce(same, out, new int[] {0}, x.array());
    reduce(same, given(F32, 3, 1), new int[] {1}, x.array());
    reduce(same, given(F32), new int[] {0}, given(F32).array());
    reduce(same.add(Expr.arg(1)), out, new int[] {1}, x.array());
    reduce(same.mul(Expr.param(0)), out, new int[] {1}, x.array());
    reduce(same.add(Expr.arg(1)), out, new int[] {1}, x.array(), given(F32, 3, 5).array());
    reduce(same, out, new int[] {1}, given(F64, 3, 4).array());
    reduce(same, given(DType.BF16, 3), new int[] {1}, given(DType.BF16, 3, 4).array());
    reduce(same, given(I32, 3), new int[] {1}, given(I64, 3, 4).array());
    reduce(same.sqrt(), given(I32, 3), new int[] {1}, given(I32, 3, 4).array());
    reduce(same.mul(Expr.constant(0.5)), given(I64, 3), new int[] {1}, given(I64, 3, 4).array());
    Placed square = given(F32, 3, 3);
    NdArray row = square.array().view(square.layout().slice(0, 0, 1, 1).reshape(Shape.of(3)));
    refused("reduce", () -> sum(row, square.array()), square);
    Placed one = given(F32, 1);
    refused("reduce", () -> sum(one.array().broadcastTo(Shape.of(3)), x.array()), one);
    refusedAsDead("reduce", () -> sum(out.array(), dead(F32, 3, 4)), out);
    refusedAsDead("reduce", () -> sum(dead(F32, 3), x.array()));
  }

  private void reduce(Expr expr, Placed out, int[] axes, NdArray... ins) {
    refused(
        "reduce",
        () -> backend().reduce(ReduceOp.SUM, expr, axes, out.array(), new double[0], ins),
        out);
  }

  private void sum(NdArray out, NdArray x) {
    backend().reduce(ReduceOp.SUM, Expr.arg(0), new int[] {1}, out, new double[0], x);
  }

  @Example
  default void argMaxRefusesWrongArguments() {
    Placed out = given(I64, 3);
    Placed x = given(F32, 3, 4);
    argMax(x.array(), 2, out);
    argMax(x.array(), -3, out);
    argMax(x.array(), 0, out);
    argMax(x.array(), 1, given(I32, 3));
    argMax(x.array(), 1, given(F32, 3));
    argMax(given(DType.BOOL, 3, 4).array(), 1, out);
    argMax(given(F32, 3, 0).array(), 1, out);
    argMax(given(F32).array(), 0, given(I64));
    Placed one = given(I64, 1);
    NdArray stretched = one.array().broadcastTo(Shape.of(3));
    refused("argMax", () -> backend().argMax(x.array(), 1, stretched), one);
    refusedAsDead("argMax", () -> backend().argMax(dead(F32, 3, 4), 1, out.array()), out);
    refusedAsDead("argMax", () -> backend().argMax(x.array(), 1, dead(I64, 3)));
  }

  private void argMax(NdArray x, int axis, Placed out) {
    refused("argMax", () -> backend().argMax(x, axis, out.array()), out);
    refused("argMin", () -> backend().argMin(x, axis, out.array()), out);
  }

  @Example
  default void sortRefusesWrongArguments() {
    Placed x = given(F32, 3, 4);
    Placed values = given(F32, 3, 2);
    Placed places = given(I64, 3, 2);
    sort(x, 2, values, places);
    sort(x, -3, values, places);
    sort(x, 0, values, places);
    sort(x, 1, given(F64, 3, 2), places);
    sort(x, 1, values, given(I32, 3, 2));
    sort(x, 1, values, given(I64, 3, 3));
    sort(x, 1, given(F32, 3, 5), given(I64, 3, 5));
    sort(x, 1, given(F32, 3), given(I64, 3));
    sort(given(DType.F16, 3, 4), 1, given(DType.F16, 3, 2), places);
    sort(given(F32), 0, given(F32), given(I64));
    sort(x, 1, x, given(I64, 3, 4));
    Placed wide = given(I64, 3, 4);
    sort(given(I64, 3, 4), 1, wide, wide);
    refusedAsDead(
        "sort", () -> backend().sort(dead(F32, 3, 4), 1, false, values.array(), places.array()));
    refusedAsDead(
        "sort", () -> backend().sort(x.array(), 1, true, values.array(), dead(I64, 3, 2)), values);
  }

  private void sort(Placed x, int axis, Placed values, Placed places) {
    refused(
        "sort",
        () -> backend().sort(x.array(), axis, false, values.array(), places.array()),
        values,
        places);
  }

  @Example
  default void scanRefusesWrongArguments() {
    Placed x = given(F32, 3, 4);
    Placed out = given(F32, 3, 4);
    scan(x.array(), 2, out);
    scan(x.array(), -3, out);
    scan(x.array(), 1, given(F32, 3, 5));
    scan(x.array(), 1, given(F64, 3, 4));
    scan(given(F32).array(), 0, given(F32));
    scan(given(DType.BOOL, 3, 4).array(), 1, given(DType.BOOL, 3, 4));
    scan(x.array(), 1, x);
    scan(dead(F32, 3, 4), 1, out);
    refusedAsDead(
        "scan", () -> backend().scan(ReduceOp.SUM, x.array(), 1, false, false, dead(F32, 3, 4)));
  }

  private void scan(NdArray x, int axis, Placed out) {
    refused("scan", () -> backend().scan(ReduceOp.SUM, x, axis, false, false, out.array()), out);
  }

  @Example
  default void matmulRefusesWrongArguments() {
    Placed out = given(F32, 3, 5);
    Placed a = given(F32, 3, 4);
    Placed b = given(F32, 4, 5);
    matmul(given(F32, 3, 3).array(), b.array(), out);
    matmul(given(F32, 4).array(), b.array(), out);
    matmul(a.array(), given(F32, 4).array(), out);
    matmul(a.array(), given(F32, 5, 4).array(), out);
    matmul(a.array(), b.array(), given(F32, 5, 3));
    matmul(a.array(), b.array(), given(F32, 1, 3, 5));
    matmul(given(F32, 2, 3, 4).array(), given(F32, 3, 4, 5).array(), given(F32, 2, 3, 5));
    matmul(a.array(), given(F64, 4, 5).array(), out);
    matmul(a.array(), b.array(), given(F64, 3, 5));
    matmul(given(I32, 3, 4).array(), given(I32, 4, 5).array(), given(I32, 3, 5));
    NdArray half = given(F16, 3, 4).array();
    matmul(half, b.array(), out);
    matmul(half, given(BF16, 4, 5).array(), out);
    matmul(half, given(F16, 4, 5).array(), given(F16, 3, 5));
    matmul(half, given(F16, 4, 5).array(), given(F64, 3, 5));
    matmul(a.array(), given(F16, 4, 5).array(), out);
    Placed square = given(F32, 4, 4);
    refused("matmul", () -> multiply(square.array(), b.array(), square.array()), square);
    refused("matmul", () -> multiply(square.array(), square.array(), square.array()), square);
    Placed one = given(F32, 1, 5);
    NdArray stretched = one.array().broadcastTo(Shape.of(3, 5));
    refused("matmul", () -> multiply(a.array(), b.array(), stretched), one);
    refusedAsDead("matmul", () -> multiply(dead(F32, 3, 4), b.array(), out.array()), out);
    refusedAsDead("matmul", () -> multiply(a.array(), dead(F32, 4, 5), out.array()), out);
    refusedAsDead("matmul", () -> multiply(a.array(), b.array(), dead(F32, 3, 5)));
  }

  @Example
  default void matmulRefusesWrongEpilogues() {
    Placed out = given(F32, 3, 5);
    Expr sum = Expr.arg(0).add(Expr.arg(1));
    follow(out, sum);
    follow(out, sum, given(F32, 4).array());
    follow(out, sum, given(F32, 2, 3, 5).array());
    follow(out, sum, given(F64, 5).array());
    follow(out, Expr.arg(0).mul(Expr.param(0)));
    follow(out, sum, out.array());
    refusedAsDead("matmul", () -> multiply(out.array(), sum, dead(F32, 5)), out);
  }

  private void follow(Placed out, Expr epilogue, NdArray... ins) {
    refused("matmul", () -> multiply(out.array(), epilogue, ins), out);
  }

  private void multiply(NdArray out, Expr epilogue, NdArray... ins) {
    NdArray a = given(F32, 3, 4).array();
    backend().matmul(a, given(F32, 4, 5).array(), 1, 0, out, epilogue, new double[0], ins);
  }

  private void matmul(NdArray a, NdArray b, Placed out) {
    refused("matmul", () -> multiply(a, b, out.array()), out);
  }

  private void multiply(NdArray a, NdArray b, NdArray out) {
    backend().matmul(a, b, 1, 0, out);
  }

  @Example
  default void gatherAndScatterAddRefuseWrongArguments() {
    Placed table = given(F32, 5, 3);
    Placed picked = given(F32, 2, 3);
    Placed zeros = given(I32, 2, 3).filled(() -> 0);
    pick(table, 2, zeros, picked);
    pick(table, 1, zeros, picked);
    pick(table, 0, given(F32, 2, 3), picked);
    pick(table, 0, given(I32, 2).filled(() -> 0), picked);
    pick(table, 0, given(I32, 2, 2).filled(() -> 0), picked);
    pick(table, 0, zeros, given(F32, 3, 3));
    pick(table, 0, zeros, given(F64, 2, 3));
    pick(given(I32, 5, 3), 0, zeros, given(I32, 2, 3));
    pick(given(F32, 0, 3), 0, zeros, picked);
    Placed line = given(F32, 5);
    NdArray part = line.array().slice(0, 1, 3);
    NdArray places = given(I64, 2).filled(() -> 1).array();
    refused("gather", () -> backend().gather(line.array(), 0, places, part), line);
    refused("scatterAdd", () -> backend().scatterAdd(part, 0, places, line.array()), line);
    Placed one = given(F32, 1);
    NdArray two = one.array().broadcastTo(Shape.of(2));
    refused("gather", () -> backend().gather(line.array(), 0, places, two), one);
    NdArray pair = given(F32, 2).array();
    refused("scatterAdd", () -> backend().scatterAdd(pair, 0, places, two), one);
    refusedAsDead("gather", () -> backend().gather(dead(F32, 5), 0, places, pair));
    refusedAsDead("gather", () -> backend().gather(line.array(), 0, dead(I64, 2), pair));
    refusedAsDead("gather", () -> backend().gather(line.array(), 0, places, dead(F32, 2)));
    refusedAsDead("scatterAdd", () -> backend().scatterAdd(pair, 0, dead(I64, 2), line.array()));
    refusedAsDead("scatterAdd", () -> backend().scatterAdd(dead(F32, 2), 0, places, pair));
  }

  private void pick(Placed table, int axis, Placed indices, Placed picked) {
    refused(
        "gather",
        () -> backend().gather(table.array(), axis, indices.array(), picked.array()),
        picked);
    refused(
        "scatterAdd",
        () -> backend().scatterAdd(picked.array(), axis, indices.array(), table.array()),
        table);
  }

  @Example
  default void indexSelectAndIndexAddRefuseWrongArguments() {
    Placed table = given(F32, 5, 3);
    Placed slices = given(F32, 2, 3);
    Placed zeros = given(I32, 2).filled(() -> 0);
    slices(table, 2, zeros, slices);
    slices(table, 1, zeros, slices);
    slices(table, 0, given(F32, 2), slices);
    slices(table, 0, given(I32, 2, 3).filled(() -> 0), slices);
    slices(table, 0, zeros, given(F32, 3, 3));
    slices(table, 0, zeros, given(F32, 2, 4));
    slices(table, 0, zeros, given(F64, 2, 3));
    slices(given(F32, 0, 3), 0, zeros, slices);
    slices(given(F32), 0, zeros, given(F32));
    Placed integers = given(I32, 5, 3);
    refused(
        "indexAdd",
        () -> backend().indexAdd(given(I32, 2, 3).array(), 0, zeros.array(), integers.array()),
        integers);
    refused(
        "indexSelect",
        () -> backend().indexSelect(table.array(), 0, zeros.array(), table.array().slice(0, 1, 3)),
        table);
    refusedAsDead(
        "indexSelect",
        () -> backend().indexSelect(dead(F32, 5, 3), 0, zeros.array(), slices.array()),
        slices);
    refusedAsDead(
        "indexAdd",
        () -> backend().indexAdd(slices.array(), 0, dead(I64, 2), table.array()),
        table);
  }

  private void slices(Placed table, int axis, Placed indices, Placed slices) {
    refused(
        "indexSelect",
        () -> backend().indexSelect(table.array(), axis, indices.array(), slices.array()),
        slices);
    refused(
        "indexAdd",
        () -> backend().indexAdd(slices.array(), axis, indices.array(), table.array()),
        table);
  }

  @Example
  default void copyAndRandomRefuseWrongArguments() {
    Placed out = given(F32, 3, 4);
    for (NdArray wrong : List.of(given(F32, 3).array(), given(I32, 1, 3, 4).array())) {
      refused("copy", () -> backend().copy(wrong, out.array()), out);
    }
    Placed line = given(F32, 9);
    refused(
        "copy",
        () -> backend().copy(line.array().slice(0, 0, 5), line.array().slice(0, 4, 9)),
        line);
    Placed one = given(F32, 1, 4);
    NdArray stretched = one.array().broadcastTo(Shape.of(3, 4));
    refused("copy", () -> backend().copy(out.array(), stretched), one);
    refusedAsDead("copy", () -> backend().copy(dead(F32, 3, 4), out.array()), out);
    refusedAsDead("copy", () -> backend().copy(out.array(), dead(F32, 3, 4)));

    for (Distribution d : Distribution.values()) {
      for (DType type : List.of(I32, I64, DType.BOOL, DType.F16, DType.BF16)) {
        Placed integers = given(type, 5);
        refused("random", () -> backend().random(d, 1, 2, integers.array()), integers);
      }
      refused("random", () -> backend().random(d, 1, 2, stretched), one);
      refusedAsDead("random", () -> backend().random(d, 1, 2, dead(F32, 3)));
    }
  }

  private Placed given(DType dtype, int... dims) {
    return Placed.of(new Dice(dims.length), dtype, Shape.of(dims), Placement.SLICED)
        .filled(() -> 0.5)
        .on(backend());
  }

  private NdArray dead(DType dtype, int... dims) {
    return Refusals.dead(backend(), dtype, dims);
  }
}
