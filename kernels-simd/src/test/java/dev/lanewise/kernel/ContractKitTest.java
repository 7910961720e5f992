package dev.lanewise.kernel;

import static dev.lanewise.kernel.Faults.finds;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.DType;
import dev.lanewise.array.Layout;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/** Backends that are wrong in one place each: the kit must find every one. */
class ContractKitTest {
  private static final Shape SHAPE = Shape.of(3, 19);
  private static final DType F32 = DType.F32;
  private static final DType F64 = DType.F64;
  private static final Placement DENSE = Placement.DENSE;
  private static final Placement MIXED = Placement.MIXED;

  /** Changes the numbers that elementwise gives. */
  private static Backend elementwise(DoubleUnaryOperator change) {
    return new Delegating() {
      @Override
      public void elementwise(List<Expr> exprs, NdArray[] outs, double[] params, NdArray... ins) {
        super.elementwise(exprs, outs, params, ins);
        for (NdArray out : outs) {
          change(out, change);
        }
      }
    };
  }

  @Test
  void subnormalsFlushedToZero() {
    Backend wrong = elementwise(x -> Math.abs(x) < Float.MIN_NORMAL ? 0 * x : x);
    finds(
        wrong,
        "elementwise",
        (kit, s) ->
            kit.everyBinaryOpIsAsExactAsPromised(BinaryOp.ADD, F32, SHAPE, DENSE, DENSE, DENSE, s));
    finds(
        wrong,
        "elementwise",
        (kit, s) -> kit.everyUnaryOpIsAsExactAsPromised(UnaryOp.EXP, F32, SHAPE, DENSE, DENSE, s));
  }

  @Test
  void theSignOfZeroLost() {
    finds(
        elementwise(x -> x + 0.0),
        "NEG",
        (kit, s) -> kit.everyUnaryOpIsAsExactAsPromised(UnaryOp.NEG, F64, SHAPE, DENSE, DENSE, s));
  }

  @Test
  void nanLost() {
    finds(
        elementwise(x -> Double.isNaN(x) ? 0 : x),
        "elementwise",
        (kit, s) ->
            kit.everyBinaryOpIsAsExactAsPromised(BinaryOp.MAX, F64, SHAPE, DENSE, DENSE, DENSE, s));
  }

  @Test
  void twoUlpsInOneBinade() {
    Backend wrong = elementwise(x -> x > 0x1p99 && x < 0x1p100 ? x + 2 * Math.ulp((float) x) : x);
    AssertionError e =
        assertThrows(
            AssertionError.class,
            () -> ((BackendContract) () -> wrong).everyUnaryOpKeepsItsPromiseInEveryBinade());
    assertTrue(e.getMessage().contains("0x1."), e.getMessage());
  }

  @Test
  void oneElementTooManyWritten() {
    Backend wrong =
        new Delegating() {
          @Override
          public void elementwise(
              List<Expr> exprs, NdArray[] outs, double[] params, NdArray... ins) {
            super.elementwise(exprs, outs, params, ins);
            int capacity = (int) outs[0].storage().byteSize() / outs[0].dtype().byteSize();
            Layout all = Layout.contiguous(Shape.of(capacity));
            outs[0].view(all).set(1, (int) outs[0].layout().highest() + 1);
          }
        };
    finds(
        wrong,
        "elementwise",
        (kit, s) -> kit.treesOfExactOpsGiveTheSameBits(3, 2, 0, F32, SHAPE, MIXED, DENSE, s));
  }

