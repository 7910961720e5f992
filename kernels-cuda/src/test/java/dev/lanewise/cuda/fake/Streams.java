package dev.lanewise.cuda.fake;

import java.lang.foreign.MemorySegment;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * All streams. Work runs when it is submitted or, with {@link #lazy}, when something waits for it:
 * both are what a device may do, and a program must be right with either.
 *
 * <p>The work of the legacy default stream (a null handle) always runs at once, after that of all
 * streams that block on it.
 */
final class Streams {

  static final int CAPTURE_UNSUPPORTED = 900;
  static final int CAPTURE_INVALIDATED = 901;
  // 906 and 907 are not in the bindings: cudaErrorStreamCaptureImplicit, cudaErrorCapturedEvent.
  private static final int CAPTURE_IMPLICIT = 906;
  static final int CAPTURED_EVENT = 907;

  private final Handles handles;
  private final CudaStream legacy = new CudaStream(true);
  private final Set<CudaStream> all = new LinkedHashSet<>();
  private ThreadLocal<Capture.Mode> threadMode = ThreadLocal.withInitial(() -> Capture.Mode.GLOBAL);
  boolean lazy;

  Streams(Handles handles) {
    this.handles = handles;
  }

  MemorySegment add(boolean blocking) {
    CudaStream stream = new CudaStream(blocking);
    all.add(stream);
    return handles.add(stream);
  }

  /** Ends a stream; the work that waits in it is done first. */
  void destroy(MemorySegment handle) {
    CudaStream stream = handles.remove(CudaStream.class, handle);
    all.remove(stream);
    if (stream.capture != null) {
      throw invalidate(stream, CAPTURE_UNSUPPORTED, "the stream is destroyed while it captures");
    }
    stream.runTo(stream.submitted);
  }

  /**
   * {@return the stream of a handle; null is the legacy default stream}
   *
   * @throws HandleFault if it is no live stream
   */
  CudaStream of(MemorySegment handle) {
    return handle.address() == 0 ? legacy : handles.get(CudaStream.class, handle);
  }

  boolean isLegacy(CudaStream stream) {
    return stream == legacy;
  }

  /**
   * Hands work to a stream, which does it now or later or records it for a graph.
   *
   * @throws WorkFault if it was done at once and failed
   * @throws CaptureFault if a capture forbids it
   */
  void submit(CudaStream stream, String what, Runnable action) {
    if (stream.capture != null) {
      checkValid(stream);
      stream.capture.work.add(new Work(what, action));
      return;
    }
    if (isLegacy(stream)) {
      beforeLegacy(what);
    }
    stream.waiting.add(new Work(what, action));
    stream.submitted++;
    if (!lazy || isLegacy(stream)) {
      stream.runTo(stream.submitted);
    }
  }

  /** Does the work of all streams that the legacy default stream waits for. */
  void beforeLegacy(String what) {
    for (CudaStream other : all) {
      if (other.blocking && other.capture != null) {
        throw invalidate(
            other,
            CAPTURE_IMPLICIT,
            what + " on the default stream waits for a stream that captures");
      }
    }
    for (CudaStream other : all) {
      if (other.blocking) {
        other.runTo(other.submitted);
      }
    }
  }

  /**
   * Does all work of a stream.
   *
   * @throws CaptureFault if it captures, and the capture is lost
   */
  void synchronize(CudaStream stream, String what) {
    if (stream.capture != null) {
      throw invalidate(stream, CAPTURE_UNSUPPORTED, what + " on a stream that captures");
    }
    if (isLegacy(stream)) {
      beforeLegacy(what);
    } else {
      stream.runTo(stream.submitted);
    }
  }

  /** Does all work of all streams. */
  void synchronizeAll(String what) {
    for (CudaStream stream : all) {
      synchronize(stream, what);
    }
  }

  /** Does all work that waits, as a call that frees memory has to; captures go on. */
  void runAll() {
    for (CudaStream stream : all) {
      stream.runTo(stream.submitted);
    }
  }

  void checkValid(CudaStream stream) {
    if (stream.capture.invalidated) {
      throw new CaptureFault(CAPTURE_INVALIDATED, "the capture of this stream is lost already");
    }
  }

  /** {@return what to throw} */
  CaptureFault invalidate(CudaStream stream, int status, String why) {
    stream.capture.invalidated = true;
    return new CaptureFault(status, why + "; the capture is lost");
  }

  /**
   * Refuses a call that may wait for the device or change it, such as an allocation, while a
   * capture forbids such calls.
   */
  void unsafe(String what) {
    Capture.Mode own = threadMode.get();
    for (CudaStream stream : all) {
      Capture capture = stream.capture;
      if (capture == null || own == Capture.Mode.RELAXED) {
        continue;
      }
      boolean mine = capture.thread == Thread.currentThread();
      boolean forbidden =
          switch (capture.mode) {
            case GLOBAL -> mine || own == Capture.Mode.GLOBAL;
            case THREAD_LOCAL -> mine;
            case RELAXED -> false;
          };
      if (forbidden) {
        throw invalidate(stream, CAPTURE_UNSUPPORTED, what + " while a stream captures");
      }
    }
  }

  /** {@return the mode that the thread had until now} */
  Capture.Mode exchangeMode(Capture.Mode mode) {
    Capture.Mode old = threadMode.get();
    threadMode.set(mode);
    return old;
  }

  void clear() {
    all.clear();
    legacy.waiting.clear();
    legacy.done = legacy.submitted;
    threadMode = ThreadLocal.withInitial(() -> Capture.Mode.GLOBAL);
  }
}
