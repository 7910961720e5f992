package dev.lanewise.cuda;

import dev.lanewise.kernel.Availability;
import java.util.Optional;
import net.jqwik.api.lifecycle.LifecycleContext;
import net.jqwik.api.lifecycle.SkipExecutionHook;

/**
 * Leaves tests out where there is no device, and says why; not if the property {@code
 * lanewise.gpu.required} is true, as in {@code mvn verify -Pgpu}: they fail then.
 */
final class NeedsDevice implements SkipExecutionHook {
  NeedsDevice() {}

  /** {@return why there is no device; empty if there is one} */
  static Optional<String> missing() {
    Availability answer = new CudaBackendProvider().availability();
    return answer.isAvailable() ? Optional.empty() : Optional.of("no device: " + answer);
  }

  @Override
  public SkipResult shouldBeSkipped(LifecycleContext context) {
    if (Boolean.getBoolean("lanewise.gpu.required")) {
      return SkipResult.doNotSkip();
    }
    return missing().map(SkipResult::skip).orElse(SkipResult.doNotSkip());
  }
}
