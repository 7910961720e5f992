package dev.lanewise.nn.optim;

import dev.lanewise.kernel.BinaryOp;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.Exprs;
import java.util.ArrayList;
import java.util.List;

/**
 * What one kernel call computes for the weights of a group: the optimizer's update with clipping
 * and weight decay put in for gradient and weight, and the average behind it.
 *
 * <p>Arrays are the gradient, the weight, the state, the average if there is one, and the factor of
 * gradients if their norm is clipped. The scalars of the update come first.
 */
final class FusedUpdate {
  private static final int LIMIT = 0;
  private static final int DECAY = 1;
  private static final int MOMENTUM = 2;
  private static final int REST = 3;
  private static final int SCALARS = 4;

  private final Optimizer optimizer;
  private final Settings settings;
  private final double rateFactor;
  private final double weightDecay;
  private final int own;
  private final List<Expr> exprs;
  private final List<Expr> averageAlone;
  private final double[] scalars;

  FusedUpdate(Optimizer optimizer, Settings settings, Settings.Group group, Update update) {
    this.optimizer = optimizer;
    this.settings = settings;
    this.rateFactor = group.rateFactor();
    this.weightDecay = group.weightDecay();
    this.own = update.params();
    this.scalars = new double[own + SCALARS];
    Expr average = Update.state(update.states().size());
    Expr factor = Update.state(update.states().size() + (settings.averages() ? 1 : 0));
    Expr gradient = gradient(factor);
    Expr weight = weight();
    List<Expr> all = new ArrayList<>();
    all.add(put(update.weight(), gradient, weight));
    update.states().forEach(state -> all.add(put(state.next(), gradient, weight)));
    if (settings.averages()) {
      all.add(averaged(average, all.getFirst()));
    }
    this.exprs = List.copyOf(all);
    this.averageAlone = List.of(averaged(average, Update.WEIGHT));
  }

  private Expr param(int index) {
    return Expr.param(own + index);
  }

  private Expr gradient(Expr factor) {
    Expr g = Update.GRADIENT;
    if (settings.clipsValues()) {
      g = clipped(g, param(LIMIT));
    }
    if (settings.clipsNorm()) {
      g = g.mul(factor);
    }
    return weightDecay == 0 || settings.decoupledWeightDecay
        ? g
        : g.add(Update.WEIGHT.mul(param(DECAY)));
  }

  private Expr weight() {
    boolean shrinks = weightDecay != 0 && settings.decoupledWeightDecay;
    return shrinks ? Update.WEIGHT.mul(param(DECAY)) : Update.WEIGHT;
  }

  /** {@return the expression, no further from 0 than the limit; NaN stays NaN} */
  static Expr clipped(Expr x, Expr limit) {
    return Expr.binary(BinaryOp.MIN, x.max(limit.neg()), limit);
  }

  private static Expr put(Expr expr, Expr gradient, Expr weight) {
    return Exprs.substitute(
        expr, arg -> arg == Update.GRADIENT ? gradient : arg == Update.WEIGHT ? weight : arg);
  }

  private Expr averaged(Expr average, Expr weight) {
    return average.mul(param(MOMENTUM)).add(weight.mul(param(REST)));
  }

  /** {@return the new value of the weight, of its state, and of its average} */
  List<Expr> exprs() {
    return exprs;
  }

  /** {@return the new value of the average of a weight that has no gradient in this step} */
  List<Expr> averageAlone() {
    return averageAlone;
  }

  /** {@return the scalars of the step that was prepared last} */
  double[] scalars() {
    return scalars;
  }

  /**
   * Computes the scalars of a step.
   *
   * @param learningRate the optimizer's rate in this step
   * @param iteration which step this is, from 1
   */
  void prepare(double learningRate, long iteration) {
    double rate = learningRate * rateFactor;
    optimizer.scalars(rate, iteration, scalars);
    scalars[own + LIMIT] = settings.clipValue;
    scalars[own + DECAY] = settings.decoupledWeightDecay ? 1 - rate * weightDecay : weightDecay;
    // The average begins with the weight: what it was before counts nothing.
    double momentum = iteration == 1 ? 0 : settings.emaMomentum;
    scalars[own + MOMENTUM] = momentum;
    scalars[own + REST] = 1 - momentum;
  }
}
