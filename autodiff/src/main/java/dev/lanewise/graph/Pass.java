package dev.lanewise.graph;

import java.util.List;
import java.util.stream.Stream;

/** A change of a program that keeps what it computes. */
public interface Pass {
  /** Those that every graph goes through, in order; they keep each bit of the results. */
  List<Pass> DEFAULT =
      List.of(
          new ConstantFolding(),
          new Identities(),
          new CommonSubexpressions(),
          new SharedLoss(),
          new DeadCode(),
          new Fusion(),
          new DeadCode(),
          new Scheduling());

  /** Those for a run in less memory, which may take longer; they keep each bit of the results. */
  List<Pass> LOW_MEMORY = Stream.concat(DEFAULT.stream(), Stream.of(new Recompute())).toList();

  /** {@return the name in reports} */
  String name();

  /**
   * {@return a program that computes the same}
   *
   * @param program what to improve
   */
  Program apply(Program program);

  /**
   * {@return a program after some passes}
   *
   * @param passes what is done to it, in order
   * @param program what is improved
   * @param steps hears what each pass has done
   */
  static Program apply(List<Pass> passes, Program program, List<Report.Step> steps) {
    Program result = program;
    for (Pass pass : passes) {
      int before = result.instructions().size();
      result = pass.apply(result);
      steps.add(new Report.Step(pass.name(), before, result.instructions().size()));
    }
    return result;
  }
}
