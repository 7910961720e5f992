package dev.lanewise.graph;

import java.util.ArrayList;
import java.util.List;

/**
 * What passes and the plan of memory have made of a graph.
 *
 * @param passes what each pass has changed, in order
 * @param calls how many kernels a run calls, those of a branch or of a repeated step counted once
 * @param callsBefore how many the function called
 * @param bytes the memory of the temporaries of a run, without those of functions that {@link Flow}
 *     calls
 * @param bytesBefore what they take if each has memory of its own, as in a scope
 * @param program what a run does
 */
public record Report(
    List<Step> passes, int calls, int callsBefore, long bytes, long bytesBefore, Program program) {

  /**
   * One pass.
   *
   * @param pass its name
   * @param before the calls before it
   * @param after the calls after it
   */
  public record Step(String pass, int before, int after) {}

  static Report of(List<Step> passes, Program before, Program after, MemoryPlan memory) {
    return new Report(
        List.copyOf(passes),
        after.calls(),
        before.calls(),
        memory.byteSize(),
        MemoryPlan.eagerBytes(before),
        after);
  }

  /** {@return a table: a line for each pass, then calls and memory} */
  @Override
  public String toString() {
    List<String> lines = new ArrayList<>();
    for (Step step : passes) {
      lines.add("%-24s %5d -> %5d calls".formatted(step.pass(), step.before(), step.after()));
    }
    lines.add("%-24s %5d -> %5d".formatted("calls of kernels", callsBefore, calls));
    lines.add("%-24s %s -> %s".formatted("temporary memory", size(bytesBefore), size(bytes)));
    return String.join("\n", lines) + "\n";
  }

  private static String size(long bytes) {
    if (bytes < 1 << 10) {
      return bytes + " bytes";
    }
    return bytes < 1 << 20
        ? "%.1f KiB".formatted(bytes / 1024.0)
        : "%.1f MiB".formatted(bytes / 1048576.0);
  }
}
