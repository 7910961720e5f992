package dev.lanewise.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.DType;
import dev.lanewise.array.Device;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Pool;
import dev.lanewise.array.Scope;
import dev.lanewise.array.Shape;
import dev.lanewise.array.Storage;
import dev.lanewise.cuda.fake.DriverDouble;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.CapturedWork;
import dev.lanewise.kernel.CrossEntropySpec;
import dev.lanewise.kernel.Distribution;
import dev.lanewise.kernel.Expr;
import dev.lanewise.kernel.ReduceOp;
import dev.lanewise.kernel.reference.ReferenceBackend;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A training step that was captured gives every bit of one that was not. */
class CaptureDoubleTest {
  private static final int BATCH = 20;
  private static final int FEATURES = 12;
  private static final int HIDDEN = 16;
  private static final int CLASSES = 5;
  private static final double[] NONE = {};

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

  /** A network of two layers under stochastic gradient descent, by operations of a backend. */
  private static final class Network {
    private final Backend backend;
    private final NdArray x;
    private final NdArray labels;
    private final NdArray first;
    private final NdArray second;
    private final NdArray loss;

    Network(Backend backend) {
      this.backend = backend;
      x = random(1, BATCH, FEATURES);
      labels = NdArray.zeros(backend, DType.I64, Shape.of(BATCH));
      first = random(2, FEATURES, HIDDEN);
      second = random(3, HIDDEN, CLASSES);
      loss = NdArray.zeros(backend, DType.F32, Shape.SCALAR);
    }

    private NdArray random(long stream, int... dims) {
      NdArray array = array(dims);
      backend.random(Distribution.NORMAL, 7, stream, array);
      return array;
    }

    private NdArray array(int... dims) {
      return backend.uninitialized(DType.F32, Shape.of(dims));
    }

    void batch(int number) {
      backend.random(Distribution.NORMAL, 11, number, x);
      long[] classes = new long[BATCH];
      for (int i = 0; i < BATCH; i++) {
        classes[i] = ((long) i + number) % CLASSES;
      }
      labels.copyFromHost(NdArray.of(Device.HOST, classes));
    }

    void step() {
      NdArray hidden = array(BATCH, HIDDEN);
      backend.matmul(x, first, 1, 0, hidden, Expr.arg(0).relu(), NONE);
      NdArray logits = array(BATCH, CLASSES);
      backend.matmul(hidden, second, 1, 0, logits);
      NdArray losses = array(BATCH);
      NdArray logitsGrad = array(BATCH, CLASSES);
      NdArray weight = NdArray.of(backend, new float[] {1f / BATCH});
      backend.crossEntropyWithGradient(
          CrossEntropySpec.of(logits.shape(), 1), logits, labels, weight, losses, logitsGrad);
      Expr mean = Expr.arg(0).mul(Expr.constant(1.0 / BATCH));
      backend.reduce(ReduceOp.SUM, mean, new int[0], loss, NONE, losses);
      NdArray hiddenGrad = array(BATCH, HIDDEN);
      backend.matmul(logitsGrad, second.permute(1, 0), 1, 0, hiddenGrad);
      Expr passed = Expr.arg(0).mul(Expr.arg(1).gt(Expr.constant(0)));
      backend.elementwise(passed, hiddenGrad, NONE, hiddenGrad, hidden);
      backend.matmul(hidden.permute(1, 0), logitsGrad, -0.1, 1, second);
      backend.matmul(x.permute(1, 0), hiddenGrad, -0.1, 1, first);
    }
  }

  @Test
  void nothingIsClosedWhileWorkIsCaptured() {
    try (Scope _ = Scope.open()) {
      NdArray x = NdArray.of(backend, new float[] {1, 2});
      Expr twice = Expr.arg(0).add(Expr.arg(0));
      try (CapturedWork other = backend.capture(() -> backend.elementwise(twice, x, NONE, x))) {
        for (Runnable closing : new Runnable[] {other::close, backend::close}) {
          IllegalStateException refused =
              assertThrows(IllegalStateException.class, () -> backend.capture(closing));
          assertTrue(refused.getMessage().contains("can not close"), refused::getMessage);
        }
        other.run();
        assertArrayEquals(new float[] {4, 8}, x.toFloatArray());
      }
    }
  }

