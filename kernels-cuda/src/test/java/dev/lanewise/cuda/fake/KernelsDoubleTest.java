package dev.lanewise.cuda.fake;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.bindings.cuda.CudaDriver;
import dev.lanewise.bindings.cuda.Cudart;
import dev.lanewise.bindings.cuda.Nvrtc;
import dev.lanewise.cuda.simt.DeviceAccess;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** From a text to its launch, through the bindings, with a program in Java in place of CUDA C. */
final class KernelsDoubleTest {

  private static final int INVALID_VALUE = 1;

  /** The kernel {@code fill(float* to, short count, double value)}: one thread fills all. */
  private static final class Fill implements KernelProgram {
    @Override
    public List<String> kernels() {
      return List.of("fill");
    }

    @Override
    public int[] parameterBytes(String kernel) {
      return new int[] {8, 2, 8};
    }

    @Override
    public int mostThreads(String kernel) {
      return 128;
    }

    @Override
    public void launch(
        String kernel, int[] grid, int[] block, long[] arguments, DeviceAccess memory) {
      float value = (float) Double.longBitsToDouble(arguments[2]);
      for (int i = 0; i < arguments[1]; i++) {
        memory.at(arguments[0] + 4L * i, 4).set(ValueLayout.JAVA_FLOAT, 0, value);
      }
    }
  }

  private final DriverDouble cuda = DriverDouble.install();
  private final Arena arena = Arena.ofConfined();
  private final MemorySegment out = arena.allocate(Cudart.C_POINTER);

