package dev.lanewise.cuda;

import dev.lanewise.bindings.cuda.CudaDriver;
import dev.lanewise.bindings.cuda.Cudart;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * What a device is.
 *
 * @param ordinal its number among those that the driver shows, from 0
 * @param name what its maker calls it
 * @param capability its compute capability, as 10 x major + minor
 * @param multiprocessors how many multiprocessors it has
 * @param memoryPools whether it has stream-ordered memory pools
 * @param totalBytes its memory
 */
record DeviceFacts(
    int ordinal,
    String name,
    int capability,
    int multiprocessors,
    boolean memoryPools,
    long totalBytes) {
  private static final int NAME_BYTES = 256;

  /** {@return the facts of a device, asked of the driver} */
  static DeviceFacts of(int ordinal) {
    try (Arena arena = Arena.ofConfined()) {
      Status.driver("cuInit", CudaDriver.cuInit(0));
      MemorySegment number = arena.allocate(CudaDriver.C_INT);
      Status.driver("cuDeviceGet", CudaDriver.cuDeviceGet(number, ordinal));
      int handle = number.get(CudaDriver.C_INT, 0);
      MemorySegment name = arena.allocate(NAME_BYTES);
      Status.driver("cuDeviceGetName", CudaDriver.cuDeviceGetName(name, NAME_BYTES, handle));
      MemorySegment bytes = arena.allocate(CudaDriver.C_LONG_LONG);
      Status.driver("cuDeviceTotalMem_v2", CudaDriver.cuDeviceTotalMem_v2(bytes, handle));
      return new DeviceFacts(
          ordinal,
          name.getString(0),
          10 * attribute(Cudart.cudaDevAttrComputeCapabilityMajor(), ordinal)
              + attribute(Cudart.cudaDevAttrComputeCapabilityMinor(), ordinal),
          attribute(Cudart.cudaDevAttrMultiProcessorCount(), ordinal),
          attribute(Cudart.cudaDevAttrMemoryPoolsSupported(), ordinal) != 0,
          bytes.get(CudaDriver.C_LONG_LONG, 0));
    }
  }

  private static int attribute(int attribute, int ordinal) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment value = arena.allocate(Cudart.C_INT);
      Status.runtime(
          "cudaDeviceGetAttribute", Cudart.cudaDeviceGetAttribute(value, attribute, ordinal));
      return value.get(Cudart.C_INT, 0);
    }
  }

  /** {@return the compute capability as its maker writes it, for example {@code "9.0"}} */
  String capabilityText() {
    return capabilityText(capability);
  }

  /** {@return a compute capability as its maker writes it} */
  static String capabilityText(int capability) {
    return capability / 10 + "." + capability % 10;
  }
}
