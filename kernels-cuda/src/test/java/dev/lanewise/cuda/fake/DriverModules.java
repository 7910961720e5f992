package dev.lanewise.cuda.fake;

import dev.lanewise.bindings.cuda.CudaDriver;
import java.lang.foreign.MemorySegment;

/** The driver's modules and functions. */
final class DriverModules {

  private static final int REGISTERS = 32;

  private final DriverDouble cuda;
  private final Out out;

  DriverModules(DriverDouble cuda) {
    this.cuda = cuda;
    this.out = new Out(cuda.host);
  }

  int cuModuleLoadData(MemorySegment module, MemorySegment pointer) {
    cuda.streams.unsafe("cuModuleLoadData");
    cuda.host.at(module, Long.BYTES);
    Image image =
        Image.at(cuda.host, pointer)
            .orElseThrow(
                () ->
                    Refusal.misuse(
                        CudaDriver.CUDA_ERROR_INVALID_IMAGE(),
                        "neither machine code nor PTX of the compiler's double, or not whole"));
    int major = image.architecture() / 10;
    int minor = image.architecture() % 10;
    boolean older =
        major < cuda.device.major || major == cuda.device.major && minor <= cuda.device.minor;
    if (!older || image.binary() && major != cuda.device.major) {
      throw Refusal.of(
          CudaDriver.CUDA_ERROR_NO_BINARY_FOR_GPU(),
          "compiled for %d.%d, and the device is %d.%d"
              .formatted(major, minor, cuda.device.major, cuda.device.minor));
    }
    KernelProgram program = cuda.compiler.compile(image.source());
    out.pointer(module, cuda.handles.add(new CudaModule(program)));
    return CudaDriver.CUDA_SUCCESS();
  }

  int cuModuleLoadDataEx(
      MemorySegment module,
      MemorySegment image,
      int count,
      MemorySegment options,
      MemorySegment values) {
    if (count != 0) {
      throw Refusal.misuse(
          CudaDriver.CUDA_ERROR_NOT_SUPPORTED(), "the double has no options of the JIT compiler");
    }
    return cuModuleLoadData(module, image);
  }

  int cuModuleUnload(MemorySegment handle) {
    cuda.streams.unsafe("cuModuleUnload");
    CudaModule module = cuda.handles.remove(CudaModule.class, handle);
    for (MemorySegment function : module.functions.values()) {
      cuda.handles.remove(CudaModule.CudaFunction.class, function);
    }
    return CudaDriver.CUDA_SUCCESS();
  }

  int cuModuleGetFunction(MemorySegment function, MemorySegment handle, MemorySegment text) {
    CudaModule module = cuda.handles.get(CudaModule.class, handle);
    String name = cuda.host.text(text);
    if (!module.program.kernels().contains(name)) {
      throw Refusal.of(
          CudaDriver.CUDA_ERROR_NOT_FOUND(),
          "no kernel " + name + " among " + module.program.kernels());
    }
    out.pointer(
        function,
        module.functions.computeIfAbsent(
            name, _ -> cuda.handles.add(new CudaModule.CudaFunction(module.program, name))));
    return CudaDriver.CUDA_SUCCESS();
  }

  int cuModuleGetGlobal_v2(
      MemorySegment pointer, MemorySegment bytes, MemorySegment handle, MemorySegment name) {
    cuda.handles.get(CudaModule.class, handle);
    throw Refusal.of(
        CudaDriver.CUDA_ERROR_NOT_FOUND(), "no variable " + cuda.host.text(name) + " to reach");
  }

  int cuFuncGetAttribute(MemorySegment value, int attribute, MemorySegment handle) {
    var function = cuda.handles.get(CudaModule.CudaFunction.class, handle);
    int found =
        switch (attribute) {
          case 0 -> function.program.mostThreads(function.kernel);
          case 1, 2, 3 -> 0;
          case 4 -> REGISTERS;
          case 5, 6 -> cuda.device.major * 10 + cuda.device.minor;
          case 8 -> function.dynamicBytes;
          default ->
              throw Refusal.misuse(
                  CudaDriver.CUDA_ERROR_INVALID_VALUE(), "no attribute " + attribute);
        };
    out.number(value, found);
    return CudaDriver.CUDA_SUCCESS();
  }

  int cuFuncSetAttribute(MemorySegment handle, int attribute, int value) {
    var function = cuda.handles.get(CudaModule.CudaFunction.class, handle);
    boolean settable = attribute == CudaDriver.CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES();
    if (!settable || value < 0 || value > Device.SHARED_BYTES_OPTIN) {
      throw Refusal.misuse(
          CudaDriver.CUDA_ERROR_INVALID_VALUE(),
          "attribute " + attribute + " can not be set to " + value);
    }
    function.dynamicBytes = value;
    return CudaDriver.CUDA_SUCCESS();
  }

  int cuOccupancyMaxActiveBlocksPerMultiprocessor(
      MemorySegment blocks, MemorySegment handle, int threads, long sharedBytes) {
    cuda.handles.get(CudaModule.CudaFunction.class, handle);
    if (threads < 1 || threads > Device.MAX_THREADS || sharedBytes < 0) {
      throw Refusal.misuse(
          CudaDriver.CUDA_ERROR_INVALID_VALUE(),
          threads + " threads with " + sharedBytes + " shared bytes");
    }
    long byThreads = Device.THREADS_OF_MULTIPROCESSOR / ((threads + 31) / 32 * 32);
    long byMemory = Device.SHARED_BYTES_OPTIN / Math.max(1, sharedBytes);
    out.number(blocks, (int) Math.min(byThreads, byMemory));
    return CudaDriver.CUDA_SUCCESS();
  }
}
