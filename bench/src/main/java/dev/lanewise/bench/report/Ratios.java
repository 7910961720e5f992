package dev.lanewise.bench.report;

import dev.lanewise.bench.measure.Result;
import java.util.List;

/**
 * Ratios to one peer over several results.
 *
 * @param count of how many results
 * @param mean the geometric mean
 * @param worst the smallest
 */
record Ratios(int count, double mean, double worst) {
  static Ratios of(List<Result> results, String peer) {
    int count = 0;
    double logs = 0;
    double worst = Double.POSITIVE_INFINITY;
    for (Result result : results) {
      double ratio = result.ratioTo(peer);
      if (!Double.isNaN(ratio)) {
        count++;
        logs += Math.log(ratio);
        worst = Math.min(worst, ratio);
      }
    }
    return new Ratios(count, Math.exp(logs / count), worst);
  }
}
