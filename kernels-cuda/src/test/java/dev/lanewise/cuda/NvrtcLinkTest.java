package dev.lanewise.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.bindings.cuda.CudaLibrary;
import dev.lanewise.bindings.cuda.Nvrtc;
import dev.lanewise.cuda.RealCompiler.RefusedException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The compiler itself; {@link KernelsLinkTest} has what it compiles. */
class NvrtcLinkTest {

  @Test
  void theProcessorsThatTheBackendIsMeantForAreKnown() {
    CudaLibrary.NVRTC.require();
    try (var arena = Arena.ofConfined()) {
      MemorySegment count = arena.allocate(Nvrtc.C_INT);
      assertEquals(0, Nvrtc.nvrtcGetNumSupportedArchs(count));
      MemorySegment known = arena.allocate(Nvrtc.C_INT, count.get(Nvrtc.C_INT, 0));
      assertEquals(0, Nvrtc.nvrtcGetSupportedArchs(known));
      List<Integer> archs = Arrays.stream(known.toArray(Nvrtc.C_INT)).boxed().toList();
      assertTrue(archs.containsAll(List.of(80, 90)), archs::toString);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"compute_80", "compute_90"})
  void productsAndSumsAreNotFused(String arch) {
    String ptx = RealCompiler.ptx(SampleKernels.ELEMENTWISE, arch);
    assertTrue(ptx.contains(".target sm_" + arch.substring("compute_".length())), ptx);
    assertTrue(ptx.contains(".visible .entry axpy_f32("), ptx);
    assertTrue(ptx.contains("mul.rn.f32") && ptx.contains("add.rn.f32"), ptx);
    assertFalse(ptx.contains("fma"), ptx);
  }

  @Test
  void memoryOfABlockIsSharedAndItsThreadsWait() {
    String ptx = RealCompiler.ptx(SampleKernels.SHARED, "compute_80");
    assertTrue(ptx.contains(".shared"), ptx);
    assertTrue(ptx.contains("bar.sync"), ptx);
  }

  @Test
  void theSameSourceGivesTheSameCode() {
    assertEquals(
        Arrays.hashCode(RealCompiler.compile(SampleKernels.SHARED, "sm_90")),
        Arrays.hashCode(RealCompiler.compile(SampleKernels.SHARED, "sm_90")));
  }

  @Test
  void aBadSourceIsRefusedWithItsLine() {
    String source =
        """
        extern "C" __global__ void bad(float* out) {
          float x = 1.0f;
          out[0] = x + missing;
        }
        """;
    RefusedException refused =
        assertThrows(RefusedException.class, () -> RealCompiler.compile(source, "sm_80"));
    assertEquals(Nvrtc.NVRTC_ERROR_COMPILATION(), refused.status);
    assertEquals(6, refused.status);
    assertTrue(
        refused.log.contains(RealCompiler.FILE + "(3): error: identifier \"missing\" is undefined"),
        refused.log);
  }

  @Test
  void aFunctionThatIsNotOfTheDeviceIsRefused() {
    String source =
        """
        float twice(float x) { return x + x; }
        extern "C" __global__ void kernel(float* out) { out[0] = twice(out[0]); }
        """;
    RefusedException refused =
        assertThrows(RefusedException.class, () -> RealCompiler.compile(source, "sm_80"));
    assertEquals(6, refused.status);
    assertTrue(refused.log.contains("considered a host function"), refused.log);
  }

  @Test
  void aProcessorThatTheCompilerDoesNotKnowIsABadOption() {
    RefusedException refused =
        assertThrows(
            RefusedException.class, () -> RealCompiler.compile(SampleKernels.ELEMENTWISE, "sm_10"));
    assertEquals(Nvrtc.NVRTC_ERROR_INVALID_OPTION(), refused.status);
    assertEquals(5, refused.status);
  }
}
