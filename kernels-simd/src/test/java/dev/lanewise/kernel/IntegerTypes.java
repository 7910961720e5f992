package dev.lanewise.kernel;

import dev.lanewise.array.DType;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ArbitrarySupplier;

/** The integer types that expressions and reductions compute in. */
final class IntegerTypes implements ArbitrarySupplier<DType> {
  @Override
  public Arbitrary<DType> get() {
    return Arbitraries.of(DType.I32, DType.I64);
  }
}
