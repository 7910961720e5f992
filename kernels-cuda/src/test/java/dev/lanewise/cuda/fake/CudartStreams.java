package dev.lanewise.cuda.fake;

import dev.lanewise.bindings.cuda.Cudart;
import java.lang.foreign.MemorySegment;

/** The runtime's streams and events. */
final class CudartStreams {

  private static final float LEAST_MILLISECONDS = 0.0005f;

  // Not in the bindings: cudaErrorStreamCaptureIsolation.
  private static final int CAPTURE_ISOLATION = 905;

  private final DriverDouble cuda;
  private final Out out;

  CudartStreams(DriverDouble cuda) {
    this.cuda = cuda;
    this.out = new Out(cuda.host);
  }

  int cudaStreamCreate(MemorySegment stream) {
    return cudaStreamCreateWithFlags(stream, Cudart.cudaStreamDefault());
  }

  int cudaStreamCreateWithFlags(MemorySegment stream, int flags) {
    return cudaStreamCreateWithPriority(stream, flags, 0);
  }

  int cudaStreamCreateWithPriority(MemorySegment stream, int flags, int priority) {
    if (flags != Cudart.cudaStreamDefault() && flags != Cudart.cudaStreamNonBlocking()) {
      throw Refusal.misuse(Cudart.cudaErrorInvalidValue(), "no such flags: " + flags);
    }
    cuda.host.at(stream, Long.BYTES);
    out.pointer(stream, cuda.streams.add(flags == Cudart.cudaStreamDefault()));
    return Cudart.cudaSuccess();
  }

  int cudaStreamDestroy(MemorySegment stream) {
    cuda.streams.destroy(stream);
    return Cudart.cudaSuccess();
  }

  int cudaStreamSynchronize(MemorySegment stream) {
    cuda.streams.synchronize(cuda.streams.of(stream), "cudaStreamSynchronize");
    return Cudart.cudaSuccess();
  }

  int cudaStreamQuery(MemorySegment handle) {
    CudaStream stream = cuda.streams.of(handle);
    if (stream.capture != null) {
      throw cuda.streams.invalidate(
          stream, Streams.CAPTURE_UNSUPPORTED, "cudaStreamQuery on a stream that captures");
    }
    return progress(stream, stream.submitted);
  }

  /**
   * {@return whether a stream is so far} If not it does one piece of work, so that polling ends.
   */
  private static int progress(CudaStream stream, long position) {
    if (stream.done >= position) {
      return Cudart.cudaSuccess();
    }
    stream.runTo(stream.done + 1);
    return Cudart.cudaErrorNotReady();
  }

  int cudaStreamWaitEvent(MemorySegment handle, MemorySegment waited, int flags) {
    CudaStream stream = cuda.streams.of(handle);
    CudaEvent event = cuda.handles.get(CudaEvent.class, waited);
    if (flags != 0) {
      throw Refusal.misuse(Cudart.cudaErrorInvalidValue(), "no such flags: " + flags);
    }
    if (event.capture != stream.capture) {
      if (stream.capture == null) {
        throw Refusal.misuse(
            Cudart.cudaErrorNotSupported(), "the double captures no more than one stream");
      }
      throw cuda.streams.invalidate(
          stream, CAPTURE_ISOLATION, "a stream that captures waits for an event from outside");
    }
    CudaStream other = event.stream;
    long position = event.position;
    if (other != null && other != stream) {
      cuda.streams.submit(stream, "cudaStreamWaitEvent", () -> other.runTo(position));
    }
    return Cudart.cudaSuccess();
  }

  int cudaEventCreate(MemorySegment event) {
    return cudaEventCreateWithFlags(event, Cudart.cudaEventDefault());
  }

  int cudaEventCreateWithFlags(MemorySegment event, int flags) {
    if ((flags & ~3) != 0) {
      throw Refusal.misuse(Cudart.cudaErrorInvalidValue(), "no such flags: " + flags);
    }
    cuda.host.at(event, Long.BYTES);
    boolean timing = (flags & Cudart.cudaEventDisableTiming()) == 0;
    out.pointer(event, cuda.handles.add(new CudaEvent(timing)));
    return Cudart.cudaSuccess();
  }

  int cudaEventDestroy(MemorySegment event) {
    cuda.handles.remove(CudaEvent.class, event);
    return Cudart.cudaSuccess();
  }

  int cudaEventRecord(MemorySegment recorded, MemorySegment handle) {
    CudaEvent event = cuda.handles.get(CudaEvent.class, recorded);
    CudaStream stream = cuda.streams.of(handle);
    event.capture = stream.capture;
    event.stream = null;
    event.recorded = true;
    cuda.streams.submit(stream, "cudaEventRecord", () -> event.time = System.nanoTime());
    if (stream.capture == null) {
      event.stream = stream;
      event.position = stream.submitted;
    }
    return Cudart.cudaSuccess();
  }

  private CudaEvent outsideCapture(MemorySegment handle, String what) {
    CudaEvent event = cuda.handles.get(CudaEvent.class, handle);
    if (event.capture != null) {
      event.capture.invalidated = true;
      throw new CaptureFault(Streams.CAPTURED_EVENT, what + " on an event recorded in a capture");
    }
    return event;
  }

  int cudaEventSynchronize(MemorySegment handle) {
    outsideCapture(handle, "cudaEventSynchronize").reach();
    return Cudart.cudaSuccess();
  }

  int cudaEventQuery(MemorySegment handle) {
    CudaEvent event = outsideCapture(handle, "cudaEventQuery");
    return event.stream == null ? Cudart.cudaSuccess() : progress(event.stream, event.position);
  }

  int cudaEventElapsedTime(MemorySegment milliseconds, MemorySegment from, MemorySegment to) {
    CudaEvent start = outsideCapture(from, "cudaEventElapsedTime");
    CudaEvent end = outsideCapture(to, "cudaEventElapsedTime");
    for (CudaEvent event : new CudaEvent[] {start, end}) {
      if (!event.timing || !event.recorded) {
        throw Refusal.misuse(
            Cudart.cudaErrorInvalidResourceHandle(),
            event.timing ? "an event was never recorded" : "an event is without timing");
      }
      if (!event.reached()) {
        throw Refusal.of(Cudart.cudaErrorNotReady(), "an event is not reached");
      }
    }
    float elapsed = Math.max((end.time - start.time) / 1e6f, LEAST_MILLISECONDS);
    cuda.host.at(milliseconds, Float.BYTES).set(Cudart.C_FLOAT, 0, elapsed);
    return Cudart.cudaSuccess();
  }
}
