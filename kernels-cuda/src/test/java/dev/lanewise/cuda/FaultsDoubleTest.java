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
import dev.lanewise.kernel.ConvSpec;
import dev.lanewise.kernel.CrossEntropySpec;
import dev.lanewise.kernel.Distribution;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.NormSpec;
import dev.lanewise.kernel.PoolSpec;
import dev.lanewise.kernel.ReduceOp;
import dev.lanewise.kernel.Window;
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
    NdArray x = backend.uninitialized(DType.F32, Shape.of(2, 4, 6, 6));
    backend.random(Distribution.NORMAL, 1, 2, x);
    NdArray y = NdArray.zeros(backend, DType.F32, x.shape());
    Expr relu = Expr.arg(0).add(Expr.arg(1)).relu();
    backend.elementwise(relu, y, new double[0], x, x);
    NdArray sums = backend.uninitialized(DType.F32, Shape.of(2));
    backend.reduce(ReduceOp.SUM, Expr.arg(0), new int[] {1, 2, 3}, sums, new double[0], y);
    backend.copy(x, backend.uninitialized(DType.F64, x.shape()));

    NdArray a = NdArray.of(backend, new float[64 * 32], 64, 32);
    NdArray b = NdArray.of(backend, new float[32 * 16], 32, 16);
    NdArray c = backend.uninitialized(DType.F32, Shape.of(64, 16));
    backend.matmul(a, b, 1, 0, c);
    NdArray wide = backend.uninitialized(DType.F64, Shape.of(3, 3));
    NdArray square = NdArray.zeros(backend, DType.F64, Shape.of(3, 3));
    backend.matmul(square, square, 2, 0, wide);
    NdArray bias = NdArray.zeros(backend, DType.F32, Shape.of(16));
    backend.matmul(a, b, 1, 0, c, relu, new double[0], bias);

    ConvSpec conv =
        ConvSpec.of(x.shape(), Shape.of(8, 4, 3, 3), Window.of(3, 3).withPadding(1, 1), 1);
    NdArray filter = NdArray.zeros(backend, DType.F32, Shape.of(8, 4, 3, 3));
    NdArray out = backend.uninitialized(DType.F32, conv.output());
    backend.conv(conv, x, filter, out);
    backend.convBackwardData(conv, out, filter, y);
    backend.convBackwardFilter(conv, x, out, filter);
    PoolSpec pool = PoolSpec.of(x.shape(), Window.of(2, 2).withStride(2, 2));
    NdArray pooled = backend.uninitialized(DType.F32, pool.output());
    NdArray places = backend.uninitialized(DType.I32, pool.output());
    backend.maxPool(pool, x, pooled, places);
    backend.maxPoolBackward(pool, pooled, places, y);
    backend.avgPool(pool, false, x, pooled);
    backend.avgPoolBackward(pool, false, pooled, y);
    backend.softmax(c, 1, c);
    backend.logSoftmax(c, 1, c);
    NdArray grad = backend.uninitialized(DType.F32, c.shape());
    backend.softmaxBackward(c, c, 1, grad);
    NormSpec norm = NormSpec.batch(x.shape(), 1e-5);
    NdArray mean = backend.uninitialized(DType.F32, norm.moments());
    NdArray variance = backend.uninitialized(DType.F32, norm.moments());
    backend.moments(norm, x, mean, variance);
    backend.normalize(norm, x, null, null, y);
    backend.normalizeBy(norm, x, mean, variance, null, null, y);
    backend.normalizeBackward(
        norm, x, null, x, y, null, backend.uninitialized(DType.F32, norm.weights()));

    NdArray rows = NdArray.of(backend, new int[] {3, 0, 1});
    NdArray picked = backend.uninitialized(DType.F32, Shape.of(3, 16));
    backend.indexSelect(c, 0, rows, picked);
    backend.indexAdd(picked, 0, rows, c);
    NdArray labels = NdArray.of(backend, new long[64]);
    NdArray loss = backend.uninitialized(DType.F32, Shape.of(64));
    backend.crossEntropy(CrossEntropySpec.of(c.shape(), 1), c, labels, loss);
    NdArray order = backend.uninitialized(DType.I64, Shape.of(64));
    backend.sort(loss, 0, false, backend.uninitialized(DType.F32, loss.shape()), order);
    backend.argMax(c, 1, order);
    backend.scan(ReduceOp.SUM, c, 0, false, false, grad);
    loss.toFloatArray();

    try (CapturedWork work =
        backend.capture(
            () -> {
              backend.matmul(a, b, 1, 0, c);
              backend.elementwise(relu, c, new double[0], c, NdArray.of(backend, new float[16]));
            })) {
      work.run();
    }
    c.get(0, 0);
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
    boolean frees = fault.function.matches(".*(Destroy|Free|Unload).*");
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
