package dev.lanewise.array;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class ScopeTest {
  private final Device device = TestDevice.HOST;

  @Test
  void anArrayDiesWithItsScopeAndSaysWhich() {
    NdArray x;
    NdArray view;
    try (Scope _ = Scope.open("step")) {
      x = NdArray.of(device, new float[] {1, 2});
      view = x.slice(0, 0, 1);
      assertTrue(x.storage().isAlive());
    }
    assertFalse(x.storage().isAlive());
    String text =
        "array of 8 bytes was freed when scope 'step' closed; move what must live longer out with"
            + " scope.keep(x)";
    assertEquals(text, message(() -> x.get(0)));
    assertEquals(text, message(() -> x.set(1, 0)));
    assertEquals(text, message(x::toFloatArray));
    assertEquals(text, message(view::toDoubleArray));
    assertEquals(text, message(x::toLongArray));
    assertEquals(text, message(() -> x.storage().segment()));
    assertEquals("relu: " + text, message(() -> x.storage().requireAlive("relu")));
  }

  @Test
  void aScopeWithoutANameIsNamedToo() {
    NdArray x;
    try (Scope _ = Scope.open()) {
      x = NdArray.of(device, new float[1]);
    }
    assertTrue(
        message(() -> x.get(0)).startsWith("array of 4 bytes was freed when its scope closed"));
  }

  @Test
  void keepMovesIntoTheParentAndThenOutOfAll() {
    NdArray x;
    NdArray view;
    try (Scope outer = Scope.open("outer")) {
      try (Scope inner = Scope.open("inner")) {
        x = NdArray.of(device, new float[] {1, 2, 3});
        view = x.slice(0, 1, 3);
        assertSame(x, inner.keep(x));
      }
      overwriteFreedMemory();
      assertArrayEquals(new float[] {1, 2, 3}, x.toFloatArray());
      assertArrayEquals(new float[] {2, 3}, view.toFloatArray());
      outer.keep(view); // a view brings its storage
    }
    overwriteFreedMemory();
    assertArrayEquals(new float[] {1, 2, 3}, x.toFloatArray());
    view.set(9, 0);
    assertEquals(9, x.get(1));
  }

  @Test
  void anOuterScopeKeepsWhatAnInnerOneMade() {
    NdArray x;
    try (Scope outer = Scope.open("outer")) {
      try (Scope _ = Scope.open("middle")) {
        try (Scope _ = Scope.open("inner")) {
          x = outer.keep(NdArray.of(device, new float[] {4}));
        }
      }
    }
    overwriteFreedMemory();
    assertEquals(4, x.get(0));
  }

  @Test
  void keepLeavesAloneWhatLivesLongerAlready() {
    NdArray free = NdArray.of(device, new float[] {1});
    NdArray x;
    try (Scope outer = Scope.open("outer")) {
      x = NdArray.of(device, new float[] {2});
      long address = x.storage().segment().address();
      try (Scope inner = Scope.open("inner")) {
        inner.keep(x);
        inner.keep(free);
      }
      assertEquals(address, x.storage().segment().address());
      assertTrue(outer.isOpen());
    }
    assertFalse(x.storage().isAlive());
    assertTrue(free.storage().isAlive());
  }

  @Test
  void keepRefusesTheDead() {
    Scope first = Scope.open("first");
    NdArray x = NdArray.of(device, new float[1]);
    first.close();
    assertEquals("keep: scope 'first' has closed", message(() -> first.keep(x)));
    try (Scope second = Scope.open("second")) {
      assertTrue(message(() -> second.keep(x)).contains("scope 'first'"));
    }
  }

  @Test
  void scopesCloseInReverseOrder() {
    Scope outer = Scope.open("outer");
    Scope inner = Scope.open("inner");
    assertEquals(
        "close: scope 'inner' was opened inside scope 'outer' and must close first",
        message(outer::close));
    assertTrue(outer.isOpen());
    inner.close();
    inner.close();
    outer.close();
    assertFalse(outer.isOpen());
  }

  @Test
  void aScopeBelongsToItsThread() throws InterruptedException {
    AtomicReference<NdArray> made = new AtomicReference<>();
    try (Scope scope = Scope.open("mine")) {
      NdArray x = NdArray.of(device, new float[] {5});
      onAnotherThread(
          () -> {
            assertEquals(
                "close: scope 'mine' belongs to another thread; scopes stay with their thread",
                message(scope::close));
            assertEquals(
                "keep: scope 'mine' belongs to another thread; scopes stay with their thread",
                message(() -> scope.keep(x)));
            assertEquals(5, x.get(0), "reading is allowed");
            made.set(NdArray.of(device, new float[] {6}));
          });
    }
    assertEquals(6, made.get().get(0), "made outside any scope of that thread");
  }

  @Test
  void anotherThreadSeesThatAScopeHasClosed() throws InterruptedException {
    NdArray x;
    try (Scope _ = Scope.open("gone")) {
      x = NdArray.of(device, new float[1]);
    }
    onAnotherThread(() -> assertTrue(message(() -> x.get(0)).contains("scope 'gone'")));
  }

  @Test
  void steadyStateMapsNothing() {
    TestDevice own = TestDevice.withMemory(1L << 30);
    step(own, 3);
    step(own, 3);
    long mapped = own.pool().mappedBytes();
    for (int i = 0; i < 1000; i++) {
      step(own, i % 4); // shorter steps in between change nothing
      assertEquals(mapped, own.pool().mappedBytes(), "step " + i);
    }
    // Only a lasting change shrinks the slab; then the old one can go.
    for (int i = 0; i < 200; i++) {
      try (Scope _ = Scope.open()) {
        NdArray.uninitialized(own, DType.F32, Shape.of(10));
      }
    }
    own.pool().trim();
    assertEquals(0, own.pool().mappedBytes());
  }

  private static void step(TestDevice own, int temporaries) {
    try (Scope _ = Scope.open("step")) {
      for (int i = 0; i < temporaries; i++) {
        NdArray.uninitialized(own, DType.F32, Shape.of(1000, 1000));
        try (Scope inner = Scope.open("part")) {
          NdArray x = NdArray.uninitialized(own, DType.F32, Shape.of(700, 1000));
          inner.keep(x);
        }
      }
    }
  }

  @Test
  void arraysOfOneScopeDoNotOverlap() {
    try (Scope _ = Scope.open()) {
      NdArray[] all = new NdArray[300];
      for (int i = 0; i < all.length; i++) {
        all[i] = NdArray.zeros(device, DType.F32, Shape.of(i * 37 % 5000));
        all[i].storage().segment().fill((byte) i);
      }
      for (int i = 0; i < all.length; i++) {
        byte[] bytes = all[i].storage().segment().toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
        for (byte b : bytes) {
          assertEquals((byte) i, b);
        }
      }
    }
  }

  private void overwriteFreedMemory() {
    try (Scope _ = Scope.open("overwriting")) {
      NdArray.uninitialized(device, DType.F32, Shape.of(1000))
          .storage()
          .segment()
          .fill((byte) 0x7f);
    }
  }

  private static void onAnotherThread(Runnable task) throws InterruptedException {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Thread thread = new Thread(task);
    thread.setUncaughtExceptionHandler((t, e) -> failure.set(e));
    thread.start();
    thread.join();
    if (failure.get() != null) {
      throw new AssertionError(failure.get());
    }
  }

  private static String message(Executable call) {
    return assertThrows(IllegalStateException.class, call).getMessage();
  }
}
