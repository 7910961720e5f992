package dev.lanewise.cuda;

import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.PoolContract;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Poolings on the double of the libraries do what the contract says. */
final class PoolContractDoubleTest implements PoolContract {
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
