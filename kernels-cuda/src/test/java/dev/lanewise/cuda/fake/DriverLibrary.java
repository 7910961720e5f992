package dev.lanewise.cuda.fake;

import dev.lanewise.bindings.cuda.CudaDriver;
import java.util.List;
import java.util.Set;

/** The driver: wants to be initialised, and a context for all that works on the device. */
final class DriverLibrary extends LibraryDouble {

  private static final Set<String> BEFORE_INIT =
      Set.of("cuInit", "cuDriverGetVersion", "cuGetErrorName", "cuGetErrorString");

  private final DriverDouble cuda;

  DriverLibrary(DriverDouble cuda) {
    super(
        cuda,
        new Statuses(
            CudaDriver.CUDA_ERROR_UNKNOWN(),
            CudaDriver.CUDA_ERROR_INVALID_VALUE(),
            CudaDriver.CUDA_ERROR_INVALID_HANDLE(),
            CudaDriver.CUDA_ERROR_LAUNCH_FAILED()),
        List.of(new DriverDevices(cuda), new DriverModules(cuda), new DriverLaunches(cuda)));
    this.cuda = cuda;
  }

  @Override
  void before(String function) {
    if (!cuda.device.initialized && !BEFORE_INIT.contains(function)) {
      throw Refusal.misuse(CudaDriver.CUDA_ERROR_NOT_INITIALIZED(), "cuInit was not called");
    }
    boolean needsContext =
        !BEFORE_INIT.contains(function)
            && !function.startsWith("cuDevice")
            && !function.startsWith("cuCtxSet")
            && !function.startsWith("cuCtxGet")
            && !function.startsWith("cuCtxPush");
    if (needsContext && cuda.device.current().address() == 0) {
      throw Refusal.misuse(
          CudaDriver.CUDA_ERROR_INVALID_CONTEXT(), "this thread has no current context");
    }
  }

  @Override
  int captured(CaptureFault fault) {
    return fault.status;
  }

  @Override
  int workFailed(WorkFault fault) {
    return fault.isBadAddress()
        ? CudaDriver.CUDA_ERROR_ILLEGAL_ADDRESS()
        : CudaDriver.CUDA_ERROR_LAUNCH_FAILED();
  }
}
