package dev.lanewise.cuda;

import dev.lanewise.kernel.ArgMaxContract;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.IndexContract;
import dev.lanewise.kernel.PoolContract;
import dev.lanewise.kernel.RandomContract;
import dev.lanewise.kernel.ScanContract;
import dev.lanewise.kernel.SortContract;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** The index families on the double of the libraries do what the contract says. */
final class IndexDoubleTest
    implements IndexContract,
        SortContract,
        ScanContract,
        ArgMaxContract,
        RandomContract,
        PoolContract {
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
