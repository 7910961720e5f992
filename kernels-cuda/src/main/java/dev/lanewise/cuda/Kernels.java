package dev.lanewise.cuda;

import dev.lanewise.array.DeviceException;
import dev.lanewise.bindings.cuda.CudaDriver;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;

/**
 * The kernels of a device: compiled when they are first asked for, and kept in memory and, between
 * programs, in a {@link KernelCache}.
 */
final class Kernels implements AutoCloseable {
  private final CudaDevice device;
  private final Map<KernelSource, Kernel> loaded = new HashMap<>();
  private final KernelCache cache = KernelCache.configured();

  /** Made for the first kernel. */
  private Compiler compiler;

  Kernels(CudaDevice device) {
    this.device = device;
  }

  /**
   * {@return a kernel, ready to be launched} Whoever asks has begun an operation.
   *
   * @param source its text
   * @throws DeviceException if it can not be compiled or loaded
   */
  Kernel of(KernelSource source) {
    Kernel kernel = loaded.get(source);
    if (kernel == null) {
      kernel = load(source);
      loaded.put(source, kernel);
    }
    return kernel;
  }

  private Kernel load(KernelSource source) {
    if (compiler == null) {
      compiler = Compiler.forCapability(device.facts().capability());
    }
    String key = compiler.key(source);
    byte[] known = cache.read(key);
    if (known != null) {
      try {
        return load(source, known);
      } catch (DeviceException _) {
        // Another driver may refuse it: compiled again below, and written over.
      }
    }
    byte[] code = compiler.compile(source);
    Kernel kernel = load(source, code);
    cache.write(key, code);
    return kernel;
  }

  private Kernel load(KernelSource source, byte[] code) {
    try (Arena arena = Arena.ofConfined()) {
      // PTX is text that must end with a zero byte; cubin does not mind.
      MemorySegment image = arena.allocate(code.length + 1L, 8);
      image.copyFrom(MemorySegment.ofArray(code));
      MemorySegment pointer = arena.allocate(CudaDriver.C_POINTER);
      Status.driver("cuModuleLoadData", CudaDriver.cuModuleLoadData(pointer, image));
      MemorySegment module = pointer.get(CudaDriver.C_POINTER, 0);
      try {
        Status.driver(
            "cuModuleGetFunction",
            CudaDriver.cuModuleGetFunction(pointer, module, arena.allocateFrom(source.name())));
      } catch (DeviceException failed) {
        CudaDriver.cuModuleUnload(module);
        throw failed;
      }
      return new Kernel(device, source.name(), module, pointer.get(CudaDriver.C_POINTER, 0));
    }
  }

  @Override
  public void close() {
    for (Kernel kernel : loaded.values()) {
      Status.driver("cuModuleUnload", CudaDriver.cuModuleUnload(kernel.module()));
    }
    loaded.clear();
  }
}
