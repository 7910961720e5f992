package dev.lanewise.bench;

import dev.lanewise.bench.cases.KernelCase;
import dev.lanewise.bench.cases.TrainingStep;
import org.openjdk.jmh.annotations.Param;

/** Steps of training: forward, backward and Adam, on one thread. */
public class TrainingStepBenchmark extends CaseBenchmark {
  /** Which network. */
  @Param({"FASHION_MLP", "FASHION_WIDE_MLP", "FASHION_CNN"})
  public Network network;

  /** The number of samples, a multiple of four. */
  @Param({"64"})
  public int batch;

  /** Makes the benchmark; JMH calls this. */
  public TrainingStepBenchmark() {}

  @Override
  protected KernelCase kernelCase() {
    return new TrainingStep(network, batch);
  }
}
