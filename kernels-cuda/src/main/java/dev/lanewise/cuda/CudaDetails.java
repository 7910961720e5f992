package dev.lanewise.cuda;

import dev.lanewise.array.DeviceException;
import dev.lanewise.bindings.cuda.CudaLibrary;
import dev.lanewise.bindings.cuda.CudaLibraryException;
import java.util.ArrayList;
import java.util.List;

/** What CUDA there is, whether or not it can be used: for whoever looks for a fault. */
final class CudaDetails {
  private CudaDetails() {}

  /**
   * {@return a line for each library, and then for each device} Without the runtime nothing more is
   * asked: it decides which others fit, and the reason that the backend gives says all.
   *
   * @param cuda what answers
   */
  static List<String> of(CudaCalls cuda) {
    List<String> lines = new ArrayList<>();
    boolean driver = true;
    for (CudaLibrary library :
        List.of(
            // As the probe opens them: later ones need the earlier.
            CudaLibrary.CUDART,
            CudaLibrary.DRIVER,
            CudaLibrary.CUBLASLT,
            CudaLibrary.CUBLAS,
            CudaLibrary.NVRTC,
            CudaLibrary.CUDNN)) {
      try {
        cuda.require(library);
        lines.add(line(cuda, library));
      } catch (CudaLibraryException unusable) {
        if (library == CudaLibrary.CUDART) {
          return List.of();
        }
        driver &= library != CudaLibrary.DRIVER;
        lines.add(unusable.because());
      } catch (DeviceException failed) {
        lines.add(library.title() + ": " + failed.getMessage());
      }
    }
    if (driver) {
      lines.addAll(devices(cuda));
    }
    return lines;
  }

  private static String line(CudaCalls cuda, CudaLibrary library) {
    String version = cuda.version(library);
    String of = library == CudaLibrary.DRIVER ? "for CUDA up to " : "";
    return library.title()
        + ": "
        + (version.isEmpty() ? "" : of + version + ", ")
        + cuda.file(library);
  }

  private static List<String> devices(CudaCalls cuda) {
    List<String> lines = new ArrayList<>();
    try {
      int count = cuda.deviceCount();
      for (int ordinal = 0; ordinal < count; ordinal++) {
        DeviceFacts device = cuda.facts(ordinal);
        lines.add(
            "device %d: %s, compute capability %s, %d multiprocessors, %d MiB"
                .formatted(
                    ordinal,
                    device.name(),
                    device.capabilityText(),
                    device.multiprocessors(),
                    device.totalBytes() >> 20));
      }
    } catch (CudaLibraryException | DeviceException failed) {
      lines.add("devices: " + failed.getMessage());
    }
    return lines;
  }
}
