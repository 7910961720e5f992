package dev.lanewise.cuda;

import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.ConvContract;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Convolutions on the double of the libraries do what the contract says. */
final class ConvContractDoubleTest implements ConvContract {
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
