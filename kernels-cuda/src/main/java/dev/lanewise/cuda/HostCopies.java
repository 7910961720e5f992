package dev.lanewise.cuda;

import dev.lanewise.array.Cursor;
import dev.lanewise.array.NdArray;
import dev.lanewise.kernel.Backend;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;

/** Copies between layouts within main memory, where the device can not do it. */
final class HostCopies {
  private HostCopies() {}

  /**
   * Copies elements of one type, by the arrays' own backend if they have one.
   *
   * @param from what to copy
   * @param to receives the copy; of the same type, shape and device
   */
  static void copy(NdArray from, NdArray to) {
    if (to.device() instanceof Backend theirs) {
      theirs.copy(from, to);
      return;
    }
    MemorySegment source = from.storage().segment();
    MemorySegment target = to.storage().segment();
    long width = to.dtype().byteSize();
    Cursor at = new Cursor(from.layout());
    Cursor there = new Cursor(to.layout());
    for (long i = 0; i < to.size(); i++, at.advance(), there.advance()) {
      MemorySegment.copy(source, at.element() * width, target, there.element() * width, width);
    }
    Reference.reachabilityFence(from);
    Reference.reachabilityFence(to);
  }
}