  @Test
  void aCapturedStepGivesTheSameBits() {
    try (Scope _ = Scope.open()) {
      Network eager = new Network(backend);
      Network captured = new Network(backend);
      captured.batch(0);
      try (CapturedWork step = backend.capture(captured::step)) {
        eager.batch(0);
        inScope(eager::step);
        int launches = cuda.calls("cuLaunchKernel");
        for (int i = 1; i < 5; i++) {
          assertEquals(eager.loss.get(), captured.loss.get(), "step " + i);
          captured.batch(i);
          int before = cuda.calls("cuLaunchKernel");
          step.run();
          assertEquals(before, cuda.calls("cuLaunchKernel"), "the device repeats it alone");
          eager.batch(i);
          inScope(eager::step);
        }
        assertTrue(cuda.calls("cuLaunchKernel") > launches);
      }
      assertArrayEquals(eager.first.toFloatArray(), captured.first.toFloatArray());
      assertArrayEquals(eager.second.toFloatArray(), captured.second.toFloatArray());
    }
  }

  private static void inScope(Runnable work) {
    try (Scope _ = Scope.open()) {
      work.run();
    }
  }

  @Test
  void aBackendOfMainMemoryCallsTheWorkAgain() {
    int[] calls = {0};
    try (CapturedWork work = new ReferenceBackend().capture(() -> calls[0]++)) {
      work.run();
      work.run();
    }
    assertEquals(3, calls[0]);
  }

  @Test
  void randomNumbersAreRefused() {
    try (Scope _ = Scope.open()) {
      Network network = new Network(backend);
      IllegalStateException refused =
          assertThrows(
              IllegalStateException.class, () -> backend.capture(() -> network.random(1, 3)));
      assertTrue(refused.getMessage().contains("random"), refused::getMessage);
    }
  }

  @Test
  void badIndicesOfARepetitionLeaveMemoryAlone() {
    try (Scope _ = Scope.open()) {
      NdArray table = NdArray.of(backend, new float[] {1, 2, 3});
      NdArray places = NdArray.of(backend, new int[] {2, 0});
      NdArray out = NdArray.zeros(backend, DType.F32, Shape.of(2));
      try (CapturedWork work = backend.capture(() -> backend.indexSelect(table, 0, places, out))) {
        assertArrayEquals(new float[] {3, 1}, out.toFloatArray());
        places.copyFromHost(NdArray.of(Device.HOST, new int[] {-1, 3_000_000}));
        work.run();
        assertArrayEquals(new float[] {0, 0}, out.toFloatArray());
      }
    }
  }

  /** What writes bytes into an array without a kernel. */
  private enum Write {
    BYTES_FROM_HOST {
      @Override
      void run(Backend backend, NdArray to) {
        to.copyFromHost(NdArray.of(Device.HOST, new float[] {3, 4}));
      }
    },
    COPY_FROM_HOST {
      @Override
      void run(Backend backend, NdArray to) {
        backend.copy(NdArray.of(Device.HOST, new float[] {3, 4}), to);
      }
    },
    COPY_ON_THE_DEVICE {
      @Override
      void run(Backend backend, NdArray to) {
        backend.copy(NdArray.of(backend, new float[] {3, 4}), to);
      }
    };

    abstract void run(Backend backend, NdArray to);
  }

