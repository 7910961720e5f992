package dev.lanewise.bench.report;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.lanewise.bench.measure.Result;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The speeds that kernels once had on processors of some kinds, as ratios to a {@link Yardstick}:
 * what the regression gate compares with.
 */
public final class Baseline {
  /** A speed below this share of the baseline's is a regression. */
  private static final double ENOUGH = 0.8;

  private static final String RESOURCE = "baseline.json";

  private final Map<String, Map<String, Double>> processors;

  private Baseline(Map<String, Map<String, Double>> processors) {
    this.processors = processors;
  }

  /** {@return the baseline that was built with Lanewise} */
  public static Baseline bundled() {
    try (InputStream in = Baseline.class.getResourceAsStream(RESOURCE)) {
      return fromJson(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * {@return a baseline of a file}
   *
   * @param json ratios by case, by processor
   * @throws IOException if it is not that
   */
  public static Baseline fromJson(String json) throws IOException {
    Map<String, Map<String, Double>> processors = new TreeMap<>();
    for (Map.Entry<String, Object> processor : JSON.std.mapFrom(json).entrySet()) {
      if (!(processor.getValue() instanceof Map<?, ?> ratios)) {
        throw new IOException("a baseline holds an object for '" + processor.getKey() + "'");
      }
      Map<String, Double> numbers = new TreeMap<>();
      for (Map.Entry<?, ?> ratio : ratios.entrySet()) {
        if (!(ratio.getValue() instanceof Number number)) {
          throw new IOException("a baseline holds a number for '" + ratio.getKey() + "'");
        }
        numbers.put(ratio.getKey().toString(), number.doubleValue());
      }
      processors.put(processor.getKey(), numbers);
    }
    return new Baseline(processors);
  }

  /** {@return this baseline in JSON} */
  public String toJson() {
    try {
      return JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT).asString(processors) + "\n";
    } catch (IOException e) {
      throw new IllegalStateException("a baseline cannot be written as JSON", e);
    }
  }

  /**
   * {@return this baseline with a processor's ratios renewed; those of cases that were not measured
   * stay}
   *
   * @param kind the processor
   * @param results what came out on it
   * @param yardstick of that run
   */
  public Baseline with(Processor kind, List<Result> results, Yardstick yardstick) {
    Map<String, Map<String, Double>> renewed = new TreeMap<>(processors);
    Map<String, Double> ratios = new TreeMap<>(renewed.getOrDefault(kind.key(), Map.of()));
    for (Result result : results) {
      double ratio = yardstick.ratio(result);
      if (Double.isFinite(ratio)) { // else an answer was wrong: this one, or that of add
        ratios.put(result.id(), rounded(ratio));
      }
    }
    renewed.put(kind.key(), ratios);
    return new Baseline(renewed);
  }

  private static double rounded(double ratio) {
    return new BigDecimal(ratio).round(new MathContext(3)).doubleValue();
  }

  /**
   * {@return the entry that fits a processor: its own, or else one of the same architecture and
   * vector width, or else one without ratios}
   *
   * @param kind the processor
   */
  public Entry entry(Processor kind) {
    String own = kind.key();
    if (processors.containsKey(own)) {
      return new Entry(own, processors.get(own));
    }
    return processors.entrySet().stream()
        .filter(processor -> processor.getKey().startsWith(kind.width() + ","))
        .findFirst()
        .map(processor -> new Entry(processor.getKey(), processor.getValue()))
        .orElse(new Entry("", Map.of()));
  }

  /**
   * The ratios of one kind of processor.
   *
   * @param processor which kind, empty if none fitted
   * @param ratios by case
   */
  public record Entry(String processor, Map<String, Double> ratios) {
    /**
     * {@return a result's ratio by that of the baseline, or NaN if that does not have the case}
     *
     * @param result what came out
     * @param yardstick of the same run
     */
    public double share(Result result, Yardstick yardstick) {
      Double before = ratios.get(result.id());
      return before == null ? Double.NaN : yardstick.ratio(result) / before;
    }

    /** {@return whether a result is more than a fifth below the baseline} */
    public boolean isRegression(Result result, Yardstick yardstick) {
      return share(result, yardstick) < ENOUGH;
    }

    /** {@return what is said about a regression} */
    public String describe(Result result, Yardstick yardstick) {
      return String.format(
          Locale.ROOT,
          "%s fell by %.0f %%: to %.2f of %s, from %.2f",
          result.id(),
          100 * (1 - share(result, yardstick)),
          yardstick.ratio(result),
          Yardstick.of(result),
          ratios.get(result.id()));
    }
  }
}
