package dev.lanewise.kernel;

import static dev.lanewise.kernel.Delegating.change;
import static dev.lanewise.kernel.Faults.finds;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import org.junit.jupiter.api.Test;

/** As {@link ContractKitTest}: operations on rows. */
class ContractKitRowsTest {
  private static final Shape SHAPE = Shape.of(3, 19);
  private static final DType F32 = DType.F32;
  private static final Placement DENSE = Placement.DENSE;

  @Test
  void softmaxWithoutItsRules() {
    Backend coarse =
        new Delegating() {
          @Override
          public void softmax(NdArray x, int axis, NdArray out) {
            super.softmax(x, axis, out);
            change(out, v -> v * (1 + 3e-5));
          }

          @Override
          public void logSoftmaxBackward(NdArray y, NdArray outGrad, int axis, NdArray xGrad) {
            super.logSoftmaxBackward(y, outGrad, axis, xGrad);
            change(xGrad, v -> v * (1 + 3e-5));
          }
        };
    finds(
        coarse,
        "softmax",
        (kit, s) ->
            kit.softmaxIsAsExactAsPromised(
                false, false, Values.ORDINARY, 0, F32, SHAPE, DENSE, DENSE, s));
    finds(
        coarse,
        "logSoftmaxBackward",
        (kit, s) -> kit.gradientsOfSoftmaxAreAsExactAsTheirSums(true, F32, SHAPE, DENSE, DENSE, s));
    finds(coarse, "softmax", (kit, s) -> kit.longRowsAreSummedInParts());
    Backend withoutLargest =
        new Delegating() {
          @Override
          public void softmax(NdArray x, int axis, NdArray out) {
            change(x, v -> v > 80 ? 80 : v);
            super.softmax(x, axis, out);
          }
        };
    finds(
        withoutLargest,
        "softmax",
        (kit, s) ->
            kit.softmaxIsAsExactAsPromised(
                false, true, Values.ORDINARY, 1, F32, Shape.of(9, 35), DENSE, DENSE, s));
  }

  @Test
  void crossEntropyThatForgetsItsLabels() {
    Backend wrong =
        new Delegating() {
          @Override
          public void crossEntropy(CrossEntropySpec spec, NdArray x, NdArray labels, NdArray loss) {
            int classes = spec.classes();
            change(labels, l -> Math.floorMod((int) l, classes));
            super.crossEntropy(spec, x, labels, loss);
          }

          @Override
          public void crossEntropyWithGradient(
              CrossEntropySpec spec,
              NdArray x,
              NdArray labels,
              NdArray weight,
              NdArray loss,
              NdArray xGrad) {
            CrossEntropySpec plain = spec.withLabelSmoothing(0);
            super.crossEntropyWithGradient(plain, x, labels, weight, loss, xGrad);
          }
        };
    finds(
        wrong,
        "crossEntropy",
        (kit, s) -> kit.aLabelOutOfRangeIsRefusedAndNothingIsWritten(false, true, 9, 5, DENSE, s));
    finds(
        wrong,
        "crossEntropyWithGradient",
        (kit, s) ->
            kit.crossEntropyAndItsGradientAreAsExactAsPromised(
                true, 1, false, false, F32, SHAPE, DENSE, DENSE, s));
    Backend losingNan =
        new Delegating() {
          @Override
          public void crossEntropy(CrossEntropySpec spec, NdArray x, NdArray labels, NdArray loss) {
            super.crossEntropy(spec, x, labels, loss);
            change(loss, v -> Double.isNaN(v) ? 0 : v);
          }
        };
    finds(
        losingNan,
        "crossEntropy",
        (kit, s) -> kit.nanAndInfinitiesStayInTheirRows(false, false, F32, SHAPE, DENSE, s));
  }

  @Test
  void normalizationsWithOtherMoments() {
    Backend wrong =
        new Delegating() {
          @Override
          public void moments(NormSpec spec, NdArray x, NdArray mean, NdArray variance) {
            super.moments(spec, x, mean, variance);
            double n = spec.count();
            change(variance, v -> v * n / (n - 0.01));
          }

          @Override
          public void normalizeBackward(
              NormSpec spec,
              NdArray x,
              NdArray weight,
              NdArray outGrad,
              NdArray xGrad,
              NdArray weightGrad,
              NdArray biasGrad) {
            NormSpec other = spec.centered() ? spec : NormSpec.layer(spec.shape(), 1, spec.eps());
            super.normalizeBackward(other, x, null, outGrad, xGrad, weightGrad, biasGrad);
          }
        };
    Shape grouped = Shape.of(3, 6, 4); // of each kind's means more than one number
    for (NormContract.Kind kind : NormContract.Kind.values()) {
      finds(
          wrong,
          "moments",
          (kit, s) ->
              kit.momentsAndNormalizedNumbersAreAsExactAsPromised(
                  kind, false, F32, grouped, DENSE, DENSE, s));
      finds(
          wrong,
          "normalizeBackward",
          (kit, s) ->
              kit.gradientsOfNormalizationsAreAsExactAsTheirSums(
                  kind, F32, grouped, DENSE, DENSE, s));
    }
    Backend writing =
        new Delegating() {
          @Override
          public void normalize(
              NormSpec spec, NdArray x, NdArray weight, NdArray bias, NdArray out) {
            super.normalize(spec, x, weight, bias, out);
            change(out, v -> Double.isNaN(v) ? 0 : v);
          }
        };
    finds(writing, "normalize", (kit, s) -> kit.nanStaysInItsRow());
  }

