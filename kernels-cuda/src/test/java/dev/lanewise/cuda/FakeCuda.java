package dev.lanewise.cuda;

import dev.lanewise.array.DeviceException;
import dev.lanewise.bindings.cuda.CudaLibrary;
import dev.lanewise.bindings.cuda.CudaLibraryException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A CUDA that works, except where a test says otherwise. */
final class FakeCuda implements CudaCalls {

  /** Libraries that can not be used. */
  final Map<CudaLibrary, CudaLibraryException> unusable = new EnumMap<>(CudaLibrary.class);

  Optional<DeviceException> deviceCountFails = Optional.empty();
  Optional<DeviceException> factsFail = Optional.empty();
  Optional<DeviceException> versionsFail = Optional.empty();
  int devices = 1;
  int oldestCapability = 50;
  int driverVersion = 12080;
  int runtimeVersion = 12060;

  /** The questions in their order. */
  final List<String> asked = new ArrayList<>();

  FakeCuda without(CudaLibrary library, CudaLibraryException.Reason reason) {
    unusable.put(
        library,
        new CudaLibraryException(
            library,
            reason,
            library.title() + " is not usable: " + reason,
            "the cure for " + library + " " + reason,
            List.of("/a: no such file", "/b: no such file")));
    return this;
  }

  @Override
  public void require(CudaLibrary library) {
    asked.add("require " + library);
    if (unusable.containsKey(library)) {
      throw unusable.get(library);
    }
  }

  @Override
  public String file(CudaLibrary library) {
    return "/lib/" + library.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public String version(CudaLibrary library) {
    return library == CudaLibrary.CUBLAS ? "" : orThrow(versionsFail, "12.6");
  }

  @Override
  public int deviceCount() {
    asked.add("deviceCount");
    return orThrow(deviceCountFails, devices);
  }

  @Override
  public int oldestCapability() {
    asked.add("oldestCapability");
    return oldestCapability;
  }

  @Override
  public DeviceFacts facts(int ordinal) {
    asked.add("facts");
    String name = "NVIDIA Model " + ordinal;
    return orThrow(factsFail, new DeviceFacts(ordinal, name, 90, 132, true, 80L << 30));
  }

  @Override
  public int driverVersion() {
    return orThrow(versionsFail, driverVersion);
  }

  @Override
  public int runtimeVersion() {
    return orThrow(versionsFail, runtimeVersion);
  }

  private static <T> T orThrow(Optional<DeviceException> failure, T answer) {
    if (failure.isPresent()) {
      throw failure.get();
    }
    return answer;
  }
}
