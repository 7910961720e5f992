package dev.lanewise.kernel;

import dev.lanewise.array.DType;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ArbitrarySupplier;

/** The types whose elements are compared with one another, and computed with in expressions. */
final class OrderedTypes implements ArbitrarySupplier<DType> {
  @Override
  public Arbitrary<DType> get() {
    return Arbitraries.of(DType.F32, DType.F64, DType.I32, DType.I64);
  }
}
