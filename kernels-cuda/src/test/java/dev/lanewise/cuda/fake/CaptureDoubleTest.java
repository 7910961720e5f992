package dev.lanewise.cuda.fake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.bindings.cuda.Cudart;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Captures and graphs, through the bindings. */
final class CaptureDoubleTest {

  private static final int UNSUPPORTED = 900;
  private static final int INVALIDATED = 901;

  private final DriverDouble cuda = DriverDouble.install();
  private final Arena arena = Arena.ofConfined();
  private final MemorySegment out = arena.allocate(Cudart.C_POINTER);
  private MemorySegment stream;
  private MemorySegment block;

  private static void ok(int status) {
    assertEquals(0, status);
  }

  @BeforeEach
  void begin() {
    cuda.reset();
    ok(Cudart.cudaStreamCreateWithFlags(out, Cudart.cudaStreamNonBlocking()));
    stream = out.get(Cudart.C_POINTER, 0);
    ok(Cudart.cudaMalloc(out, 4));
    block = out.get(Cudart.C_POINTER, 0);
  }

  @AfterEach
  void end() {
    ok(Cudart.cudaFree(block));
    ok(Cudart.cudaStreamDestroy(stream));
    arena.close();
    cuda.assertNoProblems();
    cuda.assertNothingLives();
  }

  private int first() {
    return cuda.memory().at(block.address(), 4).get(ValueLayout.JAVA_BYTE, 0);
  }

  private int status() {
    ok(Cudart.cudaStreamIsCapturing(stream, out));
    return out.get(Cudart.C_INT, 0);
  }

  private void lost(int answer, int status) {
    assertEquals(status, answer);
    assertEquals(1, cuda.takeProblems().size());
    assertEquals(Cudart.cudaStreamCaptureStatusInvalidated(), status());
    assertEquals(INVALIDATED, Cudart.cudaMemsetAsync(block, 1, 4, stream));
    assertTrue(cuda.takeProblems().getFirst().contains("lost already"));
    assertEquals(INVALIDATED, Cudart.cudaStreamEndCapture(stream, out));
    assertEquals(0, out.get(Cudart.C_POINTER, 0).address());
  }

  private void beginCapture() {
    ok(Cudart.cudaStreamBeginCapture(stream, Cudart.cudaStreamCaptureModeGlobal()));
  }

  @Test
  void aCaptureRecordsAndAGraphRepeats() {
    ok(Cudart.cudaMemsetAsync(block, 1, 4, stream));
    beginCapture();
    assertEquals(Cudart.cudaStreamCaptureStatusActive(), status());
    ok(Cudart.cudaMemsetAsync(block, 2, 4, stream));
    ok(Cudart.cudaMemsetAsync(block, 3, 4, stream));
    assertEquals(1, first());
    ok(Cudart.cudaStreamEndCapture(stream, out));
    MemorySegment graph = out.get(Cudart.C_POINTER, 0);
    ok(Cudart.cudaGraphInstantiateWithFlags(out, graph, 0));
    MemorySegment executable = out.get(Cudart.C_POINTER, 0);
    ok(Cudart.cudaGraphDestroy(graph));
    ok(Cudart.cudaGraphUpload(executable, stream));
    assertEquals(1, first());
    ok(Cudart.cudaGraphLaunch(executable, stream));
    assertEquals(3, first());
    ok(Cudart.cudaMemsetAsync(block, 4, 4, stream));
    ok(Cudart.cudaGraphLaunch(executable, stream));
    assertEquals(3, first());
    ok(Cudart.cudaGraphExecDestroy(executable));
  }

  @Test
  void anAllocationEndsACapture() {
    beginCapture();
    lost(Cudart.cudaMallocAsync(out, 4, stream), UNSUPPORTED);
    beginCapture();
    lost(Cudart.cudaMalloc(out, 4), UNSUPPORTED);
  }

  @Test
  void waitingEndsACapture() {
    beginCapture();
    lost(Cudart.cudaStreamSynchronize(stream), UNSUPPORTED);
    beginCapture();
    lost(Cudart.cudaDeviceSynchronize(), UNSUPPORTED);
    beginCapture();
    lost(
        Cudart.cudaMemcpy(block, arena.allocate(4), 4, Cudart.cudaMemcpyHostToDevice()),
        UNSUPPORTED);
  }

  @Test
  void aRelaxedCaptureAllowsAllocations() {
    ok(Cudart.cudaStreamBeginCapture(stream, Cudart.cudaStreamCaptureModeRelaxed()));
    ok(Cudart.cudaMalloc(out, 4));
    ok(Cudart.cudaFree(out.get(Cudart.C_POINTER, 0)));
    ok(Cudart.cudaStreamEndCapture(stream, out));
    ok(Cudart.cudaGraphDestroy(out.get(Cudart.C_POINTER, 0)));
  }

  @Test
  void aCaptureBeginsOnceAndNotOnTheDefaultStream() {
    assertEquals(UNSUPPORTED, Cudart.cudaStreamBeginCapture(MemorySegment.NULL, 0));
    beginCapture();
    assertEquals(1, Cudart.cudaStreamBeginCapture(stream, 0));
    ok(Cudart.cudaStreamEndCapture(stream, out));
    ok(Cudart.cudaGraphDestroy(out.get(Cudart.C_POINTER, 0)));
    assertEquals(1, Cudart.cudaStreamEndCapture(stream, out));
    assertEquals(3, cuda.takeProblems().size());
  }
}
