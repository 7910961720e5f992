package dev.lanewise.cuda.fake;

import java.util.ArrayDeque;

/** A stream: its waiting work, or what it records for a graph. */
final class CudaStream {

  /** Whether it waits for the legacy default stream, and that one for it. */
  final boolean blocking;

  final ArrayDeque<Work> waiting = new ArrayDeque<>();

  /** How many pieces of work were ever submitted; those after {@code done} are waiting. */
  long submitted;

  long done;

  /** What is being recorded, or null. */
  Capture capture;

  CudaStream(boolean blocking) {
    this.blocking = blocking;
  }

  /** Does the waiting work up to a position; after a fault none of the rest is done. */
  void runTo(long position) {
    while (done < position) {
      Work next = waiting.remove();
      done++;
      try {
        next.run();
      } catch (WorkFault fault) {
        waiting.clear();
        done = submitted;
        throw fault;
      }
    }
  }

  boolean idle() {
    return waiting.isEmpty();
  }
}
