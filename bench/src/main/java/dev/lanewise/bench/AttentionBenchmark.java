package dev.lanewise.bench;

import dev.lanewise.bench.cases.KernelCase;
import dev.lanewise.bench.cases.SelfAttention;
import org.openjdk.jmh.annotations.Param;

/** Attention of 8 heads of 64 numbers, and its gradients, in {@code f32} on one thread. */
public class AttentionBenchmark extends CaseBenchmark {
  /** Whether it is the gradients. */
  @Param({"false", "true"})
  public boolean backward;

  /** Whether a query sees no later keys. */
  @Param({"false", "true"})
  public boolean causal;

  /** How many queries, and keys. */
  @Param({"128", "512", "1024"})
  public int length;

  /** Makes the benchmark; JMH calls this. */
  public AttentionBenchmark() {}

  @Override
  protected KernelCase kernelCase() {
    return new SelfAttention(backward, causal, 1, 8, length, 64);
  }
}
