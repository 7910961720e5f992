package dev.lanewise.cuda.fake;

/** A status that a function of the double answers with, thrown from wherever it is found out. */
final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What the function answers. */
  final int status;

  /** Whether no correct program meets this, so that a test must hear of it. */
  final boolean misuse;

  private Refusal(int status, boolean misuse, String why) {
    super(why);
    this.status = status;
    this.misuse = misuse;
  }

  /** {@return an answer that a correct program can meet, such as a lack of memory} */
  static Refusal of(int status, String why) {
    return new Refusal(status, false, why);
  }

  /** {@return an answer to a call that is wrong whatever the circumstances} */
  static Refusal misuse(int status, String why) {
    return new Refusal(status, true, why);
  }
}
