package dev.lanewise.cuda;

import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.BackendContract;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** The whole contract, on the double of NVIDIA's libraries. */
class CudaContractDoubleTest implements BackendContract {
  private static CudaBackend backend;

  @BeforeContainer
  static void open() {
    backend = DoubleBackend.open();
  }

  @AfterContainer
  static void close() {
    DoubleBackend.close(backend);
  }

  @Override
  public Backend backend() {
    return backend;
  }
}
