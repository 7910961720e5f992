package dev.lanewise.bench.measure;

import dev.lanewise.bench.cases.Work;
import java.util.Map;

/**
 * What came out for one case.
 *
 * @param kernel the kernel
 * @param shape the problem's extents
 * @param work what a call does
 * @param roof the most that this machine can do, in the unit of {@code work}
 * @param ours how long a call takes
 * @param peers how long the same takes by peers, by their names
 * @param allocated bytes of the heap that a call takes
 * @param rising whether calls were still becoming faster when the warm-up ended
 * @param problem what was wrong with an answer, or empty; then nothing was timed
 */
public record Result(
    String kernel,
    String shape,
    Work work,
    double roof,
    Timing ours,
    Map<String, Timing> peers,
    long allocated,
    boolean rising,
    String problem) {
  /** {@return a result without times} */
  static Result wrong(String kernel, String shape, Work work, double roof, String problem) {
    Timing none = new Timing(Double.NaN, Double.NaN, Double.NaN, Double.NaN);
    return new Result(kernel, shape, work, roof, none, Map.of(), 0, false, problem);
  }

  /** {@return kernel and shape} */
  public String id() {
    return kernel + " " + shape;
  }

  /** {@return whether the answers were right} */
  public boolean isRight() {
    return problem.isEmpty();
  }

  /** {@return the upper quartile of the speed, in the unit of the work} */
  public double rate() {
    return work.amount() / ours.quartile();
  }

  /** {@return {@link #rate} as a share of the roof} */
  public double shareOfRoof() {
    return rate() / roof;
  }

  /**
   * {@return how many times as fast as a peer, by upper quartiles of both, or NaN}
   *
   * @param peer its name
   */
  public double ratioTo(String peer) {
    Timing theirs = peers.get(peer);
    return theirs == null ? Double.NaN : theirs.quartile() / ours.quartile();
  }
}
