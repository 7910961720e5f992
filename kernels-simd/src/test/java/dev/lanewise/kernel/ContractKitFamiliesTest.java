package dev.lanewise.kernel;

import static dev.lanewise.kernel.Delegating.change;
import static dev.lanewise.kernel.Faults.finds;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import org.junit.jupiter.api.Test;

/** As {@link ContractKitTest}: products, windows, indices, copies, random numbers and errors. */
class ContractKitFamiliesTest {
  private static final Shape SHAPE = Shape.of(3, 19);
  private static final DType F32 = DType.F32;
  private static final DType F64 = DType.F64;
  private static final Placement DENSE = Placement.DENSE;
  private static final Placement MIXED = Placement.MIXED;

  @Test
  void productsThatReadOldNumbersOrRoundTooOften() {
    Backend reading =
        new Delegating() {
          @Override
          public void matmul(NdArray a, NdArray b, double alpha, double beta, NdArray out) {
            super.matmul(a, b, alpha, beta == 0 ? 1e-300 : beta, out);
          }
        };
    finds(reading, "matmul", (kit, s) -> kit.outputsFullOfNanAreNotReadWithBetaZero());
    Backend coarse =
        new Delegating() {
          @Override
          public void matmul(NdArray a, NdArray b, double alpha, double beta, NdArray out) {
            super.matmul(a, b, alpha, beta, out);
            change(out, x -> (float) x);
          }
        };
    finds(
        coarse,
        "matmul",
        (kit, s) -> kit.productsAreExactToTheirLength(F64, 7, 9, 11, 1, DENSE, DENSE, DENSE, s));
    Backend nan =
        new Delegating() {
          @Override
          public void matmul(NdArray a, NdArray b, double alpha, double beta, NdArray out) {
            super.matmul(a, b, alpha, beta, out);
            change(out, x -> Double.isNaN(x) ? 0 : x);
          }
        };
    finds(nan, "matmul", (kit, s) -> kit.oneNanSpoilsItsRowAndNothingElse(F64, 3, 4, 5, s));
  }

  @Test
  void convolutionsThatForgetPartOfTheirGeometry() {
    Backend wrong =
        new Delegating() {
          @Override
          public void conv(ConvSpec spec, NdArray x, NdArray filter, NdArray out) {
            super.conv(spec, x, filter, out);
            change(out, v -> v * 1.01);
          }

          @Override
          public void convBackwardData(ConvSpec spec, NdArray g, NdArray filter, NdArray xGrad) {
            super.convBackwardData(spec, g, filter, xGrad);
            if (spec.window().dilation(0) > 1) {
              change(xGrad, v -> 0);
            }
          }

          @Override
          public void convBackwardFilter(ConvSpec spec, NdArray x, NdArray g, NdArray filterGrad) {
            super.convBackwardFilter(spec, x, g, filterGrad);
            if (spec.groups() == 3) {
              change(filterGrad, v -> -v);
            }
          }
        };
    for (ConvContract.Direction direction : ConvContract.Direction.values()) {
      finds(
          wrong,
          "conv " + direction,
          (kit, s) ->
              kit.convolutionsAndTheirGradientsAreExactToTheirLength(
                  direction, 2, F32, DENSE, DENSE, DENSE, s));
    }
    finds(wrong, "conv", (kit, s) -> kit.theGradientsAreAdjointToTheConvolution(1, F32, s));
  }

  @Test
  void convolutionsThatForgetWhatFollows() {
    Backend wrong =
        new Delegating() {
          @Override
          public void conv(
              ConvSpec spec,
              NdArray x,
              NdArray filter,
              NdArray out,
              Expr epilogue,
              double[] params,
              NdArray... ins) {
            super.conv(spec, x, filter, out, epilogue, params, ins);
            if (ins[1].shape().rank() == 1) {
              super.conv(spec, x, filter, out);
            }
          }
        };
    finds(
        wrong,
        "conv with",
        (kit, s) -> kit.whatFollowsAConvolutionGivesTheSameBits(2, F32, DENSE, DENSE, DENSE, s));
  }

  @Test
  void poolsWherePaddingWinsAndGradientsOverwrite() {
    Backend wrong =
        new Delegating() {
          @Override
          public void maxPool(PoolSpec spec, NdArray x, NdArray out, NdArray indices) {
            super.maxPool(spec, x, out, indices);
            if (spec.start(0, 0) < 0) {
              change(out, v -> v < 0 ? 0 : v);
            }
          }

          @Override
          public void maxPoolBackward(PoolSpec spec, NdArray g, NdArray indices, NdArray xGrad) {
            super.maxPoolBackward(spec, g, indices, xGrad);
            change(xGrad, v -> Math.abs(v) > 3 ? 3 : v);
          }
        };
    finds(
        wrong,
        "maxPool",
        (kit, s) -> kit.maxPoolFindsTheFirstLargestOfEachWindow(1, false, F32, DENSE, DENSE, s));
    finds(
        wrong,
        "maxPoolBackward",
        (kit, s) -> kit.theGradientGoesToWhereTheLargestWas(1, F32, DENSE, DENSE, s));
  }

  @Test
  void meansThatMistakePadding() {
    Backend wrong =
        new Delegating() {
          @Override
          public void avgPool(PoolSpec spec, boolean countPadding, NdArray x, NdArray out) {
            super.avgPool(spec, false, x, out);
          }

          @Override
          public void avgPoolBackward(
              PoolSpec spec, boolean countPadding, NdArray outGrad, NdArray xGrad) {
            super.avgPoolBackward(spec, true, outGrad, xGrad);
          }
        };
    finds(
        wrong,
        "avgPool",
        (kit, s) -> kit.avgPoolIsTheMeanOfEachWindow(1, true, F32, DENSE, DENSE, s));
    finds(
        wrong,
        "avgPoolBackward",
        (kit, s) -> kit.theGradientOfAMeanIsSpreadEvenly(2, false, F64, DENSE, DENSE, s));
  }

