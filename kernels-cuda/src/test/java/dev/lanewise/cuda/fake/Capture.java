package dev.lanewise.cuda.fake;

import java.util.ArrayList;
import java.util.List;

/** What a stream records between the beginning and the end of a capture. */
final class Capture {

  /** As {@code cudaStreamCaptureMode} numbers them. */
  enum Mode {
    GLOBAL,
    THREAD_LOCAL,
    RELAXED
  }

  final Mode mode;
  final Thread thread = Thread.currentThread();
  final List<Work> work = new ArrayList<>();
  boolean invalidated;

  Capture(Mode mode) {
    this.mode = mode;
  }
}
