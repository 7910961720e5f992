package dev.lanewise.kernel;

import dev.lanewise.simd.SimdBackendProvider;

/**
 * The parts of the contract kit that look most closely at memory, over a device: so the kit reaches
 * arrays that it can not read. The whole kit runs over the backends that this one is made of.
 */
class SealedContractTest implements CopyContract, ErrorContract, WindowErrorContract {
  private static final Backend BACKEND =
      SealedBackend.composedOver(new SimdBackendProvider().create());

  @Override
  public Backend backend() {
    return BACKEND;
  }
}
