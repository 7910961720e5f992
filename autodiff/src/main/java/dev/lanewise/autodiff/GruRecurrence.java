package dev.lanewise.autodiff;

import dev.lanewise.array.NdArray;
import dev.lanewise.kernel.Backend;
import java.util.List;

/**
 * A GRU whose reset gate follows the product: {@link Backend#gru} and {@link Backend#gruBackward}
 * after one product each.
 */
final class GruRecurrence extends Recurrence {
  /** What the product of the state is added to, or {@code null}. */
  private final Tensor bias;

  private final NdArray activations;

  /** The state's parts of the pre-activations. */
  private final NdArray hGates;

  private final NdArray states;

  private GruRecurrence(Given given, Tensor bias, NdArray gates) {
    super(given, gates.shape());
    this.bias = bias;
    activations = gates;
    hGates = backend.uninitialized(gates.dtype(), gates.shape());
    states = array(steps, rows, units);
  }

  /**
   * {@return the states after all steps, {@code [steps, n, hidden]}}
   *
   * @param bias {@code [3 · hidden]}, or {@code null}
   */
  static Tensor of(Given given, Tensor bias) {
    Tensor gates = given.gates().get();
    GruRecurrence gru = new GruRecurrence(given, bias, gates.data());
    gru.run();
    return Node.record("gru", gru.keep(new Tensor(gru.states)), gru, gru.inputs(gates));
  }

  private Tensor[] inputs(Tensor gates) {
    return withBias(gates, given.weight(), given.h0(), bias);
  }

  private static Tensor[] withBias(Tensor gates, Tensor weight, Tensor h0, Tensor bias) {
    return bias == null ? new Tensor[] {gates, weight, h0} : new Tensor[] {gates, weight, h0, bias};
  }

  private void run() {
    NdArray weight = given.weight().data().permute(1, 0);
    for (int step = 0; step < steps; step++) {
      int t = time(step);
      NdArray gates = row(activations, t);
      NdArray product = row(hGates, t);
      NdArray h = before(step, states);
      if (bias == null) {
        backend.matmul(h, weight, 1, 0, product);
      } else {
        backend.matmul(h, weight, 1, 0, product, SUM, Elementwise.NO_PARAMS, bias.data());
      }
      backend.gru(gates, product, h, gates, row(states, t));
    }
  }

  @Override
  Tensor[] computed(Tensor up) {
    NdArray weight = given.weight().data();
    NdArray xGrads = backend.uninitialized(weight.dtype(), activations.shape());
    NdArray hGrads = backend.uninitialized(weight.dtype(), activations.shape());
    NdArray sum = array(rows, units);
    NdArray past = array(rows, units);
    for (int step = steps - 1; step >= 0; step--) {
      int t = time(step);
      NdArray grad = row(up.data(), t);
      if (step < steps - 1) {
        NdArray later = row(hGrads, time(step + 1));
        backend.matmul(later, weight, 1, 0, sum, SUM_OF_THREE, Elementwise.NO_PARAMS, grad, past);
        grad = sum;
      }
      NdArray h = before(step, states);
      backend.gruBackward(
          row(activations, t), row(hGates, t), h, grad, row(xGrads, t), row(hGrads, t), past);
    }
    NdArray weightGrad = backend.uninitialized(weight.dtype(), weight.shape());
    byWeight(hGrads, states, weightGrad);
    NdArray firstGrad = array(rows, units);
    NdArray first = row(hGrads, time(0));
    backend.matmul(first, weight, 1, 0, firstGrad, SUM, Elementwise.NO_PARAMS, past);
    return withBias(
        new Tensor(xGrads),
        new Tensor(weightGrad),
        new Tensor(firstGrad),
        bias == null ? null : new Tensor(hGrads).sum(0, 1));
  }

  @Override
  Tensor[] composed(Tensor up) {
    Tensor weight = given.weight();
    Tensor h = shifted(of(given, bias), given.h0());
    Tensor turned = weight.transpose();
    Tensor product = bias == null ? flat(h).matmul(turned) : flat(h).affine(turned, bias);
    Tensor xs = given.gates().get().reshape(steps, rows, 3, units);
    Tensor hs = product.reshape(steps, rows, 3, units);
    Tensor r = gate(xs, 0).add(gate(hs, 0)).sigmoid();
    Tensor z = gate(xs, 1).add(gate(hs, 1)).sigmoid();
    Tensor part = gate(hs, 2);
    Tensor n = gate(xs, 2).add(r.mul(part)).tanh();
    Tensor ofN = rest(z).mul(slopeOfTanh(n));
    Tensor ofR = ofN.mul(part).mul(slope(r));
    Tensor ofZ = h.sub(n).mul(slope(z));
    List<Tensor> factors = Tensor.stack(2, ofR, ofZ, ofN.mul(r)).unstack(0);
    List<Tensor> kept = z.unstack(0);
    List<Tensor> ups = up.unstack(0);
    Tensor[] stateGrads = new Tensor[steps];
    Tensor[] hGrads = new Tensor[steps];
    Tensor later = null;
    Tensor past = null;
    for (int step = steps - 1; step >= 0; step--) {
      int t = time(step);
      Tensor above = ups.get(t);
      Tensor grad = later == null ? above : later.affine(weight, above.add(past));
      later = factors.get(t).mul(grad.expandDims(1)).reshape(rows, 3 * units);
      past = grad.mul(kept.get(t));
      stateGrads[t] = grad;
      hGrads[t] = later;
    }
    Tensor grads = Tensor.stack(0, stateGrads).expandDims(2);
    Tensor xGrads = Tensor.stack(2, ofR, ofZ, ofN).mul(grads);
    Tensor products = flat(Tensor.stack(0, hGrads));
    return withBias(
        xGrads.reshape(steps, rows, 3 * units),
        products.transpose().matmul(flat(h)),
        later.affine(weight, past),
        bias == null ? null : products.sum(0));
  }
}
