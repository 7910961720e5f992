package dev.lanewise.cuda.fake;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.bindings.cuda.CudaTypes;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;

/** Numbers in device and host memory, and handles, for a test of one of the libraries. */
final class LibraryTester {

  final DriverDouble cuda = DriverDouble.install();
  final Arena arena = Arena.ofConfined();
  private final List<Long> blocks = new ArrayList<>();

  LibraryTester() {
    cuda.reset();
  }

  /** Frees what was put on the device, and sees that nothing is wrong and nothing else lives. */
  void close() {
    blocks.forEach(cuda.memory()::free);
    arena.close();
    cuda.assertNoProblems();
    cuda.assertNothingLives();
  }

  static void ok(int status) {
    assertEquals(0, status);
  }

  /** Sees that a call was refused, and that its problem says so. */
  void refused(int expected, int status, String reason) {
    assertEquals(expected, status);
    List<String> problems = cuda.takeProblems();
    assertEquals(1, problems.size(), problems.toString());
    assertTrue(problems.getFirst().contains(reason), problems.getFirst());
  }

  /** Makes a handle by a function that stores it. */
  MemorySegment make(ToIntFunction<MemorySegment> create) {
    MemorySegment place = arena.allocate(CudaTypes.C_POINTER);
    ok(create.applyAsInt(place));
    return place.get(CudaTypes.C_POINTER, 0);
  }

  /** {@return noise on the device} */
  MemorySegment bytes(long bytes) {
    long address = cuda.memory().allocate(bytes);
    blocks.add(address);
    return MemorySegment.ofAddress(address);
  }

  /** {@return values in a block of the device that holds just them} */
  MemorySegment values(NumberType type, double... values) {
    MemorySegment pointer = bytes(Math.max(1, (long) values.length * type.bytes()));
    StridedArray.vector(type, pointer.address(), values.length, 1).write(cuda.blocks, values);
    return pointer;
  }

  MemorySegment floats(double... values) {
    return values(NumberType.F32, values);
  }

  MemorySegment doubles(double... values) {
    return values(NumberType.F64, values);
  }

  double[] read(NumberType type, MemorySegment pointer, int count) {
    return StridedArray.vector(type, pointer.address(), count, 1).read(cuda.blocks);
  }

  void assertFloats(MemorySegment pointer, double tolerance, double... expected) {
    assertArrayEquals(expected, read(NumberType.F32, pointer, expected.length), tolerance);
  }

  void assertDoubles(MemorySegment pointer, double tolerance, double... expected) {
    assertArrayEquals(expected, read(NumberType.F64, pointer, expected.length), tolerance);
  }

  /** {@return a float in host memory} */
  MemorySegment f(double value) {
    return arena.allocateFrom(CudaTypes.C_FLOAT, (float) value);
  }

  /** {@return a double in host memory} */
  MemorySegment d(double value) {
    return arena.allocateFrom(CudaTypes.C_DOUBLE, value);
  }

  MemorySegment ints(int... values) {
    return arena.allocateFrom(CudaTypes.C_INT, values);
  }

  MemorySegment number() {
    return arena.allocate(CudaTypes.C_INT);
  }

  MemorySegment size() {
    return arena.allocate(CudaTypes.C_LONG_LONG);
  }

  static int number(MemorySegment pointer) {
    return pointer.get(CudaTypes.C_INT, 0);
  }

  static long size(MemorySegment pointer) {
    return pointer.get(CudaTypes.C_LONG_LONG, 0);
  }

  /** {@return values that differ, of both signs, the same in every run} */
  static double[] some(int count, int seed) {
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] = (Math.floorMod(i * 37 + seed * 53, 41) - 20) / 8.0;
    }
    return values;
  }
}
