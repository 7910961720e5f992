package dev.lanewise.simd;

/**
 * A thread's memory for one number a row and for partial sums, and its lists of pointers, reused by
 * all calls: they allocate nothing.
 */
final class RowMemory {
  private static final ThreadLocal<RowMemory> LOCAL = ThreadLocal.withInitial(RowMemory::new);

  private final ReusedMemory places = new ReusedMemory();
  private long[] addresses = new long[8];
  private final long[][] pointers = new long[16][];
  private long[] more = new long[32];

  /** {@return the current thread's memory} */
  static RowMemory local() {
    return LOCAL.get();
  }

  /** {@return the address of so many bytes, with whatever was in them before} */
  long place(long bytes) {
    return places.place(bytes);
  }

  /** {@return a list of at least so many addresses} */
  long[] addresses(int count) {
    if (addresses.length < count) {
      addresses = new long[2 * count];
    }
    return addresses;
  }

  /** {@return a list of an address and a step for each of so many operands} */
  long[] pointers(int operands) {
    long[] known = pointers[operands];
    if (known == null) {
      known = new long[2 * operands];
      pointers[operands] = known;
    }
    return known;
  }

  /** {@return a second list of pointers} */
  long[] more(int length) {
    if (more.length < length) {
      more = new long[2 * length];
    }
    return more;
  }
}
