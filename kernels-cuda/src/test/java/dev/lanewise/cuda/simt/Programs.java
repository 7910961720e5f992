package dev.lanewise.cuda.simt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Short ways to run kernels in tests. */
final class Programs {
  private Programs() {}

  /** {@return the bits of an expression's value, converted to a type} */
  static long value(String type, String expression) {
    PlainMemory memory = new PlainMemory();
    long out = memory.allocate(8);
    run("*out = " + expression + ";", type + "* out", 1, 1, memory, out);
    long bits = memory.longs(out)[0];
    return switch (type) {
      case "double", "long long", "unsigned long long" -> bits;
      case "unsigned int" -> bits & 0xffff_ffffL;
      case "bool", "unsigned char" -> bits & 0xff;
      case "short" -> (short) bits;
      case "unsigned short" -> bits & 0xffff;
      default -> (int) bits;
    };
  }

  /** Runs a body as a kernel named k; its text is line 1. */
  static void run(
      String body,
      String parameters,
      int blocks,
      int threads,
      DeviceAccess memory,
      long... arguments) {
    launch(kernel(body, parameters), blocks, threads, memory, arguments);
  }

  static String kernel(String body, String parameters) {
    return "extern \"C\" __global__ void __launch_bounds__(1024) k("
        + parameters
        + ") { "
        + body
        + " }";
  }

  /** Runs the kernel k of a program. */
  static void launch(
      String source, int blocks, int threads, DeviceAccess memory, long... arguments) {
    SimtProgram.parse(source)
        .launch("k", new int[] {blocks, 1, 1}, new int[] {threads, 1, 1}, arguments, memory);
  }

  /**
   * Asserts that a run of a body by some threads of one block, given an array of 64 ints named out,
   * is a fault.
   */
  static SimtFault assertFault(String reason, int blocks, int threads, String body) {
    PlainMemory memory = new PlainMemory();
    long out = memory.allocate(256);
    SimtFault fault =
        assertThrows(SimtFault.class, () -> run(body, "int* out", blocks, threads, memory, out));
    assertTrue(fault.getMessage().contains(reason), fault.getMessage());
    assertEquals("k", fault.kernel());
    return fault;
  }

  /**
   * Runs a body by the threads of one block and asserts what it leaves in an array of ints named
   * out.
   */
  static void assertLeaves(int[] expected, String body) {
    assertLeaves(expected, expected.length, "", body);
  }

  static void assertLeaves(int[] expected, int threads, String before, String body) {
    PlainMemory memory = new PlainMemory();
    long out = memory.allocate(4 * expected.length);
    launch(
        before + "\n" + kernel("int t = threadIdx.x; " + body, "int* out"),
        1,
        threads,
        memory,
        out);
    assertArrayEquals(expected, memory.ints(out), body);
  }
}