  @BeforeEach
  void anew() {
    cuda.reset();
    cuda.compiler =
        source -> {
          if (source.startsWith("fill")) {
            return new Fill();
          }
          throw new KernelCompiler.SyntaxFault("line 1: " + source, null);
        };
    ok(CudaDriver.cuInit(0));
    ok(Cudart.cudaSetDevice(0));
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

  private void problem(String part) {
    List<String> problems = cuda.takeProblems();
    assertEquals(1, problems.size(), problems.toString());
    assertTrue(problems.getFirst().contains(part), problems.getFirst());
  }

  private MemorySegment program(String source) {
    MemorySegment program = arena.allocate(Cudart.C_POINTER);
    ok(
        Nvrtc.nvrtcCreateProgram(
            program,
            arena.allocateFrom(source),
            arena.allocateFrom("a.cu"),
            0,
            MemorySegment.NULL,
            MemorySegment.NULL));
    return program;
  }

  private int compile(MemorySegment program, String... options) {
    MemorySegment array = arena.allocate(Cudart.C_POINTER, options.length);
    for (int i = 0; i < options.length; i++) {
      array.setAtIndex(Cudart.C_POINTER, i, arena.allocateFrom(options[i]));
    }
    return Nvrtc.nvrtcCompileProgram(handle(program), options.length, array);
  }

  private static MemorySegment handle(MemorySegment pointer) {
    return pointer.get(Cudart.C_POINTER, 0);
  }

  private String log(MemorySegment program) {
    ok(Nvrtc.nvrtcGetProgramLogSize(handle(program), out));
    MemorySegment log = arena.allocate(out.get(ValueLayout.JAVA_LONG, 0));
    ok(Nvrtc.nvrtcGetProgramLog(handle(program), log));
    return log.getString(0);
  }

  private MemorySegment cubin(String architecture) {
    MemorySegment program = program("fill");
    ok(compile(program, "--gpu-architecture=" + architecture, "--fmad=false"));
    ok(Nvrtc.nvrtcGetCUBINSize(handle(program), out));
    MemorySegment image = arena.allocate(out.get(ValueLayout.JAVA_LONG, 0));
    ok(Nvrtc.nvrtcGetCUBIN(handle(program), image));
    ok(Nvrtc.nvrtcDestroyProgram(program));
    assertEquals(0, handle(program).address());
    return image;
  }

  private MemorySegment module() {
    MemorySegment module = arena.allocate(Cudart.C_POINTER);
    ok(CudaDriver.cuModuleLoadData(module, cubin("sm_80")));
    return handle(module);
  }

  private MemorySegment function(MemorySegment module) {
    MemorySegment function = arena.allocate(Cudart.C_POINTER);
    ok(CudaDriver.cuModuleGetFunction(function, module, arena.allocateFrom("fill")));
    return handle(function);
  }

  private MemorySegment parameters(MemorySegment block, int count, double value) {
    MemorySegment array = arena.allocate(Cudart.C_POINTER, 3);
    array.setAtIndex(
        Cudart.C_POINTER, 0, arena.allocateFrom(ValueLayout.JAVA_LONG, block.address()));
    array.setAtIndex(
        Cudart.C_POINTER, 1, arena.allocateFrom(ValueLayout.JAVA_SHORT, (short) count));
    array.setAtIndex(Cudart.C_POINTER, 2, arena.allocateFrom(ValueLayout.JAVA_DOUBLE, value));
    return array;
  }

  private static int launch(MemorySegment function, int blocks, int threads, MemorySegment all) {
    return CudaDriver.cuLaunchKernel(
        function, blocks, 1, 1, threads, 1, 1, 0, MemorySegment.NULL, all, MemorySegment.NULL);
  }

  private MemorySegment malloc(long bytes) {
    ok(Cudart.cudaMalloc(out, bytes));
    return handle(out);
  }

  @Test
  void aKernelRunsWithItsArguments() {
    MemorySegment module = module();
    MemorySegment block = malloc(12);
    ok(launch(function(module), 1, 128, parameters(block, 3, 1.5)));
    ok(CudaDriver.cuStreamSynchronize(MemorySegment.NULL));
    assertArrayEquals(
        new float[] {1.5f, 1.5f, 1.5f},
        cuda.memory().at(block.address(), 12).toArray(ValueLayout.JAVA_FLOAT));
    ok(Cudart.cudaFree(block));
    ok(CudaDriver.cuModuleUnload(module));
    assertEquals(
        List.of(List.of("--gpu-architecture=sm_80", "--fmad=false")), cuda.compileOptions());
  }

  @Test
  void argumentsAreReadAtTheLaunch() {
    cuda.lazy(true);
    MemorySegment module = module();
    MemorySegment block = malloc(4);
    ok(Cudart.cudaStreamCreate(out));
    MemorySegment stream = handle(out);
    MemorySegment all = parameters(block, 1, 2.5);
    ok(
        CudaDriver.cuLaunchKernel(
            function(module), 1, 1, 1, 1, 1, 1, 0, stream, all, MemorySegment.NULL));
    all.getAtIndex(Cudart.C_POINTER, 2).set(ValueLayout.JAVA_DOUBLE, 0, 3.5);
    ok(Cudart.cudaStreamSynchronize(stream));
    assertEquals(2.5f, cuda.memory().at(block.address(), 4).get(ValueLayout.JAVA_FLOAT, 0));
    ok(Cudart.cudaStreamDestroy(stream));
    ok(Cudart.cudaFree(block));
    ok(CudaDriver.cuModuleUnload(module));
  }

  @Test
  void aLaunchThatIsTooLargeIsRefused() {
    MemorySegment module = module();
    MemorySegment function = function(module);
    MemorySegment all = parameters(MemorySegment.NULL, 0, 0);
    assertEquals(INVALID_VALUE, launch(function, 1, 129, all));
    problem("129 threads in a block of fill, at most 128");
    assertEquals(INVALID_VALUE, launch(function, 0, 1, all));
    problem("a grid of [0, 1, 1]");
    assertEquals(INVALID_VALUE, launch(function, 1, 2000, all));
    problem("a block of [2000, 1, 1]");
    MemorySegment block = malloc(4);
    assertEquals(700, launch(function, 1, 1, parameters(block, 2, 0)));
    problem("cuLaunchKernel: cuLaunchKernel of fill: 4 bytes at");
    ok(Cudart.cudaFree(block));
    ok(CudaDriver.cuModuleUnload(module));
    assertEquals(400, launch(function, 1, 1, all));
    problem("destroyed CudaFunction");
  }

  @Test
  void functionsHaveAttributes() {
    MemorySegment module = module();
    MemorySegment function = function(module);
    ok(CudaDriver.cuFuncGetAttribute(out, 0, function));
    assertEquals(128, out.get(ValueLayout.JAVA_INT, 0));
    ok(CudaDriver.cuOccupancyMaxActiveBlocksPerMultiprocessor(out, function, 128, 0));
    assertEquals(16, out.get(ValueLayout.JAVA_INT, 0));
    assertEquals(500, CudaDriver.cuModuleGetFunction(out, module, arena.allocateFrom("another")));
    ok(CudaDriver.cuModuleUnload(module));
  }

  @Test
  void anImageOfAnotherArchitectureOrNoneIsRefused() {
    assertEquals(209, CudaDriver.cuModuleLoadData(out, cubin("sm_90")));
    assertEquals(209, CudaDriver.cuModuleLoadData(out, cubin("sm_75")));
    assertEquals(200, CudaDriver.cuModuleLoadData(out, arena.allocateFrom("ELF")));
    problem("not whole");
    MemorySegment spoiled = cubin("sm_80");
    spoiled.set(ValueLayout.JAVA_BYTE, spoiled.byteSize() - 2, (byte) 'L');
    assertEquals(200, CudaDriver.cuModuleLoadData(out, spoiled));
    problem("not whole");
  }

  @Test
  void ptxIsForLaterDevicesToo() {
    MemorySegment program = program("fill");
    ok(compile(program, "-arch=compute_70"));
    ok(Nvrtc.nvrtcGetPTXSize(handle(program), out));
    MemorySegment ptx = arena.allocate(out.get(ValueLayout.JAVA_LONG, 0));
    ok(Nvrtc.nvrtcGetPTX(handle(program), ptx));
    assertTrue(ptx.getString(0).endsWith("fill"));
    ok(Nvrtc.nvrtcGetCUBINSize(handle(program), out));
    assertEquals(0, out.get(ValueLayout.JAVA_LONG, 0));
    ok(CudaDriver.cuModuleLoadData(out, ptx));
    ok(CudaDriver.cuModuleUnload(handle(out)));
    ok(Nvrtc.nvrtcDestroyProgram(program));
  }

  @Test
  void aTextOrAnOptionThatIsWrongIsInTheLog() {
    MemorySegment program = program("nonsense");
    assertEquals(Nvrtc.NVRTC_ERROR_COMPILATION(), compile(program, "--gpu-architecture=sm_80"));
    assertEquals("a.cu: error: line 1: nonsense\n", log(program));
    assertEquals(5, compile(program, "--gpu-architecture=sm_30"));
    assertEquals(5, compile(program, "--fmad=maybe"));
    assertTrue(log(program).contains("--fmad=maybe"));
    assertEquals(4, Nvrtc.nvrtcGetPTXSize(handle(program), out));
    problem("not compiled");
    assertEquals("1 NvrtcProgram", cuda.live());
    ok(Nvrtc.nvrtcDestroyProgram(program));
    assertEquals("NVRTC_ERROR_COMPILATION", Nvrtc.nvrtcGetErrorString(6).getString(0));
  }

  @Test
  void whatTheDoubleItselfFailsAtIsAProblemWithItsPlace() {
    cuda.compiler =
        _ -> {
          throw new AssertionError("the double's own");
        };
    MemorySegment program = program("fill");
    assertEquals(Nvrtc.NVRTC_ERROR_INTERNAL_ERROR(), compile(program));
    problem("AssertionError: the double's own\n\tat dev.lanewise.cuda.fake.KernelsDoubleTest");
    ok(Nvrtc.nvrtcDestroyProgram(program));
  }

  @Test
  void fillsTakeUnitsOfTwoAndFourBytes() {
    MemorySegment block = malloc(8);
    ok(CudaDriver.cuMemsetD32Async(block.address(), 0x01020304, 2, MemorySegment.NULL));
    ok(CudaDriver.cuMemsetD16Async(block.address() + 4, (short) 7, 2, MemorySegment.NULL));
    assertArrayEquals(
        new int[] {0x01020304, 0x00070007},
        cuda.memory().at(block.address(), 8).toArray(ValueLayout.JAVA_INT));
    assertEquals(
        INVALID_VALUE, CudaDriver.cuMemsetD32Async(block.address(), 0, 3, MemorySegment.NULL));
    problem("past the end");
    ok(Cudart.cudaFree(block));
  }

  @Test
  void theDriverWantsToBeInitialisedAndAContext() throws InterruptedException {
    cuda.reset();
    assertEquals(3, CudaDriver.cuDeviceGetCount(out));
    problem("cuInit was not called");
    ok(CudaDriver.cuInit(0));
    assertEquals(201, CudaDriver.cuCtxSynchronize());
    problem("no current context");
    ok(CudaDriver.cuDevicePrimaryCtxRetain(out, 0));
    ok(CudaDriver.cuCtxSetCurrent(handle(out)));
    ok(CudaDriver.cuCtxSynchronize());
    Thread.ofPlatform().start(CudaDriver::cuCtxSynchronize).join();
    problem("no current context");
    assertEquals("1 retained contexts", cuda.live());
    ok(CudaDriver.cuDevicePrimaryCtxRelease_v2(0));
    ok(CudaDriver.cuGetErrorName(700, out));
    assertEquals("CUDA_ERROR_ILLEGAL_ADDRESS", handle(out).getString(0));
  }
}
