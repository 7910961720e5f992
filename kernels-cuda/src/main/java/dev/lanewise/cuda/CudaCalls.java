package dev.lanewise.cuda;

import dev.lanewise.bindings.cuda.CudaLibrary;
import dev.lanewise.bindings.cuda.CudaLibraryException;

/**
 * The few questions of {@link CudaProbe}; tests answer them in their own way. A call that fails is
 * a {@link dev.lanewise.array.DeviceException}.
 */
interface CudaCalls {

  /**
   * Opens a library, and checks that it has what the other methods call.
   *
   * @throws CudaLibraryException if the library can not be used
   */
  void require(CudaLibrary library);

  /**
   * {@return the file that a library was opened from}
   *
   * @throws CudaLibraryException if the library can not be used
   */
  String file(CudaLibrary library);

  /**
   * {@return a library's version, as {@code "12.6"}; empty if it tells none without a device}
   *
   * @throws CudaLibraryException if the library can not be used
   */
  String version(CudaLibrary library);

  /** {@return how many devices there are} */
  int deviceCount();

  /** {@return the lowest compute capability that NVRTC compiles for, as 10 x major + minor} */
  int oldestCapability();

  /**
   * {@return what a device is}
   *
   * @param ordinal the device, from 0
   */
  DeviceFacts facts(int ordinal);

  /**
   * {@return the newest CUDA that the driver knows, as 1000 x major + 10 x minor; 0 for no driver}
   */
  int driverVersion();

  /** {@return the runtime's CUDA, as 1000 x major + 10 x minor} */
  int runtimeVersion();
}
