package dev.lanewise.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.DeviceException;
import dev.lanewise.bindings.cuda.CudaLibrary;
import dev.lanewise.bindings.cuda.CudaLibraryException.Reason;
import dev.lanewise.kernel.Availability.Unavailable;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class CudaProbeTest {

  private static final DeviceException TOO_OLD =
      new DeviceException("", "cudaGetDeviceCount", 35, "cudaErrorInsufficientDriver", "too old");
  private static final DeviceException NO_DEVICE =
      new DeviceException("", "cudaGetDeviceCount", 100, "cudaErrorNoDevice", "none");

  private static Unavailable probe(FakeCuda cuda) {
    Unavailable answer = assertInstanceOf(Unavailable.class, CudaProbe.probe(cuda, 0));
    for (String text : List.of(answer.because(), answer.cure())) {
      assertFalse(text.isBlank());
      assertFalse(text.contains("\n"), text);
    }
    return answer;
  }

  @Test
  void whereAllIsThereTheDeviceIsDescribed() {
    var cuda = new FakeCuda();
    assertEquals(
        "available: NVIDIA Model 0, compute capability 9.0, 81920 MiB, driver 12.8, runtime 12.6",
        CudaProbe.probe(cuda, 0).toString());
    assertEquals(
        List.of(
            "require CUDART",
            "require DRIVER",
            "deviceCount",
            "require CUBLASLT",
            "require CUBLAS",
            "require NVRTC",
            "require CUDNN",
            "facts",
            "oldestCapability"),
        cuda.asked);
  }

  @Test
  void aDeviceThatIsTooOldForTheCompilerIsToldWithBoth() {
    var cuda = new FakeCuda();
    cuda.oldestCapability = 100;
    assertEquals(
        "unavailable, because NVIDIA Model 0 has compute capability 9.0, and this CUDA compiles for"
            + " 10.0 and later (driver 12.8, runtime 12.6); cure: name the folder of an older CUDA,"
            + " 12 or later, with -Dlanewise.cuda.path=FOLDER",
        CudaProbe.probe(cuda, 0).toString());
  }

  @Test
  void aDeviceThatIsNotThereIsToldWithHowManyThereAre() {
    var cuda = new FakeCuda();
    cuda.devices = 2;
    assertTrue(CudaProbe.probe(cuda, 1).isAvailable());
    assertEquals(
        "unavailable, because there is no device 2; there are 2, the first is 0; cure: give another"
            + " number with -Dlanewise.cuda.device=NUMBER",
        CudaProbe.probe(cuda, 2).toString());
  }

  @ParameterizedTest
  @EnumSource
  void anUnusableLibraryAnswersWithItsReasonAndCure(CudaLibrary library) {
    for (Reason reason : Reason.values()) {
      Unavailable answer = probe(new FakeCuda().without(library, reason));
      assertEquals(library.title() + " is not usable: " + reason, answer.because());
      assertEquals("the cure for " + library + " " + reason, answer.cure());
    }
  }

  @Test
  void nothingIsAskedOfALibraryThatIsNotUsable() {
    var cuda = new FakeCuda().without(CudaLibrary.DRIVER, Reason.NOT_FOUND);
    probe(cuda);
    assertEquals(List.of("require CUDART", "require DRIVER"), cuda.asked);
  }

  @Test
  void aDriverThatIsTooOldIsNamedWithBothVersions() {
    var cuda = new FakeCuda();
    cuda.deviceCountFails = Optional.of(TOO_OLD);
    cuda.driverVersion = 12020;
    cuda.runtimeVersion = 13000;
    Unavailable answer = probe(cuda);
    assertEquals(
        "the NVIDIA driver is too old for the CUDA runtime (driver 12.2, runtime 13.0)",
        answer.because());
    assertTrue(answer.cure().startsWith("update the NVIDIA driver"), answer::cure);
  }

  @ParameterizedTest
  @CsvSource({"12000, 12.0", "12010, 12.1", "12120, 12.12", "13000, 13.0", "0, unknown"})
  void aVersionIsReadAsItsMakerWritesIt(int version, String words) {
    var cuda = new FakeCuda();
    cuda.deviceCountFails = Optional.of(TOO_OLD);
    cuda.driverVersion = version;
    String because = probe(cuda).because();
    assertTrue(because.contains("(driver " + words + ", "), because);
  }

  @Test
  void anUnknownVersionDoesNotHideTheAnswer() {
    var cuda = new FakeCuda();
    cuda.deviceCountFails = Optional.of(TOO_OLD);
    cuda.versionsFail = Optional.of(new DeviceException("", "cudaDriverGetVersion", 1, "x", "y"));
    assertEquals(
        "the NVIDIA driver is too old for the CUDA runtime (driver unknown, runtime unknown)",
        probe(cuda).because());
  }

  @Test
  void noDeviceIsSaidWhicheverWayTheRuntimeTellsIt() {
    var byStatus = new FakeCuda();
    byStatus.deviceCountFails = Optional.of(NO_DEVICE);
    var byCount = new FakeCuda();
    byCount.devices = 0;
    for (FakeCuda cuda : List.of(byStatus, byCount)) {
      Unavailable answer = probe(cuda);
      assertEquals(
          "the NVIDIA driver finds no CUDA device (driver 12.8, runtime 12.6)", answer.because());
      assertTrue(answer.cure().contains("CUDA_VISIBLE_DEVICES"), answer::cure);
    }
  }

  @Test
  void anyOtherStatusIsToldWithCallNumberNameAndText() {
    var cuda = new FakeCuda();
    cuda.deviceCountFails =
        Optional.of(
            new DeviceException("", "cudaGetDeviceCount", 999, "cudaErrorUnknown", "unknown"));
    assertEquals(
        "cudaGetDeviceCount returned 999 (cudaErrorUnknown: unknown)", probe(cuda).because());

    var unnamed = new FakeCuda();
    unnamed.factsFail =
        Optional.of(new DeviceException("", "cuInit", 3, "CUDA_ERROR_NOT_INITIALIZED", "not yet"));
    assertEquals(
        "cuInit returned 3 (CUDA_ERROR_NOT_INITIALIZED: not yet)", probe(unnamed).because());
  }

  @Test
  void theAnswersAndTheirCuresAllDiffer() {
    Set<String> reasons = new HashSet<>();
    Set<String> cures = new HashSet<>();
    var tooOld = new FakeCuda();
    tooOld.deviceCountFails = Optional.of(TOO_OLD);
    var noDevice = new FakeCuda();
    noDevice.deviceCountFails = Optional.of(NO_DEVICE);
    var other = new FakeCuda();
    other.deviceCountFails =
        Optional.of(new DeviceException("", "cudaGetDeviceCount", 999, "", ""));
    for (FakeCuda cuda : List.of(tooOld, noDevice, other)) {
      Unavailable answer = probe(cuda);
      assertTrue(reasons.add(answer.because()), answer::because);
      assertTrue(cures.add(answer.cure()), answer::cure);
    }
    for (CudaLibrary library : EnumSet.allOf(CudaLibrary.class)) {
      Unavailable answer = probe(new FakeCuda().without(library, Reason.NOT_FOUND));
      assertTrue(reasons.add(answer.because()), answer::because);
      assertTrue(cures.add(answer.cure()), answer::cure);
    }
  }
}
