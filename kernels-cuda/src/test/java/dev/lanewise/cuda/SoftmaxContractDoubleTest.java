package dev.lanewise.cuda;

import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.SoftmaxContract;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Softmax on the double of the libraries does what the contract says. */
final class SoftmaxContractDoubleTest implements SoftmaxContract {
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
