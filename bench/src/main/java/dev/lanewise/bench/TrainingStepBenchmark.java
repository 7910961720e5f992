package dev.lanewise.bench;

import dev.lanewise.bench.cases.KernelCase;
import dev.lanewise.bench.cases.TrainingStep;
import org.openjdk.jmh.annotations.Param;

/** Steps of training: forward, backward and Adam, at once and as a graph, on one thread. */
public class TrainingStepBenchmark extends CaseBenchmark {
  /** Which network. */
  @Param({"SMALL_MLP", "FASHION_MLP", "FASHION_WIDE_MLP", "FASHION_CNN"})
  public Network network;

  /** The number of samples, a multiple of four. */
  @Param({"64"})
  public int batch;

  /** Whether the step is run as a graph. */
  @Param({"false", "true"})
  public boolean traced;

  /** Makes the benchmark; JMH calls this. */
  public TrainingStepBenchmark() {}

  @Override
  protected KernelCase kernelCase() {
    return new TrainingStep(network, batch, traced);
  }
}
