package dev.lanewise.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.DType;
import dev.lanewise.array.DeviceException;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Scope;
import dev.lanewise.array.Shape;
import dev.lanewise.cuda.fake.Call;
import dev.lanewise.cuda.fake.DriverDouble;
import dev.lanewise.kernel.CapturedWork;
import dev.lanewise.kernel.Expr;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each function of the libraries that returns a status is made to fail, at its first and at its
 * last call in a program that uses everything: the error is typed and names the function, and the
 * backend can be closed and leaves nothing behind.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FaultsDoubleTest {
  /** What asks for the status that is being reported: it can not fail. */
  private static final Set<String> REPORTING = Set.of("cudaGetLastError");

  /** Other than success, and of no special meaning to the backend, in every library. */
  private static final int STATUS = 14;

  private final DriverDouble cuda = DriverDouble.install();

  /** Calls every family, with memory in and out, and captured work. */
  private void program() {
    CudaBackend backend = new CudaBackend(new CudaDevice(DeviceFacts.of(0)));
    Throwable failure = null;
    try (Scope _ = Scope.open("program")) {
      everything(backend);
    } catch (Throwable failed) {
      failure = failed;
      throw failed;
    } finally {
      close(backend, failure);
    }
  }

  private static void close(CudaBackend backend, Throwable failure) {
    try {
      backend.close();
    } catch (DeviceException alsoFailed) {
      if (failure == null) {
        throw alsoFailed;
      }
      failure.addSuppressed(alsoFailed);
    }
  }

  private static void everything(CudaBackend backend) {
    EveryFamily families = new EveryFamily(backend);
    families.calls().values().forEach(Runnable::run);
    NdArray sum = backend.uninitialized(DType.F32, Shape.of(4));
    try (CapturedWork work =
        backend.capture(
            () -> {
              families.calls().get("matmul").run();
              NdArray constant = NdArray.of(backend, new float[] {1, 2, 3, 4});
              backend.elementwise(Expr.arg(0).relu(), sum, new double[0], constant);
            })) {
      work.run();
    }
    sum.toFloatArray();
  }

  /** A function, and which of its calls fails. */
  record Fault(String function, int nth) {
    @Override
    public String toString() {
      return function + ", call " + nth;
    }
  }

  Stream<Fault> faults() {
    cuda.reset();
    program();
    cuda.assertNoProblems();
    cuda.assertNothingLives();
    Set<String> functions = new LinkedHashSet<>();
    cuda.calls().forEach(call -> functions.add(call.function()));
    functions.removeAll(REPORTING);
    List<Fault> faults = new ArrayList<>();
    for (String function : functions) {
      if (cuda.canFail(function)) {
        int calls = cuda.calls(function);
        faults.add(new Fault(function, 1));
        if (calls > 1) {
          faults.add(new Fault(function, calls));
        }
      }
    }
    return faults.stream();
  }

  @ParameterizedTest
  @MethodSource("faults")
  void aFailureIsToldAndLeavesNothing(Fault fault) {
    cuda.reset();
    cuda.fail(fault.function, fault.nth, STATUS);
    DeviceException told = null;
    try {
      program();
    } catch (DeviceException failed) {
      told = failed;
    }
    assertNotNull(told, () -> fault + " was not noticed");
    assertEquals(fault.function, told.function().split(" ")[0], told::getMessage);
    assertEquals(STATUS, told.status());
    assertTrue(told.getMessage().contains(fault.function), told::getMessage);
    assertFalse(told.statusName().isBlank());
    if (fault.function.equals("cudaStreamEndCapture")) {
      // Here it does nothing. A real one ends the capture even if it fails, as all later work
      // needs.
      cuda.takeProblems();
      return;
    }
    cuda.assertNoProblems();
    Map<String, Long> living = cuda.liveCounts();
    boolean frees = fault.function.matches(".*(Destroy|Free|Unload|SetDevice).*");
    // What a call was to give back that did nothing is still there, and nothing else.
    living.remove("bytes");
    long left = living.values().stream().mapToLong(Long::longValue).sum();
    assertTrue(left <= (frees ? 1 : 0), () -> fault + ": " + cuda.live());
  }

  @Test
  void shapesAreNamedInTheError() {
    cuda.reset();
    CudaBackend backend = new CudaBackend(new CudaDevice(DeviceFacts.of(0)));
    try (Scope _ = Scope.open()) {
      NdArray a = NdArray.zeros(backend, DType.F64, Shape.of(2, 3));
      NdArray b = NdArray.zeros(backend, DType.F64, Shape.of(3, 4));
      NdArray c = backend.uninitialized(DType.F64, Shape.of(2, 4));
      cuda.fail("cublasCreate_v2", 1, 1);
      DeviceException failed = null;
      try {
        backend.matmul(a, b, 1, 0, c);
      } catch (DeviceException e) {
        failed = e;
      }
      assertNotNull(failed);
      String text = failed.getMessage();
      assertTrue(text.contains("matmul of f64 [2, 3], f64 [3, 4], f64 [2, 4]: cublas"), text);
      assertTrue(text.contains("returned 1 (CUBLAS_STATUS_NOT_INITIALIZED"), text);
      backend.matmul(a, b, 1, 0, c);
    }
    backend.close();
  }

  @Test
  void theLogOfCallsIsNotCut() {
    cuda.reset();
    program();
    List<Call> calls = cuda.calls();
    assertEquals("cuInit", calls.getFirst().function());
  }
}
