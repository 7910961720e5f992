package dev.lanewise.cuda;

import dev.lanewise.array.DeviceException;
import dev.lanewise.bindings.cuda.CudaLibrary;
import dev.lanewise.bindings.cuda.CudaLibraryException;
import dev.lanewise.kernel.Availability;
import dev.lanewise.kernel.Availability.Available;
import dev.lanewise.kernel.Availability.Unavailable;

/** Finds out what keeps CUDA from working here. */
final class CudaProbe {

  /** The system property with the number of the device to use. */
  static final String DEVICE_PROPERTY = "lanewise.cuda.device";

  private static final int INSUFFICIENT_DRIVER = 35; // cudaErrorInsufficientDriver
  private static final int NO_DEVICE = 100; // cudaErrorNoDevice

  private static Availability answer;

  private final CudaCalls cuda;

  private CudaProbe(CudaCalls cuda) {
    this.cuda = cuda;
  }

  /**
   * {@return whether CUDA can be used in this JVM; if not why, and the cure} Asks at the first call
   * and keeps the answer: a library that was opened, or not found, stays so until the JVM ends.
   */
  static synchronized Availability answer() {
    if (answer == null) {
      answer = probe(new BoundCudaCalls(), configuredOrdinal());
    }
    return answer;
  }

  /**
   * {@return the device that the user wants}
   *
   * @throws IllegalArgumentException if the property's value is no number of a device
   */
  static int configuredOrdinal() {
    String value = System.getProperty(DEVICE_PROPERTY, "0");
    try {
      int ordinal = Integer.parseInt(value);
      if (ordinal >= 0) {
        return ordinal;
      }
    } catch (NumberFormatException _) {
      // Said below.
    }
    throw new IllegalArgumentException(
        DEVICE_PROPERTY + ": '" + value + "' is no device; give its number, 0 for the first");
  }

  /**
   * {@return whether CUDA can be used; if not why, and the cure, each on one line}
   *
   * @param cuda what answers the probe's questions
   * @param ordinal the device that is wanted
   */
  static Availability probe(CudaCalls cuda, int ordinal) {
    try {
      return new CudaProbe(cuda).ask(ordinal);
    } catch (CudaLibraryException unusable) {
      return new Unavailable(unusable.because(), unusable.cure());
    } catch (DeviceException failed) {
      return new Unavailable(
          failed.getMessage(),
          "see whether nvidia-smi works; a new driver, or a restart of the machine, may help");
    }
  }

  private Availability ask(int ordinal) {
    // The runtime first: it decides the CUDA major. The driver before any call of the runtime,
    // which finds a driver outside the system's own search only because it is open already.
    cuda.require(CudaLibrary.CUDART);
    cuda.require(CudaLibrary.DRIVER);
    int devices;
    try {
      devices = cuda.deviceCount();
    } catch (DeviceException failed) {
      return switch (failed.status()) {
        case INSUFFICIENT_DRIVER -> driverTooOld();
        case NO_DEVICE -> noDevice();
        default -> throw failed;
      };
    }
    if (devices == 0) {
      return noDevice();
    }
    if (ordinal >= devices) {
      return new Unavailable(
          "there is no device %d; there are %d, the first is 0".formatted(ordinal, devices),
          "give another number with -D" + DEVICE_PROPERTY + "=NUMBER");
    }
    // cuBLASLt before cuBLAS, and NVRTC before cuDNN: the later ones use the earlier.
    cuda.require(CudaLibrary.CUBLASLT);
    cuda.require(CudaLibrary.CUBLAS);
    cuda.require(CudaLibrary.NVRTC);
    cuda.require(CudaLibrary.CUDNN);
    DeviceFacts device = cuda.facts(ordinal);
    int oldest = cuda.oldestCapability();
    if (device.capability() < oldest) {
      return new Unavailable(
          "%s has compute capability %s, and this CUDA compiles for %s and later (%s)"
              .formatted(
                  device.name(),
                  device.capabilityText(),
                  DeviceFacts.capabilityText(oldest),
                  versions()),
          "name the folder of an older CUDA, 12 or later, with -Dlanewise.cuda.path=FOLDER");
    }
    return new Available(
        "%s, compute capability %s, %d MiB, %s"
            .formatted(
                device.name(), device.capabilityText(), device.totalBytes() >> 20, versions()));
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

  private String versions() {
    return "driver " + version(cuda::driverVersion) + ", runtime " + version(cuda::runtimeVersion);
  }

  /** A call that tells a version, as 1000 x major + 10 x minor. */
  @FunctionalInterface
  private interface VersionCall {
    int ask();
  }

  /** The version in words; it only adorns an answer, so a call that fails does not replace it. */
  private static String version(VersionCall call) {
    try {
      return versionText(call.ask());
    } catch (DeviceException failed) {
      return "unknown";
    }
  }

  /** {@return a version that is 1000 x major + 10 x minor, or 0, in words} */
  static String versionText(int version) {
    return version == 0 ? "unknown" : version / 1000 + "." + version % 1000 / 10;
  }
}
