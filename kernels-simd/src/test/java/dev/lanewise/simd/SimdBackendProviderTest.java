package dev.lanewise.simd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.kernel.Availability;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.BackendUnavailableException;
import dev.lanewise.kernel.Backends;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SimdBackendProviderTest {
  private final SimdBackendProvider provider = new SimdBackendProvider();
  private final String threads = System.getProperty(Workers.PROPERTY);

  @AfterEach
  void restore() {
    if (threads == null) {
      System.clearProperty(Workers.PROPERTY);
    } else {
      System.setProperty(Workers.PROPERTY, threads);
    }
  }

  @Test
  void saysWhatRuns() {
    System.setProperty(Workers.PROPERTY, "1");
    assertEquals(
        new Availability.Available(Lanes.BITS + "-bit vectors, 1 thread"), provider.availability());
  }

  @Test
  void isTheBestBackendHereAndFoundByName() {
    Backend best = Backends.best();
    assertEquals("simd", best.name());
    assertSame(best, Backends.named("simd"));
  }

  @Test
  void aWrongPropertyIsToldAndNotPassedOver() {
    System.setProperty(Workers.PROPERTY, "many");
    String text = assertThrows(IllegalArgumentException.class, provider::availability).getMessage();
    assertTrue(text.contains("lanewise.threads") && text.contains("'many'"), text);
  }

  @Test
  void aWrongModeOfLoopsIsToldToo() {
    String mode = System.getProperty(LoopMode.PROPERTY);
    System.setProperty(LoopMode.PROPERTY, "fast");
    try {
      String text =
          assertThrows(IllegalArgumentException.class, provider::availability).getMessage();
      assertTrue(text.contains("lanewise.simd.loops") && text.contains("'fast'"), text);
    } finally {
      System.setProperty(LoopMode.PROPERTY, mode);
    }
  }

  @Test
  void anUnknownNameListsTheKnownOnes() {
    String text =
        assertThrows(BackendUnavailableException.class, () -> Backends.named("gpu")).getMessage();
    assertTrue(text.contains("'gpu'") && text.contains("simd") && text.contains("reference"), text);
  }
}
