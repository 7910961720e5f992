package dev.lanewise.cuda;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.bindings.cuda.ForeignMemory;
import java.lang.foreign.MemorySegment;
import java.util.OptionalLong;
import java.util.function.LongFunction;

/**
 * Looks at indices on the device before anything is written, as the specs do in main memory. The
 * one place where an operation waits for the device: what was found must come to Java. While the
 * device's work is recorded into a graph nobody can look, now or when the graph runs; the kernels
 * themselves then read 0 for indices out of range, and do not write there.
 */
final class IndexCheck {
  /** Enough blocks to occupy a device; each finds one index. */
  private static final long MOST_BLOCKS = 128;

  private final CudaDevice device;
  private boolean known;

  IndexCheck(CudaBackend backend) {
    this.device = backend.device();
  }

  /** What the kernel's text depends on. */
  record Text(DType indices, Places.Form form) {
    KernelSource source() {
      return KernelText.of("find_outside").type("I", indices).places(form).source();
    }
  }

  /**
   * Refuses indices if one is out of range.
   *
   * @param indices i32 or i64
   * @param extent indices are from 0 to this, less 1
   * @param error what is thrown about the first that is not, in row-major order
   */
  void require(NdArray indices, long extent, LongFunction<RuntimeException> error) {
    require(indices, extent, OptionalLong.empty(), error);
  }

  /**
   * Refuses indices if one is neither in range nor the allowed one.
   *
   * @param indices i32 or i64
   * @param extent indices are from 0 to this, less 1
   * @param allowed the one that may be outside
   * @param error what is thrown about the first that is not, in row-major order
   */
  void require(
      NdArray indices, long extent, OptionalLong allowed, LongFunction<RuntimeException> error) {
    if (indices.size() == 0) {
      return;
    }
    try (Operation operation = device.begin("index check", indices)) {
      if (known || device.isCapturing()) {
        return;
      }
      Places places = Places.over(indices.shape().dims(), Places.Path.of("indices", indices));
      Text text = new Text(indices.dtype(), places.form());
      long blocks = Math.min(MOST_BLOCKS, KernelText.blocks(places.size()));
      long found = operation.workspace(blocks * 2 * Long.BYTES);
      Arguments arguments =
          device
              .arguments()
              .pointer(operation.address(indices))
              .int64(extent)
              .int32(allowed.isPresent() ? 1 : 0)
              .int64(allowed.orElse(0))
              .pointer(found);
      device
          .kernels()
          .of(text, Text::source)
          .launch(blocks, KernelText.THREADS, places.addTo(arguments));
      refuse(found, (int) blocks, places.size(), error);
    }
  }

  private void refuse(long found, int blocks, long size, LongFunction<RuntimeException> error) {
    long[] pairs = new long[2 * blocks];
    MemorySegment onDevice = ForeignMemory.onDevice(found, (long) pairs.length * Long.BYTES);
    device.memory().copyOut(onDevice, MemorySegment.ofArray(pairs));
    long first = size;
    long index = 0;
    for (int block = 0; block < blocks; block++) {
      if (pairs[2 * block] < first) {
        first = pairs[2 * block];
        index = pairs[2 * block + 1];
      }
    }
    if (first < size) {
      throw error.apply(index);
    }
  }

  /**
   * Does something with indices that were looked at already, and waits no second time.
   *
   * @param operation holds the device for the calling thread while this runs
   * @param work what to do
   */
  void trusting(Operation operation, Runnable work) {
    assert operation.device() == device;
    boolean before = known;
    known = true;
    try {
      work.run();
    } finally {
      known = before;
    }
  }
}
