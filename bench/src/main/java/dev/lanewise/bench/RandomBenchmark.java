package dev.lanewise.bench;

import dev.lanewise.bench.cases.KernelCase;
import dev.lanewise.bench.cases.RandomNumbers;
import dev.lanewise.kernel.Distribution;
import org.openjdk.jmh.annotations.Param;

/** Random numbers, in {@code f32} on one thread. */
public class RandomBenchmark extends CaseBenchmark {
  /** How they are spread. */
  @Param public Distribution distribution;

  /** The number of elements: 16,384 stay in a core's cache, 16,777,216 do not. */
  @Param({"16384", "16777216"})
  public int length;

  /** Makes the benchmark; JMH calls this. */
  public RandomBenchmark() {}

  @Override
  protected KernelCase kernelCase() {
    return new RandomNumbers(distribution, length);
  }
}
