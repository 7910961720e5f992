package dev.lanewise.nn.loss;

import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.Expr;

/**
 * The terms {@code t · (log t − prediction)} of the Kullback-Leibler divergence, for predictions
 * that are logarithms of probabilities; 0 where the target t is 0. With {@link
 * Reduction#BATCH_MEAN}, rows of {@code [n, c]} give the divergence itself.
 *
 * @param logTarget whether targets are logarithms of probabilities too
 */
public record KLDiv(boolean logTarget) implements Loss {
  private static final Term OF_PROBABILITIES =
      new Term(
          Expr.select(Term.TARGET.eq(Term.ZERO), Term.ZERO, Term.TARGET.mul(Term.TARGET.log()))
              .sub(Term.TARGET.mul(Term.PREDICTION)));
  private static final Term OF_LOGS =
      new Term(Term.TARGET.exp().mul(Term.TARGET.sub(Term.PREDICTION)));

  /** Makes the loss for targets that are probabilities. */
  public KLDiv() {
    this(false);
  }

  @Override
  public String name() {
    return "klDiv";
  }

  @Override
  public TargetKind targets() {
    return logTarget ? TargetKind.VALUES : TargetKind.PROBABILITIES;
  }

  @Override
  public Tensor apply(Tensor predictions, Tensor targets, Reduction reduction) {
    Term term = logTarget ? OF_LOGS : OF_PROBABILITIES;
    return term.reduce(name(), reduction, Term.NO_SETTINGS, predictions, targets);
  }
}
