package dev.lanewise.nn.plot;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ScaleTest {
  private static Scale of(double from, double to) {
    return Scale.of(Axis.of("", new Span(from, to)));
  }

  @Test
  void numbersAreInUnitsOfAPowerOfTen() {
    assertEquals(0, of(0, 1).power());
    assertEquals(0, of(-900_000, 5).power());
    assertEquals(6, of(0, 2_000_000).power());
    assertEquals(-12, of(1e-12, 2.5e-12).power());
    assertEquals(2.5, of(1e-12, 2.5e-12).to(), 1e-12);
  }

  @Test
  void labelsAreShort() {
    assertEquals("0.2", of(0, 1).label(0.2));
    assertEquals("0.3", of(0, 1).label(0.1 + 0.2));
    assertEquals("-100000", of(-500_000, 0).label(-100_000));
    assertEquals("0", of(-1, 1).label(0));
    assertEquals("1.5e6", of(0, 2e6).label(1.5));
    assertEquals("2e-12", of(0, 3e-12).label(2));
    assertEquals("0.002", of(0, 0.003).label(2));
  }

  @Test
  void countsAreWhole() {
    Scale counts = Scale.of(new Axis("", new Span(0, 3), Axis.Ticks.COUNTS));

    assertEquals("2", counts.label(2));
    assertEquals(" ", counts.label(0.5));
    assertEquals("  ", counts.label(2.5));
  }
}
