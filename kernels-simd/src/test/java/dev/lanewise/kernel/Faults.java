package dev.lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

/** Asks the kit about backends that are wrong. */
final class Faults {
  private Faults() {}

  /** A property of the kit with all but the seed given. */
  interface Try {
    void of(BackendContract kit, long seed);
  }

  /**
   * Fails unless the property fails for one of some seeds, with a text that tells the operation.
   */
  static void finds(Backend wrong, String operation, Try property) {
    BackendContract kit = () -> wrong;
    for (long seed = 0; seed < 60; seed++) {
      try {
        property.of(kit, seed);
      } catch (AssertionError e) {
        assertTrue(e.getMessage().contains(operation), e.getMessage());
        return;
      }
    }
    fail("the kit does not find it");
  }
}