  @Test
  void argumentsReadAfterTheyWereOverwritten() {
    Backend wrong =
        new Delegating() {
          @Override
          public void elementwise(
              List<Expr> exprs, NdArray[] outs, double[] params, NdArray... ins) {
            Shape shape = outs[0].shape();
            for (long i = 0; i < shape.size(); i++) {
              int[] index = Judge.index(shape, i);
              for (int k = 0; k < outs.length; k++) {
                NdArray[] some = new NdArray[ins.length];
                for (int j = 0; j < ins.length; j++) {
                  some[j] = one(ins[j].broadcastTo(shape), index);
                }
                right.elementwise(exprs.get(k), one(outs[k], index), params, some);
              }
            }
          }
        };
    for (AliasingContract.Overlap overlap : AliasingContract.Overlap.values()) {
      if (overlap != AliasingContract.Overlap.SAME
          && overlap != AliasingContract.Overlap.BACKWARD) {
        finds(
            wrong,
            "elementwise",
            (kit, s) -> kit.outputsOverArgumentsGiveWhatCopiesWouldGive(overlap, 21, 3, F32, s));
      }
    }
    finds(wrong, "elementwise", (kit, s) -> kit.eachOutputMaySeeTheOldNumbersOfAll(9, F64, s));
  }

  /** A view of one element. */
  private static NdArray one(NdArray array, int[] index) {
    Layout layout = array.layout();
    for (int i = 0; i < index.length; i++) {
      layout = layout.slice(i, index[i], index[i] + 1, 1);
    }
    return array.view(layout);
  }

  @Test
  void scalarsNotRoundedToTheType() {
    Backend wrong =
        new Delegating() {
          @Override
          public void elementwise(
              List<Expr> exprs, NdArray[] outs, double[] params, NdArray... ins) {
            double[] other = params.clone();
            for (int i = 0; i < other.length; i++) {
              other[i] = Math.nextUp((float) params[i]);
            }
            super.elementwise(exprs, outs, other, ins);
          }
        };
    finds(
        wrong,
        "scalars",
        (kit, s) -> kit.treesOfExactOpsGiveTheSameBits(9, 1, 2, F32, SHAPE, DENSE, DENSE, s));
  }

  @Test
  void theLastElementLostInLongSums() {
    Backend wrong =
        new Delegating() {
          @Override
          public void reduce(
              ReduceOp op, Expr expr, int[] axes, NdArray out, double[] params, NdArray... ins) {
            if (ins.length == 1 && ins[0].shape().rank() == 1 && ins[0].shape().dim(0) > 9000) {
              super.reduce(
                  op, expr, axes, out, params, ins[0].slice(0, 0, ins[0].shape().dim(0) - 1));
            } else {
              super.reduce(op, expr, axes, out, params, ins);
            }
          }
        };
    finds(wrong, "reduce", (kit, s) -> kit.longSumsStayExact());
  }

  @Test
  void reductionsWithoutTheirRules() {
    Backend wrong =
        new Delegating() {
          @Override
          public void reduce(
              ReduceOp op, Expr expr, int[] axes, NdArray out, double[] params, NdArray... ins) {
            super.reduce(op, expr, axes, out, params, ins);
            change(out, x -> Double.isInfinite(x) || Double.isNaN(x) ? 0 : x * (1 + 1e-5));
          }
        };
    finds(
        wrong,
        "reduce MAX",
        (kit, s) ->
            kit.largestAndSmallestAreExactAndNanWins(true, true, F32, SHAPE, DENSE, DENSE, s));
    finds(
        wrong,
        "reduce SUM",
        (kit, s) -> kit.sumsAreAsExactAsTheirLengthAllows(F32, SHAPE, DENSE, DENSE, s));
    finds(
        wrong,
        "reduce PROD",
        (kit, s) -> kit.productsAreOffByAnEpsilonForEachFactor(F32, SHAPE, DENSE, DENSE, s));
    finds(
        wrong,
        "reduce SUM",
        (kit, s) ->
            kit.nanAndInfinitiesPropagateThroughSumsAndProducts(false, F32, SHAPE, DENSE, s));
    finds(wrong, "reduce", (kit, s) -> kit.noElementsGiveTheIdentity());
  }

