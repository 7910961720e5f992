package dev.lanewise.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.DType;
import dev.lanewise.bindings.cuda.CudaLibrary;
import dev.lanewise.bindings.cuda.Nvrtc;
import dev.lanewise.cuda.RealCompiler.RefusedException;
import dev.lanewise.cuda.Walk.Form;
import dev.lanewise.kernel.Expr;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The compiler itself; {@link KernelsLinkTest} has what it compiles. */
class NvrtcLinkTest {
  private static final KernelSource PRODUCT_AND_SUM =
      PrintedKernels.elementwise(
          Expr.arg(0).mul(Expr.param(0)).add(Expr.arg(1)),
          DType.F32,
          1,
          false,
          Form.DENSE,
          Form.DENSE,
          Form.DENSE);

  private static final KernelSource MERGE_SORT =
      new Sorting.Chunks(DType.F32, Order.RISING, new Places.Form(1, true, List.of("x"))).source();

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
  @ValueSource(ints = {80, 90})
  void productsAndSumsAreNotFused(int capability) {
    String ptx = RealCompiler.compile(PRODUCT_AND_SUM.text(), "sm_" + capability).assembler();
    assertTrue(ptx.contains(".target sm_" + capability), ptx);
    assertTrue(ptx.contains(".visible .entry " + PRODUCT_AND_SUM.name() + "("), ptx);
    assertTrue(ptx.contains("mul.rn.f32") && ptx.contains("add.rn.f32"), ptx);
    assertFalse(ptx.contains("fma"), ptx);
  }

  @Test
  void memoryOfABlockIsSharedAndItsThreadsWait() {
    String ptx = RealCompiler.compile(MERGE_SORT.text(), "sm_80").assembler();
    assertTrue(ptx.contains(".shared"), ptx);
    assertTrue(ptx.contains("bar.sync"), ptx);
  }

  @Test
  void theSameSourceGivesTheSameCode() {
    assertArrayEquals(
        RealCompiler.compile(MERGE_SORT.text(), "sm_90").binary(),
        RealCompiler.compile(MERGE_SORT.text(), "sm_90").binary());
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
            RefusedException.class, () -> RealCompiler.compile(MERGE_SORT.text(), "sm_10"));
    assertEquals(Nvrtc.NVRTC_ERROR_INVALID_OPTION(), refused.status);
    assertEquals(5, refused.status);
  }
}
