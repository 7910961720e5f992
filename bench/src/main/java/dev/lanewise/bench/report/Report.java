package dev.lanewise.bench.report;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.lanewise.bench.measure.Peaks;
import dev.lanewise.bench.measure.Result;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * One run of {@code lanewise bench}, as a machine reads it.
 *
 * @param lanewise the version
 * @param date when it began, in ISO 8601
 * @param processor the processor's model
 * @param java the Java runtime
 * @param system the operating system
 * @param simd width of the vectors and number of threads
 * @param peers what ran beside it, and how, by its name
 * @param peaks what the machine can do: on one thread, then on as many as were used
 * @param results what came out
 */
public record Report(
    String lanewise,
    String date,
    String processor,
    String java,
    String system,
    String simd,
    Map<String, String> peers,
    List<Peaks> peaks,
    List<Result> results) {
  /** {@return this run in JSON} */
  public String toJson() {
    try {
      return JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT).asString(this) + "\n";
    } catch (IOException e) {
      throw new IllegalStateException("a report cannot be written as JSON", e);
    }
  }

  /**
   * {@return the run that was written}
   *
   * @param json of {@link #toJson}
   * @throws IOException if it is not
   */
  public static Report fromJson(String json) throws IOException {
    return JSON.std.beanFrom(Report.class, json);
  }

  /** {@return the peaks that the results are compared with} */
  public Peaks used() {
    return peaks.getLast();
  }
}
