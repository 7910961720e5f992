package dev.lanewise.cuda.fake;

import dev.lanewise.bindings.cuda.Cudart;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * The runtime's captures and graphs: a capturing stream does nothing until its graph is launched.
 */
final class CudartGraphs {

  // Not in the bindings: cudaErrorStreamCaptureWrongThread.
  private static final int WRONG_THREAD = 908;

  private record CudaGraph(List<Work> work) {}

  private record CudaGraphExec(List<Work> work) {}

  private final DriverDouble cuda;
  private final Out out;

  CudartGraphs(DriverDouble cuda) {
    this.cuda = cuda;
    this.out = new Out(cuda.host);
  }

  private static Capture.Mode mode(int number) {
    Capture.Mode[] modes = Capture.Mode.values();
    if (number < 0 || number >= modes.length) {
      throw Refusal.misuse(Cudart.cudaErrorInvalidValue(), "no capture mode " + number);
    }
    return modes[number];
  }

  int cudaStreamBeginCapture(MemorySegment handle, int mode) {
    CudaStream stream = cuda.streams.of(handle);
    if (cuda.streams.isLegacy(stream)) {
      throw new CaptureFault(Streams.CAPTURE_UNSUPPORTED, "the default stream can not capture");
    }
    if (stream.capture != null) {
      throw Refusal.misuse(Cudart.cudaErrorInvalidValue(), "the stream captures already");
    }
    stream.capture = new Capture(mode(mode));
    return Cudart.cudaSuccess();
  }

  int cudaStreamEndCapture(MemorySegment handle, MemorySegment graph) {
    CudaStream stream = cuda.streams.of(handle);
    Capture capture = stream.capture;
    if (capture == null) {
      throw Refusal.misuse(Cudart.cudaErrorInvalidValue(), "the stream does not capture");
    }
    out.pointer(graph, MemorySegment.NULL);
    if (capture.mode != Capture.Mode.RELAXED && capture.thread != Thread.currentThread()) {
      throw cuda.streams.invalidate(stream, WRONG_THREAD, "another thread began the capture");
    }
    stream.capture = null;
    if (capture.invalidated) {
      throw Refusal.of(Cudart.cudaErrorStreamCaptureInvalidated(), "the capture is lost");
    }
    out.pointer(graph, cuda.handles.add(new CudaGraph(List.copyOf(capture.work))));
    return Cudart.cudaSuccess();
  }

  int cudaStreamIsCapturing(MemorySegment handle, MemorySegment status) {
    Capture capture = cuda.streams.of(handle).capture;
    int answer = Cudart.cudaStreamCaptureStatusNone();
    if (capture != null) {
      answer =
          capture.invalidated
              ? Cudart.cudaStreamCaptureStatusInvalidated()
              : Cudart.cudaStreamCaptureStatusActive();
    }
    out.number(status, answer);
    return Cudart.cudaSuccess();
  }

  int cudaThreadExchangeStreamCaptureMode(MemorySegment inOut) {
    int wanted = cuda.host.at(inOut, Integer.BYTES).get(Cudart.C_INT, 0);
    out.number(inOut, cuda.streams.exchangeMode(mode(wanted)).ordinal());
    return Cudart.cudaSuccess();
  }

  int cudaGraphInstantiateWithFlags(MemorySegment executable, MemorySegment graph, long flags) {
    CudaGraph source = cuda.handles.get(CudaGraph.class, graph);
    cuda.host.at(executable, Long.BYTES);
    out.pointer(executable, cuda.handles.add(new CudaGraphExec(source.work())));
    return Cudart.cudaSuccess();
  }

  int cudaGraphUpload(MemorySegment executable, MemorySegment stream) {
    cuda.handles.get(CudaGraphExec.class, executable);
    cuda.streams.of(stream);
    return Cudart.cudaSuccess();
  }

  int cudaGraphLaunch(MemorySegment executable, MemorySegment stream) {
    CudaGraphExec graph = cuda.handles.get(CudaGraphExec.class, executable);
    CudaStream target = cuda.streams.of(stream);
    for (Work work : graph.work()) {
      cuda.streams.submit(target, "cudaGraphLaunch, " + work.what(), work.action());
    }
    return Cudart.cudaSuccess();
  }

  int cudaGraphDestroy(MemorySegment graph) {
    cuda.handles.remove(CudaGraph.class, graph);
    return Cudart.cudaSuccess();
  }

  int cudaGraphExecDestroy(MemorySegment executable) {
    cuda.handles.remove(CudaGraphExec.class, executable);
    return Cudart.cudaSuccess();
  }
}
