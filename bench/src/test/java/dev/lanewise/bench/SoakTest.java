package dev.lanewise.bench;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.kernel.Backends;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SoakTest {

  @Test
  void roundsAreEqualAndMemoryStaysFlat() {
    String text = new Soak(Backends.named("simd")).run(Duration.ZERO);
    assertTrue(text.startsWith("simd: 4 rounds in "), text);
    assertTrue(text.contains("all with the same weights"), text);
  }
}
