package dev.lanewise.cuda.fake;

import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;

/** A loaded program, with the handles of those of its kernels that were asked for. */
final class CudaModule {

  final KernelProgram program;
  final Map<String, MemorySegment> functions = new HashMap<>();

  CudaModule(KernelProgram program) {
    this.program = program;
  }

  /** A kernel; it lives as long as its module. */
  static final class CudaFunction implements Handles.Uncounted {
    final KernelProgram program;
    final String kernel;

    /** The most dynamic shared memory that a launch may ask for. */
    int dynamicBytes = Device.SHARED_BYTES;

    CudaFunction(KernelProgram program, String kernel) {
      this.program = program;
      this.kernel = kernel;
    }
  }
}
