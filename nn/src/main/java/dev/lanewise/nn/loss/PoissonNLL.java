package dev.lanewise.nn.loss;

import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.Expr;
import dev.lanewise.nn.internal.Checks;

/**
 * How unexpected each count is where counts are Poisson distributed: {@code rate − target ·
 * log(rate)}, less a constant {@code log(target!)}.
 *
 * @param logInput whether predictions are the logarithms of rates; otherwise they are rates
 * @param full whether the constant is added, for targets above 1 by Stirling's approximation
 * @param eps added to a rate whose logarithm is taken, above 0
 */
public record PoissonNLL(boolean logInput, boolean full, double eps) implements Loss {
  private static final Expr OF_LOGS = Term.PREDICTION.exp().sub(Term.TARGET.mul(Term.PREDICTION));
  private static final Expr OF_RATES =
      Term.PREDICTION.sub(Term.TARGET.mul(Term.PREDICTION.add(Expr.param(0)).log()));
  private static final Expr STIRLING =
      Expr.select(
          Term.TARGET.gt(Term.ONE),
          Term.TARGET
              .mul(Term.TARGET.log())
              .sub(Term.TARGET)
              .add(Term.HALF.mul(Term.TARGET.mul(Expr.constant(2 * Math.PI)).log())),
          Term.ZERO);

  private static final Term SHORT_OF_LOGS = new Term(OF_LOGS);
  private static final Term SHORT_OF_RATES = new Term(OF_RATES);
  private static final Term FULL_OF_LOGS = new Term(OF_LOGS.add(STIRLING));
  private static final Term FULL_OF_RATES = new Term(OF_RATES.add(STIRLING));

  /**
   * Checks the record.
   *
   * @throws IllegalArgumentException if eps is outside its range
   */
  public PoissonNLL {
    Checks.positive("poissonNLL: eps", eps);
  }

  /** Makes the loss of logarithms, without the constant. */
  public PoissonNLL() {
    this(true, false, 1e-8);
  }

  @Override
  public String name() {
    return "poissonNLL";
  }

  @Override
  public TargetKind targets() {
    return TargetKind.VALUES;
  }

  @Override
  public Tensor apply(Tensor predictions, Tensor targets, Reduction reduction) {
    if (logInput) {
      Term term = full ? FULL_OF_LOGS : SHORT_OF_LOGS;
      return term.reduce(name(), reduction, Term.NO_SETTINGS, predictions, targets);
    }
    Term term = full ? FULL_OF_RATES : SHORT_OF_RATES;
    return term.reduce(name(), reduction, new double[] {eps}, predictions, targets);
  }
}