  @ParameterizedTest
  @EnumSource(Write.class)
  void anArrayThatIsWrittenWithoutAKernelIsLookedAtToo(Write write) {
    CapturedWork work;
    try (Scope _ = Scope.open("data")) {
      NdArray to = NdArray.zeros(backend, DType.F32, Shape.of(2));
      work = backend.capture(() -> write.run(backend, to));
      assertArrayEquals(new float[] {3, 4}, to.toFloatArray());
      backend.elementwise(Expr.constant(0), to, NONE);
      work.run();
      assertArrayEquals(new float[] {3, 4}, to.toFloatArray());
    }
    IllegalStateException gone = assertThrows(IllegalStateException.class, work::run);
    assertTrue(gone.getMessage().contains("'data'"), gone::getMessage);
    work.close();
  }

  @ParameterizedTest
  @EnumSource(Write.class)
  void anArrayThatIsWrittenWithoutAKernelStaysAsLongAsTheWork(Write write) throws Exception {
    List<WeakReference<Storage>> written = new ArrayList<>();
    CapturedWork work = captureWriteToGarbage(write, written);
    System.gc();
    assertNotNull(written.getFirst().get(), "the work writes there");
    work.run();
    work.close();
    Pool pool = backend.memory().pool();
    for (int i = 0; i < 200 && pool.mappedBytes() > pool.cachedBytes(); i++) {
      System.gc();
      Thread.sleep(10);
    }
    assertEquals(pool.mappedBytes(), pool.cachedBytes(), "nobody needs it any more");
  }

  /** In a method of its own, so that no local variable keeps the array. */
  private CapturedWork captureWriteToGarbage(Write write, List<WeakReference<Storage>> written) {
    NdArray to = NdArray.zeros(backend, DType.F32, Shape.of(2));
    written.add(new WeakReference<>(to.storage()));
    NdArray[] once = {to};
    return backend.capture(
        () -> {
          write.run(backend, once[0]);
          once[0] = null;
        });
  }

  @Test
  void aScopeLeftOpenIsToldAndTheDeviceWorksOn() throws Exception {
    AtomicReference<Throwable> told = new AtomicReference<>();
    // In a thread of its own, whose scopes end with it.
    Thread careless =
        new Thread(
            () -> {
              try {
                backend.capture(() -> Scope.open("left open"));
              } catch (IllegalStateException failed) {
                told.set(failed);
              }
            });
    careless.start();
    careless.join();
    assertInstanceOf(IllegalStateException.class, told.get());
    assertTrue(told.get().getMessage().contains("'left open'"), () -> told.get().getMessage());
    try (Scope _ = Scope.open()) {
      NdArray out = NdArray.of(backend, new float[] {1, 2});
      backend.elementwise(Expr.constant(5), out, NONE);
      assertArrayEquals(new float[] {5, 5}, out.toFloatArray());
    }
  }

  @Test
  void otherThreadsMayDrawRandomNumbersMeanwhile() throws Exception {
    try (Scope _ = Scope.open()) {
      NdArray x = NdArray.zeros(backend, DType.F32, Shape.of(2));
      NdArray drawn = NdArray.zeros(backend, DType.F32, Shape.of(2));
      AtomicReference<Throwable> failure = new AtomicReference<>();
      Thread other =
          new Thread(() -> backend.random(Distribution.UNIFORM, 1, 1, drawn), "draws numbers");
      other.setUncaughtExceptionHandler((_, failed) -> failure.set(failed));
      Runnable recorded =
          () -> {
            backend.elementwise(Expr.constant(1), x, NONE);
            other.start();
            awaitBlocked(other);
          };
      try (CapturedWork _ = backend.capture(recorded)) {
        other.join();
        assertNull(failure.get(), () -> "it was refused: " + failure.get());
        assertTrue(drawn.get(0) > 0);
      }
    }
  }

  /** Waits until a thread waits for the device, or has ended. */
  private static void awaitBlocked(Thread thread) {
    while (thread.getState() != Thread.State.WAITING
        && thread.getState() != Thread.State.TERMINATED) {
      Thread.onSpinWait();
    }
  }
}
