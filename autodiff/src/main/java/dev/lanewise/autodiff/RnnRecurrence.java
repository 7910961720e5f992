package dev.lanewise.autodiff;

import dev.lanewise.array.NdArray;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.Exprs;
import dev.lanewise.kernel.UnaryOp;
import java.util.List;

/** A plain RNN: each step is a product with its function as epilogue, forward and backward. */
final class RnnRecurrence extends Recurrence {
  private final UnaryOp activation;

  /** Of the state and the gradient by it, the gradient by what the function was applied to. */
  private final Expr chain;

  private final NdArray states;

  private RnnRecurrence(Given given, UnaryOp activation, NdArray gates) {
    super(given, gates.shape());
    this.activation = activation;
    chain = Pointwise.of(activation).partial(0).gradient();
    states = gates;
  }

  /**
   * {@return the states after all steps, {@code [steps, n, hidden]}}
   *
   * @param activation a function that keeps its result
   */
  static Tensor of(Given given, UnaryOp activation) {
    Tensor gates = given.gates().get();
    RnnRecurrence rnn = new RnnRecurrence(given, activation, gates.data());
    rnn.run();
    Tensor[] inputs = {gates, given.weight(), given.h0()};
    return Node.record("rnn", rnn.keep(new Tensor(rnn.states)), rnn, inputs);
  }

  private void run() {
    NdArray weight = given.weight().data().permute(1, 0);
    Expr function = Pointwise.of(activation).expr;
    for (int step = 0; step < steps; step++) {
      NdArray state = row(states, time(step));
      backend.matmul(before(step, states), weight, 1, 1, state, function, Elementwise.NO_PARAMS);
    }
  }

  @Override
  Tensor[] computed(Tensor up) {
    NdArray weight = given.weight().data();
    NdArray grads = array(steps, rows, units);
    Expr ofSum = Exprs.substitute(chain, a -> a.index() == 0 ? Expr.arg(2) : SUM);
    for (int step = steps - 1; step >= 0; step--) {
      int t = time(step);
      NdArray out = row(grads, t);
      NdArray[] ins = {row(up.data(), t), row(states, t)};
      if (step == steps - 1) {
        backend.elementwise(chain, out, Elementwise.NO_PARAMS, ins[1], ins[0]);
      } else {
        NdArray later = row(grads, time(step + 1));
        backend.matmul(later, weight, 1, 0, out, ofSum, Elementwise.NO_PARAMS, ins);
      }
    }
    NdArray weightGrad = array(units, units);
    byWeight(grads, states, weightGrad);
    NdArray firstGrad = array(rows, units);
    backend.matmul(row(grads, time(0)), weight, 1, 0, firstGrad);
    return new Tensor[] {new Tensor(grads), new Tensor(weightGrad), new Tensor(firstGrad)};
  }

  @Override
  Tensor[] composed(Tensor up) {
    Tensor weight = given.weight();
    Tensor again = of(given, activation);
    List<Tensor> after = again.unstack(0);
    List<Tensor> ups = up.unstack(0);
    Tensor[] grads = new Tensor[steps];
    Tensor later = null;
    for (int step = steps - 1; step >= 0; step--) {
      int t = time(step);
      Tensor ofH = later == null ? ups.get(t) : later.affine(weight, ups.get(t));
      later = Elementwise.map(chain, Elementwise.NO_PARAMS, after.get(t), ofH);
      grads[t] = later;
    }
    Tensor all = Tensor.stack(0, grads);
    Tensor before = flat(shifted(again, given.h0()));
    Tensor first = grads[time(0)].matmul(weight);
    return new Tensor[] {all, flat(all).transpose().matmul(before), first};
  }
}
