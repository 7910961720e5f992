package dev.lanewise.kernel;

import dev.lanewise.array.DType;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ArbitrarySupplier;

/** The types that all kernels compute in. */
final class ComputeTypes implements ArbitrarySupplier<DType> {
  @Override
  public Arbitrary<DType> get() {
    return Arbitraries.of(DType.F32, DType.F64);
  }
}
