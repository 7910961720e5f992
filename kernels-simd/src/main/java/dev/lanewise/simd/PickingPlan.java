package dev.lanewise.simd;

import static dev.lanewise.simd.Addresses.ALL;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.kernel.IndexSpec;

/** Elements picked along an axis, or added there, made ready. */
abstract class PickingPlan extends Plan {
  private final boolean adds;
  private final boolean wide;
  private final boolean single;

  /**
   * For a subclass.
   *
   * @param adds whether elements are added to the table, and not picked from it
   */
  PickingPlan(Signature call, IndexSpec spec, boolean adds) {
    super(call);
    this.adds = adds;
    this.wide = spec.indices().dtype() == DType.I64;
    this.single = spec.table().dtype() == DType.F32;
  }

  /** {@return the plan of a call that picks something} */
  static PickingPlan of(Signature call, IndexSpec spec, boolean adds, Workers workers) {
    boolean isDense =
        spec.table().layout().isContiguous()
            && spec.indices().layout().isContiguous()
            && spec.picked().layout().isContiguous();
    return isDense
        ? new PickingLinesPlan(call, spec, adds, workers)
        : new PickingWalkPlan(call, spec, adds);
  }

  /** Runs a call whose indices were checked. */
  abstract void run(NdArray all, NdArray at, NdArray some);

  /** {@return an index; all indices lie behind an address} */
  final long index(long indices, long place) {
    return wide ? ALL.get(JAVA_LONG, indices + place * 8) : ALL.get(JAVA_INT, indices + place * 4);
  }

  /** Picks an element of a table, or adds it there; both are counted from an address. */
  final void move(long table, long inTable, long picked, long inPicked) {
    if (single) {
      floats(table + inTable * 4, picked + inPicked * 4);
    } else {
      doubles(table + inTable * 8, picked + inPicked * 8);
    }
  }

  private void floats(long inTable, long inPicked) {
    if (adds) {
      ALL.set(JAVA_FLOAT, inTable, ALL.get(JAVA_FLOAT, inTable) + ALL.get(JAVA_FLOAT, inPicked));
    } else {
      ALL.set(JAVA_FLOAT, inPicked, ALL.get(JAVA_FLOAT, inTable));
    }
  }

  private void doubles(long inTable, long inPicked) {
    if (adds) {
      double sum = ALL.get(JAVA_DOUBLE, inTable) + ALL.get(JAVA_DOUBLE, inPicked);
      ALL.set(JAVA_DOUBLE, inTable, sum);
    } else {
      ALL.set(JAVA_DOUBLE, inPicked, ALL.get(JAVA_DOUBLE, inTable));
    }
  }
}
