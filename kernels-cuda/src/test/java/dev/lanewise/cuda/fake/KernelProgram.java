package dev.lanewise.cuda.fake;

import dev.lanewise.cuda.simt.DeviceAccess;
import java.util.List;

/** A program of kernels, as modules hold it. */
interface KernelProgram {

  /** {@return the names of the kernels} */
  List<String> kernels();

  /** {@return how many bytes each parameter takes} */
  int[] parameterBytes(String kernel);

  /** {@return the most threads that a block may have} */
  int mostThreads(String kernel);

  /**
   * Runs a kernel.
   *
   * @param arguments the bits of each parameter
   */
  void launch(String kernel, int[] grid, int[] block, long[] arguments, DeviceAccess memory);
}
