package dev.lanewise.cuda;

import dev.lanewise.array.DeviceException;
import dev.lanewise.bindings.cuda.CudaDriver;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Function;

/**
 * The kernels of a device: compiled when they are first asked for, and kept in memory, the most
 * recently used of them, and, between programs, in a {@link KernelCache}.
 */
final class Kernels implements AutoCloseable {
  /** Some 10 KB each on the device. */
  private static final int MOST = 2000;

  private final CudaDevice device;

  /** By what they are for, in the order of their last use. */
  private final SequencedMap<Object, Kernel> loaded = new LinkedHashMap<>(16, 0.75f, true);

  /** Those that captured work names: they stay. */
  private final Set<Kernel> captured = new HashSet<>();

  private final KernelCache cache = KernelCache.configured();

  /** Made for the first kernel. */
  private Compiler compiler;

  Kernels(CudaDevice device) {
    this.device = device;
  }

  /**
   * {@return a kernel, ready to be launched, whose text is printed only when it is not at hand}
   * Whoever asks has begun an operation.
   *
   * @param <K> what kernels of a family are known by
   * @param key all that the text depends on
   * @param print gives the text
   * @throws DeviceException if it can not be compiled or loaded
   */
  <K> Kernel of(K key, Function<K, KernelSource> print) {
    Kernel kernel = loaded.get(key);
    if (kernel == null) {
      kernel = load(print.apply(key));
      loaded.put(key, kernel);
      // Nobody can wait for the device while work is recorded.
      if (loaded.size() > MOST && !device.isCapturing()) {
        forgetOldest();
      }
    }
    if (device.isCapturing()) {
      captured.add(kernel);
    }
    return kernel;
  }

  /** Takes the kernel that was not used for the longest time off the device. */
  private void forgetOldest() {
    for (Iterator<Kernel> oldest = loaded.values().iterator(); oldest.hasNext(); ) {
      Kernel kernel = oldest.next();
      if (!captured.contains(kernel)) {
        device.synchronize(); // it may be running
        oldest.remove();
        kernel.unload();
        return;
      }
    }
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
      Status.driver(
          "cuModuleLoadData",
          device.withMemory(
              () -> CudaDriver.cuModuleLoadData(pointer, image),
              CudaDriver.CUDA_ERROR_OUT_OF_MEMORY()));
      MemorySegment module = pointer.get(CudaDriver.C_POINTER, 0);
      try {
        Status.driver(
            "cuModuleGetFunction",
            CudaDriver.cuModuleGetFunction(pointer, module, arena.allocateFrom(source.name())));
      } catch (DeviceException failed) {
        CudaDriver.cuModuleUnload(module); // what failed before is what is told
        throw failed;
      }
      return new Kernel(device, source.name(), module, pointer.get(CudaDriver.C_POINTER, 0));
    }
  }

  @Override
  public void close() {
    Closing.all(loaded.values().stream().<Closing.Step>map(kernel -> kernel::unload).toList());
    loaded.clear();
  }
}
