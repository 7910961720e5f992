package dev.lanewise.simd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class VectorWidthTest {
  @Test
  void takesTheWidestUnlessAsked() {
    assertEquals(256, VectorWidth.of(null, 256));
    assertEquals(512, VectorWidth.of(null, 512));
    assertEquals(128, VectorWidth.of("128", 512));
    assertEquals(256, VectorWidth.of(" 256 ", 256));
  }

  @Test
  void refusesWhatIsNoWidth() {
    for (String wrong : new String[] {"64", "100", "wide", "-128"}) {
      String text =
          assertThrows(IllegalArgumentException.class, () -> VectorWidth.of(wrong, 512))
              .getMessage();
      assertTrue(text.contains(VectorWidth.PROPERTY) && text.contains("'" + wrong + "'"), text);
    }
  }

  @Test
  void refusesMoreThanTheProcessorHas() {
    String text =
        assertThrows(IllegalArgumentException.class, () -> VectorWidth.of("512", 256)).getMessage();
    assertTrue(text.contains("256") && text.contains("512"), text);
  }

  @Test
  void thisRunUsesTheWidthAskedFor() {
    String asked = System.getProperty(VectorWidth.PROPERTY);
    assertEquals(asked == null ? VectorWidth.configured() : Integer.parseInt(asked), Lanes.BITS);
    assertEquals(Lanes.BITS, Lanes.F32.vectorBitSize());
  }
}