  @Test
  void attentionThatSeesTooMuch() {
    Backend wrong =
        new Delegating() {
          @Override
          public void attention(
              AttentionSpec spec,
              NdArray q,
              NdArray k,
              NdArray v,
              NdArray mask,
              NdArray out,
              NdArray logSumExp) {
            AttentionSpec other =
                AttentionSpec.of(spec.queries(), spec.keys(), spec.values())
                    .withScale(spec.scale());
            super.attention(other, q, k, v, mask, out, logSumExp);
          }

          @Override
          public void attentionBackward(
              AttentionSpec spec,
              NdArray q,
              NdArray k,
              NdArray v,
              NdArray mask,
              NdArray out,
              NdArray logSumExp,
              NdArray outGrad,
              NdArray qGrad,
              NdArray kGrad,
              NdArray vGrad) {
            super.attentionBackward(
                spec, q, k, v, mask, out, logSumExp, outGrad, qGrad, kGrad, vGrad);
            change(kGrad, x -> x * 1.0001);
          }
        };
    finds(
        wrong,
        "attention ",
        (kit, s) ->
            kit.attentionAndItsGradientsAreAsExactAsTheirSums(1, 5, 9, true, F32, DENSE, DENSE, s));
    finds(
        wrong,
        "attentionBackward",
        (kit, s) ->
            kit.attentionAndItsGradientsAreAsExactAsTheirSums(
                0, 2, 3, false, DType.F64, DENSE, DENSE, s));
  }

  @Test
  void cellsThatMixUpTheirGates() {
    Backend wrong =
        new Delegating() {
          @Override
          public void lstm(
              NdArray gates, NdArray c, NdArray activations, NdArray cNext, NdArray hNext) {
            super.lstm(gates, c, activations, cNext, hNext);
            change(activations, x -> x < 0 ? x * 1.001 : x);
          }

          @Override
          public void gruBackward(
              NdArray activations,
              NdArray hGates,
              NdArray h,
              NdArray hNextGrad,
              NdArray xGatesGrad,
              NdArray hGatesGrad,
              NdArray hGrad) {
            super.gruBackward(activations, hGates, h, hNextGrad, xGatesGrad, hGatesGrad, hGrad);
            copy(xGatesGrad, hGatesGrad);
          }
        };
    finds(
        wrong,
        "lstm ",
        (kit, s) ->
            kit.stepsOfCellsAreAsExactAsTheirFunctions(
                CellContract.Step.LSTM, false, 3, 5, F32, DENSE, DENSE, s));
    finds(
        wrong,
        "gruBackward ",
        (kit, s) ->
            kit.stepsOfCellsAreAsExactAsTheirFunctions(
                CellContract.Step.GRU_BACKWARD, false, 3, 5, F32, DENSE, DENSE, s));
  }

  @Test
  void gradientsOfCellsThatForgetAPart() {
    Backend wrong =
        new Delegating() {
          @Override
          public void gruGatesBackward(
              NdArray activations,
              NdArray g,
              NdArray h,
              NdArray hNextGrad,
              NdArray resetHGrad,
              NdArray gatesGrad,
              NdArray hGrad) {
            NdArray none = NdArray.zeros(this, h.dtype(), h.shape());
            super.gruGatesBackward(activations, g, h, hNextGrad, none, gatesGrad, hGrad);
          }
        };
    finds(wrong, "GruWithResetFirst", (kit, s) -> kit.gradientsOfCellsAreDifferenceQuotients());
    finds(
        wrong,
        "gruGatesBackward ",
        (kit, s) ->
            kit.stepsOfCellsAreAsExactAsTheirFunctions(
                CellContract.Step.GRU_GATES_BACKWARD, false, 3, 5, F32, DENSE, DENSE, s));
  }
}
