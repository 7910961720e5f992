package dev.lanewise.bench.cases;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Scope;
import dev.lanewise.array.Shape;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.Distribution;
import dev.lanewise.kernel.Philox;
import java.util.List;
import java.util.Locale;

/**
 * Random numbers of one seed. No peer has the same ones.
 *
 * @param distribution how they are spread
 * @param length how many
 */
public record RandomNumbers(Distribution distribution, int length) implements KernelCase {
  private static final long SEED = 42;
  private static final long STREAM = 1;

  @Override
  public String kernel() {
    return "random " + distribution.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public String shape() {
    return Lengths.text(length);
  }

  @Override
  public Work work() {
    return Work.memory(length);
  }

  @Override
  public boolean isQuick() {
    return length <= Lengths.IN_CACHE;
  }

  /** {@return nothing} */
  @Override
  public List<float[]> inputs() {
    return List.of();
  }

  @Override
  public Kernel on(Backend backend, List<float[]> inputs) {
    Scope scope = Scope.open(id());
    NdArray out = backend.uninitialized(DType.F32, Shape.of(length));
    return Kernel.of(scope, out, () -> backend.random(distribution, SEED, STREAM, out));
  }

  @Override
  public Exact exact(List<float[]> inputs) {
    Philox philox = new Philox(SEED);
    return new Exact(
        length,
        100,
        index -> {
          double exact = philox.sample(distribution, STREAM, index, true);
          return new Exact.Element(exact, Math.ulp((float) exact));
        });
  }
}
