package dev.lanewise.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.ArrayFormat;
import dev.lanewise.array.DType;
import dev.lanewise.array.Device;
import dev.lanewise.array.DeviceException;
import dev.lanewise.array.DeviceMemoryError;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Scope;
import dev.lanewise.array.Shape;
import dev.lanewise.bindings.cuda.Cudart;
import dev.lanewise.cuda.fake.DriverDouble;
import dev.lanewise.kernel.CapturedWork;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Arrays in the memory of a device, and work that is captured there. */
class DeviceMemoryDoubleTest {
  private static final int PIECE = 4 << 20;

  private final DriverDouble cuda = DriverDouble.install();
  private CudaBackend backend;

  @BeforeEach
  void open() {
    cuda.reset();
    backend = open(true);
  }

  private static CudaBackend open(boolean memoryPools) {
    return new CudaBackend(
        new CudaDevice(new DeviceFacts(0, "Double", 80, 8, memoryPools, 256L << 20)));
  }

  @AfterEach
  void everythingComesBack() {
    backend.close();
    cuda.assertNoProblems();
    cuda.assertNothingLives();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 1023, PIECE / 4, PIECE / 4 + 1, PIECE / 2, 3 * PIECE / 4 + 5})
  void numbersComeBackAsTheyWent(int count) {
    for (boolean lazy : new boolean[] {false, true}) {
      cuda.lazy(lazy);
      float[] values = new float[count];
      Random random = new Random(count);
      for (int i = 0; i < count; i++) {
        values[i] = random.nextFloat();
      }
      try (Scope _ = Scope.open()) {
        NdArray array = NdArray.of(backend, values);
        float[] sent = values.clone();
        Arrays.fill(values, -1); // as soon as the call returns, the source may change
        assertArrayEquals(sent, array.toFloatArray());
        values = sent;
      }
    }
  }

  @Test
  void elementsAndViewsAreReadAndWritten() {
    try (Scope _ = Scope.open()) {
      NdArray zeros = NdArray.zeros(backend, DType.I64, Shape.of(3, 4));
      zeros.set(7, 1, 2);
      assertEquals(7, zeros.get(1, 2));
      assertArrayEquals(new long[] {0, 7, 0}, zeros.slice(1, 2, 3).toLongArray());
      assertEquals("[[0 0 0 0]\n [0 0 7 0]\n [0 0 0 0]]", text(zeros));
    }
  }

  private static String text(NdArray array) {
    return ArrayFormat.NUMPY.text(array);
  }

  @Test
  void javaCanNotTouchTheMemory() {
    try (Scope _ = Scope.open()) {
      NdArray array = NdArray.of(backend, new float[] {1, 2});
      MemorySegment segment = array.storage().segment();
      assertThrows(WrongThreadException.class, () -> segment.get(ValueLayout.JAVA_FLOAT, 0));
      assertThrows(WrongThreadException.class, () -> segment.fill((byte) 0));
    }
  }

  @Test
  void useAfterTheScopeClosedIsCaughtBeforeTheDriver() {
    NdArray array;
    NdArray kept;
    try (Scope _ = Scope.open("outer")) {
      try (Scope scope = Scope.open("step")) {
        array = NdArray.of(backend, new float[] {1, 2});
        kept = scope.keep(NdArray.of(backend, new float[] {3, 4}));
      }
      int copies = cuda.calls("cudaMemcpyAsync");
      IllegalStateException dead =
          assertThrows(IllegalStateException.class, () -> array.toFloatArray());
      assertTrue(dead.getMessage().contains("'step'"), dead::getMessage);
      assertEquals(copies, cuda.calls("cudaMemcpyAsync"));
      assertArrayEquals(new float[] {3, 4}, kept.toFloatArray());
    }
  }

  @Test
  void theSteadyStateAsksTheDriverForNoMemory() {
    for (int i = 0; i < 3; i++) {
      step();
    }
    int taken = cuda.calls("cudaMallocAsync");
    for (int i = 0; i < 10; i++) {
      step();
    }
    assertEquals(taken, cuda.calls("cudaMallocAsync"));
  }

  private void step() {
    try (Scope _ = Scope.open("step")) {
      NdArray.zeros(backend, DType.F32, Shape.of(1000, 100));
      NdArray.zeros(backend, DType.F32, Shape.of(2000, 1000));
    }
  }

  @Test
  void memoryThatWaitsIsGivenBackBeforeItRunsOut() {
    cuda.totalMemory(64 << 20);
    try (Scope _ = Scope.open()) {
      NdArray.uninitialized(backend, DType.F32, Shape.of(10 << 20));
    }
    assertTrue(backend.memory().pool().cachedBytes() > 0);
    try (Scope _ = Scope.open()) {
      // Another size class: fits only when the first block has gone back.
      NdArray.uninitialized(backend, DType.F32, Shape.of(14 << 20));
    }
  }

  @Test
  void whatDoesNotFitIsATypedErrorWithAllNumbers() {
    cuda.totalMemory(64 << 20);
    try (Scope _ = Scope.open()) {
      NdArray.uninitialized(backend, DType.F32, Shape.of(4 << 20));
      DeviceMemoryError full =
          assertThrows(
              DeviceMemoryError.class,
              () -> NdArray.uninitialized(backend, DType.F32, Shape.of(16 << 20)));
      // A scope takes memory ahead, so more than the array may be in use.
      assertTrue(full.requestedBytes() >= 64 << 20, full::getMessage);
      assertTrue(full.usedBytes() >= 16 << 20, full::getMessage);
      assertEquals(64 << 20, full.usedBytes() + full.freeBytes());
      assertEquals(
          "Double: %d bytes were asked for while %d are in use and %d are free; use smaller batches,"
                  .formatted(full.requestedBytes(), full.usedBytes(), full.freeBytes())
              + " close scopes earlier, or end other programs on the device",
          full.getMessage());
      NdArray small = NdArray.of(backend, new float[] {1});
      assertEquals(1, small.get(0), "the device works on");
    }
  }

  @Test
  void aDeviceWithoutPoolsOfItsOwnWorksToo() {
    backend.close();
    cuda.reset();
    backend = open(false);
    try (Scope _ = Scope.open()) {
      assertArrayEquals(new float[] {1, 2}, NdArray.of(backend, new float[] {1, 2}).toFloatArray());
    }
    assertEquals(0, cuda.calls("cudaMallocAsync"));
    assertTrue(cuda.calls("cudaMalloc") > 0);
  }

  @Test
  void aFailedCallNamesFunctionStatusAndText() {
    try (Scope _ = Scope.open()) {
      NdArray array = NdArray.of(backend, new float[] {1, 2});
      cuda.fail("cudaMemcpyAsync", Cudart.cudaErrorIllegalAddress());
      DeviceException failed = assertThrows(DeviceException.class, array::toFloatArray);
      assertEquals("cudaMemcpyAsync", failed.function());
      assertEquals(700, failed.status());
      assertEquals("cudaErrorIllegalAddress", failed.statusName());
      assertTrue(
          failed
              .getMessage()
              .startsWith(
                  "copy from the device: cudaMemcpyAsync returned 700 (cudaErrorIllegalAddress: "),
          failed::getMessage);
      assertArrayEquals(new float[] {1, 2}, array.toFloatArray());
    }
  }

  @Test
  void aClosedBackendDoesNothingMore() {
    NdArray outlives = NdArray.of(backend, new float[] {1, 2});
    CapturedWork work = backend.capture(() -> {});
    backend.close();
    backend.close(); // twice is once
    IllegalStateException closed =
        assertThrows(IllegalStateException.class, outlives::toFloatArray);
    assertTrue(closed.getMessage().contains("the backend was closed"), closed::getMessage);
    assertThrows(IllegalStateException.class, work::run);
    work.close();
    assertEquals(1, cuda.calls("cudaStreamDestroy"));
    cuda.memory().at(outlives.storage().segment().address(), 8); // freed with the garbage, later
    cuda.reset();
    backend = open(true);
  }

  @Test
  void smallCopiesInARowWaitForNothing() {
    cuda.lazy(true);
    try (Scope _ = Scope.open()) {
      NdArray array = NdArray.zeros(backend, DType.F32, Shape.of(4));
      for (int i = 0; i < 8; i++) {
        array.copyFromHost(NdArray.of(Device.HOST, new float[] {i, i, i, i}));
      }
      assertArrayEquals(new float[] {7, 7, 7, 7}, array.toFloatArray());
    }
  }

  @Test
  void otherThreadsSeeTheirNumbers() throws Exception {
    AtomicReference<float[]> seen = new AtomicReference<>();
    Thread other =
        new Thread(
            () -> {
              try (Scope _ = Scope.open()) {
                seen.set(NdArray.of(backend, new float[] {5, 6}).toFloatArray());
              }
            });
    other.start();
    other.join();
    assertArrayEquals(new float[] {5, 6}, seen.get());
  }

  @Test
  void capturedWorkIsRepeatedWithTheSameArrays() {
    try (Scope _ = Scope.open()) {
      NdArray in = NdArray.of(backend, new float[] {1, 2, 3});
      NdArray out = NdArray.zeros(backend, DType.F32, Shape.of(3));
      int[] called = {0};
      Runnable work =
          () -> {
            called[0]++;
            NdArray part = NdArray.zeros(backend, DType.F32, Shape.of(3));
            copy(in, part);
            copy(part, out);
          };
      try (CapturedWork captured = backend.capture(work)) {
        assertEquals(1, called[0]);
        assertArrayEquals(new float[] {1, 2, 3}, out.toFloatArray());
        in.copyFromHost(NdArray.of(Device.HOST, new float[] {4, 5, 6}));
        captured.run();
        assertEquals(1, called[0], "the device repeats it alone");
        assertArrayEquals(new float[] {4, 5, 6}, out.toFloatArray());
      }
    }
  }

  @Test
  void capturedWorkThatWasClosedDoesNotRun() {
    CapturedWork captured = backend.capture(() -> {});
    captured.close();
    captured.close(); // twice is once
    IllegalStateException closed = assertThrows(IllegalStateException.class, captured::run);
    assertEquals("run: the captured work was closed", closed.getMessage());
  }

  private void copy(NdArray from, NdArray to) {
    try (Operation operation = backend.device().begin("copy", from, to)) {
      // Both are looked up as kernels do it.
      assertTrue(operation.address(from) != operation.address(to));
      backend.memory().copyWithin(from.storage().segment(), to.storage().segment());
    }
  }

  @Test
  void numbersGivenToCapturedWorkStay() {
    try (Scope _ = Scope.open()) {
      NdArray out = NdArray.zeros(backend, DType.F32, Shape.of(2));
      float[] numbers = {1, 2};
      try (CapturedWork captured = backend.capture(() -> copy(NdArray.of(backend, numbers), out))) {
        numbers[0] = 9;
        NdArray.of(backend, new float[] {7, 7}); // other work on the staging memory
        captured.run();
        assertArrayEquals(new float[] {1, 2}, out.toFloatArray());
      }
    }
  }

  @Test
  void whatCanNotBeRepeatedIsRefusedAndLeavesNothing() {
    try (Scope _ = Scope.open()) {
      NdArray array = NdArray.of(backend, new float[] {1, 2});
      IllegalStateException reads =
          assertThrows(IllegalStateException.class, () -> backend.capture(() -> array.get(0)));
      assertEquals(
          "capture: captured work can not read numbers of an array, as it is recorded and done"
              + " later; do it before, or after run()",
          reads.getMessage());
      assertFalse(backend.device().isCapturing());
      IllegalStateException nested =
          assertThrows(
              IllegalStateException.class,
              () -> backend.capture(() -> backend.capture(() -> {}).close()));
      assertTrue(nested.getMessage().contains("already"), nested::getMessage);
      IllegalStateException own =
          assertThrows(
              IllegalStateException.class,
              () ->
                  backend.capture(
                      () -> {
                        throw new IllegalStateException("mine");
                      }));
      assertEquals("mine", own.getMessage());
      assertEquals(1, array.get(0), "the device works on");
    }
  }

  @Test
  void capturedWorkNoticesThatItsArraysAreGone() {
    NdArray out;
    CapturedWork captured;
    try (Scope _ = Scope.open("data")) {
      NdArray in = NdArray.of(backend, new float[] {1, 2});
      out = NdArray.zeros(backend, DType.F32, Shape.of(2));
      NdArray to = out;
      captured = backend.capture(() -> copy(in, to));
      captured.run();
    }
    IllegalStateException gone = assertThrows(IllegalStateException.class, captured::run);
    assertTrue(gone.getMessage().contains("'data'"), gone::getMessage);
    captured.close();
  }
}
