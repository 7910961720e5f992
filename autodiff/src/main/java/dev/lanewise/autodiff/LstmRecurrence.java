package dev.lanewise.autodiff;

import dev.lanewise.array.NdArray;
import dev.lanewise.kernel.Backend;
import java.util.List;

/** An LSTM: {@link Backend#lstm} and {@link Backend#lstmBackward} after one product each. */
final class LstmRecurrence extends Recurrence {
  private final Tensor c0;

  /** Of how many of the last steps the cell states are results. */
  private final int cells;

  private final NdArray activations;

  /**
   * The states of all times, {@code [2 · steps, n, hidden]}: c and then h, or in reverse h and then
   * c, so that the last step's c is beside all h, and one view has both.
   */
  private final NdArray states;

  private LstmRecurrence(Given given, Tensor c0, int cells, NdArray gates) {
    super(given, gates.shape());
    this.c0 = c0;
    this.cells = cells;
    activations = gates;
    states = array(Math.multiplyExact(2, steps), rows, units);
  }

  /** {@return what all steps make} */
  static States of(Given given, Tensor c0) {
    Tensor packed = packed(given, c0, 1);
    int steps = packed.shape().dim(0) - 1;
    int from = given.isReverse() ? 0 : 1;
    int last = given.isReverse() ? 0 : steps;
    int cell = given.isReverse() ? steps : 0;
    return new States(
        packed.slice(0, from, from + steps),
        packed.slice(0, last, last + 1).squeeze(0),
        packed.slice(0, cell, cell + 1).squeeze(0));
  }

  /** {@return h of all times and c of the last steps, as {@link #states} has them} */
  private static Tensor packed(Given given, Tensor c0, int cells) {
    Tensor gates = given.gates().get();
    LstmRecurrence lstm = new LstmRecurrence(given, c0, cells, gates.data());
    lstm.run();
    int from = lstm.skipped();
    Tensor out = lstm.keep(new Tensor(lstm.states.slice(0, from, from + lstm.steps + cells)));
    return Node.record("lstm", out, lstm, new Tensor[] {gates, given.weight(), given.h0(), c0});
  }

  /** {@return the place of a time's h} */
  private int ofH(int t) {
    return given.isReverse() ? t : steps + t;
  }

  /** {@return the place of a time's c} */
  private int ofC(int t) {
    return given.isReverse() ? steps + t : t;
  }

  /** {@return how many states lie before the results} */
  private int skipped() {
    return given.isReverse() ? 0 : steps - cells;
  }

  private NdArray cBefore(int step) {
    return step == 0 ? c0.data() : row(states, ofC(time(step - 1)));
  }

  private NdArray hidden() {
    return states.slice(0, ofH(0), ofH(0) + steps);
  }

  private void run() {
    NdArray weight = given.weight().data().permute(1, 0);
    NdArray hidden = hidden();
    for (int step = 0; step < steps; step++) {
      int t = time(step);
      NdArray gates = row(activations, t);
      backend.matmul(before(step, hidden), weight, 1, 1, gates);
      backend.lstm(gates, cBefore(step), gates, row(states, ofC(t)), row(states, ofH(t)));
    }
  }

  @Override
  Tensor[] computed(Tensor up) {
    NdArray weight = given.weight().data();
    NdArray ups = up.data();
    NdArray grads = array(steps, rows, activations.shape().dim(2));
    NdArray sum = array(rows, units);
    NdArray[] cGrads = {array(rows, units), array(rows, units)};
    for (int step = steps - 1; step >= 0; step--) {
      int t = time(step);
      NdArray hGrad = row(ups, ofH(t) - skipped());
      NdArray cGrad = cGrads[(step + 1) % 2];
      if (step == steps - 1) {
        cGrad = row(ups, ofC(t) - skipped());
      } else {
        NdArray later = row(grads, time(step + 1));
        backend.matmul(later, weight, 1, 0, sum, SUM, Elementwise.NO_PARAMS, hGrad);
        hGrad = sum;
        if (step >= steps - cells) {
          NdArray above = row(ups, ofC(t) - skipped());
          backend.elementwise(SUM, cGrad, Elementwise.NO_PARAMS, cGrad, above);
        }
      }
      NdArray gates = row(activations, t);
      NdArray c = row(states, ofC(t));
      backend.lstmBackward(gates, cBefore(step), c, hGrad, cGrad, row(grads, t), cGrads[step % 2]);
    }
    NdArray weightGrad = backend.uninitialized(weight.dtype(), weight.shape());
    byWeight(grads, hidden(), weightGrad);
    NdArray firstGrad = array(rows, units);
    backend.matmul(row(grads, time(0)), weight, 1, 0, firstGrad);
    return new Tensor[] {
      new Tensor(grads), new Tensor(weightGrad), new Tensor(firstGrad), new Tensor(cGrads[0])
    };
  }

  @Override
  Tensor[] composed(Tensor up) {
    Tensor weight = given.weight();
    Tensor all = packed(given, c0, steps);
    Tensor cs = all.slice(0, ofC(0), ofC(0) + steps);
    Tensor before = flat(shifted(all.slice(0, ofH(0), ofH(0) + steps), given.h0()));
    Tensor pre = before.affine(weight.transpose(), flat(given.gates().get()));
    Tensor gates = pre.reshape(steps, rows, 4, units);
    Tensor i = gate(gates, 0).sigmoid();
    Tensor f = gate(gates, 1).sigmoid();
    Tensor g = gate(gates, 2).tanh();
    Tensor o = gate(gates, 3).sigmoid();
    Tensor tanh = cs.tanh();
    Tensor toF = shifted(cs, c0).mul(slope(f));
    Tensor factors =
        Tensor.stack(2, g.mul(slope(i)), toF, i.mul(slopeOfTanh(g)), tanh.mul(slope(o)));
    List<Tensor> byGates = factors.unstack(0);
    List<Tensor> byC = o.mul(slopeOfTanh(tanh)).unstack(0);
    List<Tensor> kept = f.unstack(0);
    List<Tensor> ups = up.unstack(0);
    Tensor[] grads = new Tensor[steps];
    Tensor later = null;
    Tensor cGrad = null;
    for (int step = steps - 1; step >= 0; step--) {
      int t = time(step);
      Tensor above = ups.get(ofH(t) - skipped());
      Tensor hGrad = later == null ? above : later.affine(weight, above);
      if (step >= steps - cells) {
        Tensor aboveC = ups.get(ofC(t) - skipped());
        cGrad = cGrad == null ? aboveC : cGrad.add(aboveC);
      }
      cGrad = cGrad.add(hGrad.mul(byC.get(t)));
      Tensor both = Tensor.stack(1, cGrad, cGrad, cGrad, hGrad);
      later = both.mul(byGates.get(t)).reshape(rows, 4 * units);
      grads[t] = later;
      cGrad = cGrad.mul(kept.get(t));
    }
    Tensor pres = Tensor.stack(0, grads);
    Tensor weightGrad = flat(pres).transpose().matmul(before);
    return new Tensor[] {pres, weightGrad, later.matmul(weight), cGrad};
  }
}
