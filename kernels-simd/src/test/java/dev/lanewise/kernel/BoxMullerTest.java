package dev.lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/** The written-out functions beside the JDK's. */
class BoxMullerTest {
  private static final long ALL = 1L << 53;

  @Property
  void radiusIsTheLogarithmsRoot(@ForAll @LongRange(max = ALL - 1) long u) {
    assertRadius(u * 0x1p-53);
  }

  @Property
  void nearBothEndsToo(@ForAll @LongRange(max = 1000) long steps) {
    assertRadius(steps * 0x1p-53);
    assertRadius((ALL - 1 - steps) * 0x1p-53);
    // Where the mantissa is cut: 1 − √½.
    assertRadius(1 - Math.sqrt(0.5) + (steps - 500) * 0x1p-53);
  }

  private static void assertRadius(double u) {
    double expected = Math.sqrt(-2 * StrictMath.log1p(-u));
    assertEquals(expected, BoxMuller.radius(u), 2 * Math.ulp(expected), () -> "radius of " + u);
  }

  @Property
  void directionsAreCosineAndSine(@ForAll @LongRange(max = ALL - 1) long v) {
    assertDirection(v * 0x1p-53);
  }

  @Property
  void nearEveryEighthToo(
      @ForAll @LongRange(max = 8) long eighths, @ForAll @LongRange(min = -9, max = 9) long steps) {
    assertDirection(Math.clamp(eighths * (ALL / 8) + steps, 0, ALL - 1) * 0x1p-53);
  }

  private static void assertDirection(double v) {
    // The rest of the angle counts near an axis, where π itself is not exact.
    double quarters = Math.rint(4 * v);
    double rest = 2 * Math.PI * (v - quarters / 4);
    double[] turned = {StrictMath.cos(rest), -StrictMath.sin(rest), -StrictMath.cos(rest), 0};
    turned[3] = -turned[1];
    double cosine = turned[(int) quarters & 3];
    double sine = turned[(int) quarters + 3 & 3];
    assertEquals(cosine, BoxMuller.direction(v, false), 2 * Math.ulp(cosine), "cosine of " + v);
    assertEquals(sine, BoxMuller.direction(v, true), 2 * Math.ulp(sine), "sine of " + v);
  }

  @Test
  void ofZeroAllIsWhole() {
    assertEquals(0, Math.abs(BoxMuller.radius(0)));
    assertEquals(1, BoxMuller.direction(0, false));
    assertEquals(0, Math.abs(BoxMuller.direction(0, true)));
  }
}