  /** Computes with integers as many a library does: in double, whose cast back saturates. */
  private static Backend integersInDouble() {
    return new Delegating() {
      private NdArray wide(NdArray array) {
        NdArray copy = right.uninitialized(F64, array.shape());
        right.copy(array, copy);
        return copy;
      }

      private NdArray[] wide(NdArray[] arrays) {
        return Arrays.stream(arrays).map(this::wide).toArray(NdArray[]::new);
      }

      @Override
      public void elementwise(List<Expr> exprs, NdArray[] outs, double[] params, NdArray... ins) {
        NdArray[] results = wide(outs);
        right.elementwise(exprs, results, params, wide(ins));
        for (int i = 0; i < outs.length; i++) {
          right.copy(results[i], outs[i]);
        }
      }

      @Override
      public void reduce(
          ReduceOp op, Expr expr, int[] axes, NdArray out, double[] params, NdArray... ins) {
        NdArray result = wide(out);
        right.reduce(op, expr, axes, result, params, wide(ins));
        right.copy(result, out);
      }
    };
  }

  @Test
  void integersComputedInDouble() {
    Backend wrong = integersInDouble();
    for (DType dtype : new DType[] {DType.I32, DType.I64}) {
      finds(
          wrong,
          "elementwise",
          (kit, s) ->
              kit.everyOpForIntegersIsExactAndWrapsAround(dtype, SHAPE, DENSE, DENSE, DENSE, s));
      finds(
          wrong,
          "elementwise",
          (kit, s) -> kit.treesOfExactOpsGiveTheSameBits(5, 2, 0, dtype, SHAPE, DENSE, DENSE, s));
      for (ReduceOp op : new ReduceOp[] {ReduceOp.SUM, ReduceOp.PROD}) {
        finds(
            wrong,
            "reduce " + op,
            (kit, s) ->
                kit.integersAreCombinedExactlyAndWrapAround(op, dtype, SHAPE, DENSE, DENSE, s));
      }
    }
    finds(
        wrong,
        "reduce MAX",
        (kit, s) ->
            kit.integersAreCombinedExactlyAndWrapAround(
                ReduceOp.MAX, DType.I64, SHAPE, DENSE, DENSE, s));
    finds(wrong, "elementwise", (kit, s) -> kit.whatHasNoMeaningForIntegersIsRefused());
  }

  @Test
  void quotientsOfIntegersRoundedDown() {
    Expr x = Expr.arg(0);
    Expr y = Expr.arg(1);
    Expr exact = Expr.binary(BinaryOp.REM, x, y).eq(Expr.constant(0));
    Expr sameSign = x.lt(Expr.constant(0)).eq(y.lt(Expr.constant(0)));
    Expr quotient = x.div(y);
    Expr floor = quotient.sub(Expr.select(exact.add(sameSign), Expr.constant(0), Expr.constant(1)));
    Backend wrong =
        new Delegating() {
          @Override
          public void elementwise(
              List<Expr> exprs, NdArray[] outs, double[] params, NdArray... ins) {
            boolean divides = exprs.getFirst() == quotient;
            super.elementwise(divides ? List.of(floor) : exprs, outs, params, ins);
          }
        };
    finds(
        wrong,
        quotient.toString(),
        (kit, s) ->
            kit.everyOpForIntegersIsExactAndWrapsAround(DType.I32, SHAPE, DENSE, DENSE, DENSE, s));
  }

  @Test
  void argMaxOfTheLastOfEquals() {
    Backend wrong =
        new Delegating() {
          @Override
          public void argMax(NdArray x, int axis, NdArray out) {
            super.argMax(x, axis, out);
            int last = x.shape().dim(axis) - 1;
            change(out, i -> i == 0 ? last : i);
          }
        };
    finds(
        wrong,
        "argMax",
        (kit, s) ->
            kit.argMaxFindsTheFirstLargestAndArgMinTheFirstSmallest(
                false, F32, SHAPE, ArgMaxContract.Filling.TIES, DENSE, DENSE, s));
  }
}
