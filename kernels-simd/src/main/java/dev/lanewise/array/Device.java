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
}
