package dev.lanewise.kernel;

import dev.lanewise.kernel.reference.ReferenceBackend;

/** The contract kit applied to the reference backend itself: proves that kit and judge agree. */
class ReferenceBackendTest implements BackendContract {
  @Override
  public Backend backend() {
    return new ReferenceBackend();
  }
}
