package dev.lanewise.autodiff;

import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.Expr;
import java.util.function.Supplier;

/**
 * A recurrent layer in one direction over all of its steps, as one recorded operation. A node for
 * each step would fill a gradient of the whole sequence with zeros each time, to add one step's
 * part.
 *
 * <p>The gradient is that of kernels, step by step; where it is itself recorded, it is written in
 * tensor operations instead, so that it has gradients too. What does not depend on later steps'
 * gradients is computed for all steps at once in both.
 */
abstract class Recurrence extends JointGradient {
  /** What is added to a product in passing. */
  static final Expr SUM = Fusion.epilogue(null);

  /** As {@link #SUM}, of three. */
  static final Expr SUM_OF_THREE = SUM.add(Expr.arg(2));

  /**
   * What a layer in one direction is computed from.
   *
   * @param gates computes the inputs' part of the pre-activations, {@code [steps, n, gates ·
   *     hidden]}, in memory of its own each time: the activations take it
   * @param weight the state's weight, {@code [gates · hidden, hidden]}
   * @param h0 the first state, {@code [n, hidden]}
   * @param isReverse whether the last time is the first step
   */
  record Given(Supplier<Tensor> gates, Tensor weight, Tensor h0, boolean isReverse) {}

  /**
   * What a layer in one direction makes.
   *
   * @param outputs h of all times, {@code [steps, n, hidden]}
   * @param hidden h after the last step, {@code [n, hidden]}
   * @param cell c after the last step, or {@code null} where there is none
   */
  record States(Tensor outputs, Tensor hidden, Tensor cell) {

    /** {@return the states of a layer without c} */
    static States of(Tensor outputs, boolean isReverse) {
      int last = isReverse ? 0 : outputs.shape().dim(0) - 1;
      return new States(outputs, outputs.slice(0, last, last + 1).squeeze(0), null);
    }
  }

  final Given given;
  final Backend backend;
  final int steps;
  final int rows;
  final int units;

  /** Stands for the states, which the gradient by kernels reads again. */
  private Tensor result;

  Recurrence(Given given, Shape gates) {
    this.given = given;
    backend = given.weight().backend();
    steps = gates.dim(0);
    rows = gates.dim(1);
    units = given.weight().shape().dim(1);
  }

  /** {@return the result, remembered so that a change of its numbers is noticed} */
  final Tensor keep(Tensor result) {
    this.result = result;
    return result;
  }

  @Override
  final Tensor[] byAll(Tensor up) {
    if (Grad.isOn()) {
      return composed(up);
    }
    result.data(); // refuses if they have changed
    return computed(up);
  }

  /** {@return the gradients by kernels} */
  abstract Tensor[] computed(Tensor up);

  /** {@return the gradients by tensor operations, of inputs only} */
  abstract Tensor[] composed(Tensor up);

  /** {@return the time of a step} */
  final int time(int step) {
    return given.isReverse() ? steps - 1 - step : step;
  }

  final NdArray array(int... dims) {
    return backend.uninitialized(given.weight().dtype(), Shape.of(dims));
  }

  /** {@return one of the matrices along the first axis of three} */
  static NdArray row(NdArray x, int i) {
    Shape one = Shape.of(x.shape().dim(1), x.shape().dim(2));
    return x.view(x.layout().slice(0, i, i + 1, 1).reshape(one));
  }

  /** {@return the state before a step} */
  final NdArray before(int step, NdArray states) {
    return step == 0 ? given.h0().data() : row(states, time(step - 1));
  }

  private static NdArray flat(NdArray x, int from, int to) {
    Shape all = Shape.of((to - from) * x.shape().dim(1), x.shape().dim(2));
    return x.view(x.layout().slice(0, from, to, 1).reshape(all));
  }

  /**
   * Computes the gradient by weights: that of the first step, whose state was given, and that of
   * all others in one product.
   *
   * @param gates the gradient by what the weights have made, {@code [steps, n, k]}
   * @param states what all steps have made, {@code [steps, n, hidden]}
   * @param out {@code [k, hidden]}
   */
  final void byWeight(NdArray gates, NdArray states, NdArray out) {
    NdArray first = row(gates, time(0));
    backend.matmul(first.permute(1, 0), given.h0().data(), 1, 0, out);
    if (steps > 1) {
      int later = given.isReverse() ? 0 : 1;
      int earlier = 1 - later;
      NdArray left = flat(gates, later, later + steps - 1).permute(1, 0);
      backend.matmul(left, flat(states, earlier, earlier + steps - 1), 1, 1, out);
    }
  }

  /** Computes the sum of all steps' products of two sequences, {@code [k, hidden]}. */
  final void byWeightOf(NdArray gates, NdArray factors, NdArray out) {
    NdArray left = flat(gates, 0, steps).permute(1, 0);
    backend.matmul(left, flat(factors, 0, steps), 1, 0, out);
  }

  /** {@return what each time began with, from what each ended with and what was given} */
  final Tensor shifted(Tensor states, Tensor first) {
    Tensor start = first.expandDims(0);
    return given.isReverse()
        ? Tensor.concat(0, states.slice(0, 1, steps), start)
        : Tensor.concat(0, start, states.slice(0, 0, steps - 1));
  }

  /** {@return a sequence as one matrix} */
  final Tensor flat(Tensor x) {
    return x.reshape(steps * rows, x.shape().dim(2));
  }

  /** {@return one gate of {@code [steps, n, gates, hidden]}} */
  static Tensor gate(Tensor x, int gate) {
    return x.slice(2, gate, gate + 1).squeeze(2);
  }

  /** {@return 1 − y} */
  static Tensor rest(Tensor y) {
    return y.neg().add(1);
  }

  /** {@return the slope of a sigmoid, from its value} */
  static Tensor slope(Tensor y) {
    return y.mul(rest(y));
  }

  /** {@return the slope of a hyperbolic tangent, from its value} */
  static Tensor slopeOfTanh(Tensor y) {
    return rest(y).mul(y.add(1));
  }
}
