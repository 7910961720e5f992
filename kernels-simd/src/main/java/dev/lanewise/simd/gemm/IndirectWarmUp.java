package dev.lanewise.simd.gemm;

import java.lang.foreign.Arena;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/** Gets methods compiled before a large problem needs them, as {@link WarmUp} does. */
public final class IndirectWarmUp {
  /** Memory for calls that only warm up; what lies there does not matter. */
  public static final long MEMORY = Arena.global().allocate(16_384, 64).address();

  private static final int CALLS = 1_000;
  private static final long COMPILED_NANOS = 5_000;
  private static final long PATIENCE_NANOS = 2_000_000_000;

  // About 2 ms in the interpreter.
  private static final long WORTHWHILE_TURNS = 400;

  private final IntConsumer call;
  private final boolean[] warm;

  /** Whether one wait was in vain, as it is where there is no C2: then there is no other. */
  private boolean hopeless;

  /**
   * Makes a warm-up of nothing yet.
   *
   * @param methods how many numbered methods there are
   * @param call calls the method with a number, with little to do
   */
  public IndirectWarmUp(int methods, IntConsumer call) {
    this.call = call;
    this.warm = new boolean[methods];
  }

  /**
   * Warms a method if it has much to do and is cold.
   *
   * @param method its number
   * @param turns how many turns of its loop there will be
   */
  public void before(int method, long turns) {
    if (!warm[method] && turns >= WORTHWHILE_TURNS) {
      // Other threads that need the method wait here: they would only disturb C2.
      synchronized (this) {
        if (!warm[method]) {
          call(method, CALLS);
          long start = System.nanoTime();
          while (!hopeless && call(method, 1) > COMPILED_NANOS) {
            LockSupport.parkNanos(1_000_000);
            hopeless = System.nanoTime() - start > PATIENCE_NANOS;
          }
          warm[method] = true;
        }
      }
    }
  }

  /** {@return how many nanoseconds some calls take} */
  private long call(int method, int calls) {
    long start = System.nanoTime();
    for (int i = 0; i < calls; i++) {
      call.accept(method);
    }
    return System.nanoTime() - start;
  }
}
