package dev.lanewise.cuda;

import dev.lanewise.bindings.cuda.CudaDriver;
import java.lang.foreign.MemorySegment;

/**
 * A compiled kernel on a device.
 *
 * @param device the device
 * @param name the function's name
 * @param module the code on the device, which belongs to {@link Kernels}
 * @param function the function in it
 */
record Kernel(CudaDevice device, String name, MemorySegment module, MemorySegment function) {
  /** What the first axis of a grid can have. */
  private static final long MOST_BLOCKS = Integer.MAX_VALUE;

  /** Takes the code off the device; it may not be launched any more. */
  void unload() {
    Status.driver("cuModuleUnload", CudaDriver.cuModuleUnload(module));
  }

  /**
   * Asks the device to run the kernel after all work before it.
   *
   * @param blocks how many blocks; nothing is done if there are none
   * @param threads how many threads each block has
   * @param arguments the values of its parameters
   */
  void launch(long blocks, int threads, Arguments arguments) {
    if (blocks == 0) {
      return;
    }
    if (blocks > MOST_BLOCKS) {
      throw new IllegalArgumentException(
          name
              + ": "
              + blocks
              + " blocks of threads are more than the "
              + MOST_BLOCKS
              + " that a device runs in one launch; call it for parts of the arrays");
    }
    Status.driver(
        "cuLaunchKernel " + name,
        CudaDriver.cuLaunchKernel(
            function,
            (int) blocks,
            1,
            1,
            threads,
            1,
            1,
            0,
            device.stream(),
            arguments.table(),
            MemorySegment.NULL));
  }
}
