package dev.lanewise.cuda.fake;

import dev.lanewise.bindings.cuda.CudaDriver;
import dev.lanewise.cuda.fake.CudaModule.CudaFunction;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/** The driver's launches, fills and waits. */
final class DriverLaunches {

  private static final int MOST_PARAMETER_BYTES = 4096;
  private static final int[] MOST_BLOCKS = {Integer.MAX_VALUE, 65535, 65535};
  private static final int[] MOST_THREADS = {Device.MAX_THREADS, Device.MAX_THREADS, 64};

  private final DriverDouble cuda;

  DriverLaunches(DriverDouble cuda) {
    this.cuda = cuda;
  }

  int cuLaunchKernel(
      MemorySegment handle,
      int gridX,
      int gridY,
      int gridZ,
      int blockX,
      int blockY,
      int blockZ,
      int sharedBytes,
      MemorySegment stream,
      MemorySegment parameters,
      MemorySegment extra) {
    CudaFunction function = cuda.handles.get(CudaFunction.class, handle);
    CudaStream target = cuda.streams.of(stream);
    int[] grid = sizes("grid", MOST_BLOCKS, gridX, gridY, gridZ);
    int[] block = sizes("block", MOST_THREADS, blockX, blockY, blockZ);
    int threads = blockX * blockY * blockZ;
    int most = Math.min(Device.MAX_THREADS, function.program.mostThreads(function.kernel));
    if (threads > most) {
      throw invalid(threads + " threads in a block of " + function.kernel + ", at most " + most);
    }
    if (sharedBytes < 0 || sharedBytes > function.dynamicBytes) {
      throw invalid(
          sharedBytes + " bytes of shared memory, and " + function.dynamicBytes + " are allowed");
    }
    if (extra.address() != 0) {
      throw Refusal.misuse(
          CudaDriver.CUDA_ERROR_NOT_SUPPORTED(), "the double wants parameters as kernelParams");
    }
    long[] arguments = arguments(function, parameters);
    cuda.streams.submit(
        target,
        "cuLaunchKernel of " + function.kernel,
        () -> function.program.launch(function.kernel, grid, block, arguments, cuda.blocks));
    return CudaDriver.CUDA_SUCCESS();
  }

  private static Refusal invalid(String why) {
    return Refusal.misuse(CudaDriver.CUDA_ERROR_INVALID_VALUE(), why);
  }

  private static int[] sizes(String what, int[] most, int... sizes) {
    for (int i = 0; i < sizes.length; i++) {
      // Unsigned in C; what is negative here is too large there.
      if (sizes[i] < 1 || sizes[i] > most[i]) {
        throw invalid(
            "a %s of %s, at most %s"
                .formatted(what, Arrays.toString(sizes), Arrays.toString(most)));
      }
    }
    return sizes;
  }

  /** {@return the bits of each argument, read now: the program may reuse their memory at once} */
  private long[] arguments(CudaFunction function, MemorySegment parameters) {
    int[] sizes = function.program.parameterBytes(function.kernel);
    long[] arguments = new long[sizes.length];
    int total = 0;
    for (int i = 0; i < sizes.length; i++) {
      MemorySegment value = cuda.host.at(cuda.host.pointer(parameters, i), sizes[i]);
      arguments[i] =
          switch (sizes[i]) {
            case 1 -> value.get(ValueLayout.JAVA_BYTE, 0);
            case 2 -> value.get(ValueLayout.JAVA_SHORT, 0);
            case 4 -> value.get(ValueLayout.JAVA_INT, 0);
            case 8 -> value.get(ValueLayout.JAVA_LONG, 0);
            default -> throw new AssertionError("a parameter of " + sizes[i] + " bytes");
          };
      total = (total + sizes[i] - 1) / sizes[i] * sizes[i] + sizes[i];
    }
    if (total > MOST_PARAMETER_BYTES) {
      throw invalid(total + " bytes of parameters, at most " + MOST_PARAMETER_BYTES);
    }
    return arguments;
  }

  int cuStreamSynchronize(MemorySegment stream) {
    cuda.streams.synchronize(cuda.streams.of(stream), "cuStreamSynchronize");
    return CudaDriver.CUDA_SUCCESS();
  }

  int cuMemsetD16Async(long address, short value, long count, MemorySegment stream) {
    return fill("cuMemsetD16Async", address, Short.BYTES, value, count, stream);
  }

  int cuMemsetD32Async(long address, int value, long count, MemorySegment stream) {
    return fill("cuMemsetD32Async", address, Integer.BYTES, value, count, stream);
  }

  private int fill(
      String what, long address, int bytes, int value, long count, MemorySegment stream) {
    if (address % bytes != 0) {
      throw invalid(DeviceBlocks.hex(address) + " is no multiple of " + bytes);
    }
    long size = Math.multiplyExact(count, (long) bytes);
    cuda.blocks.at(address, size);
    cuda.streams.submit(
        cuda.streams.of(stream),
        what,
        () -> {
          MemorySegment memory = cuda.blocks.at(address, size);
          for (long i = 0; i < count; i++) {
            if (bytes == Short.BYTES) {
              memory.setAtIndex(ValueLayout.JAVA_SHORT, i, (short) value);
            } else {
              memory.setAtIndex(ValueLayout.JAVA_INT, i, value);
            }
          }
        });
    return CudaDriver.CUDA_SUCCESS();
  }
}
