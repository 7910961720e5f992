package dev.lanewise.cuda;

import dev.lanewise.bindings.cuda.CudaLibrary;
import dev.lanewise.bindings.cuda.CudaLibraryException;
import dev.lanewise.kernel.Availability.Unavailable;

/** Finds out what keeps CUDA from working here. */
final class CudaProbe {

  private static final int INSUFFICIENT_DRIVER = 35; // cudaErrorInsufficientDriver
  private static final int NO_DEVICE = 100; // cudaErrorNoDevice

  private static Unavailable answer;

  private final CudaCalls cuda;

  private CudaProbe(CudaCalls cuda) {
    this.cuda = cuda;
  }

  /**
   * {@return why CUDA can not be used in this JVM, and the cure} Asks at the first call and keeps
   * the answer: a library that was opened, or not found, stays so until the JVM ends.
   */
  static synchronized Unavailable answer() {
    if (answer == null) {
      answer = probe(new BoundCudaCalls());
    }
    return answer;
  }

  /**
   * {@return why CUDA can not be used, and the cure, each on one line}
   *
   * @param cuda what answers the probe's questions
   */
  static Unavailable probe(CudaCalls cuda) {
    try {
      return new CudaProbe(cuda).ask();
    } catch (CudaLibraryException unusable) {
      return new Unavailable(unusable.because(), unusable.cure());
    } catch (CudaCallException failed) {
      return new Unavailable(
          failed.getMessage(),
          "see whether nvidia-smi works; a new driver, or a restart of the machine, may help");
    }
  }

  private Unavailable ask() throws CudaCallException {
    // The runtime first: it decides the CUDA major. The driver before any call of the runtime,
    // which finds a driver outside the system's own search only because it is open already.
    cuda.require(CudaLibrary.CUDART);
    cuda.require(CudaLibrary.DRIVER);
    int devices;
    try {
      devices = cuda.deviceCount();
    } catch (CudaCallException failed) {
      return switch (failed.status()) {
        case INSUFFICIENT_DRIVER -> driverTooOld();
        case NO_DEVICE -> noDevice();
        default -> throw failed;
      };
    }
    if (devices == 0) {
      return noDevice();
    }
    // cuBLASLt before cuBLAS, and NVRTC before cuDNN: the later ones use the earlier.
    cuda.require(CudaLibrary.CUBLASLT);
    cuda.require(CudaLibrary.CUBLAS);
    cuda.require(CudaLibrary.NVRTC);
    cuda.require(CudaLibrary.CUDNN);
    return noKernels(cuda.deviceName(0));
  }

  private Unavailable driverTooOld() {
    return new Unavailable(
        "the NVIDIA driver is too old for the CUDA runtime (%s)".formatted(versions()),
        "update the NVIDIA driver, or name the folder of an older CUDA, 12 or later,"
            + " with -Dlanewise.cuda.path=FOLDER");
  }

  private Unavailable noDevice() {
    return new Unavailable(
        "the NVIDIA driver finds no CUDA device (%s)".formatted(versions()),
        "see whether nvidia-smi lists a GPU and whether CUDA_VISIBLE_DEVICES hides it;"
            + " start a container with the GPU");
  }

  private Unavailable noKernels(String device) {
    return new Unavailable(
        "this release of Lanewise has no CUDA kernels yet (%s with %s was found)"
            .formatted(device, versions()),
        "use the simd backend");
  }

  private String versions() {
    return "driver " + version(cuda::driverVersion) + ", runtime " + version(cuda::runtimeVersion);
  }

  /** A call that tells a version, as 1000 x major + 10 x minor. */
  @FunctionalInterface
  private interface VersionCall {
    int ask() throws CudaCallException;
  }

  /** The version in words; it only adorns an answer, so a call that fails does not replace it. */
  private static String version(VersionCall call) {
    try {
      int version = call.ask();
      return version == 0 ? "unknown" : version / 1000 + "." + version % 1000 / 10;
    } catch (CudaCallException failed) {
      return "unknown";
    }
  }
}
