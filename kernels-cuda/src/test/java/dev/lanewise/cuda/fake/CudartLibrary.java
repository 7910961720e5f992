package dev.lanewise.cuda.fake;

import dev.lanewise.bindings.cuda.Cudart;
import java.util.List;
import java.util.Set;

/**
 * The runtime: keeps the last error, and starts the device with the first function that needs it.
 */
final class CudartLibrary extends LibraryDouble {

  /** Functions that need no device. */
  private static final Set<String> NO_DEVICE =
      Set.of(
          "cudaGetErrorName",
          "cudaGetErrorString",
          "cudaGetLastError",
          "cudaPeekAtLastError",
          "cudaRuntimeGetVersion",
          "cudaDriverGetVersion",
          "cudaGetDeviceCount",
          "cudaGetDevice",
          "cudaDeviceGetAttribute",
          "cudaDeviceGetPCIBusId",
          "cudaThreadExchangeStreamCaptureMode");

  private final DriverDouble cuda;

  CudartLibrary(DriverDouble cuda) {
    super(
        cuda,
        new Statuses(
            Cudart.cudaErrorUnknown(),
            Cudart.cudaErrorInvalidValue(),
            Cudart.cudaErrorInvalidResourceHandle(),
            Cudart.cudaErrorLaunchFailure()),
        List.of(
            new CudartDevice(cuda),
            new CudartMemory(cuda),
            new CudartCopies(cuda),
            new CudartStreams(cuda),
            new CudartGraphs(cuda)));
    this.cuda = cuda;
  }

  @Override
  void before(String function) {
    if (!NO_DEVICE.contains(function)) {
      cuda.device.start();
    }
  }

  @Override
  void after(String function, int status) {
    boolean asks = function.equals("cudaGetLastError") || function.equals("cudaPeekAtLastError");
    if (status != Cudart.cudaSuccess() && !asks) {
      cuda.device.noteError(status);
    }
  }

  @Override
  int captured(CaptureFault fault) {
    return fault.status;
  }

  @Override
  int workFailed(WorkFault fault) {
    return fault.isBadAddress()
        ? Cudart.cudaErrorIllegalAddress()
        : Cudart.cudaErrorLaunchFailure();
  }
}
