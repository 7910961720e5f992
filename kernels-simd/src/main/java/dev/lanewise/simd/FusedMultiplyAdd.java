package dev.lanewise.simd;

/** Tells whether the processor multiplies and adds in one instruction. */
final class FusedMultiplyAdd {
  private static final int ROUNDS = 20;
  private static final int CALLS = 50;

  /** In hardware a call takes 1 to 50 ns, interpreted; by {@code BigDecimal} about 1,000. */
  private static final long SLOW_NANOS = 300;

  private FusedMultiplyAdd() {}

  /**
   * {@return whether {@code Math.fma} is an instruction here} The JDK does not say, but without the
   * instruction it computes with {@code BigDecimal}, and so would every kernel. The quickest of
   * some rounds decides, as a busy machine only ever makes a round slower.
   */
  static boolean isInHardware() {
    long quickest = Long.MAX_VALUE;
    double sum = 1;
    for (int round = 0; round < ROUNDS; round++) {
      long start = System.nanoTime();
      for (int i = 0; i < CALLS; i++) {
        sum = Math.fma(sum, 0.999, 0.001);
      }
      quickest = Math.min(quickest, System.nanoTime() - start);
    }
    return sum > 0 && quickest < CALLS * SLOW_NANOS;
  }
}
