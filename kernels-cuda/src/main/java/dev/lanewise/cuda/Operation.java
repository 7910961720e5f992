package dev.lanewise.cuda;

import dev.lanewise.array.NdArray;
import dev.lanewise.array.Pool;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * One call of an operation of the backend, from its first to its last call of a library. While it
 * is open the device belongs to the calling thread, errors tell what was being done with which
 * arrays, and memory taken for the time of the call is given back at its end: later work comes
 * behind this work on the device's one stream, so nothing has to be waited for.
 *
 * <p>The one place where device addresses of arrays come from.
 */
final class Operation implements AutoCloseable {
  private static final ThreadLocal<Operation> CURRENT = new ThreadLocal<>();

  private final CudaDevice device;
  private final String name;
  private final NdArray[] arrays;
  private final Operation outer = CURRENT.get();
  private List<Pool.Block> blocks = List.of();
  private Pool pool;

  private Operation(CudaDevice device, String name, NdArray[] arrays) {
    this.device = device;
    this.name = name;
    this.arrays = arrays;
  }

  /** Begins an operation; {@link CudaDevice#begin} is the way to it. */
  static Operation begin(CudaDevice device, String name, NdArray[] arrays) {
    Operation operation = new Operation(device, name, arrays);
    CURRENT.set(operation);
    return operation;
  }

  /** {@return what the calling thread does, and with which arrays; empty if nothing} */
  static String current() {
    Operation operation = CURRENT.get();
    if (operation == null) {
      return "";
    }
    // What the user called tells more than what that was composed of.
    while (operation.outer != null) {
      operation = operation.outer;
    }
    StringBuilder text = new StringBuilder(operation.name);
    String separator = " of ";
    for (NdArray array : operation.arrays) {
      if (array != null) {
        text.append(separator).append(array.dtype()).append(' ').append(array.shape());
        separator = ", ";
      }
    }
    return text.toString();
  }

  /** {@return the device, which belongs to the calling thread until this operation ends} */
  CudaDevice device() {
    return device;
  }

  /**
   * {@return the device address of an array's element at index {@code [0, 0, …]}}
   *
   * @throws IllegalStateException if the array's scope has closed
   * @throws IllegalArgumentException if the array is not in the memory of this device
   */
  long address(NdArray array) {
    return memory(array).address() + offset(array);
  }

  /**
   * {@return the device memory of an array's elements, for the copies of {@link DeviceMemory}}
   *
   * @param array in row-major order without gaps
   * @throws IllegalStateException if the array's scope has closed
   * @throws IllegalArgumentException if the array is not in the memory of this device
   */
  MemorySegment bytes(NdArray array) {
    return memory(array).asSlice(offset(array), array.size() * array.dtype().byteSize());
  }

  /** The memory under an array, of which captured work hears. */
  private MemorySegment memory(NdArray array) {
    if (array.device().memory() != device.memory()) {
      throw new IllegalArgumentException(
          name
              + ": an array of backend '"
              + array.device().name()
              + "' was given to '"
              + CudaBackend.NAME
              + "'; move it with Tensor.to(backend) or Backend.copy");
    }
    MemorySegment all = array.storage().segment();
    device.memory().hold(array.storage());
    return all;
  }

  private static long offset(NdArray array) {
    return array.layout().offset() * array.dtype().byteSize();
  }

  /**
   * {@return the device address of memory for the time of this operation, with whatever was in it}
   *
   * @param bytes its size
   */
  long workspace(long bytes) {
    if (blocks.isEmpty()) {
      blocks = new ArrayList<>(2);
      pool = device.memory().pool();
    }
    Pool.Block block = pool.take(Math.max(bytes, 1));
    blocks.add(block);
    return block.address();
  }

  @Override
  public void close() {
    try {
      for (Pool.Block block : blocks) {
        pool.give(block);
      }
      blocks = List.of();
    } finally {
      if (outer == null) {
        CURRENT.remove();
      } else {
        CURRENT.set(outer);
      }
      device.release();
    }
  }
}