  @Test
  void scansThatRoundEachStep() {
    Backend wrong =
        new Delegating() {
          @Override
          public void scan(
              ReduceOp op, NdArray x, int axis, boolean exclusive, boolean back, NdArray out) {
            super.scan(op, x, axis, exclusive, back, out);
            change(out, v -> v * (1 + 0x1p-20));
          }
        };
    finds(
        wrong,
        "scan",
        (kit, s) ->
            kit.eachElementIsCombinedWithAllBeforeIt(
                ReduceOp.SUM, F32, SHAPE, false, true, DENSE, DENSE, s));
  }

  @Test
  void sortsThatSwapEqualElements() {
    Backend wrong =
        new Delegating() {
          @Override
          public void sort(NdArray x, int axis, boolean down, NdArray values, NdArray indices) {
            super.sort(x, axis, down, values, indices);
            if (down && indices.size() > 1) {
              int last = x.shape().dim(axis) - 1;
              change(indices, i -> i == 0 ? last : i == last ? 0 : i);
            }
          }
        };
    finds(
        wrong,
        "sort",
        (kit, s) ->
            kit.linesAreSortedAndEqualElementsStayInOrder(
                F32, SHAPE, ArgMaxContract.Filling.TIES, true, true, DENSE, DENSE, s));
  }

  @Test
  void indicesNotCheckedOrNotAdded() {
    Backend wrong =
        new Delegating() {
          @Override
          public void gather(NdArray x, int axis, NdArray indices, NdArray out) {
            int extent = x.shape().dim(axis);
            change(indices, i -> Math.floorMod((int) i, extent));
            super.gather(x, axis, indices, out);
          }

          @Override
          public void scatterAdd(NdArray x, int axis, NdArray indices, NdArray out) {
            NdArray old = uninitialized(out.dtype(), out.shape());
            copy(out, old);
            super.scatterAdd(x, axis, indices, out);
            elementwise(
                Expr.arg(0).max(Expr.arg(1).add(Expr.constant(-3))).add(Expr.constant(0)),
                out,
                new double[0],
                out,
                old);
          }

          @Override
          public void indexAdd(NdArray x, int axis, NdArray indices, NdArray out) {
            super.indexAdd(x, axis, indices, out);
            change(indices, i -> 0);
            super.indexAdd(x, axis, indices, out);
          }
        };
    finds(
        wrong,
        "indexAdd",
        (kit, s) -> kit.indexAddAddsEverySlice(F32, SHAPE, 30, false, DENSE, DENSE, s));
    finds(
        wrong,
        "gather",
        (kit, s) ->
            kit.anIndexOutOfRangeIsRefusedAndNothingIsWritten(true, false, true, 9, 5, DENSE, s));
    finds(
        wrong,
        "scatterAdd",
        (kit, s) -> kit.scatterAddAddsEveryOne(F32, SHAPE, 30, false, DENSE, DENSE, s));
  }

  @Test
  void copiesThatRoundTwiceOrCutBits() {
    Backend wrong =
        new Delegating() {
          @Override
          public void copy(NdArray from, NdArray to) {
            if (from.dtype() == DType.I64 && to.dtype() == F32) {
              NdArray wide = uninitialized(F64, from.shape());
              super.copy(from, wide);
              super.copy(wide, to);
            } else {
              super.copy(from, to);
              if (to.dtype() == DType.BF16) {
                change(to, x -> x == 1 ? 1.0078125 : x);
              }
            }
          }
        };
    finds(
        wrong,
        "copy",
        (kit, s) -> kit.copyConvertsAsJavaCastsDo(F32, DType.BF16, SHAPE, false, DENSE, DENSE, s));
  }

  @Test
  void randomNumbersThatFollowTheMemory() {
    Backend wrong =
        new Delegating() {
          @Override
          public void random(Distribution distribution, long seed, long stream, NdArray out) {
            super.random(distribution, seed, stream, out.shape().rank() == 2 ? turned(out) : out);
          }

          private NdArray turned(NdArray out) {
            return out.layout().stride(0) < out.layout().stride(1) ? out.permute(1, 0) : out;
          }
        };
    finds(
        wrong,
        "random",
        (kit, s) ->
            kit.randomNumbersAreTheSameEverywhere(
                Distribution.UNIFORM, s, 1, F32, SHAPE, Placement.TRANSPOSED));
  }

  @Test
  void errorsThatAreSwallowedOrSayNothing() {
    Backend swallowing =
        new Delegating() {
          @Override
          public void matmul(NdArray a, NdArray b, double alpha, double beta, NdArray out) {
            try {
              super.matmul(a, b, alpha, beta, out);
            } catch (IllegalArgumentException e) {
              if (out.shape().rank() == 2) {
                throw new IllegalArgumentException("bad shape", e);
              }
            }
          }

          @Override
          public void copy(NdArray from, NdArray to) {
            change(to.layout().repeats() ? from : to, x -> 9);
            super.copy(from, to);
          }

          @Override
          public void argMax(NdArray x, int axis, NdArray out) {
            if (x.storage().isAlive() && out.storage().isAlive()) {
              super.argMax(x, axis, out);
            }
          }
        };
    finds(swallowing, "bad shape", (kit, s) -> kit.matmulRefusesWrongArguments());
    finds(swallowing, "copy", (kit, s) -> kit.copyAndRandomRefuseWrongArguments());
    finds(swallowing, "argMax", (kit, s) -> kit.argMaxRefusesWrongArguments());
  }
}
