package dev.lanewise.cuda;

import dev.lanewise.bindings.cuda.CudaLibrary;
import dev.lanewise.bindings.cuda.CudaLibraryException;

/** The few questions of {@link CudaProbe}; tests answer them in their own way. */
interface CudaCalls {

  /**
   * Opens a library, and checks that it has what the other methods call.
   *
   * @throws CudaLibraryException if the library can not be used
   */
  void require(CudaLibrary library);

  /**
   * {@return how many devices there are}
   *
   * @throws CudaCallException if the call fails, as it does where there is none
   */
  int deviceCount() throws CudaCallException;

  /**
   * {@return the name of a device}
   *
   * @param ordinal the device, from 0
   * @throws CudaCallException if a call fails
   */
  String deviceName(int ordinal) throws CudaCallException;

  /**
   * {@return the newest CUDA that the driver knows, as 1000 x major + 10 x minor; 0 for no driver}
   *
   * @throws CudaCallException if the call fails
   */
  int driverVersion() throws CudaCallException;

  /**
   * {@return the runtime's CUDA, as 1000 x major + 10 x minor}
   *
   * @throws CudaCallException if the call fails
   */
  int runtimeVersion() throws CudaCallException;
}
