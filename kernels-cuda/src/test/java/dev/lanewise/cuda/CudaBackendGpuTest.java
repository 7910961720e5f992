package dev.lanewise.cuda;

import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.BackendContract;
import dev.lanewise.kernel.Backends;
import net.jqwik.api.Tag;
import net.jqwik.api.lifecycle.AddLifecycleHook;

/** The contract kit over the backend on a real device, where there is one. */
@Tag("gpu")
@AddLifecycleHook(NeedsDevice.class)
class CudaBackendGpuTest implements BackendContract {

  @Override
  public Backend backend() {
    return Backends.named(CudaBackend.NAME);
  }
}
