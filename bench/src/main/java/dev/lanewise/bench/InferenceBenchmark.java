package dev.lanewise.bench;

import dev.lanewise.bench.cases.Inference;
import dev.lanewise.bench.cases.KernelCase;
import org.openjdk.jmh.annotations.Param;

/** Outputs of networks for batches of samples, through {@code predict}, on one thread. */
public class InferenceBenchmark extends CaseBenchmark {
  /** Which network. */
  @Param({"FASHION_MLP", "FASHION_CNN"})
  public Network network;

  /** The number of samples. */
  @Param({"1", "256"})
  public int batch;

  /** Makes the benchmark; JMH calls this. */
  public InferenceBenchmark() {}

  @Override
  protected KernelCase kernelCase() {
    return new Inference(network, batch);
  }
}
