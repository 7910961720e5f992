package dev.lanewise.autodiff;

import dev.lanewise.array.NdArray;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.UnaryOp;
import java.util.List;

/**
 * A GRU whose reset gate precedes the product, as the cell was published: {@link Backend#gruGates}
 * and {@link Backend#gruState}, each after a product, and their gradients in the opposite order.
 */
final class ResetFirstGruRecurrence extends Recurrence {
  private final NdArray activations;

  /** What the candidates' products were made of: r · h. */
  private final NdArray resets;

  private final NdArray states;

  private ResetFirstGruRecurrence(Given given, NdArray gates) {
    super(given, gates.shape());
    activations = gates;
    resets = array(steps, rows, units);
    states = array(steps, rows, units);
  }

  /** {@return the states after all steps, {@code [steps, n, hidden]}} */
  static Tensor of(Given given) {
    Tensor gates = given.gates().get();
    ResetFirstGruRecurrence gru = new ResetFirstGruRecurrence(given, gates.data());
    gru.run();
    Tensor[] inputs = {gates, given.weight(), given.h0()};
    return Node.record("gru", gru.keep(new Tensor(gru.states)), gru, inputs);
  }

  /** {@return what belongs to some of the gates r, z and n, along an axis} */
  private NdArray gates(NdArray x, int axis, int from, int to) {
    return x.slice(axis, from * units, to * units);
  }

  private void run() {
    NdArray weight = given.weight().data();
    NdArray ofGates = gates(weight, 0, 0, 2).permute(1, 0);
    NdArray ofCandidate = gates(weight, 0, 2, 3).permute(1, 0);
    for (int step = 0; step < steps; step++) {
      int t = time(step);
      NdArray all = row(activations, t);
      NdArray rz = gates(all, 1, 0, 2);
      NdArray n = gates(all, 1, 2, 3);
      NdArray h = before(step, states);
      NdArray reset = row(resets, t);
      backend.matmul(h, ofGates, 1, 1, rz);
      backend.gruGates(rz, h, rz, reset);
      backend.matmul(reset, ofCandidate, 1, 1, n);
      backend.gruState(n, gates(all, 1, 1, 2), h, n, row(states, t));
    }
  }

  @Override
  Tensor[] computed(Tensor up) {
    NdArray weight = given.weight().data();
    NdArray ofGates = gates(weight, 0, 0, 2);
    NdArray ofCandidate = gates(weight, 0, 2, 3);
    NdArray grads = backend.uninitialized(weight.dtype(), activations.shape());
    NdArray sum = array(rows, units);
    NdArray past = array(rows, units);
    NdArray resetGrad = array(rows, units);
    for (int step = steps - 1; step >= 0; step--) {
      int t = time(step);
      NdArray grad = row(up.data(), t);
      if (step < steps - 1) {
        NdArray later = gates(row(grads, time(step + 1)), 1, 0, 2);
        backend.matmul(later, ofGates, 1, 0, sum, SUM_OF_THREE, Elementwise.NO_PARAMS, grad, past);
        grad = sum;
      }
      NdArray all = row(activations, t);
      NdArray n = gates(all, 1, 2, 3);
      NdArray nGrad = gates(row(grads, t), 1, 2, 3);
      NdArray rzGrad = gates(row(grads, t), 1, 0, 2);
      NdArray h = before(step, states);
      backend.gruStateBackward(n, gates(all, 1, 1, 2), grad, nGrad);
      backend.matmul(nGrad, ofCandidate, 1, 0, resetGrad);
      backend.gruGatesBackward(gates(all, 1, 0, 2), n, h, grad, resetGrad, rzGrad, past);
    }
    NdArray weightGrad = backend.uninitialized(weight.dtype(), weight.shape());
    byWeight(gates(grads, 2, 0, 2), states, gates(weightGrad, 0, 0, 2));
    byWeightOf(gates(grads, 2, 2, 3), resets, gates(weightGrad, 0, 2, 3));
    NdArray firstGrad = array(rows, units);
    NdArray first = gates(row(grads, time(0)), 1, 0, 2);
    backend.matmul(first, ofGates, 1, 0, firstGrad, SUM, Elementwise.NO_PARAMS, past);
    return new Tensor[] {new Tensor(grads), new Tensor(weightGrad), new Tensor(firstGrad)};
  }

  @Override
  Tensor[] composed(Tensor up) {
    Tensor ofGates = given.weight().slice(0, 0, 2 * units);
    Tensor ofCandidate = given.weight().slice(0, 2 * units, 3 * units);
    Tensor h = shifted(of(given), given.h0());
    Tensor xs = given.gates().get();
    Tensor rz =
        flat(h)
            .affine(ofGates.transpose(), flat(xs.slice(2, 0, 2 * units)), UnaryOp.SIGMOID)
            .reshape(steps, rows, 2, units);
    Tensor r = gate(rz, 0);
    Tensor z = gate(rz, 1);
    Tensor reset = flat(r.mul(h));
    Tensor n =
        reset
            .affine(ofCandidate.transpose(), flat(xs.slice(2, 2 * units, 3 * units)), UnaryOp.TANH)
            .reshape(steps, rows, units);
    List<Tensor> toN = rest(z).mul(slopeOfTanh(n)).unstack(0);
    Tensor ofZ = h.sub(n).mul(slope(z));
    List<Tensor> toGates = Tensor.stack(2, h.mul(slope(r)), ofZ).unstack(0);
    List<Tensor> rs = r.unstack(0);
    List<Tensor> zs = z.unstack(0);
    List<Tensor> ups = up.unstack(0);
    Tensor[] rzGrads = new Tensor[steps];
    Tensor[] nGrads = new Tensor[steps];
    Tensor later = null;
    Tensor past = null;
    for (int step = steps - 1; step >= 0; step--) {
      int t = time(step);
      Tensor above = ups.get(t);
      Tensor grad = later == null ? above : later.affine(ofGates, above.add(past));
      nGrads[t] = grad.mul(toN.get(t));
      Tensor resetGrad = nGrads[t].matmul(ofCandidate);
      later = Tensor.stack(1, resetGrad, grad).mul(toGates.get(t)).reshape(rows, 2 * units);
      rzGrads[t] = later;
      past = grad.mul(zs.get(t)).add(resetGrad.mul(rs.get(t)));
    }
    Tensor rzGrad = Tensor.stack(0, rzGrads);
    Tensor nGrad = Tensor.stack(0, nGrads);
    Tensor gatesGrad = flat(rzGrad).transpose().matmul(flat(h));
    Tensor candidateGrad = flat(nGrad).transpose().matmul(reset);
    return new Tensor[] {
      Tensor.concat(2, rzGrad, nGrad),
      Tensor.concat(0, gatesGrad, candidateGrad),
      later.affine(ofGates, past)
    };
  }
}
