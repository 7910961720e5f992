package dev.lanewise.graph;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which instructions write and read each buffer. */
final class Uses {
  private static final int NONE = -1;
  private static final int SEVERAL = -2;

  private final Map<Buffer, Integer> writers = new HashMap<>();
  private final Map<Buffer, Integer> readers = new HashMap<>();

  private Uses() {}

  /** {@return the uses in a list of instructions, of which a run returns some views} */
  static Uses of(List<KernelCall> list, List<View> outputs) {
    Uses uses = new Uses();
    for (int i = 0; i < list.size(); i++) {
      for (View view : list.get(i).writes()) {
        note(uses.writers, view.buffer(), i);
      }
      for (View view : list.get(i).reads()) {
        note(uses.readers, view.buffer(), i);
      }
    }
    for (View view : outputs) {
      note(uses.readers, view.buffer(), list.size());
    }
    return uses;
  }

  private static void note(Map<Buffer, Integer> map, Buffer buffer, int at) {
    map.merge(buffer, at, (before, now) -> before.equals(now) ? now : SEVERAL);
  }

  /** {@return which instruction alone writes a buffer; negative if none or several do} */
  int onlyWriter(Buffer buffer) {
    return writers.getOrDefault(buffer, NONE);
  }

  /** {@return which instruction alone reads a buffer; negative if none or several do} */
  int onlyReader(Buffer buffer) {
    return readers.getOrDefault(buffer, NONE);
  }

  /** {@return whether an output is all of a temporary, which nothing else writes} */
  boolean isOnlyWrite(View out) {
    return out.buffer().is(Buffer.Role.TEMPORARY) && out.isWhole() && onlyWriter(out.buffer()) >= 0;
  }

  /** {@return whether anybody reads a buffer} */
  boolean isRead(Buffer buffer) {
    return readers.containsKey(buffer);
  }

  /** {@return whether an instruction must stay behind an earlier one} */
  static boolean depends(KernelCall later, KernelCall earlier) {
    return earlier.op().acts()
        || later.op().acts()
        || meet(earlier.writes(), later.reads())
        || meet(earlier.writes(), later.writes())
        || meet(earlier.reads(), later.writes());
  }

  /** {@return whether an instruction may as well be done in the place of a later one} */
  static boolean canMove(List<KernelCall> list, int from, int to) {
    for (int i = from + 1; i < to; i++) {
      if (depends(list.get(i), list.get(from))) {
        return false;
      }
    }
    return true;
  }

  /** {@return whether some views share an element with others} */
  static boolean meet(List<View> some, List<View> others) {
    for (View one : some) {
      for (View other : others) {
        if (one.meets(other)) {
          return true;
        }
      }
    }
    return false;
  }
}
