package dev.lanewise.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.Scope;
import dev.lanewise.cuda.fake.DriverDouble;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What an operation asks of the device when it has been called before: no memory, no compilation,
 * no plan, and nothing that the processor would have to wait for or compute with.
 */
class SteadyStateDoubleTest {
  private static final List<String> ONCE =
      List.of(
          "cudaMallocAsync",
          "cudaFreeAsync",
          "cudaMallocHost",
          "nvrtcCompileProgram",
          "cuModuleLoadData",
          "cublasCreate_v2",
          "cublasLtMatmulAlgoGetHeuristic",
          "cudnnCreateTensorDescriptor",
          "cudnnGetConvolutionForwardAlgorithm_v7",
          "cudnnGetConvolutionBackwardDataAlgorithm_v7",
          "cudnnGetConvolutionBackwardFilterAlgorithm_v7");

  /** Numbers that go to main memory are waited for. */
  private static final List<String> WAITING =
      List.of("cudaEventSynchronize", "cudaStreamSynchronize", "cudaDeviceSynchronize");

  private final DriverDouble cuda = DriverDouble.install();
  private CudaBackend backend;

  @BeforeEach
  void open() {
    backend = DoubleBackend.open();
  }

  @AfterEach
  void close() {
    DoubleBackend.close(backend);
    cuda.assertNothingLives();
  }

  @Test
  void anOperationThatWasCalledBeforeOnlyGivesWorkToTheDevice() {
    try (Scope _ = Scope.open()) {
      Map<String, Runnable> calls = new EveryFamily(backend).calls();
      calls.values().forEach(Runnable::run);
      calls.forEach(this::giveWorkOnly);
    }
  }

  private void giveWorkOnly(String name, Runnable call) {
    List<Integer> once = counts(ONCE);
    List<Integer> waits = counts(WAITING);
    int done = cuda.calls().size();
    call.run();
    assertTrue(cuda.calls().size() > done, name);
    assertEquals(once, counts(ONCE), () -> name + " does again: " + ONCE);
    if (!EveryFamily.LOOKING.contains(name)) {
      assertEquals(waits, counts(WAITING), () -> name + " waits: " + WAITING);
    }
  }

  private List<Integer> counts(List<String> functions) {
    return functions.stream().map(cuda::calls).toList();
  }
}
