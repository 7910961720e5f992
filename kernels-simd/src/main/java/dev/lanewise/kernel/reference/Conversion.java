package dev.lanewise.kernel.reference;

import dev.lanewise.array.DType;
import dev.lanewise.kernel.CopySpec;

/** Copies from one type and layout to another. */
final class Conversion {
  private Conversion() {}

  static void copy(CopySpec spec) {
    Elements from = new Elements(spec.from());
    Elements to = new Elements(spec.to());
    // Only a 64-bit integer has more bits than a double.
    boolean integer = spec.from().dtype() == DType.I64;
    for (Index i = new Index(spec.to().shape()); i.inside(); i.next()) {
      if (integer) {
        to.setLong(i.at(), from.getLong(i.at()));
      } else {
        to.set(i.at(), from.get(i.at()));
      }
    }
  }
}
