package dev.lanewise.simd;

import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.BackendContract;

/** The contract kit over the SIMD backend, at the width that the build's run asks for. */
class SimdBackendTest implements BackendContract {
  private static final Backend BACKEND = new SimdBackend(2);

  @Override
  public Backend backend() {
    return BACKEND;
  }
}
