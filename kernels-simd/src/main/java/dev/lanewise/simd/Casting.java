package dev.lanewise.simd;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.lanewise.array.Cursor;
import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.kernel.CopySpec;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;

/** Copies between layouts and types. */
final class Casting {
  private Casting() {}

  static void copy(CopySpec spec, Workers workers) {
    NdArray from = spec.from();
    NdArray to = spec.to();
    if (from.dtype() == to.dtype()) {
      StridedCopy.run(Nest.of(from, to), workers);
    } else if (from.layout().isContiguous() && to.layout().isContiguous()) {
      dense(from, to);
    } else {
      strided(from, to);
    }
    Reference.reachabilityFence(spec);
  }

  private static void dense(NdArray from, NdArray to) {
    MemorySegment source = from.storage().segment();
    MemorySegment target = to.storage().segment();
    long s = from.layout().offset();
    long t = to.layout().offset();
    if (from.dtype() == DType.F64 && to.dtype() == DType.F32) {
      for (long i = 0; i < from.size(); i++) {
        target.setAtIndex(JAVA_FLOAT, t + i, (float) source.getAtIndex(JAVA_DOUBLE, s + i));
      }
    } else if (from.dtype() == DType.F32 && to.dtype() == DType.F64) {
      for (long i = 0; i < from.size(); i++) {
        target.setAtIndex(JAVA_DOUBLE, t + i, source.getAtIndex(JAVA_FLOAT, s + i));
      }
    } else if (from.dtype() == DType.I32 && to.dtype() == DType.F32) {
      for (long i = 0; i < from.size(); i++) {
        target.setAtIndex(JAVA_FLOAT, t + i, source.getAtIndex(JAVA_INT, s + i));
      }
    } else {
      strided(from, to);
    }
  }

  private static void strided(NdArray from, NdArray to) {
    Cursor source = new Cursor(from.layout());
    Cursor target = new Cursor(to.layout());
    MemorySegment in = from.storage().segment();
    MemorySegment out = to.storage().segment();
    boolean integer = from.dtype() == DType.I64; // has more bits than a double
    for (long i = 0; i < to.size(); i++, source.advance(), target.advance()) {
      if (integer) {
        to.dtype().setLong(out, target.element(), from.dtype().getLong(in, source.element()));
      } else {
        to.dtype().set(out, target.element(), from.dtype().get(in, source.element()));
      }
    }
  }
}
