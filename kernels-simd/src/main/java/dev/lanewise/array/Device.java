package dev.lanewise.array;

/** Where arrays live and who computes on them. Every kernel backend is one. */
public interface Device {

  /** {@return the name by which users know it, for example {@code simd}} */
  String name();

  /** {@return the memory that its arrays live in} */
  Memory memory();
}
