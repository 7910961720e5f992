package dev.lanewise.array;

/** Where arrays live and who computes on them. Every kernel backend is one. */
public interface Device {
  /** The main memory as a holder of arrays that computes nothing. */
  Device HOST =
      new Device() {
        @Override
        public String name() {
          return "host";
        }

        @Override
        public Memory memory() {
          return HostMemory.INSTANCE;
        }
      };

  /** {@return the name by which users know it, for example {@code simd}} */
  String name();

  /** {@return the memory that its arrays live in} */
  Memory memory();

  /**
   * {@return new memory for arrays of this device, with whatever was in it before} It belongs to
   * the innermost scope that the calling thread has open.
   *
   * @param byteSize its size
   * @throws OutOfMemoryError if the device has no more
   */
  default Storage storage(long byteSize) {
    return Storage.allocate(this, byteSize);
  }
}
