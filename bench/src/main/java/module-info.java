/**
 * The {@code lanewise} command and the benchmarks. Nothing depends on this module.
 *
 * <p>JMH is {@code static}: the command does without it, and benchmarks run on the class path, as
 * {@link dev.lanewise.bench} says.
 */
module dev.lanewise.bench {
  requires com.fasterxml.jackson.jr.ob;
  requires dev.lanewise.autodiff;
  requires dev.lanewise.cuda;
  requires dev.lanewise.kernels;
  requires dev.lanewise.nn;
  requires info.picocli;
  requires jdk.incubator.vector;
  requires jdk.management;
  requires static jmh.core;

  uses dev.lanewise.bench.peer.Peer;

  // Records are written as JSON by reflection.
  opens dev.lanewise.bench.cases to
      com.fasterxml.jackson.jr.ob;
  opens dev.lanewise.bench.measure to
      com.fasterxml.jackson.jr.ob;
  opens dev.lanewise.bench.report to
      com.fasterxml.jackson.jr.ob;

  // picocli fills options in and makes commands by reflection.
  opens dev.lanewise.cli to
      info.picocli;
}
