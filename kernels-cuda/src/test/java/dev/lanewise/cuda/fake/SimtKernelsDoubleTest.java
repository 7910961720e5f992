package dev.lanewise.cuda.fake;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.bindings.cuda.CudaDriver;
import dev.lanewise.bindings.cuda.Cudart;
import dev.lanewise.bindings.cuda.Nvrtc;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** CUDA C from its text to its results, through the bindings. */
final class SimtKernelsDoubleTest {

  private static final String DOUBLED =
      """
      extern "C" __global__ void __launch_bounds__(64) doubled(float* to, const float* from, int n) {
        int i = blockIdx.x * blockDim.x + threadIdx.x;
        if (i < n) {
          to[i] = 2.0f * from[i];
        }
      }
      """;

  private final DriverDouble cuda = DriverDouble.install();
  private final Arena arena = Arena.ofConfined();
  private final MemorySegment out = arena.allocate(Cudart.C_POINTER);

  @BeforeEach
  void anew() {
    cuda.reset();
    ok(Cudart.cudaSetDevice(0));
    ok(CudaDriver.cuInit(0));
  }

  @AfterEach
  void nothingWrong() {
    arena.close();
    cuda.assertNoProblems();
    cuda.assertNothingLives();
  }

  private static void ok(int status) {
    assertEquals(0, status);
  }

  private MemorySegment result() {
    return out.get(Cudart.C_POINTER, 0);
  }

  /** {@return the machine code, or null's address after an error} */
  private MemorySegment compiled(String source, int expected) {
    MemorySegment program = arena.allocate(Cudart.C_POINTER);
    MemorySegment none = MemorySegment.NULL;
    ok(Nvrtc.nvrtcCreateProgram(program, arena.allocateFrom(source), none, 0, none, none));
    MemorySegment handle = program.get(Cudart.C_POINTER, 0);
    MemorySegment option = arena.allocateFrom("--gpu-architecture=sm_80");
    MemorySegment options = arena.allocateFrom(Cudart.C_POINTER, option);
    assertEquals(expected, Nvrtc.nvrtcCompileProgram(handle, 1, options));
    MemorySegment image = none;
    if (expected == 0) {
      ok(Nvrtc.nvrtcGetCUBINSize(handle, out));
      image = arena.allocate(out.get(ValueLayout.JAVA_LONG, 0));
      ok(Nvrtc.nvrtcGetCUBIN(handle, image));
    } else {
      ok(Nvrtc.nvrtcGetProgramLogSize(handle, out));
      image = arena.allocate(out.get(ValueLayout.JAVA_LONG, 0));
      ok(Nvrtc.nvrtcGetProgramLog(handle, image));
    }
    ok(Nvrtc.nvrtcDestroyProgram(program));
    return image;
  }

  @Test
  void aKernelReadsAndWritesDeviceMemory() {
    ok(CudaDriver.cuModuleLoadData(out, compiled(DOUBLED, 0)));
    MemorySegment module = result();
    ok(CudaDriver.cuModuleGetFunction(out, module, arena.allocateFrom("doubled")));
    MemorySegment function = result();
    float[] values = new float[100];
    float[] expected = new float[100];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
      expected[i] = 2 * i;
    }
    MemorySegment host = arena.allocateFrom(ValueLayout.JAVA_FLOAT, values);
    ok(Cudart.cudaMalloc(out, 400));
    MemorySegment from = result();
    ok(Cudart.cudaMalloc(out, 400));
    MemorySegment to = result();
    ok(Cudart.cudaMemcpy(from, host, 400, Cudart.cudaMemcpyHostToDevice()));
    ok(launch(function, 2, to, from, 100));
    ok(Cudart.cudaMemcpy(host, to, 400, Cudart.cudaMemcpyDeviceToHost()));
    assertArrayEquals(expected, host.toArray(ValueLayout.JAVA_FLOAT));

    // One element too many: an illegal address, with kernel, line and thread.
    assertEquals(CudaDriver.CUDA_ERROR_ILLEGAL_ADDRESS(), launch(function, 2, to, from, 101));
    String problem = cuda.takeProblems().getFirst();
    assertTrue(problem.contains("doubled: line 4"), problem);

    assertEquals(CudaDriver.CUDA_ERROR_ILLEGAL_ADDRESS(), launch(function, 1, to, host, 1));
    problem = cuda.takeProblems().getFirst();
    assertTrue(problem.contains("looks like a host pointer"), problem);
    ok(Cudart.cudaFree(from));
    ok(Cudart.cudaFree(to));
    ok(CudaDriver.cuModuleUnload(module));
  }

  private int launch(
      MemorySegment function, int blocks, MemorySegment to, MemorySegment from, int n) {
    MemorySegment parameters = arena.allocate(Cudart.C_POINTER, 3);
    parameters.setAtIndex(Cudart.C_POINTER, 0, arena.allocateFrom(Cudart.C_POINTER, to));
    parameters.setAtIndex(Cudart.C_POINTER, 1, arena.allocateFrom(Cudart.C_POINTER, from));
    parameters.setAtIndex(Cudart.C_POINTER, 2, arena.allocateFrom(ValueLayout.JAVA_INT, n));
    return CudaDriver.cuLaunchKernel(
        function, blocks, 1, 1, 64, 1, 1, 0, MemorySegment.NULL, parameters, MemorySegment.NULL);
  }

  @Test
  void aTextThatIsWrongIsInTheLogWithItsLine() {
    String log = compiled("\n" + DOUBLED.replace("int i", "int j"), 6).getString(0);
    assertTrue(log.startsWith("default_program: error: line 4: "), log);
  }
}
