package dev.lanewise.cuda.fake;

import java.lang.foreign.MemorySegment;

/** A handle of cuDNN: its stream. */
final class CudnnHandle {
  CudaStream stream;
  MemorySegment streamHandle = MemorySegment.NULL;

  CudnnHandle(CudaStream stream) {
    this.stream = stream;
  }
}
